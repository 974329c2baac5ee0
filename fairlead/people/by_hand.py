"""CSV files that people write by hand: their lines, and faults by line and column, never with what is in a cell."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from fairlead.config import hint
from fairlead.errors import ConfigError

DAY = r"\d{4}-\d{2}-\d{2}"
MOST_LINES = 10
"""Lines named in one fault."""


def cells(content: bytes, *, columns: Sequence[str], required: Sequence[str], where: str) -> pd.DataFrame:
    """What is written where?

    Returns text, one row per line that holds anything, by line number; of `columns` those that the first line names,
    `required` among them. A file that is empty has no rows.

    Raises:
        ConfigError: `where` is no CSV, or not of these columns.
    """
    lines = _lines(content, where)
    if not lines:
        return pd.DataFrame(columns=list(columns), dtype="str")
    (_, header), *rows = lines
    _refuse_header(header, columns, required, where)
    refuse(_uneven(rows, len(header)), where=where)
    return pd.DataFrame([row for _, row in rows], columns=header, index=[line for line, _ in rows], dtype="str")


def broken(text: pd.DataFrame) -> Iterator[str]:
    """The faults of cells that are not one line."""
    for column in text:
        is_broken = text[column].str.contains("[\r\n\0]", na=False)
        yield from fault(str(column), is_broken, "has a line break or NUL within")


def no_day(column: str, text: pd.Series) -> Iterator[str]:
    """The faults of cells that should hold a day."""
    is_formed = text.str.fullmatch(DAY, na=True)
    yield from fault(column, ~is_formed, "expected a day, such as 2024-02-29")
    formed = text.where(is_formed)
    absent = formed.notna() & pd.to_datetime(formed, format="%Y-%m-%d", errors="coerce").isna()
    yield from fault(column, absent, "there is no such day")


def fault(column: str, is_wrong: pd.Series, says: str) -> Iterator[str]:
    """The fault of the lines (in the index) that are wrong; none where none is."""
    wrong = is_wrong.index[is_wrong.fillna(value=False).astype(bool)].tolist()
    if wrong:
        yield f"{_named(wrong)}: {column}: {says}"


def refuse(faults: Iterable[str], *, where: str) -> None:
    """Raise `ConfigError` with all faults there are."""
    found = list(faults)
    if found:
        raise ConfigError(f"{where}: {'; '.join(found)}.")


def _lines(content: bytes, where: str) -> list[tuple[int, list[str]]]:
    """Line number (of a record's last line) and cells, without empty lines."""
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        read = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except UnicodeDecodeError:
        raise ConfigError(f"{where}: is not UTF-8. Save it as CSV UTF-8.") from None
    except csv.Error:
        raise ConfigError(f"{where}: line {reader.line_num}: is not CSV. Is a quotation mark left open?") from None
    return [(line, row) for line, row in read if any(row)]


def _refuse_header(header: list[str], columns: Sequence[str], required: Sequence[str], where: str) -> None:
    unknown = [(place, name) for place, name in enumerate(header, 1) if name not in columns]
    if len(header) == 1 and ";" in header[0]:
        raise ConfigError(f"{where}: line 1: columns are parted by semicolons. Save it with commas.")
    if unknown:
        place, name = unknown[0]
        raise ConfigError(f"{where}: line 1: column {place} is not known{hint(name, columns)}")
    lacking = [name for name in required if name not in header]
    if lacking or len(set(header)) < len(header):
        says = f"column {lacking[0]} is absent" if lacking else "a column stands there twice"
        raise ConfigError(f"{where}: line 1: {says}. Columns: {', '.join(columns)}.")


def _uneven(rows: list[tuple[int, list[str]]], n: int) -> Iterator[str]:
    wrong = [line for line, row in rows if len(row) != n]
    if wrong:
        yield f"{_named(wrong)}: expected {n} cells, as in line 1"


def _named(lines: list[int]) -> str:
    more = f" and {len(lines) - MOST_LINES} more" if len(lines) > MOST_LINES else ""
    return f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines[:MOST_LINES]))}{more}"
