"""CSV that is safe to open and says the same as the screen."""

import io

import pandas as pd

from reports.csv import to_csv


def test_cells_that_a_spreadsheet_would_run_are_neutralised():
    table = pd.DataFrame({"title": ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "fine", None]})
    read = pd.read_csv(io.StringIO(to_csv(table), newline=""), keep_default_na=False, lineterminator="\n")
    assert read["title"].tolist() == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\nx", "fine", ""]


def test_negative_numbers_stay_numbers():
    assert to_csv(pd.DataFrame({"slip_days": [-2.5, 1.0]})) == "slip_days\n-2.5\n1.0\n"


def test_instants_are_utc_days_are_days_and_missing_is_empty():
    table = pd.DataFrame(
        {"at": pd.to_datetime(["2026-06-08T09:00Z", None], utc=True), "due_on": pd.to_datetime(["2026-06-30", None])}
    )
    assert to_csv(table) == "at,due_on\n2026-06-08T09:00:00Z,2026-06-30\n,\n"


def test_columns_keep_their_order_and_numbers_their_digits():
    table = pd.DataFrame({"b": [0.1 + 0.2], "a": [1]})
    assert to_csv(table) == "b,a\n0.30000000000000004,1\n"


def test_an_empty_table_still_has_its_header():
    assert to_csv(pd.DataFrame({"a": pd.Series(dtype="str")})) == "a\n"


def test_hostile_headings_cannot_happen_but_hostile_categories_are_cells_too():
    assert to_csv(pd.DataFrame({"team": pd.Categorical(["=x"])})) == "team\n'=x\n"
