"""What a backtest amounts to: how often dates held, how far off they were, next to the baselines."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics import scoring
from metrics.forecast.backtest import QUANTILES
from metrics.forecast.baselines import BASELINES
from metrics.forecast.engine import HORIZON

WANTED = {"p50": 0.5, "p85": 0.85, "p95": 0.95}


def is_told(rows: pd.DataFrame) -> pd.Series:
    """Which forecasts of a backtest say something that can be wrong?"""
    told: pd.Series = rows["p85_weeks"].notna()
    return told


def cases(rows: pd.DataFrame, *, level: str = "p85") -> pd.DataFrame:
    """The forecasts of a backtest whose date at a level can be judged: of a closed milestone, or open past the date.

    "Never" is no date, and does not count as one that held. Forecasts made before there was enough to learn from count
    as well; `n_resolved` tells them apart.
    """
    date = rows[f"{level}_weeks"]
    is_judged = rows["actual_weeks"].notna() | (rows["open_weeks"] > date)
    judged: pd.DataFrame = rows[np.isfinite(date) & is_judged].reset_index(drop=True)
    return judged


def coverage(rows: pd.DataFrame) -> pd.DataFrame:
    """How often did the dates hold ("in 41 of 48 cases")? `rows` is a backtest; open milestones past a date missed it.

    A milestone is a case as often as it was forecast: tell forecasts at parts of windows and weekly ones apart.

    Returns one row per level: level (p50, p85, p95), wanted (0–1), n (forecasts), n_milestones, n_held, n_never
    (forecasts of milestones that ended for which the answer was never, which is no date: not in n), held_share (0–1;
    NaN without any), by_milestone_share (the same with every milestone counting once: week by week, long ones are
    counted often), wilson_low, wilson_high (0–1, 95 %, clustered by milestone).
    """
    return pd.DataFrame([_held(rows, name, q) for name, q in WANTED.items()])


def _held(rows: pd.DataFrame, name: str, wanted: float) -> dict[str, object]:
    judged = cases(rows, level=name)
    held = judged["actual_weeks"] <= judged[f"{name}_weeks"]
    low, high = scoring.clustered_wilson(held, judged["milestone"])
    return {
        "level": name,
        "wanted": wanted,
        "n": len(held),
        "n_milestones": judged["milestone"].nunique(),
        "n_held": int(held.sum()),
        "n_never": int((np.isinf(rows[f"{name}_weeks"]) & rows["actual_weeks"].notna()).sum()),
        "held_share": float(held.mean()) if len(held) else float("nan"),
        "by_milestone_share": float(held.groupby(judged["milestone"]).mean().mean()),
        "wilson_low": low,
        "wilson_high": high,
    }


def against_baselines(rows: pd.DataFrame) -> pd.DataFrame:
    """Are our dates better than those of tools and habits? Pinball loss at .5 and .85, lower is better.

    Each baseline is compared on the forecasts where it says anything, with ours on the same ones, of closed milestones.
    What says never counts as the horizon of two years. Losses are in weeks, and as a share of the milestone's window
    (of a week at least) so that long ones do not drown the rest.

    Returns one row per method and level: method (ours, as_first_made, and the baselines), level (p50, p85), n,
    n_milestones, held_share (0–1), pinball_weeks, ours_weeks, pinball_share, ours_share (NaN without cases).
    """
    done = rows[is_told(rows) & rows["actual_weeks"].notna()]
    methods = {"ours": "{level}_weeks", "as_first_made": "raw_q0{q}", **{name: name + "_{level}" for name in BASELINES}}
    return pd.DataFrame(
        [
            {"method": method, "level": level, **_losses(done, column.format(level=level, q=level[1:]), level)}
            for level in ("p50", "p85")
            for method, column in methods.items()
        ]
    )


def _losses(done: pd.DataFrame, column: str, level: str) -> dict[str, object]:
    some = done[done[column].notna()]
    window = np.maximum(some["window_weeks"].to_numpy(float), 1.0)
    theirs, ours = (
        scoring.pinball(some["actual_weeks"], np.minimum(some[name], HORIZON), WANTED[level])
        for name in (column, f"{level}_weeks")
    )
    return {
        "n": len(some),
        "n_milestones": some["milestone"].nunique(),
        "held_share": _mean(some["actual_weeks"].to_numpy() <= some[column].to_numpy()),
        "pinball_weeks": _mean(theirs),
        "ours_weeks": _mean(ours),
        "pinball_share": _mean(theirs / window),
        "ours_share": _mean(ours / window),
    }


def _mean(values: npt.NDArray[Any]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def on_time(rows: pd.DataFrame) -> pd.DataFrame:
    """Was P(on time) right? Brier score and skill over the base rate, for due dates that had been observed by then.

    Returns one row: what (by the due date), n, n_milestones, happened_share (0–1), brier, climatology, skill (NaN where
    all or none were on time).
    """
    told = rows[is_told(rows) & rows["is_on_time"].notna() & rows["p_on_time"].notna()]
    return pd.DataFrame([_brier("by the due date", told["p_on_time"], told["is_on_time"], told["milestone"])])


def within(rows: pd.DataFrame, *, weeks: tuple[int, ...] = (2, 4, 8, 13)) -> pd.DataFrame:
    """Was the chance to be done within so many weeks right? Needs no due date, so hindsight cannot creep in.

    Open milestones count where it is known by now that they were not. Returns the columns of `on_time`, one row per
    number of weeks.
    """
    return pd.DataFrame([_within(rows[is_told(rows)], each) for each in weeks])


def _within(said: pd.DataFrame, weeks: int) -> dict[str, object]:
    known = said[said["actual_weeks"].notna() | (said["open_weeks"] > weeks)]
    chance = (known[QUANTILES].to_numpy(float).reshape(-1, len(QUANTILES)) <= weeks).mean(axis=1)
    return _brier(f"within {weeks} weeks", pd.Series(chance), known["actual_weeks"] <= weeks, known["milestone"])


def _brier(what: str, chance: pd.Series, happened: pd.Series, milestone: pd.Series) -> dict[str, object]:
    found = scoring.brier(chance, happened)
    return {
        "what": what,
        "n": len(chance),
        "n_milestones": milestone.nunique(),
        "happened_share": _mean(happened.to_numpy(float)),
        "brier": found.score,
        "climatology": found.climatology,
        "skill": found.skill,
    }


def distribution(rows: pd.DataFrame) -> pd.DataFrame:
    """How far were whole forecasts from what came, as distributions? Of milestones that have ended.

    Returns one row: n, n_milestones, crps_weeks (continuous ranked probability score, mean; what is longer than the
    horizon counts as that), mean_pit (where outcomes lay in the forecasts, 0–1; half is right).
    """
    known = rows[rows["crps_weeks"].notna()]
    return pd.DataFrame(
        [
            {
                "n": len(known),
                "n_milestones": known["milestone"].nunique(),
                "crps_weeks": _mean(known["crps_weeks"].to_numpy(float)),
                "mean_pit": _mean(known["pit"].to_numpy(float)),
            }
        ]
    )


def spread(rows: pd.DataFrame, *, n_bins: int = 10) -> pd.DataFrame:
    """Where in the forecast distributions did outcomes lie? Even is right, heaps at the ends are overconfidence.

    Returns one row per bin: low, high (0–1), n.
    """
    pit = rows.loc[is_told(rows), "pit"].dropna().to_numpy(float)
    counts, edges = np.histogram(pit, bins=n_bins, range=(0.0, 1.0))
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "n": counts})


def left_out(rows: pd.DataFrame) -> pd.DataFrame:
    """Which forecasts named no date, and why? Returns one row per status: status, n, n_milestones."""
    silent = rows[~is_told(rows)]
    return silent.groupby("status", as_index=False).agg(n=("at", "size"), n_milestones=("milestone", "nunique"))
