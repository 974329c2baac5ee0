"""What waits for what: issues for issues, and so milestones for milestones."""

import pandas as pd

from fairlead import keys
from metrics import intervals

FINISHED = ["done", "dropped"]
BLOCKERS = ["item", "blocker", "since_at", "is_known", "is_flagged"]


def blockers(
    issues: pd.DataFrame, issue_events: pd.DataFrame, issue_links: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """What does each unfinished issue wait for at `as_of`?

    For unfinished issues that block it, and for whoever flagged it as blocked. Replayed from events (`blocked_by`,
    `blocked`). Links are known as they are now alone: one counts where the history of the waiting issue tells of no
    blocker ever, and neither of the two has been changed since `as_of`. A blocker that is not read here may be finished
    or not; it is told, and `is_known` is False.

    Returns one row per issue and blocker, and one with a missing blocker for each issue that is flagged only, by item:
    item, blocker (ids), since_at (UTC; missing where it is not known, or flagged only), is_known, is_flagged (the issue
    carries a flag).
    """
    known = issues[issues["created_at"] <= as_of]
    waits = _waits(known, issue_events, issue_links, as_of=as_of)
    flags = intervals.states(issue_events, field="blocked", as_of=as_of)
    flagged = flags.loc[flags["is_last"] & flags["state"].notna(), "item"].astype("str")
    only_flagged = flagged[~keys.is_in(flagged, waits["item"])]
    found = pd.concat([waits, pd.DataFrame({"item": only_flagged}).reindex(columns=list(waits))], ignore_index=True)
    found = found.astype({"item": "str", "blocker": "str", "since_at": "datetime64[us, UTC]"})
    open_ids = _unfinished(known, issue_events, about=pd.concat([found["item"], found["blocker"]]), as_of=as_of)
    ids = known["id"].astype("str")
    found = found.assign(is_known=keys.is_in(found["blocker"], ids), is_flagged=keys.is_in(found["item"], flagged))
    return found[keys.is_in(found["item"], open_ids)].sort_values(["item", "blocker"], ignore_index=True)[BLOCKERS]


def _waits(
    known: pd.DataFrame, issue_events: pd.DataFrame, issue_links: pd.DataFrame, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Who waits for an unfinished (or unknown) issue: item, blocker, since_at."""
    sets = intervals.issue_sets(issue_events, field="blocked_by", as_of=as_of)
    told = sets[sets["end_at"].isna()].rename(columns={"value": "blocker", "start_at": "since_at"})
    has_history = issue_events.loc[issue_events["field"] == "blocked_by", "issue"]
    unchanged = known.loc[known["updated_at"] <= as_of, "id"]
    blocks = issue_links[issue_links["kind"] == "blocks"]
    is_sure = keys.is_in(blocks["issue"], unchanged) & keys.is_in(blocks["other"], unchanged)
    linked = blocks[is_sure & ~keys.is_in(blocks["other"], has_history)]
    columns = {"other": "item", "issue": "blocker"}
    parts = [told, linked.rename(columns=columns).assign(since_at=pd.Series(pd.NaT, dtype="datetime64[us, UTC]"))]
    texts = [part.assign(item=part["item"].astype("str"), blocker=part["blocker"].astype("str")) for part in parts]
    waits = pd.concat([part[["item", "blocker", "since_at"]] for part in texts], ignore_index=True)
    open_ids = _unfinished(known, issue_events, about=waits["blocker"], as_of=as_of)
    is_unread = ~keys.is_in(waits["blocker"], known["id"].astype("str"))
    is_open = keys.is_in(waits["blocker"], open_ids)
    is_other = (waits["item"] != waits["blocker"]).to_numpy()
    return waits[(is_unread | is_open) & is_other].reset_index(drop=True)


def _unfinished(known: pd.DataFrame, issue_events: pd.DataFrame, *, about: pd.Series, as_of: pd.Timestamp) -> pd.Series:
    """Those of the issues `about` that are known and neither done nor dropped: ids as text."""
    asked = known.loc[keys.is_in(known["id"].astype("str"), about), "id"]
    events = issue_events[keys.is_in(issue_events["issue"], asked)]
    last = intervals.states(events, field="status_category", as_of=as_of)
    finished = last.loc[last["is_last"] & last["state"].isin(FINISHED), "item"]
    return asked[~keys.is_in(asked, finished)].astype("str").reset_index(drop=True)


def dependencies(known: pd.DataFrame, members: pd.DataFrame, blockers: pd.DataFrame) -> pd.DataFrame:
    """Which open milestone waits for which?

    `known`, `members` and `blockers` are what `as_known`, `membership` and `blockers` give for the same `as_of`. One
    waits for another if an unfinished member of it is blocked by an unfinished member of the other. A blocker that is
    a member of both is work of its own, which is waited for nowhere else. What is blocked counts, split or not.

    Returns one row per pair, by milestone: milestone, waits_for (ids), n_items (members of `milestone` that wait).
    """
    open_ids = known.loc[known["state"] == "open", "id"]
    present = members[members["end_at"].isna() & keys.is_in(members["milestone"], open_ids)]
    blocked = blockers.loc[blockers["blocker"].notna() & blockers["is_known"], ["item", "blocker"]]
    waiting = _members(present, blocked["item"]).merge(blocked, on="item")
    own = waiting.merge(_members(present, blocked["blocker"]), how="inner", left_on="blocker", right_on="item")
    pairs = own.rename(columns={"milestone_x": "milestone", "milestone_y": "waits_for", "item_x": "item"})
    in_itself = pairs.loc[pairs["milestone"] == pairs["waits_for"], ["milestone", "item", "blocker"]]
    told = pairs.merge(in_itself.assign(is_own=True), how="left", on=["milestone", "item", "blocker"])
    counted = told[told["is_own"].isna()].groupby(["milestone", "waits_for"]).agg(n_items=("item", "nunique"))
    return counted.reset_index().astype({"milestone": "str", "waits_for": "str", "n_items": "int64"})


def _members(present: pd.DataFrame, items: pd.Series) -> pd.DataFrame:
    """Those of the members: milestone, item (ids as text)."""
    found = present.loc[keys.is_in(present["item"], items), ["milestone", "item"]]
    return found.astype("str")
