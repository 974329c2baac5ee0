"""Survival: how long until something happens, when for some it has not happened yet.

Requests still waiting are censored: they count as "at least this long". Leaving them out would make slow answers look
quick, because the slow ones are those still waiting.

Estimators: Kaplan & Meier (1958) for one kind of end; Aalen & Johansen (1978) where there are several and one of them
keeps the others from ever happening. A curve is a table with one row per group and distinct duration. Where durations
are tied, ends come before those who were only followed that long.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.ordering import Flags, Integers, Numbers, is_first

ROUNDING = 1e-9
"""Survival is a product of fractions: 1/2 may come out as 0.5000000000000001 and must still count as one half."""
SMALL = 2**15
"""Below this, whole numbers fit into 16 bits."""


def kaplan_meier(durations: pd.Series, observed: pd.Series) -> pd.DataFrame:
    """What share is still waiting after each duration?

    `observed` says whether the duration ended with the event (True) or was only followed that long (False).
    Durations below zero or missing are faults of the data and are left out.
    Returns one row per distinct duration, shortest first: time (unit of `durations`), survival (share that waits
    longer, 0–1), n_at_risk (followed up to here), n_events (ended here).
    """
    return kaplan_meier_by(_one_group(durations), durations, observed).drop(columns="group")


def kaplan_meier_by(groups: pd.Series, durations: pd.Series, observed: pd.Series) -> pd.DataFrame:
    """One Kaplan–Meier curve per group; `groups` holds integers. Returns group and the columns of `kaplan_meier`."""
    return _kaplan_meier(_steps(groups, durations, [observed.to_numpy(bool)]), 0)


def aalen_johansen(durations: pd.Series, causes: pd.Series) -> pd.DataFrame:
    """What share has ended by each duration, and how, when an end of one kind rules out the others?

    One minus Kaplan–Meier, with the other kinds of end counted as "at least this long", answers a question about a
    world without them and overstates the share. Here a share once lost to one kind is lost to the rest: the shares of
    all causes and the survival add up to 1.

    `causes` is categorical: how each duration ended, missing where it was only followed that long. Durations below zero
    or missing are left out.
    Returns one row per distinct duration, shortest first: time (unit of `durations`), survival (share that has ended
    in no way, 0–1), n_at_risk, and one column per category of `causes`: the share (0–1) that has ended so by then.
    Source: Aalen & Johansen, An Empirical Transition Matrix for Non-Homogeneous Markov Chains (1978).
    """
    return aalen_johansen_by(_one_group(durations), durations, causes).drop(columns="group")


def aalen_johansen_by(groups: pd.Series, durations: pd.Series, causes: pd.Series) -> pd.DataFrame:
    """One set of curves per group; `groups` holds integers. Returns group and the columns of `aalen_johansen`."""
    return _aalen_johansen(_steps(groups, durations, _flags(causes)), causes)


def curves_by(
    groups: pd.Series, durations: pd.Series, causes: pd.Series, *, cause: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`kaplan_meier_by` of one cause, the others counted as "at least this long", and `aalen_johansen_by` of them all.

    Most of the time goes into the order of the durations, which is found once.
    """
    steps = _steps(groups, durations, _flags(causes))
    return _kaplan_meier(steps, list(causes.cat.categories).index(cause)), _aalen_johansen(steps, causes)


def _flags(causes: pd.Series) -> list[Flags]:
    code = causes.cat.codes.to_numpy()
    return [code == cause for cause in range(len(causes.cat.categories))]


def _kaplan_meier(steps: pd.DataFrame, cause: int) -> pd.DataFrame:
    n_events = steps[f"ended_{cause}"]
    survival = (1 - n_events / steps["n_at_risk"]).groupby(steps["group"]).cumprod()
    curves = steps[["group", "time", "n_at_risk"]].assign(survival=survival, n_events=n_events)
    return curves[["group", "time", "survival", "n_at_risk", "n_events"]]


def _aalen_johansen(steps: pd.DataFrame, causes: pd.Series) -> pd.DataFrame:
    group = steps["group"]
    hazards = {
        str(name): steps[f"ended_{cause}"] / steps["n_at_risk"] for cause, name in enumerate(causes.cat.categories)
    }
    survival = (1 - steps.filter(like="ended_").sum(axis=1) / steps["n_at_risk"]).groupby(group).cumprod()
    before = survival.groupby(group).shift(fill_value=1.0)
    shares = {name: (before * hazard).groupby(group).cumsum() for name, hazard in hazards.items()}
    curves = steps[["group", "time", "n_at_risk"]].assign(survival=survival, **shares)
    return curves[["group", "time", "survival", "n_at_risk", *shares]]


def _one_group(durations: pd.Series) -> pd.Series:
    return pd.Series(0, index=durations.index)


def _steps(groups: pd.Series, durations: pd.Series, ended: list[Flags]) -> pd.DataFrame:
    """One row per group and distinct duration: group, time, n_at_risk, ended_0, ended_1, … (how many ended how)."""
    usable = np.flatnonzero((durations >= 0).to_numpy())
    group, time = groups.to_numpy(np.int64)[usable], durations.to_numpy(float)[usable]
    row = np.argsort(time)  # not a stable one: among equals the order does not matter, and it takes half the time
    row = row[np.argsort(_narrow(group)[row], kind="stable")]
    group, time = group[row], time[row]
    starts = np.flatnonzero(is_first(group, time))
    n_at_risk = np.searchsorted(group, group[starts], side="right") - starts
    counts = {f"ended_{cause}": _sums(flags[usable[row]], starts) for cause, flags in enumerate(ended)}
    return pd.DataFrame({"group": group[starts], "time": time[starts], "n_at_risk": n_at_risk, **counts})


def _narrow(group: Integers) -> npt.NDArray[np.integer]:
    """Small numbers in few bits, which sort several times as quickly."""
    return group.astype(np.int16) if np.abs(group).max(initial=0) < SMALL else group


def _sums(flags: Flags, starts: Integers) -> Integers:
    """How many flags are set from each start to the next."""
    return np.add.reduceat(flags.astype(np.int64), starts) if len(starts) else np.empty(0, np.int64)


def quantile_by(curves: pd.DataFrame, q: float) -> pd.Series:
    """Within what time have a share `q` (0–1) of each group had their event? Infinite where that is never reached.

    Takes `kaplan_meier_by`. Returns one number per group that has a curve, indexed by group.
    """
    reached = curves[curves["survival"] <= 1 - q + ROUNDING].drop_duplicates("group")
    return _by_group(curves, reached, "time", otherwise=np.inf)


def share_by(curves: pd.DataFrame, within: float, *, cause: str | None = None) -> pd.Series:
    """What share (0–1) of each group has had its event `within` that time? NaN where nobody was followed that long.

    Takes `kaplan_meier_by`; or `aalen_johansen_by`, then the share that ended by `cause`.
    Returns one number per group that has a curve, indexed by group.
    """
    past = curves[curves["time"] <= within].drop_duplicates("group", keep="last")
    survival = _by_group(curves, past, "survival", otherwise=1.0)
    share = 1 - survival if cause is None else _by_group(curves, past, cause, otherwise=0.0)
    is_followed = (curves.groupby("group")["time"].max() >= within) | (survival <= ROUNDING)
    return share.where(is_followed)


def _by_group(curves: pd.DataFrame, found: pd.DataFrame, column: str, *, otherwise: float) -> pd.Series:
    """One number per group: of the row found for it, or another one where none was."""
    known = found.set_index("group")[column]
    return known.reindex(pd.Index(curves["group"].unique(), name="group"), fill_value=otherwise)


def restricted_mean_by(curves: pd.DataFrame, horizon: float) -> pd.Series:
    """How long does each group wait on average, counting no wait beyond `horizon`? The area under the curve up to it.

    Where nobody was followed to the horizon the last share is carried on: the mean is then at most this long.
    Takes `kaplan_meier_by`. Returns one number per group that has a curve, indexed by group.
    """
    time = curves["time"].clip(upper=horizon)
    until = time.groupby(curves["group"]).shift(-1).fillna(horizon)
    first = time.groupby(curves["group"]).first()
    return first + (curves["survival"] * (until - time)).groupby(curves["group"]).sum()


def mean_residual(curve: pd.DataFrame, age: float) -> float:
    """How much longer does it take on average, given that it has taken `age`? See `mean_residuals_by`."""
    return float(mean_residuals(curve, pd.Series([age]))["mean_residual"].iloc[0])


def mean_residuals(curve: pd.DataFrame, ages: pd.Series) -> pd.DataFrame:
    """The same for many ages on one curve of `kaplan_meier`. Returns what `mean_residuals_by` returns."""
    return mean_residuals_by(curve.assign(group=0), pd.Series(0, index=ages.index), ages)


def mean_residuals_by(curves: pd.DataFrame, groups: pd.Series, ages: pd.Series) -> pd.DataFrame:
    """How much longer does it take on average, given that it has already taken that long?

    Mean residual life, E[T − a | T > a]: an old item is not nearly done, it is one of those that take long. Takes
    `kaplan_meier_by`, and for each age the group whose curve counts. Where the longest were only followed and never
    seen to end, the mean counts no time beyond the longest one followed: a lower bound.

    Returns one row per age, indexed like `ages`: mean_residual (unit of the curve; NaN where nobody was followed longer
    than the age, because then nothing is known, and where the age is missing or below zero), n_at_risk (followed longer
    than the age), is_bound (whether it is a lower bound).
    """
    group, age = groups.to_numpy(np.int64), ages.to_numpy(float)
    first, past = (np.searchsorted(curves["group"], group, side=side) for side in ("left", "right"))
    after = _first_after(curves, group, age)
    is_known = (after < past) & (age >= 0)
    after = np.where(is_known, after, len(curves))
    survival = np.where(after > first, np.append(1.0, curves["survival"])[after], 1.0)
    residual = np.append(curves["time"], np.nan)[after] - age + np.append(_rests(curves), np.nan)[after] / survival
    last = np.append(curves["survival"], 0.0)[np.where(is_known, past - 1, len(curves))]
    return pd.DataFrame(
        {
            "mean_residual": residual,
            "n_at_risk": np.append(curves["n_at_risk"], 0)[after],
            "is_bound": last > ROUNDING,
        },
        index=ages.index,
    )


def _first_after(curves: pd.DataFrame, group: Integers, age: Numbers) -> Integers:
    """The first row of each group's curve that lies beyond the age; the one past the group's last where none does."""
    times = np.unique(curves["time"])
    rows, asked = np.searchsorted(times, curves["time"]), np.searchsorted(times, age, side="right")
    width = len(times) + 1
    return np.searchsorted(curves["group"].to_numpy() * width + rows, group * width + asked)


def _rests(curves: pd.DataFrame) -> Numbers:
    """The area under each group's curve from each row on."""
    group = curves["group"]
    width = curves["time"].groupby(group).shift(-1) - curves["time"]
    area = (curves["survival"] * width.fillna(0.0))[::-1]
    return area.groupby(group[::-1]).cumsum()[::-1].to_numpy(float)
