"""Every account its person: the map first, then e-mail addresses, then likeness of names and logins."""

import math
from dataclasses import dataclass

import pandas as pd

from fairlead import frames
from fairlead.config import PeopleSettings
from fairlead.people import bots, likeness, matching, persons
from fairlead.people import teams as naming
from fairlead.people.mapping import OF_PERSON
from fairlead.people.persons import OF_MAP
from fairlead.tables import HUMAN_KINDS


@dataclass(frozen=True)
class Settled:
    """The tables with every account's person, pairs that wait for a decision, and what a person should know.

    `undecided` has one row per pair, surest first: account, other (account ids), confidence (0–1), reason (`alike`,
    `ambiguous`, `shared e-mail`).
    """

    accounts: pd.DataFrame
    people: pd.DataFrame
    teams: pd.DataFrame
    team_members: pd.DataFrame
    undecided: pd.DataFrame
    warnings: tuple[str, ...] = ()


def settle(  # noqa: PLR0913 (all tables that hold people)
    accounts: pd.DataFrame,
    people_map: pd.DataFrame,
    *,
    settings: PeopleSettings,
    members: pd.DataFrame,
    teams: pd.DataFrame,
    known_people: pd.DataFrame,
) -> Settled:
    """Who is behind each account?

    `people_map` (`load_map`) always wins: what it gives to one person is one, what it gives to two is never one. Then
    accounts with one e-mail address are one person. Then an account of GitHub and one of Jira are one where names or
    logins are alike enough (`settings.threshold`) and nobody else comes near; two accounts of one source never are by
    likeness, because namesakes exist. Everything is found anew each time, so that what the map no longer says is
    undone; what was stored decides only which id a person keeps, and that a namesake who joins takes nobody apart.

    Bots and ghosts are nobody, whatever the map says, but for those that `settings.bots` alone calls bots. An account
    the map calls nobody's is a bot until the map no longer says so. Persons of the map of whom no account has been
    seen are people if they have a team: they count as members; without a team nothing would ever be said of them.

    `members` and `teams` are what the sources say; a member is given as account or as person. `known_people` are the
    people as stored. Row order does not matter; rows that come back are ordered by id.

    Returns whole tables: what is stored and not among their rows is gone. accounts.matched_by is `manual` (also for
    bots by the map or the settings), `email`, `name`, `login`, or `single` where nobody else was found; confidence
    is how sure it is that the account is that person's, 1 where there is no doubt.

    Raises:
        FrameError: a table does not fit `fairlead.frames`.
    """
    plain = _plain(accounts)
    said = persons.said(plain, people_map)
    typed = bots.typed(plain, whose=said.lines, bots=settings.bots)
    grouped = _grouped(plain.assign(kind=typed["kind"]), said, settings.threshold)
    lines = _peoples_lines(people_map, grouped)
    ids = persons.ids(grouped.humans, lines, known_people["id"].astype("str"))
    humans = grouped.humans.assign(stored=grouped.humans["person"], person=_ids(grouped.humans, ids))
    people = _people(humans, lines.assign(person=_ids(lines, ids), called=lines["person"]))
    listed = naming.by_settings(settings.teams, humans, people)
    stated = pd.concat([naming.by_map(lines, _ids(lines, ids)), listed.members])
    united = naming.united(_text("teams", teams), _as_persons(_text("team_members", members), humans), stated)
    return Settled(
        accounts=_accounts(typed, humans),
        people=people,
        teams=united[0],
        team_members=united[1],
        undecided=grouped.undecided,
        warnings=(*_warnings(people_map, said, typed, settings.file.name), *listed.warnings),
    )


def undecided(accounts: pd.DataFrame) -> pd.DataFrame:
    """Which accounts of GitHub and Jira may be one person's, and nobody has said so or that they are not?

    Works on settled accounts. Persons that the map names are told apart already. Returns account, other (ids),
    confidence (0–1), reason: `ambiguous` where the two are alike enough but somebody else is too, else `alike`.
    """
    humans = _plain(accounts).dropna(subset="person").sort_values("id", ignore_index=True)
    is_mapped = (humans["matched_by"] == "manual").groupby(humans["person"]).transform("any").astype(bool)
    unit = humans["person"].mask(is_mapped, OF_MAP + humans["person"])
    found = matching.matches(humans, unit, threshold=math.inf).undecided
    is_sure = found["confidence"] >= PeopleSettings().threshold
    return found.assign(reason=found["reason"].mask(is_sure, "ambiguous"))


@dataclass(frozen=True)
class _Grouped:
    """Human accounts with their unit (the person, unnamed as yet), confidence and said_by; and undecided pairs.

    `unit_of` leads from the units of the map and of e-mail addresses to those they were found to be one with.
    """

    humans: pd.DataFrame
    unit_of: dict[str, str]
    undecided: pd.DataFrame


def _grouped(accounts: pd.DataFrame, said: persons.Said, threshold: float) -> _Grouped:
    humans = accounts[accounts["kind"].isin(HUMAN_KINDS)].sort_values("id", ignore_index=True)
    called = humans["id"].map(said.lines.set_index("account")["person"]).astype("str")
    sure = persons.units(humans, called)
    alike = matching.matches(humans, sure["unit"], threshold=threshold)
    unit_of = dict(zip(alike.pairs["right"], alike.pairs["left"], strict=True))
    grouped = humans.assign(unit=_or_own(sure["unit"], unit_of), called=called, **_said_by(sure["unit"], called, alike))
    return _Grouped(grouped, unit_of, _undecided(alike.undecided, humans, sure))


def _said_by(unit: pd.Series, called: pd.Series, alike: matching.Matches) -> dict[str, pd.Series]:
    """How sure is each account its person's, and by what?

    There is no doubt where the map, or the address of somebody in the map, has settled it. Others are as sure as the
    likeness of their person's two halves.
    """
    ends = pd.concat([alike.pairs.set_index(side)[["confidence", "matched_by"]] for side in ("left", "right")])
    by = unit.map(ends["matched_by"]).astype("str").where(~unit.str.startswith(OF_MAP))
    several = unit.groupby(unit).transform("size") > 1
    sure_by = pd.Series("single", unit.index, dtype="str").mask(several, "email").mask(called.notna(), "manual")
    return {
        "confidence": unit.map(ends["confidence"]).where(by.notna()).fillna(1.0),
        "matched_by": by.fillna(sure_by).astype("str"),
    }


def _ids(rows: pd.DataFrame, ids: pd.Series) -> pd.Series:
    return rows["unit"].map(ids).astype("str")


def _or_own(units: pd.Series, unit_of: dict[str, str]) -> pd.Series:
    return units.map(unit_of).astype("str").fillna(units)


def _peoples_lines(people_map: pd.DataFrame, grouped: _Grouped) -> pd.DataFrame:
    """The lines of the map that name people, with their unit: those whose account was seen or who have a team."""
    named = people_map[people_map["person"].notna()]
    label = OF_MAP + named["person"]
    lines = named.assign(unit=_or_own(label, grouped.unit_of))
    has_team = lines["team"].notna().groupby(lines["unit"]).transform("any").astype(bool)
    return lines[lines["unit"].isin(grouped.humans["unit"]) | has_team]


def _people(humans: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """One row per person: named by the map, else by the first account with a name of several words, else any."""
    name = humans["name"].replace("", None)
    rank = (~name.str.strip().str.contains(" ", na=False)).astype(int) + name.isna()
    by_name = humans.assign(rank=rank, shown=name.fillna(humans["login"])).sort_values(["person", "rank", "id"])
    shown = by_name.drop_duplicates("person").set_index("person")["shown"]
    of_map = lines.groupby("person")[["called", *OF_PERSON]].first()
    people = of_map.join(shown, how="outer").rename_axis("id").reset_index()
    return frames.conform("people", people.assign(name=people["called"].fillna(people["shown"])).sort_values("id"))


def _accounts(typed: pd.DataFrame, humans: pd.DataFrame) -> pd.DataFrame:
    """All accounts; bots and ghosts have no person."""
    others = typed[~typed["id"].isin(humans["id"])].assign(person=None, confidence=None)
    return frames.conform("accounts", pd.concat([humans, others]).sort_values("id"))


def _as_persons(members: pd.DataFrame, humans: pd.DataFrame) -> pd.DataFrame:
    """The members the sources name, as persons; bots and the unknown drop out, and teams of our own making.

    A person that is no more is whoever his accounts are now.
    """
    gone = humans.loc[~humans["stored"].isin(humans["person"]), ["stored", "person"]].dropna()
    ways = [humans[["id", "person"]], humans[["person", "person"]], gone]
    known = pd.concat([way.set_axis(["given", "person"], axis=1) for way in ways]).drop_duplicates()
    theirs = members[~members["team"].str.startswith(naming.OWN)].rename(columns={"person": "given"})
    return theirs.merge(known, on="given")[["team", "person"]].drop_duplicates()


def _undecided(alike: pd.DataFrame, humans: pd.DataFrame, sure: pd.DataFrame) -> pd.DataFrame:
    """What likeness left open, and the accounts whose address several persons of the map have."""
    mapped = humans.assign(unit=sure["unit"])[sure["unit"].str.startswith(OF_MAP)]
    pairs = humans[sure["is_shared"]].merge(mapped, on="email_hash", suffixes=("", "_other"))
    shared = pd.DataFrame({"account": pairs["id"], "other": pairs["id_other"]})
    shared = shared.assign(confidence=likeness.CONFLICT, reason="shared e-mail")
    every = pd.concat([alike, shared]).drop_duplicates(["account", "other"], keep="last")
    ordered = every.sort_values(["confidence", "account", "other"], ascending=[False, True, True])
    return ordered.astype({"account": "str", "other": "str", "reason": "str"}).reset_index(drop=True)


def _warnings(people_map: pd.DataFrame, said: persons.Said, typed: pd.DataFrame, file: str) -> list[str]:
    """What the map says that is not, or not clear: how many, never who."""
    machines = typed.loc[~typed["kind"].isin(HUMAN_KINDS), "id"]
    n_machines = int((said.lines["person"].notna() & said.lines["account"].isin(machines)).sum())
    n_unseen = len(people_map) - said.n_lines_used
    says = [
        (
            said.n_contradicted,
            "accounts are given to two persons in different words; the login counts before the address",
        ),
        (n_machines, "bots or deleted users are given to somebody; they stay nobody's"),
        (n_unseen, "lines name no account that was seen yet"),
    ]
    return [f"{file}: {text}: {n}." for n, text in says if n]


def _plain(accounts: pd.DataFrame) -> pd.DataFrame:
    """The accounts with ids as text; a login that is missing is empty."""
    login = accounts["login"].astype("str").fillna("").str.strip()
    return _text("accounts", accounts.reindex(columns=list(frames.columns("accounts"))).assign(login=login))


def _text(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """A table with ids as text, of which none is known to repeat."""
    plain = table.astype(dict.fromkeys(frames.key_columns(name), "str"))
    return frames.conform(name, plain)
