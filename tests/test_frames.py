"""The door: what `conform` lets in, in which shape, and how it refuses."""

import datetime as dt

import pandas as pd
import pytest

from fairlead import frames
from fairlead.errors import FrameError
from fairlead.frames import IDENTITY, TABLES, Frames, conform, empty

SECRET = "Ann's private title"  # noqa: S105 (a value that no error may show)


def one(name: str, /, **values) -> pd.DataFrame:
    """One row with harmless values in every declared column."""
    harmless = {"datetime64[us, UTC]": pd.Timestamp("2026-01-05T09:00Z"), "bool": False, "float64": 1.0, "Int64": 1}
    row = {column: harmless.get(str(dtype), "x") for column, dtype in empty(name).dtypes.items()}
    days = {column: pd.Timestamp("2026-01-05") for column in row if column.endswith("_on")}
    return pd.DataFrame([row | days | values])


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_a_description_a_unit_or_words_for_every_column(name):
    assert TABLES[name].__doc__
    for column in frames.columns(name).values():
        assert column.description
        assert "unit" in column.metadata


@pytest.mark.parametrize("name", TABLES)
def test_every_table_names_its_rows_by_columns_that_are_never_missing(name):
    declared = frames.columns(name)
    assert IDENTITY[name]
    assert not any(declared[column].nullable for column in IDENTITY[name])


@pytest.mark.parametrize("name", TABLES)
def test_instants_days_and_ids_are_what_their_names_say(name):
    for column, dtype in empty(name).dtypes.items():
        instant, day = column.endswith("_at") or column in {"at", "watermark"}, column.endswith("_on")
        assert (str(dtype) == "datetime64[us, UTC]") == instant
        assert (str(dtype) == "datetime64[us]") == day


def test_undeclared_columns_are_dropped_at_the_door():
    assert list(conform("teams", one("teams", salary=3))) == ["id", "name"]


def test_a_due_date_in_the_year_9999_is_a_day_like_any_other():
    row = one("milestones", source="github", kind="milestone", state="open", due_on="9999-12-31")
    assert conform("milestones", row)["due_on"].dt.year.tolist() == [9999]


def test_instants_in_another_zone_become_utc():
    row = one("reviews", state="approved", at=pd.Timestamp("2026-06-08T09:00+05:30"))
    assert conform("reviews", row)["at"].tolist() == [pd.Timestamp("2026-06-08T03:30Z")]


@pytest.mark.parametrize(
    "written",
    [
        "2026-06-08T09:00:00Z",
        "2026-06-08T14:30+05:30",
        "2026-06-08 05:00:00.000-0400",
        "2026-06-08 09:00 UTC",
        dt.datetime(2026, 6, 8, 9, tzinfo=dt.UTC),
    ],
)
@pytest.mark.parametrize("dtype", ["object", "str"])
def test_instants_may_be_written_with_any_zone(written, dtype):
    row = one("reviews", state="approved", at=written).astype({"at": dtype})
    assert conform("reviews", row)["at"].tolist() == [pd.Timestamp("2026-06-08T09:00Z")]


@pytest.mark.parametrize(
    "written",
    [
        "2026-06-08T09:00:00",
        "2026-06-08",
        dt.datetime(2026, 6, 8, 9),  # noqa: DTZ001 (naive on purpose)
        pd.Timestamp("2026-06-08T09:00"),
        dt.date(2026, 6, 8),
    ],
)
def test_instants_without_a_zone_are_counted_and_refused_however_they_come(written):
    zoned = "2026-06-08T09:00:00Z"
    rows = one("reviews", state="approved").loc[[0] * 4].assign(id=list("abcd"))
    rows["at"] = pd.Series([written, zoned, written, zoned], rows.index, dtype="object")
    with pytest.raises(FrameError, match="reviews: at: 2 rows have no time zone"):
        conform("reviews", rows)


def test_missing_instants_need_no_zone():
    row = one("milestones", source="github", kind="milestone", state="open", closed_at=None)
    assert conform("milestones", row)["closed_at"].isna().all()


def test_halves_of_characters_are_replaced_and_nothing_else_is():
    row = pd.DataFrame([{"id": 7, "name": "half \ud83d, whole 🚀"}], dtype="object")
    assert conform("teams", row).to_dict("records") == [{"id": "7", "name": "half \ufffd, whole 🚀"}]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (
            one("reviews", state="approved", at=pd.Timestamp("2026-06-08T09:00")),
            "reviews: at: 1 rows have no time zone",
        ),
        (one("reviews", state=SECRET), "reviews.state: 1 rows do not pass isin"),
        (one("reviews", state="approved", at=SECRET), "reviews.at: 1 rows are not of the declared type"),
        (one("reviews", state="approved", pull_request=None), "reviews.pull_request: 1 rows are missing a value"),
        (one("reviews", state="approved").drop(columns="at"), "reviews.at: the column is absent"),
        (
            pd.concat([one("reviews", state="approved", id=SECRET)] * 3),
            "reviews: id must name one row; 2 rows repeat one",
        ),
    ],
)
def test_a_fault_names_table_column_and_count_but_no_value(table, says):
    with pytest.raises(FrameError) as caught:
        conform("reviews", table)
    assert says in str(caught.value)
    assert SECRET not in str(caught.value)


def test_an_unknown_table_is_refused_with_those_there_are():
    with pytest.raises(FrameError, match=r"there is no such table\. Tables: issues, "):
        conform("isues", pd.DataFrame())


def test_the_input_is_left_alone():
    given = one("reviews", state="approved")
    before = given.copy()
    conform("reviews", given)
    pd.testing.assert_frame_equal(given, before)


def test_tables_not_given_are_empty_and_typed():
    made = Frames.of({})
    assert list(made.tables()) == list(TABLES)
    assert made.issues.empty
    assert str(made.issues["created_at"].dtype) == "datetime64[us, UTC]"
