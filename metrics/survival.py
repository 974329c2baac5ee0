"""Survival: how long until something happens, when for some it has not happened yet.

Requests still waiting are censored: they count as "at least this long". Leaving them out would make slow answers look
quick, because the slow ones are those still waiting. Estimator: Kaplan & Meier (1958).
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

ROUNDING = 1e-9
"""Survival is a product of fractions: 1/2 may come out as 0.5000000000000001 and must still count as one half."""


def kaplan_meier(durations: pd.Series, observed: pd.Series) -> pd.DataFrame:
    """What share is still waiting after each duration?

    `observed` says whether the duration ended with the event (True) or was only followed that long (False).
    Durations below zero or missing are faults of the data and are left out.
    Returns one row per distinct duration, shortest first: time (unit of `durations`), survival (share that waits
    longer, 0–1), n_at_risk (followed up to here), n_events (ended here).
    """
    return kaplan_meier_by(pd.Series(0, index=durations.index), durations, observed).drop(columns="group")


def kaplan_meier_by(groups: pd.Series, durations: pd.Series, observed: pd.Series) -> pd.DataFrame:
    """One Kaplan–Meier curve per group; `groups` holds integers. Returns group and the columns of `kaplan_meier`."""
    usable = (durations >= 0).to_numpy()
    group, time = groups.to_numpy(np.int64)[usable], durations.to_numpy(float)[usable]
    row = np.lexsort((time, group))
    group, time, event = group[row], time[row], observed.to_numpy(bool)[usable][row]
    first = _is_first(group, time)
    starts = np.flatnonzero(first)
    n_events = np.add.reduceat(event.astype(np.int64), starts) if len(starts) else np.empty(0, np.int64)
    n_at_risk = np.searchsorted(group, group[starts], side="right") - starts
    curve = pd.DataFrame({"group": group[starts], "time": time[starts], "n_at_risk": n_at_risk, "n_events": n_events})
    survival = (1 - curve["n_events"] / curve["n_at_risk"]).groupby(curve["group"]).cumprod()
    return curve.assign(survival=survival)[["group", "time", "survival", "n_at_risk", "n_events"]]


def _is_first(group: npt.NDArray[np.int64], time: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Whether each sorted row is the first of its group and time."""
    differs = (np.diff(group) != 0) | (np.diff(time) != 0)
    return np.append(True, differs)[: len(group)]


def quantile(curve: pd.DataFrame, q: float) -> float:
    """Within what time have a share `q` (0–1) had their event? Infinite where never reached, NaN for no data."""
    if curve.empty:
        return float("nan")
    reached = curve.loc[curve["survival"] <= 1 - q + ROUNDING, "time"]
    return float(reached.iloc[0]) if len(reached) else float("inf")


def share_by(curve: pd.DataFrame, time: float) -> float:
    """What share (0–1) has had its event within `time`? NaN where nobody was followed that long."""
    past = curve.loc[curve["time"] <= time, "survival"]
    survival = float(past.iloc[-1]) if len(past) else 1.0
    followed = len(curve) > 0 and (float(curve["time"].iloc[-1]) >= time or survival <= ROUNDING)
    return 1 - survival if followed else float("nan")


def restricted_mean(curve: pd.DataFrame, tau: float) -> float:
    """How long do they wait on average, counting no wait beyond `tau`? The area under the curve; NaN for no data."""
    if curve.empty:
        return float("nan")
    before = curve[curve["time"] < tau]
    edges = np.r_[0.0, before["time"].to_numpy(), tau]
    return float(np.sum(np.diff(edges) * np.r_[1.0, before["survival"].to_numpy()]))
