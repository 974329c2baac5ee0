"""Tables as people read them: headings with units, shares in percent, days as days."""

import pandas as pd

from reports import words

UNITS = {"days": "days", "hours": "h", "seconds": "s", "share": "", "on": "", "at": "UTC"}


def heading(name: str) -> str:
    """`cycle_days` → `Cycle (days)`, `n_open` → `Open`: column names carry their unit, headings show it."""
    parts = name.removeprefix("n_").split("_")
    unit = UNITS.get(parts[-1]) if len(parts) > 1 else None
    text = " ".join(parts[:-1] if unit is not None else parts)
    return f"{text.capitalize()} ({unit})" if unit else text.capitalize()


def formatted(table: pd.DataFrame) -> pd.DataFrame:
    """The table as text under its headings."""
    return pd.DataFrame({heading(str(name)): _text(str(name), table[name]) for name in table}, index=table.index)


def _text(name: str, values: pd.Series) -> pd.Series:
    if name.endswith("_share"):
        said = [words.share(value) for value in values.astype("float64")]
    elif name.endswith("_on"):
        said = list(values.dt.strftime("%Y-%m-%d").fillna(words.UNKNOWN))
    elif name.endswith("_at"):
        said = list(values.dt.strftime("%Y-%m-%d %H:%M").fillna(words.UNKNOWN))
    elif pd.api.types.is_bool_dtype(values.dtype):
        said = ["yes" if value else "no" for value in values.fillna(False)]
    elif pd.api.types.is_numeric_dtype(values.dtype):
        said = _numbers(values.astype("float64"))
    else:
        said = list(values.astype("str").fillna(words.UNKNOWN))
    return pd.Series(said, index=values.index, dtype="str")


def _numbers(values: pd.Series) -> list[str]:
    """As precise as they need: counts without decimals, parts of one with two."""
    is_whole = (values.dropna() % 1 == 0).all()
    digits = 0 if is_whole else 2 if values.abs().max() <= 1 else 1
    return [words.number(value, digits) for value in values]
