"""Past forecasts between the backtest, the store and a file: the same rows in three shapes, without loss.

Infinite weeks mean never and missing ones that nothing was said. Text keeps the two apart as `"inf"` and `null`, which
every reader of JSON understands.
"""

import json
import math
from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from fairlead import frames as house
from fairlead.frames import Frames
from metrics import forecast, milestones
from metrics.forecast import scores
from metrics.forecast.backtest import BACKTEST, QUANTILES, RAW, Progress
from metrics.forecast.baselines import BASELINES
from metrics.forecast.engine import HORIZON

TABLES = ("milestones", "milestone_changes", "issues", "issue_events", "pull_requests", "pull_request_events")
"""The tables that a backtest reads."""
NEVER = "inf"
WEEK = pd.Timedelta(weeks=1)
KEY = list(house.IDENTITY["past_forecasts"])
LISTS = {"quantiles": QUANTILES, "raw_quantiles": RAW}
"""Stored list → the columns of the backtest it holds."""
PLAIN = {"string[pyarrow]": "str", "Int64": "int64"}
"""Declared type → what a backtest has."""
LEVELS = ("p50", "p85", "p95")
KINDS = {"parts": ("planned", "actual"), "planned": ("planned",), "actual": ("actual",), "weekly": ("weekly",)}
"""Kind of origin → its windows. Parts of a window, whichever, are judged together and apart."""
SUMMARIES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "coverage": scores.coverage,
    "against_baselines": scores.against_baselines,
    "on_time": scores.on_time,
    "within": scores.within,
    "distribution": scores.distribution,
    "spread": scores.spread,
    "left_out": scores.left_out,
}


def backtested(frames: Frames, as_of: pd.Timestamp, progress: Progress = iter) -> pd.DataFrame:
    """What would have been said of every milestone, at parts of its window and week by week, and what became of it.

    Of `frames` the `TABLES` are read. Returns the columns of `metrics.forecast.backtest`.
    """
    known, _, stays = milestones.replayed(frames, as_of=as_of)
    history = forecast.replayed(known, stays, frames.milestone_changes, as_of=as_of)
    return forecast.backtest(history, as_of=as_of, weekly=True, progress=progress)


def method() -> dict[str, Any]:
    """How forecasts are made anew: what was calibrated by another method has to be calibrated once more."""
    return {
        "fairlead": version("fairlead"),
        "trials": BACKTEST.trials,
        "half_life_share": BACKTEST.half_life_share,
        "pace_sd": BACKTEST.pace_sd,
        "horizon_weeks": HORIZON,
        "levels": [int(name[1:]) / 100 for name in QUANTILES],
        "baselines": list(BASELINES),
    }


def stored(rows: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """A backtest as the table `past_forecasts`. `as_of` is when it was made, by the data's clock.

    Of two forecasts of one milestone, instant and window (parts of a window of microseconds) the last one is kept.
    """
    lists = {name: _as_lists(rows[columns]) for name, columns in LISTS.items()}
    table = rows.rename(columns={"due_on_at": "due_at"}).assign(**lists, calibrated_at=as_of)
    return house.conform("past_forecasts", table.drop_duplicates(KEY, keep="last"))


def told(past_forecasts: pd.DataFrame) -> pd.DataFrame:
    """The inverse of `stored`: the columns of the backtest, for `forecast.said` and `metrics.forecast.scores`.

    Rows that an earlier Fairlead stored with quantiles at other levels than today's are left out.
    """
    rows = past_forecasts[_is_of_today(past_forecasts)].rename(columns={"due_at": "due_on_at"})
    rows = rows.sort_values(["at", "milestone", "window"], ignore_index=True)
    weeks = [_from_lists(rows[name], columns) for name, columns in LISTS.items()]
    plain = rows.drop(columns=[*LISTS, "calibrated_at"])
    return pd.concat([plain.astype({name: PLAIN.get(dtype, dtype) for name, dtype in _dtypes(plain)}), *weeks], axis=1)


def _dtypes(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """The columns that are declared, with their declared types."""
    return [(name, dtype) for name, dtype in house.dtypes("past_forecasts").items() if name in rows]


def _is_of_today(past_forecasts: pd.DataFrame) -> pd.Series:
    counts = [past_forecasts[name].str.count(",") + 1 == len(columns) for name, columns in LISTS.items()]
    return counts[0] & counts[1]


def _as_lists(weeks: pd.DataFrame) -> pd.Series:
    return pd.Series([json.dumps(row, allow_nan=False) for row in _lists(weeks)], weeks.index, dtype="str")


def _from_lists(lists: pd.Series, columns: list[str]) -> pd.DataFrame:
    values = np.array(json.loads(f"[{','.join(lists)}]"), dtype=object).astype(float)
    return pd.DataFrame(values.reshape(-1, len(columns)), lists.index, columns)


def as_json(rows: pd.DataFrame, *, as_of: pd.Timestamp) -> str:
    """Everything a calibration found, for other programs: `null` is unknown, `"inf"` is never.

    `as_of`; `method`; `summary`: kind of origin (parts: planned and actual together; planned, actual, weekly) → the
    tables of `metrics.forecast.scores` as records; `origins`: every forecast of `rows` (a backtest) with the columns
    of `metrics.forecast.backtest`, its quantiles and those before recalibration as lists in the order of the levels,
    its dates, and what each baseline said.
    """
    found = {
        "as_of": as_of.isoformat(),
        "method": method(),
        "summary": {kind: _summary(of_kind(rows, kind)) for kind in KINDS},
        "origins": _origins(rows),
    }
    return json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def of_kind(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The rows of a backtest whose origins are of one of the `KINDS`."""
    return rows[rows["window"].isin(KINDS[kind])].reset_index(drop=True)


def _summary(rows: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    return {name: _records(measure(rows)) for name, measure in SUMMARIES.items()}


def _origins(rows: pd.DataFrame) -> list[dict[str, Any]]:
    dates = {f"{level}_at": _reached(rows["at"], rows[f"{level}_weeks"]) for level in LEVELS}
    theirs = [f"{name}_{level}" for level in ("p50", "p85") for name in BASELINES]
    plain = _records(rows.drop(columns=[*QUANTILES, *RAW, *theirs]).assign(**dates))
    parts = zip(plain, _lists(rows[QUANTILES]), _lists(rows[RAW]), _records(rows[theirs]), strict=True)
    return [
        {**origin, "quantiles": ours, "raw_quantiles": raw, "baselines": baselines}
        for origin, ours, raw, baselines in parts
    ]


def _reached(at: pd.Series, weeks: pd.Series) -> pd.Series:
    """The instants so many weeks later, as text; `NEVER` where that is never."""
    is_date = np.isfinite(weeks)
    found = (at + weeks.where(is_date) * WEEK).dt.floor("s")
    texts = pd.Series([_cell(value) for value in found], found.index, dtype="object")
    return texts.mask(weeks == np.inf, NEVER)


def _lists(weeks: pd.DataFrame) -> list[list[Any]]:
    return [_plain(row) for row in weeks.to_numpy(float).tolist()]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values, instants as text."""
    columns = {str(name): _plain(table[name].tolist()) for name in table}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(values: Iterable[Any]) -> list[Any]:
    return [_cell(value) for value in values]


def _cell(value: Any) -> Any:  # noqa: ANN401 (whatever a column holds)
    if isinstance(value, float) and math.isinf(value):
        return NEVER
    if pd.isna(value):
        return None
    return value.isoformat() if isinstance(value, pd.Timestamp) else value
