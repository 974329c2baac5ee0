"""`people.csv`: which accounts are whose, said by a person. The file is the user's own; what it says always wins.

One row per person and account. Rows with the same `person` are one person; a row without a person says that the
account is nobody's, a service account. `account` is a login, a Jira account id or user name, or an e-mail address.
"""

import contextlib
import io
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from fairlead import places
from fairlead.errors import ConfigError
from fairlead.forms import END_OF_DAY, TIME_OF_DAY, WORKDAYS, Form
from fairlead.people import by_hand

REQUIRED = ("person", "source", "account")
OF_PERSON = ("time_zone", "workdays", "day_start", "day_end", "share", "start_on", "leave_on", "country", "region")
COLUMNS = (*REQUIRED, "team", *OF_PERSON)
DAYS = ("start_on", "leave_on")
SOURCES = ("github", "jira")
FORMS = {
    "source": Form("github|jira", "expected github or jira"),
    "workdays": WORKDAYS,
    "day_start": TIME_OF_DAY,
    "day_end": END_OF_DAY,
    "share": Form(
        r"0?\.\d*[1-9]\d*|1(?:\.0*)?", "expected a part of full time, more than 0 and at most 1, such as 0.8"
    ),
}


def load_map(path: Path) -> pd.DataFrame:
    """What does `people.csv` say?

    Returns one row per line: person (missing: nobody's), source, account, team (several between semicolons),
    time_zone, workdays, day_start, day_end, share (0–1), start_on, leave_on (days), country, region. Columns not in
    the file are missing; an absent file holds no rows.

    Raises:
        ConfigError: the file cannot be read, or a cell is unfit; names lines and columns, never what is in them.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        content = b""
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}.") from None
    cells = by_hand.cells(content, columns=COLUMNS, required=REQUIRED, where=str(path))
    return _checked(path, cells)


def write_map(path: Path, people_map: pd.DataFrame) -> None:
    """Write a table as `load_map` gives it to `people.csv`: whole or not at all, readable by its owner alone.

    Raises:
        ConfigError: the table is not fit to be read back, or the file cannot be written; what was there stays.
    """
    cells = _cells(people_map)
    _checked(path, cells.set_axis(range(2, len(cells) + 2)))
    text = io.StringIO(newline="")
    cells.fillna("").to_csv(text, index=False, lineterminator="\n")
    try:
        _replace(path.resolve(), text.getvalue())
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}.") from None


def _checked(path: Path, cells: pd.DataFrame) -> pd.DataFrame:
    """Text (the index holds line numbers) → the typed map. Raises `ConfigError`."""
    text = cells.reindex(columns=COLUMNS).astype("str").replace("", np.nan)
    by_hand.refuse(_unfit(text), where=str(path))
    by_hand.refuse(_contradictory(text), where=str(path))
    return _typed(text)


def _unfit(text: pd.DataFrame) -> Iterator[str]:
    """Faults of single cells."""
    yield from by_hand.broken(text)
    for column in ("source", "account"):
        yield from by_hand.fault(column, text[column].isna(), "is empty")
    for column, form in FORMS.items():
        yield from by_hand.fault(column, ~text[column].str.fullmatch(form.pattern, na=True), form.expected)
    yield from by_hand.fault("time_zone", _unknown(text["time_zone"], places.is_zone), places.EXPECTED_ZONE)
    yield from by_hand.fault("country", _unknown(text["country"], places.is_country), places.EXPECTED_COUNTRY)
    for column in DAYS:
        yield from by_hand.no_day(column, text[column])


def _unknown(names: pd.Series, is_known: Callable[[str], bool]) -> pd.Series:
    told = names.dropna()
    return names.notna() & ~names.isin([name for name in told.unique() if is_known(name)])


def _contradictory(text: pd.DataFrame) -> Iterator[str]:
    """Faults of lines that do not go together."""
    who = text["person"].fillna("")
    persons = who.groupby([text["source"], text["account"].str.casefold()]).transform("nunique")
    yield from by_hand.fault("account", persons > 1, "one account cannot be two persons'")
    yield from by_hand.fault(
        "person", text["person"].isna() & text[["team", *OF_PERSON]].notna().any(axis=1), "nobody has no team or hours"
    )
    for column in OF_PERSON:
        differ = text[column].groupby(who).transform("nunique") > 1
        yield from by_hand.fault(column, differ & text[column].notna(), "lines of one person differ")
    filled = text[list(OF_PERSON)].groupby(who).transform("first")
    is_named = filled["region"].notna() & text["region"].notna()
    pairs = filled.loc[is_named, ["country", "region"]].fillna("")
    no_region = [not places.is_region(*pair) for pair in pairs.itertuples(index=False)]
    yield from by_hand.fault("region", pd.Series(no_region, pairs.index, dtype=bool), places.EXPECTED_REGION)
    yield from by_hand.fault("day_end", filled["day_end"] <= filled["day_start"], "is not after day_start")
    yield from by_hand.fault("leave_on", filled["leave_on"] < filled["start_on"], "is before start_on")


def _typed(text: pd.DataFrame) -> pd.DataFrame:
    days = {column: pd.to_datetime(text[column], format="%Y-%m-%d").astype("datetime64[us]") for column in DAYS}
    typed = text.assign(person=text["person"].str.normalize("NFC"), share=text["share"].astype("float64"), **days)
    return typed.reset_index(drop=True)


def _cells(people_map: pd.DataFrame) -> pd.DataFrame:
    """The typed map as text."""
    days = {column: pd.to_datetime(people_map[column]).dt.strftime("%Y-%m-%d") for column in DAYS}
    share = people_map["share"].astype("float64").map(_written, na_action="ignore")
    text = people_map[list(COLUMNS)].assign(share=share, **days).astype("str")
    stripped: pd.DataFrame = text.apply(lambda column: column.str.strip())
    return stripped


def _written(share: float) -> str:
    return np.format_float_positional(share, trim="-")


def _replace(path: Path, text: str) -> None:
    """A new file takes the old one's place at once; temporary files are made for their owner alone."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
