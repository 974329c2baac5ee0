"""`people.csv`: which accounts are whose, said by a person. The file is the user's own; what it says always wins.

One row per person and account. Rows with the same `person` are one person; a row without a person says that the
account is nobody's, a service account. `account` is a login, a Jira account id or user name, or an e-mail address.
"""

import contextlib
import csv
import io
import os
import tempfile
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from fairlead.config import hint
from fairlead.errors import ConfigError

REQUIRED = ("person", "source", "account")
OF_PERSON = ("time_zone", "workdays", "day_start", "day_end", "share", "start_on", "leave_on")
COLUMNS = (*REQUIRED, "team", *OF_PERSON)
DAYS = ("start_on", "leave_on")
SOURCES = ("github", "jira")
TIME_OF_DAY = r"(?:[01]\d|2[0-3]):[0-5]\d"
FORMS = {
    "source": "github|jira",
    "workdays": "[01]{7}",
    "day_start": TIME_OF_DAY,
    "day_end": f"{TIME_OF_DAY}|24:00",
    "share": r"0?\.\d*[1-9]\d*|1(?:\.0*)?",
    "start_on": r"\d{4}-\d{2}-\d{2}",
    "leave_on": r"\d{4}-\d{2}-\d{2}",
}
EXPECTED = {
    "source": "expected github or jira",
    "workdays": "expected seven flags from Monday, such as 1111100",
    "day_start": "expected a time of day, such as 09:00",
    "day_end": "expected a time of day, such as 17:00",
    "share": "expected a part of full time, more than 0 and at most 1, such as 0.8",
    "start_on": "expected a day, such as 2024-02-29",
    "leave_on": "expected a day, such as 2024-02-29",
    "time_zone": "expected an IANA time zone, such as Europe/Berlin",
}
MOST_LINES = 10
"""Lines named in one fault."""


def load_map(path: Path) -> pd.DataFrame:
    """What does `people.csv` say?

    Returns one row per line: person (missing: nobody's), source, account, team (several between semicolons),
    time_zone, workdays, day_start, day_end, share (0–1), start_on, leave_on (days). Columns not in the file are
    missing; an absent file holds no rows.

    Raises:
        ConfigError: the file cannot be read, or a cell is unfit; names lines and columns, never what is in them.
    """
    lines = _lines(path)
    if not lines:
        return _typed(pd.DataFrame(columns=COLUMNS, dtype="str"))
    (_, header), *rows = lines
    _refuse_header(path, header)
    _refuse(path, _uneven(rows, len(header)))
    cells = pd.DataFrame([row for _, row in rows], columns=header, index=[line for line, _ in rows], dtype="str")
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


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Line number (of a record's last line) and cells, without empty lines."""
    try:
        reader = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), strict=True)
        read = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8. Save it as CSV UTF-8.") from None
    except csv.Error:
        raise ConfigError(f"{path}: line {reader.line_num}: is not CSV. Is a quotation mark left open?") from None
    return [(line, row) for line, row in read if any(row)]


def _refuse_header(path: Path, header: list[str]) -> None:
    unknown = [(place, name) for place, name in enumerate(header, 1) if name not in COLUMNS]
    if len(header) == 1 and ";" in header[0]:
        raise ConfigError(f"{path}: line 1: columns are parted by semicolons. Save it with commas.")
    if unknown:
        place, name = unknown[0]
        raise ConfigError(f"{path}: line 1: column {place} is not known{hint(name, COLUMNS)}")
    lacking = [name for name in REQUIRED if name not in header]
    if lacking or len(set(header)) < len(header):
        fault = f"column {lacking[0]} is absent" if lacking else "a column stands there twice"
        raise ConfigError(f"{path}: line 1: {fault}. Columns: {', '.join(COLUMNS)}.")


def _uneven(rows: list[tuple[int, list[str]]], n: int) -> Iterator[str]:
    wrong = [line for line, row in rows if len(row) != n]
    if wrong:
        yield f"{_named(wrong)}: expected {n} cells, as in line 1"


def _checked(path: Path, cells: pd.DataFrame) -> pd.DataFrame:
    """Text (the index holds line numbers) → the typed map. Raises `ConfigError`."""
    text = cells.reindex(columns=COLUMNS).astype("str").replace("", np.nan)
    _refuse(path, _unfit(text))
    _refuse(path, _contradictory(text))
    return _typed(text)


def _unfit(text: pd.DataFrame) -> Iterator[str]:
    """Faults of single cells."""
    for column in COLUMNS:
        yield from _fault(column, text[column].str.contains("[\r\n\0]", na=False), "has a line break or NUL within")
    for column in ("source", "account"):
        yield from _fault(column, text[column].isna(), "is empty")
    for column, form in FORMS.items():
        yield from _fault(column, ~text[column].str.fullmatch(form, na=True), EXPECTED[column])
    zones = text["time_zone"]
    yield from _fault("time_zone", zones.notna() & ~zones.isin(zoneinfo.available_timezones()), EXPECTED["time_zone"])
    for column in DAYS:
        formed = text[column].where(text[column].str.fullmatch(FORMS[column], na=False))
        no_day = formed.notna() & pd.to_datetime(formed, format="%Y-%m-%d", errors="coerce").isna()
        yield from _fault(column, no_day, "there is no such day")


def _contradictory(text: pd.DataFrame) -> Iterator[str]:
    """Faults of lines that do not go together."""
    who = text["person"].fillna("")
    persons = who.groupby([text["source"], text["account"].str.casefold()]).transform("nunique")
    yield from _fault("account", persons > 1, "one account cannot be two persons'")
    yield from _fault(
        "person", text["person"].isna() & text[["team", *OF_PERSON]].notna().any(axis=1), "nobody has no team or hours"
    )
    for column in OF_PERSON:
        differ = text[column].groupby(who).transform("nunique") > 1
        yield from _fault(column, differ & text[column].notna(), "lines of one person differ")
    filled = text[list(OF_PERSON)].groupby(who).transform("first")
    yield from _fault("day_end", filled["day_end"] <= filled["day_start"], "is not after day_start")
    yield from _fault("leave_on", filled["leave_on"] < filled["start_on"], "is before start_on")


def _fault(column: str, is_wrong: pd.Series, says: str) -> Iterator[str]:
    wrong = is_wrong.index[is_wrong.fillna(value=False).astype(bool)].tolist()
    if wrong:
        yield f"{_named(wrong)}: {column}: {says}"


def _refuse(path: Path, faults: Iterator[str]) -> None:
    found = list(faults)
    if found:
        raise ConfigError(f"{path}: {'; '.join(found)}.")


def _named(lines: list[int]) -> str:
    more = f" and {len(lines) - MOST_LINES} more" if len(lines) > MOST_LINES else ""
    return f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines[:MOST_LINES]))}{more}"


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
