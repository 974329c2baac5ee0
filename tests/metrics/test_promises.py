"""What every measure promises: order does not matter, inputs are left alone, the future is not read, empty is typed."""

import inspect
from dataclasses import fields, replace

import pandas as pd
import pytest

from fairlead.frames import Frames
from metrics import coverage, flow, forecast, milestones, rebalance, reviews, suggest, workload
from tests.measures import COUNTED_ELSEWHERE, MEASURES, Given
from tests.sample import AS_OF, sample

EARLIER = AS_OF - pd.Timedelta(days=200)
FACTS = {"at", "created_at", "observed_at"}
FINISHES = ("merged_at", "closed_at")


@pytest.fixture(scope="module")
def everything() -> Frames:
    return sample()


def plain(frames: Frames) -> Frames:
    """The same tables with ids as text."""
    return replace(frames, **{
        name: table.astype(dict.fromkeys(table.select_dtypes("category"), "str"))
        for name, table in frames.tables().items()
    })  # fmt: skip


def shuffled(frames: Frames) -> Frames:
    return replace(frames, **{name: table.sample(frac=1, random_state=3) for name, table in frames.tables().items()})


def cut(frames: Frames, at: pd.Timestamp) -> Frames:
    """What was known at an instant: no row of a later fact, no finish that had not happened."""
    return replace(frames, **{name: _cut(table, at) for name, table in frames.tables().items()})


def _cut(table: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    fact = next((column for column in table.columns if column in FACTS), None)
    known = table[~(table[fact] > at)] if fact else table
    finishes = {column: known[column].where(~(known[column] > at)) for column in FINISHES if column in known}
    return known.assign(**finishes).reset_index(drop=True)


def measured(name: str, frames: Frames, as_of: pd.Timestamp = AS_OF) -> pd.DataFrame:
    return MEASURES[name](Given(frames, as_of))


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Rows in an order of their own, ids as text: what is left when order and encoding do not matter."""
    text = table.astype(dict.fromkeys(table.select_dtypes("category"), "str"))
    return text.sort_values(list(text.columns), ignore_index=True)


@pytest.mark.parametrize("name", MEASURES)
def test_the_order_of_rows_does_not_matter(name, everything):
    expected, seen = measured(name, everything), measured(name, shuffled(everything))
    pd.testing.assert_frame_equal(in_order(seen), in_order(expected))


@pytest.mark.parametrize("name", MEASURES)
def test_encoded_ids_and_plain_ones_give_the_same(name, everything):
    pd.testing.assert_frame_equal(in_order(measured(name, plain(everything))), in_order(measured(name, everything)))


@pytest.mark.parametrize("name", MEASURES)
def test_inputs_are_left_alone(name, everything):
    before = {table: frame.copy(deep=True) for table, frame in everything.tables().items()}
    measured(name, everything)
    for table, frame in everything.tables().items():
        pd.testing.assert_frame_equal(frame, before[table])


@pytest.mark.parametrize("name", MEASURES)
def test_nothing_after_as_of_is_read(name, everything):
    seen = measured(name, everything, EARLIER)
    pd.testing.assert_frame_equal(in_order(seen), in_order(measured(name, cut(everything, EARLIER), EARLIER)))


@pytest.mark.parametrize("name", MEASURES)
def test_no_rows_in_give_no_rows_out_with_the_same_columns_and_types(name, everything):
    none = measured(name, Frames.of({}))
    full = measured(name, everything)
    assert list(none.columns) == list(full.columns)
    encodings = {"category", "str"}
    for column in full.columns:
        left, right = str(none[column].dtype), str(full[column].dtype)
        assert left == right or {left, right} <= encodings, column


@pytest.mark.parametrize("name", MEASURES)
def test_the_organisation_is_rich_enough_for_these_promises_to_fail(name, everything):
    assert len(measured(name, everything)) > 0


def test_every_public_measure_is_listed():
    families = {
        "coverage": coverage, "flow": flow, "forecast": forecast, "milestones": milestones, "rebalance": rebalance,
        "reviews": reviews, "suggest": suggest, "workload": workload,
    }  # fmt: skip
    public = {
        f"{family}.{name}"
        for family, module in families.items()
        for name, thing in vars(module).items()
        if inspect.isfunction(thing) and not name.startswith("_") and "as_of" in inspect.signature(thing).parameters
        and thing.__module__.startswith(f"metrics.{family}")
    }  # fmt: skip
    assert public - set(MEASURES) == set(COUNTED_ELSEWHERE)


def test_every_table_is_covered_by_the_cut():
    assert {field.name for field in fields(Frames)} == set(Frames.of({}).tables())
