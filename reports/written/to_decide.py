"""What needs a decision: what cannot wait and a little of what is growing, with what there is to decide."""

from collections.abc import Callable

import pandas as pd

from fairlead.access.redaction import NOT_SHOWN
from metrics import forecast
from reports import attention, reviews, words
from reports.foreseen import Measured
from reports.milestones import closely
from reports.records import Record, records
from reports.written.compared import Compared
from reports.written.sentences import Sentence

NOW, SOON = 1, 2
MOST, MOST_SOON = 8, 3
OF_PERSONS = ("full_hands", "absent", "full_queue")
"""Lines that name somebody: for those who may look at everybody closely."""
LIKELY = round(forecast.LIKELY * 100)


def of_milestones(compared: Compared, measured: Measured) -> list[Sentence]:
    """Milestones that are late, may be, or grow; one sentence each, with what there is to decide."""
    lines = attention.of_milestones(measured)
    lines = lines[lines["weight"] <= SOON].drop_duplicates("url")
    ahead = measured.portfolio.assign(url=closely(measured.portfolio))
    found = (
        lines[["kind", "weight", "number", "url"]]
        .rename(columns={"kind": "matter"})
        .merge(ahead, on="url", validate="one_to_one")
    )
    found = found.assign(called=found["milestone"].map(measured.titles).astype("str"))
    return [
        Sentence(
            says=f"{row['called']} {SAYS_OF_MILESTONE[row['matter']](row, compared)}",
            what=row["called"],
            url=row["url"],
            rank=row["weight"],
        )
        for row in records(found)
    ]


def _overdue(row: Record, _: Compared) -> str:
    left = f"is {row['number']}, with {row['remaining']} of {words.count(row['scope'], 'item')} left."
    if isinstance(row["p85_on"], pd.Timestamp):
        day = words.day(row["p85_on"])
        return f"{left} Agree on a new date ({day} is {LIKELY} % likely), or close it with what is done."
    return f"{left} Cut what is left, or close it with what is done: no date can be promised."


def _at_risk(row: Record, compared: Compared) -> str:
    """What would keep the due date, or which date could be promised instead."""
    day = words.day(row["p85_on"]) if isinstance(row["p85_on"], pd.Timestamp) else ""
    promise = f"promise {day} instead" if day else "take the date back: none can be promised"
    chance = f"is {words.chance(row['p_on_time'])} likely to be done by {words.day(row['due_on'])}"
    return f"{chance}. {_cut(row, compared, promise)}"


def _cut(row: Record, compared: Compared, promise: str) -> str:
    if row["way"] != "own":
        return f"Cut its scope, or {promise}."
    least = forecast.smallest_cut(compared.now.history, row["milestone"], as_of=compared.scope.as_of)
    if not least:
        return f"No cut saves that date: free people for it, or {promise}."
    left = words.count(row["remaining"], "item")
    if least > row["remaining"] / 2:
        return f"Only without {least} of the {left} left would it hold: free people for it, or {promise}."
    return f"Leave out {least} of the {left} left to keep that date, or {promise}."


def _stuck(row: Record, _: Compared) -> str:
    left = f"has {words.count(row['remaining'], 'item')} left"
    if row["status"] == "never":
        return f"{left} and will take over two years at its pace. Speed it up, cut it, or stop it."
    return f"{left}, and nothing in it was finished for weeks. Start it again, or stop it."


def _grew(row: Record, _: Compared) -> str:
    grew = f"was settled with {words.count(row['committed'], 'item')} and got {row['added_after']} more"
    return f"{grew}. Accept a later date, or move something out."


def _slipped(row: Record, _: Compared) -> str:
    moved = f"had its due date moved {row['n_due_changes']} times, {row['number']} in all"
    return f"{moved}. Is {words.day(row['due_on'])} a date to promise?"


SAYS_OF_MILESTONE: dict[str, Callable[[Record, Compared], str]] = {
    "overdue": _overdue,
    "at_risk": _at_risk,
    "stuck": _stuck,
    "grew": _grew,
    "slipped": _slipped,
}


def of_reviews(compared: Compared) -> list[Sentence]:
    """Requests that wait long, and queues that hold far more than the others."""
    return _of_lines(attention.of_reviews(compared.asked, reviews.queues(compared.asked)), compared)


def of_workload(compared: Compared) -> list[Sentence]:
    """Urgent work of nobody, work of who is away, full hands, and what stands still."""
    return _of_lines(attention.of_workload(compared.held), compared)


def _of_lines(lines: pd.DataFrame, compared: Compared) -> list[Sentence]:
    """One sentence per kind and reason: what is to be decided of several at once is one decision."""
    told = lines[lines["weight"] <= SOON]
    told = told if _sees_everybody(compared) else told[~told["kind"].isin(OF_PERSONS)]
    alike = told.groupby(["kind", "reason"], sort=False)
    return [_of_alike(records(rows)) for _, rows in alike]


def _sees_everybody(compared: Compared) -> bool:
    people = compared.frames.people["id"].astype("str")
    return bool(people.isin(compared.frames.closely).all())


def _of_alike(rows: list[Record]) -> Sentence:
    line = rows[0]
    what, url = (_key(line), line["url"]) if len(rows) == 1 else (line["area"], attention.PAGES[line["area"]])
    is_page = str(url).startswith("/")
    return Sentence(says=SAYS[line["kind"]](rows), what=line["area"] if is_page else what, url=url, rank=line["weight"])


def _key(line: Record) -> str:
    return str(line["what"]).partition(" ")[0]


def _long_wait(rows: list[Record]) -> str:
    waits = [f"{_called(line, rows)} ({line['number']})" for line in rows]
    return f"{words.all_of(waits)} {words.agree(len(rows), 'waits', 'wait')} for a review. Who else can look?"


def _full_queue(rows: list[Record]) -> str:
    line = rows[0]
    return f"{line['what']} is asked for {line['number'].removesuffix(' waiting')} reviews at once. {line['reason']}"


def _urgent(rows: list[Record]) -> str:
    aged = [f"{_called(line, rows)} ({line['number']} old)" for line in rows]
    return f"{words.all_of(aged)} {words.agree(len(rows), 'is', 'are')} urgent and nobody’s. Who takes {_it(rows)}?"


def _absent(rows: list[Record]) -> str:
    who = str(rows[0]["reason"]).partition(", but ")[2].partition(" is away")[0]
    held = words.all_of([_called(line, rows) for line in rows])
    over = words.agree(len(rows), "Hand it over, or say that it waits", "Hand them over, or say that they wait")
    return f"{held} {words.agree(len(rows), 'waits', 'wait')} for {who}, who is away. {over}."


def _full_hands(rows: list[Record]) -> str:
    held = words.all_of([f"{line['what']} ({line['number']})" for line in rows])
    half = str(rows[0]["reason"]).partition("; ")[2]
    return f"{held} {words.agree(len(rows), 'has', 'have')} much in progress at once; {half} What could move?"


def _still(rows: list[Record]) -> str:
    still = [f"{_called(line, rows)} ({line['number']})" for line in rows]
    verb, ask = words.agree(len(rows), "is", "are"), words.agree(len(rows), "Is it", "Are they")
    return f"{words.all_of(still)} {verb} in progress without any change. {ask} still wanted?"


def _it(rows: list[Record]) -> str:
    return words.agree(len(rows), "it", "them")


def _called(line: Record, rows: list[Record]) -> str:
    """With its title where it stands alone; several are listed by their keys."""
    return str(line["what"]).removesuffix(f" {NOT_SHOWN}") if len(rows) == 1 else _key(line)


SAYS: dict[str, Callable[[list[Record]], str]] = {
    "long_wait": _long_wait,
    "full_queue": _full_queue,
    "urgent": _urgent,
    "absent": _absent,
    "full_hands": _full_hands,
    "still": _still,
}


def chosen(sentences: list[Sentence]) -> tuple[list[Sentence], int]:
    """What cannot wait, and at most a few of the rest; and how many of both were left out."""
    now = [each for each in sentences if each.rank == NOW]
    soon = [each for each in sentences if each.rank == SOON]
    told = [*now[:MOST], *soon[: max(min(MOST_SOON, MOST - len(now)), 0)]]
    return told, len(sentences) - len(told)
