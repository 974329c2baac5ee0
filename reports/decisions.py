"""Panels on what somebody has to decide: whose an account is, and what a status of Jira means."""

import json

import pandas as pd

from fairlead import people
from fairlead.access import VisibleFrames
from fairlead.scope import Scope
from metrics import coverage, terms
from metrics.actors import HUMAN_KINDS
from reports import words
from reports.names import named
from reports.panel import Panel

REASONS = {
    "alike": "Alike, but not enough to be taken for one",
    "ambiguous": "Alike, but so is somebody else",
    "shared e-mail": "One address, two people in people.csv",
}
COLUMNS = dict.fromkeys(("name", "login", "source", "reason", "other_name", "other_login"), "str") | {
    "confidence": "float64"
}
HOW = {"email": "e-mail", "login": "likeness of logins", "manual": "people.csv", "name": "likeness of names"}
PAIRS = {"account": "str", "other": "str", "confidence": "float64", "reason": "str"}


def accounts_to_decide(frames: VisibleFrames) -> pd.DataFrame:
    """Accounts that somebody should decide about, by name, for those who see names."""
    table = _told(frames, coverage.unsure_accounts(frames.accounts), _undecided(frames.accounts))
    table = table if has_names(frames) else table.head(0)
    return table.sort_values(["name", "login", "other_login"], ignore_index=True)


def _undecided(accounts: pd.DataFrame) -> pd.DataFrame:
    """Pairs of accounts that may be one person: account, other, confidence, reason."""
    find = getattr(people, "undecided", None)
    pairs: pd.DataFrame = find(accounts) if find else pd.DataFrame(columns=list(PAIRS))
    return pairs.astype(PAIRS)


def _told(frames: VisibleFrames, unsure: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs first; whoever is in one is not told of again."""
    rest = unsure[~unsure["account"].isin(pd.concat([pairs["account"], pairs["other"]]))]
    alike = "Taken for one by " + rest["matched_by"].map(HOW)
    rest = rest.assign(reason=alike.where(~rest["is_alone"], "Nobody found at another source").astype("str"))
    known = frames.accounts[["id", "login", "name", "source"]].astype("str").set_index("id")
    known["name"] = known["name"].fillna(known["login"])
    ends = pairs.assign(reason=pairs["reason"].map(REASONS).fillna(pairs["reason"])).join(known, on="account")
    ends = ends.join(known[["login", "name"]].add_prefix("other_"), on="other")
    lonely = rest.assign(
        name=rest["name"].fillna(rest["login"]),
        other_name=named(frames, rest["person"]).where(~rest["is_alone"]),
        other_login=None,
        confidence=rest["confidence"].where(~rest["is_alone"]),
    )
    return pd.concat([part[list(COLUMNS)].astype(COLUMNS) for part in (ends, lonely)], ignore_index=True)


def has_names(frames: VisibleFrames) -> bool:
    """Whether the viewer sees who is who."""
    return bool((frames.accounts["login"] != "").any())


def accounts_panel(frames: VisibleFrames, table: pd.DataFrame) -> Panel:
    """Whose accounts are not certain; `table` is what `accounts_to_decide` gives."""
    kinds = coverage.accounts_by_kind(frames.accounts)
    count = kinds.groupby("kind")["n"].sum()
    by = kinds[kinds["kind"].isin(HUMAN_KINDS)].groupby("matched_by")["n"].sum()
    found = ", ".join(f"{n:,} by {HOW[str(how)]}" for how, n in by.items() if how in HOW)
    machines = f"{words.count(int(count.get('bot', 0)), 'bot')}, {int(count.get('ghost', 0)):,} deleted"
    return Panel(
        key="accounts",
        title="Accounts to decide",
        takeaway=f"{words.count(len(table), 'account or pair', 'accounts or pairs')} to look at. What people.csv says "
        "always counts.",
        table=table,
        note=f"n = {words.count(len(frames.accounts), 'account')}: {words.count(int(by.sum()), 'person', 'people')}’s "
        f"({found or 'none matched'}; {int(by.get('single', 0)):,} alone), {machines}. In the order of names.",
        empty="No account waits for a decision."
        if has_names(frames) or frames.accounts.empty
        else "Accounts are shown to leads.",
        terms=(terms.MATCH_CONFIDENCE,),
        wide=True,
    )


def statuses_panel(found: pd.DataFrame, scope: Scope) -> Panel:
    """What Fairlead guessed of statuses; `found` is what `coverage.statuses` gives of those."""
    line = found["name"].map(_toml) + " = " + found["category"].map(_toml)
    table = found.assign(line=line.astype("str"))
    table = table.rename(columns={"name": "status", "category": "taken_for", "n_events": "n_moves"})
    return Panel(
        key="statuses",
        title="Statuses to decide",
        takeaway=f"{words.count(len(found), 'status', 'statuses')} {words.agree(len(found), 'means', 'mean')} what "
        "Fairlead guessed. Put the line between the braces of statuses = { } in the site's [[jira]] table of "
        "fairlead.toml, with todo, active or done.",
        table=table[["site", "status", "taken_for", "n_issues", "n_moves", "line"]],
        note=f"n = {words.count(len(found), 'status', 'statuses')}. Issues that ever were in it, and moves into it, by "
        f"{scope.last_day}.",
        empty="Of every status it is known what it means.",
        wide=True,
    )


def _toml(text: str) -> str:
    """Text as TOML writes it; JSON writes it the same, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
