"""`fairlead check` for a Jira site: does the address answer, is the token accepted, can every project be read?"""

from collections.abc import Callable, Iterator

from connectors import Finding
from connectors.jira.client import Client, RefusedError
from connectors.jira.site import Site, project_fields
from fairlead.config import JiraConnection
from fairlead.errors import FairleadError


def findings(connection: JiraConnection, client: Callable[[], Client]) -> Iterator[Finding]:
    """One line for each thing that works or does not; ends where nothing further can be told."""
    try:
        site = Site(client())
        host = site.client.host
        yield Finding(is_good=True, says=f"jira: {host} is Jira {'Cloud' if site.is_cloud else 'Data Center'}.")
        yield _account(site)
        found = site.fields()
        yield Finding(is_good=True, says=f"jira: {len(found)} fields and {len(site.statuses())} statuses can be read.")
    except FairleadError as error:
        yield Finding(is_good=False, says=str(error))
        return
    for project in connection.projects:
        yield from _project(site, project)


def _account(site: Site) -> Finding:
    """Jira shows public projects to anybody, so that questions are answered does not mean that the token is good."""
    site.client.get("myself")
    return Finding(is_good=True, says=f"jira: signed in at {site.client.host}.")


def _project(site: Site, project: str) -> Iterator[Finding]:
    try:
        site.client.get(f"project/{project}")
        _, question = project_fields(site, project)
    except RefusedError as error:
        yield Finding(
            is_good=False,
            says=f"jira: project {project} cannot be read ({error.status}). Check projects, and that the account has "
            "the permission Browse projects there.",
        )
        return
    except FairleadError as error:
        yield Finding(is_good=False, says=str(error))
        return
    yield Finding(is_good=True, says=f"jira: project {project} can be read.")
    if question:
        yield Finding(is_good=False, says=question)
