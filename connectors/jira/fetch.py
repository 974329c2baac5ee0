"""Talk to Jira: everything of one project, oldest issue first.

That order never changes, so a run that was stopped goes on where it was. What changed is found by `updated`, in
milliseconds since 1970: days and times in a query would be read in the time zone of the account, and to the minute.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from connectors import Page, SyncState
from connectors.jira import accounts, boards, changelogs, epics, meaning, search, sprints, statuses, sweep
from connectors.jira.client import RefusedError
from connectors.jira.fields import Fields
from connectors.jira.gone import Gone
from connectors.jira.meaning import Meaning, Status
from connectors.jira.place import Place
from connectors.jira.site import Site, project_fields
from fairlead.errors import SourceError

BATCH = 1000
"""Issues held at most: cut changelogs are filled up for so many at once."""

Issues = list[dict[str, Any]]


@dataclass
class Reading:
    """One run over one project."""

    site: Site
    project: str
    state: SyncState
    place: Place = field(init=False)
    meaning: Meaning = field(init=False)
    gone: Gone = field(init=False)
    shown: set[str] = field(default_factory=set)
    """Sprints that were handed on in this run."""
    listed: set[str] | None = None
    """Ids met by a descent through everything that began in this run: as good as a list of them."""
    read: set[str] = field(default_factory=set)
    """Ids of issues that were handed on in this run."""
    n_cut: int = 0
    n_unknown: int = 0

    def pages(self) -> Iterator[Page]:
        """All streams to their ends, counting requests. Raises `SourceError`."""
        counted = self.site.client.requests
        try:
            for page in self._pages():
                counted = self._count(counted)
                yield page
        except RefusedError as error:
            raise self._in_words(error) from None
        finally:
            self._count(counted)

    def _count(self, counted: int) -> int:
        now = self.site.client.requests
        self.state.requests += now - counted
        self.state.rate_left = self.site.client.rate_left
        return now

    def _in_words(self, error: RefusedError) -> SourceError:
        if error.status not in {400, 403, 404}:
            return error
        return SourceError(
            f"jira: project {self.project} cannot be read ({error.status}). Check projects in fairlead.toml, and that "
            "the account has the permission Browse projects there."
        )

    def _pages(self) -> Iterator[Page]:
        self.site.begin(self.project)
        clock = self.state.watermark = self.site.clock
        if not self.site.is_known:
            self.state.warn("Jira does not say whether it is Cloud or Data Center; it is read as its address suggests.")
        self.place = Place.of(self.state.cursors.get("issues"))
        if self.place == Place() and self.state.since is not None:
            self.place = Place(floor=self.state.since.isoformat())
        yield from self._facts()
        self.gone = Gone(self.meaning, self.state, self.site.client.connection.projects, found_at=clock)
        self.place = self.place.begun(clock)
        # What an earlier run read of this descent is as of then, and so is the whole.
        self.state.watermark = min(clock, pd.Timestamp(self.place.started))
        yield from self._versions()
        is_whole = not self.place.since or self.state.is_sweep_due
        yield from self._issues()
        yield from self._sprints(is_whole=is_whole)
        if self.state.is_sweep_due:
            yield from self._sweep(clock)
        self._say()

    def _facts(self) -> Iterator[Page]:
        """Fields, and what is known of statuses. Where they now mean something else, everything is read once more."""
        known = json.loads(self.state.cursors.get("fields") or "{}")
        if known and not self.state.is_sweep_due:
            found, question = Fields.of_json(known["fields"]), known["question"]
        else:
            found, question = project_fields(self.site, self.project)
        if question:
            self.state.warn(question)
        is_other = bool(known) and Fields.of_json(known["fields"]) != found
        met = {token: Status(*each) for token, each in self.place.statuses.items()}
        if is_other or (met and statuses.differ(met, self.site)):
            self.place, met = Place(floor=self.place.floor), {}
            # First, so that it is not forgotten when the run ends between the two.
            yield Page("issues", [], cursor=self.place.cursor, context={"meaning": self._sense(found, met)})
        self.meaning = self._sense(found, met)
        cursor = json.dumps({"fields": found.as_json(), "question": question})
        yield self._page("fields", [], cursor=cursor, last=True)

    def _sense(self, found: Fields, met: dict[str, Status]) -> Meaning:
        connection = self.site.client.connection
        return Meaning(
            site=meaning.site_of(connection),
            link=(connection.site or connection.url).rstrip("/"),
            project=self.project,
            fields=found,
            statuses=met,
            dropped=frozenset(name.casefold() for name in connection.dropped_resolutions),
            kinds=frozenset(connection.milestones),
        )

    def _versions(self) -> Iterator[Page]:
        """All of them every time, because their dates leave no trace anywhere."""
        if "version" in self.meaning.kinds:
            found = self.site.client.get(f"project/{self.project}/versions")
            if not isinstance(found, list):
                raise SourceError(f"jira: the versions of {self.project} are no list. Check url.")
            gone = self.gone.versions(found)
            yield self._page("versions", found, last=True, total=len(found), gone=gone)

    def _issues(self) -> Iterator[Page]:
        """The descent, to its end."""
        read = search.of_cloud if self.site.is_cloud else search.of_server
        self.listed = set() if self.place.is_whole else None
        held: Issues = []
        total = None
        jql = self.place.jql(self.project)
        for issues, total in read(self.site.client, jql, self.meaning.fields.asked()):
            held += self._checked(issues)
            if len(held) + search.CLOUD_PAGE > BATCH or not self._should_wait(held):
                yield from self._handed_on(held, total)
                held = []
        yield from self._handed_on(held, total)
        self.place = self.place.done()
        yield self._page("issues", [], cursor=self.place.cursor, last=True)

    def _should_wait(self, issues: Issues) -> bool:
        """Whether the issues that follow may save requests.

        Cut changelogs are filled up for a thousand issues at once, and what a status means is not asked where an issue
        tells it.
        """
        is_any_cut = self.site.is_cloud and any(map(changelogs.is_cut, issues))
        return is_any_cut or statuses.are_unknown(issues, self.meaning.statuses, self.site)

    def _checked(self, issues: Issues) -> Issues:
        epics.mark(search.checked(self.site.client, issues), self.meaning.fields)
        return issues

    def _handed_on(self, issues: Issues, total: int | None, *, is_in_order: bool = True) -> Iterator[Page]:
        """These issues, and the sprints they show; with the place behind them where they come in order."""
        if not issues:
            return
        first = self._made_ready(issues)
        own = sprints.of_issues(issues, self.meaning.fields.sprint)
        fresh = [node for number, node in own.items() if number not in self.shown]
        if fresh and "sprint" in self.meaning.kinds:
            self.shown |= set(own)
            yield self._sprint_page(fresh, self._known_sprints.zone)
        named = self._named(issues)
        self.read |= {str(issue["id"]) for issue in issues}
        if is_in_order:
            boards_met = {board for board in map(sprints.board_of, own.values()) if board}
            self.place = self.place.behind(issues, self.meaning.statuses, boards_met)
            if self.listed is not None:
                self.listed |= {str(issue["id"]) for issue in issues}
        cursor = self.place.cursor if is_in_order else None
        gone = self.gone.epics(issues)
        yield self._page("issues", issues, cursor=cursor, total=total, first_status=first, named=named, gone=gone)

    def _made_ready(self, issues: Issues) -> str | None:
        """Learn what shaping these issues takes; what those begin in that do not tell."""
        client, is_cloud = self.site.client, self.site.is_cloud
        self.n_cut += changelogs.complete(client, issues) if is_cloud else sum(map(changelogs.is_cut, issues))
        epics.resolve(client, issues, self.meaning, is_cloud=is_cloud)
        statuses.learn(issues, self.meaning.statuses, self.site)
        self.n_unknown += sum(changelogs.is_lost(issue) for issue in issues)
        return statuses.first(issues, self.meaning, self.site)

    @cached_property
    def _accounts(self) -> set[str]:
        return set(self.state.stored("accounts", ""))

    def _named(self, issues: Issues) -> dict[str, str]:
        """The accounts that only changes name, where nothing that is stored or was handed on shows them whole."""
        self._accounts.update(
            own for each in issues for own in map(self.meaning.account_id, accounts.shown(each)) if own
        )
        found = {own: name for own, name in accounts.named(issues, self.meaning).items() if own not in self._accounts}
        self._accounts.update(found)
        return found

    @cached_property
    def _known_sprints(self) -> boards.Known:
        """The zone is asked for once and then remembered: a sprint's days must not move because an account does."""
        found = boards.Known.of(self.state.cursors.get("sprints"))
        found.zone = found.zone or self.site.zone()
        return found

    def _sprints(self, *, is_whole: bool) -> Iterator[Page]:
        """The sprints of every board that a sprint of this project's issues belongs to."""
        if not self.place.boards or "sprint" not in self.meaning.kinds:
            return
        known = self._known_sprints
        known.boards = dict.fromkeys(self.place.boards, 0) | known.boards
        turn = boards.Round(self.site.client, known, is_whole)
        turn.read()
        gone = self.gone.sprints(self.site.client, {*turn.found, *self.shown}) if is_whole and turn.is_sure else []
        yield self._sprint_page(list(turn.found.values()), known.zone, cursor=known.cursor, last=True, gone=gone)

    def _sprint_page(self, found: Issues, zone: str, **more: Any) -> Page:  # noqa: ANN401 (as `_page`)
        return self._page("sprints", found, zone=zone, projects=self.gone.projects_of_sprints, **more)

    def _sweep(self, clock: pd.Timestamp) -> Iterator[Page]:
        found = sweep.compared(self.site, self.state, self.meaning, self.listed, self.read)
        if found is None:
            self.state.warn(f"Jira lists no issues of {self.project}; nothing was taken for deleted.")
            return
        if not self.place.floor:
            for issues in sweep.issues(self.site, self.project, found.missing, self.meaning.fields.asked()):
                yield from self._handed_on(self._checked(issues), None, is_in_order=False)
        gone = self.gone.issues(found.gone)
        yield self._page("sweep", [], cursor=clock.isoformat(), last=True, gone=gone)

    def _page(
        self,
        stream: str,
        nodes: Issues,
        *,
        cursor: str | None = None,
        last: bool = False,
        total: int | None = None,
        **context: object,
    ) -> Page:
        return Page(stream, nodes, cursor=cursor, context=context | {"meaning": self.meaning}, last=last, total=total)

    def _say(self) -> None:
        if self.n_cut:
            self.state.warn(f"{self.n_cut} issues have changes that Jira counts but does not show; they are missing.")
        if self.n_unknown:
            self.state.warn(
                f"{self.n_unknown} closed issues have no history; they are taken to have been open until resolved."
            )
