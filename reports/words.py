"""Numbers as people read them. Undefined is said, never shown as zero."""

import datetime as dt
import math
from collections.abc import Sequence

import pandas as pd

UNKNOWN = "–"
BEYOND = "over 2 years"
"""How far off is what forecasts call never."""


def number(value: float, digits: int = 0) -> str:
    """`1,234`, `4.2`, or a dash when there is no value."""
    return UNKNOWN if math.isnan(value) else "never" if math.isinf(value) else f"{value:,.{digits}f}"


def days(value: float) -> str:
    """`4 h`, `1 day`, `4.2 days`, `31 days`: as precise as is useful."""
    if math.isnan(value) or math.isinf(value):
        return number(value)
    if value and float(value).is_integer():
        return count(int(value), "day")
    if round(abs(value) * 24) < 24:
        return f"{value * 24:.0f} h"
    return f"{value:.1f} days" if round(abs(value), 1) < 10 else f"{value:,.0f} days"


def hours(value: float) -> str:
    """The same for a value in hours."""
    return days(value / 24)


def share(value: float) -> str:
    """`27 %`, or a dash. A share is never rounded up to everything or down to nothing."""
    if math.isnan(value):
        return UNKNOWN
    rounded = round(value * 100)
    if value < 1 and rounded == 100:
        return "over 99 %"
    if value > 0 and rounded == 0:
        return "under 1 %"
    return f"{rounded} %"


def chance(value: float) -> str:
    """`27 %`. What is forecast is never certain, whatever the futures that were drawn say."""
    if math.isnan(value):
        return UNKNOWN
    return "under 1 %" if value < 0.01 else "over 99 %" if value > 0.99 else f"{round(value * 100)} %"


def day(value: object) -> str:
    """`3 Mar 2026`, or that there is none."""
    return f"{value.day} {value:%b %Y}" if isinstance(value, dt.date) and not pd.isna(value) else "no date"


def short_day(value: object) -> str:
    """`3 Mar ’26`, for narrow places."""
    return f"{value.day} {value:%b ’%y}" if isinstance(value, dt.date) and not pd.isna(value) else day(value)


def count(n: int, one: str, many: str = "") -> str:
    """`1 item`, `3 items`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def some(names: Sequence[str], most: int = 4) -> str:
    """`Ann, Bo, Cy, Di and 3 more`."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def all_of(names: Sequence[str]) -> str:
    """`Ann`, `Ann and Bo`, `Ann, Bo and Cy`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def times(ratio: float) -> str:
    """`1.7 times`; infinite is work for which there is no time at all."""
    return "work, and no time" if math.isinf(ratio) else f"{number(ratio, 1)} times"


def agree(n: int, one: str, many: str) -> str:
    """The form of a verb that goes with a count: `waits` with 1, `wait` with 0 or 3."""
    return one if n == 1 else many


def shift(value: float) -> str:
    """How far a date moved, in days. A sign in front would be taken for a formula in a spreadsheet."""
    if math.isnan(value):
        return UNKNOWN
    if value == 0:
        return "back where it was"
    return f"{days(abs(value))} {'later' if value > 0 else 'earlier'}"


def sentence(text: str) -> str:
    """The same with a capital letter in front."""
    return text[:1].upper() + text[1:]


def change(now: float, before: float, unit: str = "") -> str:
    """`+3 days vs the window before`; empty where either is unknown."""
    if math.isnan(now) or math.isnan(before) or math.isinf(now) or math.isinf(before):
        return ""
    difference = now - before
    digits = 0 if abs(difference) >= 10 or float(difference).is_integer() else 1
    return f"{difference:+,.{digits}f}{' ' + unit if unit else ''}"


def left_out(counts: dict[str, int]) -> str:
    """`Left out: 227 reviews and comments by bots.`, or that nothing was."""
    named = [f"{n:,} {what}" for what, n in counts.items() if n]
    return f"Left out: {', '.join(named)}." if named else "Nothing was left out."
