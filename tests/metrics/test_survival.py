"""Survival: pending is "at least this long", not absent."""

import math
import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import survival

followed = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)


def curve(*durations: float, waiting: tuple[float, ...] = ()) -> pd.DataFrame:
    times = pd.Series([*durations, *waiting], dtype=float)
    return survival.kaplan_meier(times, pd.Series([True] * len(durations) + [False] * len(waiting), dtype=bool))


def the(measure, one_curve: pd.DataFrame, *args) -> float:
    """The number of a single curve."""
    (number,) = measure(one_curve.assign(group=0), *args)
    return number


def by_hand(rows: list[tuple[int, bool]]) -> list[tuple[float, float, int, int]]:
    """Kaplan–Meier as the textbook says it, one time after another."""
    out, still_waiting = [], 1.0
    for time in sorted({t for t, _ in rows}):
        at_risk = sum(t >= time for t, _ in rows)
        events = sum(t == time and happened for t, happened in rows)
        still_waiting *= 1 - events / at_risk
        out.append((float(time), still_waiting, at_risk, events))
    return out


def test_waiting_requests_are_censored_not_dropped():
    # 5/6, 4/6, then one of the four left stops being followed at 3, so 4/9 at 4
    answers = curve(1, 2, 4, 8, waiting=(3, 10))
    assert answers["survival"].tolist() == pytest.approx([5 / 6, 4 / 6, 4 / 6, 4 / 9, 2 / 9, 2 / 9])
    assert the(survival.quantile_by, answers, 0.5) == 4
    # 1 + 5/6 + 2 · 4/6 + 4 · 4/9
    assert the(survival.restricted_mean_by, answers, 8) == pytest.approx(4.944444, abs=1e-6)


def test_where_nobody_has_answered_yet_the_median_is_not_reached():
    nobody = curve(waiting=(5, 9))
    assert the(survival.quantile_by, nobody, 0.5) == math.inf
    assert the(survival.restricted_mean_by, nobody, 8) == 8


def test_no_data_is_neither_zero_nor_an_error():
    nothing = curve()
    assert nothing.empty
    assert list(nothing) == ["time", "survival", "n_at_risk", "n_events"]
    for none in (survival.quantile_by, survival.share_by, survival.restricted_mean_by):
        assert none(nothing.assign(group=pd.Series(dtype="int64")), 0.5).empty


def test_one_half_is_reached_although_fractions_are_rounded():
    assert the(survival.quantile_by, curve(1, 2, 3, 4, 5, 6), 0.5) == 3
    assert the(survival.quantile_by, curve(*range(1, 15)), 0.5) == 7


def test_durations_below_zero_are_faults_and_left_out():
    assert curve(-1, math.nan, 2)["n_at_risk"].tolist() == [1]


def test_the_share_answered_within_a_day_needs_somebody_followed_that_long():
    assert the(survival.share_by, curve(2, 30), 24) == 0.5
    assert the(survival.share_by, curve(2, waiting=(30,)), 24) == 0.5
    assert math.isnan(the(survival.share_by, curve(2, waiting=(3,)), 24))
    assert the(survival.share_by, curve(2, 3), 24) == 1


@given(followed)
def test_it_agrees_with_the_textbook(rows):
    got = survival.kaplan_meier(pd.Series([t for t, _ in rows]), pd.Series([e for _, e in rows]))
    assert [tuple(row) for row in got.itertuples(index=False)] == [pytest.approx(row) for row in by_hand(rows)]


@given(followed, st.randoms(use_true_random=False))
def test_row_order_does_not_matter(rows, random):
    mixed = random.sample(rows, len(rows))
    ordered, shuffled = (
        survival.kaplan_meier(pd.Series([t for t, _ in some]), pd.Series([e for _, e in some]))
        for some in (rows, mixed)
    )
    pd.testing.assert_frame_equal(ordered, shuffled)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40), st.sampled_from([0.25, 0.5, 0.75, 0.9]))
def test_without_censoring_it_is_the_plain_distribution(durations, q):
    all_seen = curve(*durations)
    for time, waits in zip(all_seen["time"], all_seen["survival"], strict=True):
        assert waits == pytest.approx(np.mean(np.array(durations) > time))
    assert the(survival.quantile_by, all_seen, q) == np.quantile(durations, q, method="inverted_cdf")
    assert the(survival.restricted_mean_by, all_seen, 100) == pytest.approx(np.mean(durations))


@given(followed, followed)
def test_groups_are_curves_of_their_own(left, right):
    rows = [*left, *right]
    groups = pd.Series([7] * len(left) + [3] * len(right))
    both = survival.kaplan_meier_by(groups, pd.Series([t for t, _ in rows]), pd.Series([e for _, e in rows]))
    for group, own in ((7, left), (3, right)):
        curve_of_group = both[both["group"] == group].drop(columns="group")
        assert [tuple(row) for row in curve_of_group.itertuples(index=False)] == [
            pytest.approx(row) for row in by_hand(own)
        ]


# --- ends that rule one another out


def ends(*rows: tuple[float, str | None], causes=("answered", "merged")) -> pd.DataFrame:
    """How long each took, and how it ended."""
    how = pd.Series([cause for _, cause in rows], dtype=pd.CategoricalDtype(list(causes)))
    return survival.aalen_johansen(pd.Series([time for time, _ in rows], dtype=float), how)


def test_what_is_merged_unanswered_is_never_answered():
    # Kaplan–Meier would say 1: of those left at 3 everybody was answered
    shares = ends((1, "answered"), (2, "merged"), (3, "answered"))
    assert shares["answered"].tolist() == pytest.approx([1 / 3, 1 / 3, 2 / 3])
    assert shares["merged"].tolist() == pytest.approx([0, 1 / 3, 1 / 3])
    assert shares["survival"].tolist() == pytest.approx([2 / 3, 1 / 3, 0])


def test_those_taken_back_are_followed_that_long_and_no_longer():
    # after 2 only one of three is followed: it stands for the two thirds that had no end at 1
    shares = ends((1, "answered"), (2, None), (3, "answered"))
    assert shares["answered"].tolist() == pytest.approx([1 / 3, 1 / 3, 1])


def test_ends_at_one_instant_share_what_was_left():
    shares = ends((1, "answered"), (1, "merged"), (1, None), (2, "merged"))
    assert shares["answered"].tolist() == pytest.approx([1 / 4, 1 / 4])
    assert shares["merged"].tolist() == pytest.approx([1 / 4, 3 / 4])


def test_causes_that_never_occur_have_a_share_of_zero_and_no_data_keeps_the_columns():
    assert ends((1, "answered"), causes=("answered", "merged", "closed"))["closed"].tolist() == [0]
    assert list(ends()) == ["time", "survival", "n_at_risk", "answered", "merged"]


ended = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["answered", "merged", None])), min_size=1, max_size=40)


@given(ended)
def test_shares_and_survival_add_up_to_one_and_only_grow(rows):
    shares = ends(*rows)
    assert (shares["answered"] + shares["merged"] + shares["survival"]).tolist() == pytest.approx([1.0] * len(shares))
    assert all((shares[cause].diff().dropna() >= 0).all() for cause in ("answered", "merged"))


@given(ended)
def test_shares_agree_with_the_textbook(rows):
    shares, before, reached = ends(*rows), 1.0, {"answered": 0.0, "merged": 0.0}
    for row in shares.itertuples():
        at_risk = sum(time >= row.time for time, _ in rows)
        for cause in reached:
            reached[cause] += before * sum((time, how) == (row.time, cause) for time, how in rows) / at_risk
        before *= 1 - sum(time == row.time and how is not None for time, how in rows) / at_risk
        assert (row.answered, row.merged, row.survival) == pytest.approx((*reached.values(), before))


@settings(max_examples=25)
@given(ended, ended)
def test_groups_have_shares_of_their_own(left, right):
    rows = [*left, *right]
    how = pd.Series([cause for _, cause in rows], dtype=pd.CategoricalDtype(["answered", "merged"]))
    groups = pd.Series([7] * len(left) + [3] * len(right))
    both = survival.aalen_johansen_by(groups, pd.Series([float(time) for time, _ in rows]), how)
    for group, own in ((7, left), (3, right)):
        mine = both[both["group"] == group].drop(columns="group").reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, ends(*own))
        share = survival.share_by(both, 6, cause="merged")[group]
        past = mine.loc[mine["time"] <= 6, "merged"]
        is_followed = mine["time"].max() >= 6 or mine["survival"].min() < 1e-9
        assert share == pytest.approx(past.max() if len(past) else 0.0) if is_followed else math.isnan(share)


# --- how much longer


def test_an_old_item_is_not_nearly_done():
    # given more than 3, only the two tens remain: 7 more, while the average of all five is 5.2
    seen = curve(1, 2, 3, 10, 10)
    assert survival.mean_residual(seen, 3) == pytest.approx(7)
    assert survival.mean_residual(seen, 0) == pytest.approx(5.2)
    told = survival.mean_residuals(seen, pd.Series([3.0, 2.5, 9.0]))
    assert told["mean_residual"].tolist() == pytest.approx([7, (0.5 + 7.5 + 7.5) / 3, 1])
    assert told["n_at_risk"].tolist() == [2, 3, 2]
    assert not told["is_bound"].any()


def test_beyond_all_that_was_seen_nothing_is_known():
    told = survival.mean_residuals(curve(1, 2, 3, 10, 10), pd.Series([10.0, 11.0, math.nan, -1.0]))
    assert told["mean_residual"].isna().all()
    assert told["n_at_risk"].tolist() == [0] * 4
    assert not told["is_bound"].any()


def test_where_the_longest_are_still_open_it_is_a_lower_bound():
    # half are left after 2; those are followed for 6 more at most
    told = survival.mean_residuals(curve(2, waiting=(8,)), pd.Series([2.0, 0.0])).round(9)
    assert told["mean_residual"].tolist() == [6, 2 + 0.5 * 6]
    assert told["is_bound"].all()


def test_the_residual_of_each_age_goes_by_the_curve_of_its_group():
    groups = pd.Series([4, 4, 4, 9])
    curves = survival.kaplan_meier_by(groups, pd.Series([1.0, 5, 9, 3]), pd.Series([True] * 4))
    told = survival.mean_residuals_by(curves, pd.Series([9, 4, 9, 7]), pd.Series([1.0, 1, 3, 1], index=[3, 1, 2, 0]))
    assert told.index.tolist() == [3, 1, 2, 0]
    assert told["mean_residual"].tolist() == pytest.approx([2, 6, math.nan, math.nan], nan_ok=True)
    none = survival.mean_residuals_by(curves[:0], pd.Series([4]), pd.Series([1.0]))
    assert none["mean_residual"].isna().all()
    assert none.dtypes.equals(told.dtypes)


@given(followed, st.floats(0, 15))
def test_the_residual_is_the_area_that_is_left_over_the_share_that_is_left(rows, age):
    seen = survival.kaplan_meier(pd.Series([t for t, _ in rows]), pd.Series([e for _, e in rows]))
    told = survival.mean_residuals(seen, pd.Series([age])).iloc[0]
    longer = [t for t, _ in rows if t > age]
    assert told["n_at_risk"] == len(longer)
    if not longer:
        assert math.isnan(told["mean_residual"])
        return
    share = min((row.survival for row in seen.itertuples() if row.time <= age), default=1.0)
    edges = [age, *sorted(set(longer))]
    shares = [share, *(seen.set_index("time")["survival"][t] for t in edges[1:])]
    area = sum((b - a) * s for a, b, s in zip(edges, edges[1:], shares, strict=False))
    assert told["mean_residual"] == pytest.approx(area / share)
    assert told["is_bound"] == (seen["survival"].iloc[-1] > 1e-9)


@given(followed, st.floats(0, 15))
def test_no_average_exceeds_its_horizon(rows, horizon):
    seen = survival.kaplan_meier(pd.Series([t for t, _ in rows]), pd.Series([e for _, e in rows]))
    assert the(survival.restricted_mean_by, seen, horizon) <= horizon + 1e-9


# --- another implementation


@pytest.fixture(scope="module")
def lifelines() -> Iterator[object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library's own imports, which are not ours to mend
        import lifelines  # noqa: PLC0415 (within the filter)

        yield lifelines


@pytest.mark.parametrize("seed", range(5))
def test_lifelines_draws_the_same_curve(lifelines, seed):
    rng = np.random.default_rng(seed)
    time, seen = rng.integers(0, 30, 200).astype(float), rng.random(200) < 0.7
    own = survival.kaplan_meier(pd.Series(time), pd.Series(seen))
    theirs = lifelines.KaplanMeierFitter().fit(time, seen).survival_function_.iloc[:, 0]
    np.testing.assert_allclose(own["survival"], theirs[own["time"]], atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_lifelines_draws_the_same_shares(lifelines, seed):
    rng = np.random.default_rng(seed)
    # Distinct times: lifelines would move tied ones apart at random.
    time, cause = rng.permutation(200) + 1.0, rng.integers(0, 3, 200)
    how = pd.Series(pd.Categorical.from_codes(cause - 1, ["answered", "merged"]))
    own = survival.aalen_johansen(pd.Series(time), how)
    for number, name in ((1, "answered"), (2, "merged")):
        fitter = lifelines.AalenJohansenFitter(calculate_variance=False).fit(time, cause, event_of_interest=number)
        theirs = fitter.cumulative_density_.iloc[:, 0]
        np.testing.assert_allclose(own[name], theirs[own["time"]], atol=1e-12)
