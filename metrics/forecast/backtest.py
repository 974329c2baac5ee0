"""How often did such forecasts hold? Past forecasts made anew with what was known then, and what became of them."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pandas as pd

from metrics import scoring
from metrics.forecast import baselines, recalibration
from metrics.forecast.engine import HORIZON, Futures, seed_of
from metrics.forecast.history import History, weeks_until
from metrics.forecast.origins import Origin, by_part, by_week
from metrics.forecast.outlook import LEVELS, P50, P85, P95, Outlook, look_ahead, share_by
from metrics.forecast.recalibration import LEARNED, Resolved
from metrics.forecast.weekly import Said
from metrics.instants import NEVER, in_weeks, instants, instants_or_never, micros, micros_of
from metrics.ordering import Numbers

Progress = Callable[[list[Origin]], Iterable[Origin]]

BACKTEST = Futures(trials=2_000)
"""P85 does not move between 2,000 and 10,000 trials."""
QUANTILES = [f"q{round(level * 100):03}" for level in LEVELS[LEARNED]]
RAW = [f"raw_{name}" for name in QUANTILES]


def backtest(  # noqa: PLR0913 (what a backtest may vary)
    history: History,
    *,
    as_of: pd.Timestamp,
    weekly: bool = False,
    least_scope: int = 1,
    futures: Futures = BACKTEST,
    progress: Progress = iter,
) -> pd.DataFrame:
    """What would have been forecast, what became of it, and what would the baselines have said?

    `history` is what `replayed` gives at `as_of`; what it has learned already is left aside. Forecasts are made at
    parts of each milestone's window (see `origins.by_part`), with `weekly` also every week. Each is then recalibrated
    on its like, by what was known then: those at parts of windows on those whose milestones had been closed, weekly
    ones on what was said the year before. Milestones with less scope than `least_scope` items at the time, or with
    nothing left to do, are no cases. `progress` may show a bar around the origins.

    Returns one row per forecast, by time and milestone: milestone (id), at (UTC), window (planned, actual: parts of
    it; weekly), part (0–1; NaN where weekly), status, way, n_weeks, n_reference, n_resolved (forecasts it was
    recalibrated on; 0 = it is as first made), scope, remaining, elapsed_weeks, over_at, known_at (UTC; when it was over
    and when that was known; missing while open), actual_weeks (NaN while open), open_weeks (how long it has been open
    since, NaN where closed), window_weeks (from beginning to end), due_on_at (the end of the due date as observed by
    then; one that was not may be hindsight and is missing), due_weeks, is_on_time (1 or 0; NaN where unknown),
    p_on_time (0–1; NaN without a due date), p50_weeks, p85_weeks, p95_weeks, crps_weeks, pit (0–1), the quantiles
    `q005` … `q100` and, as first made, `raw_q005` … `raw_q100`, and each baseline at .5 and .85 (`linear_p85` …).
    Weeks are from `at`; infinite = never, NaN = nothing said.
    """
    now = micros_of(as_of)
    origins = by_part(history, as_of=now) + (by_week(history, as_of=now) if weekly else [])
    rows = pd.DataFrame(list(_cases(history, progress(origins), now, least_scope, futures)), columns=COLUMNS)
    rows = rows.sort_values(["at", "milestone", "window"], ignore_index=True)
    return _typed(_with_scores(rows))


def _cases(
    history: History, origins: Iterable[Origin], now: int, least_scope: int, futures: Futures
) -> Iterator[dict[str, object]]:
    for origin in origins:
        stands = history.standing(origin.milestone, origin.at)
        if stands.scope < least_scope or stands.remaining <= 0:
            continue
        past = history.past(origin.milestone, origin.at)
        seed = seed_of(history.ids[origin.milestone], origin.at)
        outlook = look_ahead(stands, past, seed=seed, futures=futures)
        due = history.due_at(origin.milestone, origin.at)
        ends_at = due.ends_at if due.is_observed else NEVER
        due_weeks = weeks_until(origin.at, ends_at)
        said = baselines.at_levels(stands, past, history.slips(origin.at), due_weeks=due_weeks)
        yield {**_case(history, origin, outlook, ends_at, now), **said}


def _case(history: History, origin: Origin, outlook: Outlook, ends_at: int, now: int) -> dict[str, object]:
    over_at = int(history.over_at[origin.milestone])
    began_at = history.moves[origin.milestone].began_at(origin.at)
    return {
        "milestone": history.ids[origin.milestone],
        "at": origin.at,
        "window": origin.window,
        "part": origin.part,
        "status": outlook.status,
        "way": outlook.way,
        "n_weeks": outlook.n_weeks,
        "n_reference": outlook.n_reference,
        "scope": outlook.scope,
        "remaining": outlook.remaining,
        "elapsed_weeks": outlook.elapsed_weeks,
        "over_at": over_at,
        "known_at": int(history.closed_at[origin.milestone]) if over_at != NEVER else NEVER,
        "actual_weeks": weeks_until(origin.at, over_at),
        "open_weeks": weeks_until(origin.at, now) if over_at == NEVER else float("nan"),
        "window_weeks": weeks_until(began_at, over_at),
        "due_on_at": ends_at,
        "due_weeks": weeks_until(origin.at, ends_at),
        "is_on_time": _is_on_time(over_at, ends_at, now),
        "raw": outlook.weeks,
    }


def _is_on_time(over_at: int, ends_at: int, now: int) -> float:
    """One or zero; unknown without a due date, and while it is open and not yet late."""
    if ends_at == NEVER or (over_at == NEVER and now < ends_at):
        return float("nan")
    return float(over_at <= ends_at)


COLUMNS = [
    "milestone", "at", "window", "part", "status", "way", "n_weeks", "n_reference", "scope", "remaining",
    "elapsed_weeks", "over_at", "known_at", "actual_weeks", "open_weeks", "window_weeks", "due_on_at",
    "due_weeks", "is_on_time", "raw",
    *(f"{name}_p{level}" for level in (50, 85) for name in baselines.BASELINES),
]  # fmt: skip


def resolved(rows: pd.DataFrame) -> Resolved:
    """The forecasts of a backtest that one may learn from: made at parts of windows, and of milestones now closed."""
    counts = (rows["window"] != "weekly") & rows["actual_weeks"].notna() & rows[RAW[0]].notna()
    own = rows[counts]
    return Resolved(
        weeks=own[RAW].to_numpy(float).reshape(-1, len(RAW)),
        actual=own["actual_weeks"].to_numpy(float),
        way=own["way"].to_numpy(dtype="str"),
        known_at=micros(own["known_at"]),
        milestone=pd.factorize(own["milestone"])[0].astype(np.int64),
    )


def said(rows: pd.DataFrame) -> Said:
    """What was said week by week, the open milestones included: what forecasts made now learn from."""
    weekly = rows[(rows["window"] == "weekly") & rows[RAW[0]].notna()]
    return Said(
        weeks=weekly[RAW].to_numpy(float).reshape(-1, len(RAW)),
        actual=weekly["actual_weeks"].to_numpy(float),
        way=weekly["way"].to_numpy(dtype="str"),
        at=micros(weekly["at"]),
        known_at=instants_or_never(weekly["known_at"]),
        milestone=pd.factorize(weekly["milestone"])[0].astype(np.int64),
    )


def known_by(rows: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What could be judged of the forecasts of a backtest at an earlier instant than that of the backtest?

    What ended later was still open, and late once it was past due. A part of the way that a milestone really took is
    known once it has ended: those still open then are left out, and so are forecasts made later.

    Returns the columns of `backtest`: over_at, known_at, actual_weeks, window_weeks, is_on_time, open_weeks, crps_weeks
    and pit as known then.
    """
    is_hindsight = (rows["window"] == "actual") & (rows["known_at"] > as_of)
    made = rows[(rows["at"] < as_of) & ~is_hindsight].reset_index(drop=True)
    is_ahead = made["known_at"] > as_of
    is_open = is_ahead | made["known_at"].isna()
    is_late = pd.Series(np.where(made["due_on_at"] <= as_of, 0.0, np.nan), index=made.index)
    was_open = made["open_weeks"].notna() | is_ahead
    return made.assign(
        open_weeks=made["open_weeks"].mask(was_open, in_weeks(as_of - made["at"])),
        actual_weeks=made["actual_weeks"].mask(is_ahead),
        is_on_time=made["is_on_time"].mask(is_open, is_late),
        over_at=made["over_at"].mask(is_ahead),
        known_at=made["known_at"].mask(is_ahead),
        **{name: made[name].mask(is_ahead) for name in ("window_weeks", "crps_weeks", "pit")},
    )


def _with_scores(rows: pd.DataFrame) -> pd.DataFrame:
    raw = np.vstack([np.empty((0, len(LEVELS))), *rows["raw"]])
    told = rows.drop(columns="raw").assign(**dict(zip(RAW, raw[:, LEARNED].T, strict=True)))
    at = told["at"].to_numpy(np.int64)
    told = told.assign(at=instants(at), known_at=instants(told["known_at"].to_numpy(np.int64)))
    parts, weekly = resolved(told), said(told)
    learned = [
        weekly.factors(int(when), way=way) if window == "weekly" else parts.factors(int(when), way=way)
        for when, way, window in zip(at, told["way"], told["window"], strict=True)
    ]
    found = [recalibration.recalibrated(each, factor) for each, (factor, _) in zip(raw, learned, strict=True)]
    weeks = np.vstack([np.empty((0, len(LEVELS))), *found])
    quantiles = dict(zip(QUANTILES, weeks[:, LEARNED].T, strict=True))
    scored = list(zip(weeks, told["actual_weeks"], strict=True))
    return told.assign(
        n_resolved=np.array([n for _, n in learned], dtype=np.int64),
        p_on_time=[share_by(each, due) for each, due in zip(weeks, told["due_weeks"], strict=True)],
        p50_weeks=weeks[:, P50],
        p85_weeks=weeks[:, P85],
        p95_weeks=weeks[:, P95],
        crps_weeks=[_crps(each, actual) for each, actual in scored],
        pit=[_pit(each, actual) for each, actual in scored],
        **quantiles,
    )


def _crps(weeks: Numbers, actual: float) -> float:
    is_told = not (np.isnan(weeks).any() or np.isnan(actual))
    return scoring.crps(np.minimum(weeks, HORIZON), min(actual, HORIZON)) if is_told else float("nan")


def _pit(weeks: Numbers, actual: float) -> float:
    return float("nan") if np.isnan(weeks).any() or np.isnan(actual) else scoring.mid_pit(weeks, actual)


INSTANTS = ("over_at", "due_on_at")


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    """Instants as such, and numbers as numbers where there are no rows."""
    texts, wholes = ["milestone", "window", "status", "way"], ["n_weeks", "n_reference", "scope", "remaining"]
    told = rows.assign(**{name: instants(rows[name].to_numpy(np.int64)) for name in INSTANTS})
    floats = [name for name in told if told[name].dtype == object and name not in [*texts, *wholes]]
    return told.astype(
        {**dict.fromkeys(texts, "str"), **dict.fromkeys(wholes, "int64"), **dict.fromkeys(floats, "float64")}
    )  # fmt: skip
