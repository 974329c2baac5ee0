"""Who looks, and what settings grant them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from fairlead.config import hint
from fairlead.errors import ConfigError
from fairlead.grants import EVERYTHING, ROLES, AccessSettings, Grant, Role
from fairlead.people.emails import email_hash

Names = tuple[str, ...] | None
"""Some by name; None means all of them."""


@dataclass(frozen=True)
class Viewer:
    """Somebody looking. By default they see nothing: what they may see is granted.

    `person` is who they are themselves (id). `teams`, `projects` and `milestones` are names (a milestone's id will do
    too); None means all of them, people without a team included. `titles` says whether titles and links of single items
    are shown. `pages` are the reports they may open; None means those of their role.
    """

    name: str
    role: Role
    person: str | None = None
    teams: Names = ()
    projects: Names = None
    milestones: Names = ()
    titles: bool = True
    pages: Names = None

    @property
    def sees_names(self) -> bool:
        """Whether people whom they lead appear under their own names."""
        return self.role == "lead"

    @property
    def sees_all(self) -> bool:
        """Whether nothing is kept from them."""
        return self.sees_names and self.titles and self.teams is None and self.projects is None

    @property
    def rights(self) -> "Viewer":
        """The same without who it is: what may be kept for one may be shown to all with the same rights."""
        return replace(self, name="")


LOCAL_LEAD = Viewer("local", "lead", teams=None, milestones=None)
"""Whoever runs Fairlead on their own machine: the data were fetched with their own token."""

IN_GENERAL = {
    "lead": LOCAL_LEAD,
    "executive": Viewer("executive", "executive", teams=None, milestones=None),
    "stakeholder": Viewer("stakeholder", "stakeholder", teams=None, milestones=None, titles=False),
}
"""What a role sees of everything, where no grant says what it sees."""


def viewer_of(grant: Grant, name: str, person: str | None = None) -> Viewer:
    """Somebody under a grant."""
    is_executive = grant.role == "executive"
    return Viewer(
        name,
        grant.role,
        person=person,
        teams=None if is_executive else _names(grant.teams),
        projects=_names(grant.projects),
        milestones=None if is_executive else _names(grant.milestones),
        titles=grant.titles,
    )


def _names(given: tuple[str, ...]) -> Names:
    return None if given == EVERYTHING else given


def granted(settings: AccessSettings, claims: Mapping[str, Any]) -> Grant | None:
    """The first grant that names somebody, by what their identity provider says of them; none: they see nothing.

    An e-mail address counts only where the provider says that it is verified.
    """
    email, groups = verified_email(claims), _groups(claims.get(settings.claim))
    return next((grant for grant in settings.grants if _names_them(grant, email, groups)), None)


def verified_email(claims: Mapping[str, Any]) -> str | None:
    """The e-mail address the provider vouches for."""
    email, is_verified = claims.get("email"), claims.get("email_verified")
    if not isinstance(email, str) or not (is_verified is True or is_verified == "true"):
        return None
    return email.strip().lower() or None


def _groups(claim: object) -> frozenset[str]:
    """Providers give a list, or one text."""
    listed = claim if isinstance(claim, Collection) and not isinstance(claim, str | bytes | Mapping) else [claim]
    return frozenset(group for group in listed if isinstance(group, str))


def _names_them(grant: Grant, email: str | None, groups: frozenset[str]) -> bool:
    is_by_email = email is not None and email in {each.strip().lower() for each in grant.emails}
    return grant.everyone or is_by_email or not groups.isdisjoint(grant.groups)


def person_of(email: str | None, accounts: pd.DataFrame) -> str | None:
    """The person (id) whose account bears an e-mail address; none where nobody's does, or those of several do."""
    if not email:
        return None
    is_theirs = (accounts["email_hash"] == email_hash(email)) | (accounts["login"].str.lower() == email)
    found = accounts.loc[is_theirs, "person"].astype("str").dropna().unique()
    return str(found[0]) if len(found) == 1 else None


def seen_as(name: str, settings: AccessSettings) -> Viewer:
    """What somebody with a role sees of everything, or somebody under a grant of the settings, by its name.

    Raises:
        ConfigError: there is neither such a role nor such a grant; names the nearest.
    """
    grant = next((each for each in settings.grants if each.name == name), None)
    if grant is not None:
        return viewer_of(grant, name)
    if name in IN_GENERAL:
        return IN_GENERAL[name]
    if name in ROLES:
        raise ConfigError(f"{name}: what a {name} sees depends on who it is. Name a grant of [access] in the settings.")
    known = [*IN_GENERAL, *(each.name for each in settings.grants)]
    raise ConfigError(f"{name}: there is neither such a role nor such a grant{hint(name, known)}")
