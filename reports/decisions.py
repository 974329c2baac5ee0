"""Panels on what somebody has to decide: whose an account is, and what a status of Jira means."""

import json

import pandas as pd

from fairlead import people
from fairlead.access import VisibleFrames
from fairlead.scope import Scope
from fairlead.tables import HUMAN_KINDS
from metrics import coverage, terms
from reports import words
from reports.panel import Panel

REASONS = {
    "alike": "Alike, but not enough to be taken for one",
    "ambiguous": "Alike, but so is somebody else",
}
COLUMNS = dict.fromkeys(("name", "login", "source", "reason", "other_name", "other_login"), "str") | {
    "sure_share": "float64"
}
HOW = {"email": "e-mail", "login": "likeness of logins", "manual": "people.csv", "name": "likeness of names"}
PAIRS = {"account": "str", "other": "str", "confidence": "float64", "reason": "str"}


def accounts_to_decide(frames: VisibleFrames) -> pd.DataFrame:
    """Pairs of accounts that may be or are taken for one person's, by name; for those who see names."""
    table = _told(frames, coverage.liked_accounts(frames.accounts), people.undecided(frames.accounts))
    table = table if has_names(frames) else table.head(0)
    return table.sort_values(["name", "login", "other_login"], ignore_index=True)


def _told(frames: VisibleFrames, liked: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs to decide, and pairs taken for one by likeness. Who is like nobody needs no decision."""
    told = [pairs.replace({"reason": REASONS}), _alike(frames.accounts, liked)]
    rows = pd.concat([part[list(PAIRS)].astype(PAIRS) for part in told], ignore_index=True)
    known = frames.accounts[["id", "login", "name", "source"]].astype("str").set_index("id")
    known = known.assign(name=known["name"].fillna(known["login"]))
    whole = rows.join(known, on="account").join(known.add_prefix("other_"), on="other")
    return whole.rename(columns={"confidence": "sure_share"})[list(COLUMNS)].astype(COLUMNS)


def _alike(accounts: pd.DataFrame, alike: pd.DataFrame) -> pd.DataFrame:
    """Accounts that are one person by likeness, each with one of the other source; no pair twice."""
    others = accounts[["id", "person", "source"]].astype("str").rename(columns={"id": "other", "source": "at"})
    pairs = alike.merge(others.sort_values("other"), on="person")
    pairs = pairs[pairs["source"] != pairs["at"]].drop_duplicates("account")
    ends = pairs[["account", "other"]]
    pairs = pairs.assign(first=ends.min(axis=1), second=ends.max(axis=1)).drop_duplicates(["first", "second"])
    return pairs.assign(reason="Taken for one by " + pairs["matched_by"].map(HOW).astype("str"))


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
        takeaway=f"{words.count(len(table), 'pair')} to look at. What people.csv says always counts.",
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
