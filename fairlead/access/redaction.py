"""How people, titles and ids are made unrecognisable."""

import base64
import re
from dataclasses import replace
from hashlib import sha256

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from fairlead import frames as house
from fairlead import keys
from fairlead.access.extent import Extent, unseen
from fairlead.frames import Frames
from fairlead.tables import HUMAN_KINDS

NOT_SHOWN = "(not shown)"
"""Stands for a title, key or text that this viewer may not read."""
SOMEBODY = "somebody"
"""Stands for a name in a title."""
SHORTEST_NAME = 3
"""Shorter names and logins are too many other words."""
NAMES_AT_ONCE = 200
PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
"""What has to be escaped in a pattern; letters must not be."""
FIELDS = (
    "status", "status_category", "resolution", "assignee", "milestone", "label", "estimate", "due", "parent", "type",
    "priority", "blocked", "blocked_by",
)  # fmt: skip
"""Fields whose history figures rest on. What others hold may be anything."""
OF_IDS = ("assignee", "milestone", "parent", "blocked_by")
"""Fields whose values are ids, kept as text."""
OF_FORECASTS = ("status_category", "milestone", "estimate", "parent", "type", "blocked", "blocked_by", "due")
"""The fields that forecasts rest on."""
KINDS = ("ready", "draft", "closed", "reopened", "merged", "milestoned", "demilestoned")
"""The changes of pull requests that forecasts rest on."""
ITEMS = ("issues", "pull_requests")
TEXTS = {
    "issues": ("title",), "pull_requests": ("title", "base"), "milestones": ("title",), "issue_labels": ("label",),
    "pull_request_labels": ("label",), "files": ("path",), "releases": ("tag",), "milestone_changes": (),
}  # fmt: skip
"""Columns that people write into."""


def _code(salt: str, text: str) -> str:
    """Letters and digits that stand for a text; without the salt nobody can tell which."""
    return base64.b32encode(sha256(f"{salt}\0{text}".encode()).digest()).decode().rstrip("=")


def aliases(frames: Frames, seen: Extent, salt: str) -> pd.Series:
    """What the ids that this viewer may not see are called instead, by id.

    People and accounts have the same alias wherever this store is read, items and milestones another in each reading.
    """
    people = frames.people["id"].astype("str")
    person = frames.accounts["person"].astype("str")
    accounts = frames.accounts["id"].astype("str")
    known = pd.concat([seen.items, seen.milestones, seen.teams])
    hidden = pd.concat([unseen(frames, known), frames.teams["id"].astype("str")])
    hidden = hidden[~hidden.isin(known)]
    labels = _subjects(frames.pull_request_events)
    whole: pd.Series = pd.concat(
        [
            _coded("person:", people[~people.isin(seen.named)], salt),
            _coded("account:", accounts[~person.isin(seen.named)], salt),
            _by_id(hidden, [f"hidden:{number}" for number in range(len(hidden))]),
            _by_id(labels, unnamed(labels, _hidden_names(frames, seen)).tolist()),
        ]
    )
    return whole[~whole.index.duplicated()]


def _coded(kind: str, ids: pd.Series, salt: str) -> pd.Series:
    return _by_id(ids, [kind + _code(salt, each) for each in ids])


def _by_id(ids: pd.Series, named: list[str]) -> pd.Series:
    return pd.Series(named, index=pd.Index(ids, dtype="str"), dtype="str")


def _subjects(events: pd.DataFrame) -> pd.Series:
    """The labels that pull requests were given: text among ids."""
    told = events.loc[events["kind"].isin(["labeled", "unlabeled"]), "subject"]
    return told.astype("str").dropna().drop_duplicates().reset_index(drop=True)


def people(frames: Frames, seen: Extent, salt: str) -> dict[str, pd.DataFrame]:
    """People and accounts: `Person K7F2QX` for those who are not to be named, wherever this store is read."""
    ids = frames.people["id"].astype("str")
    is_other = ~ids.isin(seen.named)
    said = pd.Series([f"Person {_code(salt, each)[:6]}" for each in ids], ids.index, dtype="str")
    known = told_apart(frames)
    named = known["people"]["name"].where(~is_other, said)
    accounts = frames.accounts
    is_hidden = ~accounts["person"].astype("str").isin(seen.named)
    return {
        "people": frames.people.assign(name=distinct(named, ids.map(lambda each: _code(salt, each)))),
        "teams": known["teams"],
        "accounts": accounts.assign(
            login=accounts["login"].mask(is_hidden, ""),
            name=accounts["name"].mask(is_hidden),
            email_hash=accounts["email_hash"].mask(is_hidden),
        ),
    }


def told_apart(frames: Frames) -> dict[str, pd.DataFrame]:
    """People with their login behind the name where another has the same name, teams with their id."""
    logins = frames.accounts.dropna(subset="person").drop_duplicates("person")
    login = logins["login"].set_axis(logins["person"].astype("str"))
    people, teams = frames.people, frames.teams
    mark = people["id"].astype("str").map(login).astype("str").fillna(people["id"].astype("str"))
    return {
        "people": people.assign(name=distinct(people["name"], mark)),
        "teams": teams.assign(name=distinct(teams["name"], teams["id"].astype("str"))),
    }


def distinct(names: pd.Series, marks: pd.Series) -> pd.Series:
    """The names, with the mark behind those that more than one row has: `Ann Lee (ann2)`."""
    return names.where(~names.duplicated(keep=False), names + " (" + marks + ")")


def worded(frames: Frames, seen: Extent, *, titles: bool) -> dict[str, pd.DataFrame]:
    """The tables that hold free text: without titles where they are not to be read, and without hidden names."""
    names = _hidden_names(frames, seen)
    tables = {name: _unnamed(getattr(frames, name), columns, names) for name, columns in TEXTS.items()}
    changes = tables["milestone_changes"]
    is_title = changes["field"] == "title"
    retold = {side: changes[side].mask(is_title, unnamed(changes[side], names)) for side in ("old", "new")}
    if not titles:
        tables |= {name: tables[name].assign(title=NOT_SHOWN, url="") for name in ITEMS}
        tables |= {name: tables[name].assign(url="") for name in ("milestones", "releases")}
    number = pd.Series(pd.factorize(frames.sync_runs["source"])[0] + 1, frames.sync_runs.index)
    return tables | {
        "milestone_changes": changes.assign(**retold),
        "issue_events": _history(frames.issue_events, names),
        "tombstones": frames.tombstones.assign(moved_to=_nothing(frames.tombstones)),
        "sync_runs": frames.sync_runs.assign(
            source="source " + number.astype("str"), warnings=_nothing(frames.sync_runs)
        ),
    }


def _nothing(table: pd.DataFrame) -> pd.Series:
    return pd.Series(None, index=table.index, dtype="str")


def _unnamed(table: pd.DataFrame, columns: tuple[str, ...], names: list[str]) -> pd.DataFrame:
    return table.assign(**{column: unnamed(table[column], names) for column in columns})


def _history(events: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Changes of the fields that figures rest on; of a flag not what it says."""
    kept = events[events["field"].isin(FIELDS)].reset_index(drop=True)
    is_flag, is_label = kept["field"] == "blocked", kept["field"] == "label"
    sides = {
        side: kept[side].mask(is_flag & kept[side].notna(), "blocked").mask(is_label, unnamed(kept[side], names))
        for side in ("old", "new")
    }
    return kept.assign(**sides)


def bare(frames: Frames, seen: Extent) -> Frames:
    """All milestones and what was in them, of what may not be seen without a text or an address.

    `frames` are such as `worded` makes, so that what may be seen says nothing more here than elsewhere.
    """
    is_seen = pd.concat([seen.items, seen.milestones])
    tables = {name: house.empty(name) for name in house.TABLES} | {
        "issues": _blank(frames.issues, is_seen, ("key", "title", "url", "status")),
        "issue_milestones": frames.issue_milestones,
        "issue_links": frames.issue_links,
        "issue_events": _history(frames.issue_events[frames.issue_events["field"].isin(OF_FORECASTS)], []),
        "pull_requests": _blank(frames.pull_requests, is_seen, ("key", "title", "url")),
        "pull_request_events": frames.pull_request_events[frames.pull_request_events["kind"].isin(KINDS)],
        "milestones": _blank(frames.milestones, is_seen, ("title", "url")),
        "milestone_changes": _without_titles(frames.milestone_changes, seen.milestones),
        "past_forecasts": frames.past_forecasts,
    }
    tables = {name: table.reset_index(drop=True) for name, table in tables.items()}
    return Frames(**keys.encode(tables, {name: house.key_columns(name) for name in tables}))


def _blank(table: pd.DataFrame, is_seen: pd.Series, columns: tuple[str, ...]) -> pd.DataFrame:
    """The table with texts gone from rows that may not be seen, and from all rows but of milestones."""
    is_hidden = ~keys.is_in(table["id"].astype("str"), is_seen)
    projects = table.loc[~is_hidden, "project"].unique()
    elsewhere = is_hidden & ~table["project"].isin(projects)
    number = pd.Series(pd.factorize(table["project"])[0], table.index).astype("str")
    blanks = {column: table[column].mask(is_hidden, "") for column in columns}
    return table.assign(**blanks, project=table["project"].mask(elsewhere, "elsewhere " + number))


def _without_titles(changes: pd.DataFrame, milestones: pd.Series) -> pd.DataFrame:
    is_hidden = ~keys.is_in(changes["milestone"].astype("str"), milestones)
    return changes[~(is_hidden & (changes["field"] == "title"))]


def unnamed(text: pd.Series, names: list[str]) -> pd.Series:
    """The text with `somebody` for whole names and logins in it; a first name alone is not known to be one."""
    known = sorted({name for name in names if len(name) >= SHORTEST_NAME}, key=len, reverse=True)
    if not known or text.empty:
        return text
    coded = pc.dictionary_encode(pa.chunked_array([pa.array(text, pa.large_string())]).combine_chunks())
    values = coded.dictionary
    for start in range(0, len(known), NAMES_AT_ONCE):
        listed = "|".join(PUNCTUATION.sub(r"\\\g<0>", name) for name in known[start : start + NAMES_AT_ONCE])
        pattern = rf"(?i)(^|[^\pL\pN_])(?:{listed})($|[^\pL\pN_])"
        for _ in range(2):  # of two names in a row the first takes the gap between them
            values = pc.replace_substring_regex(values, pattern, rf"\1{SOMEBODY}\2")
    return pd.Series(values.take(coded.indices).to_pandas().to_numpy(), index=text.index, dtype=text.dtype)


def _hidden_names(frames: Frames, seen: Extent) -> list[str]:
    """Names and logins of those whom this viewer may not see by name."""
    is_other = ~frames.accounts["person"].astype("str").isin(seen.named)
    of_others = frames.accounts[is_other & frames.accounts["kind"].isin(HUMAN_KINDS)]
    people = frames.people.loc[~frames.people["id"].astype("str").isin(seen.named), "name"]
    return list(pd.concat([people, of_others["login"], of_others["name"]]).dropna().drop_duplicates())


def renamed(frames: Frames, names: pd.Series) -> Frames:
    """The tables with aliases for ids, in the columns of ids and in the histories that keep ids as text."""
    columns = {name: house.key_columns(name) for name in house.TABLES}
    recoded = Frames(**keys.recoded(frames.tables(), columns, names))
    events = recoded.issue_events
    is_id = events["field"].isin(OF_IDS)
    values = {side: events[side].where(~is_id, _called(events[side], names)) for side in ("old", "new")}
    return replace(recoded, issue_events=events.assign(**values))


def _called(ids: pd.Series, names: pd.Series) -> pd.Series:
    return ids.map(names).astype("str").fillna(ids)
