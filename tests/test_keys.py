"""Joins by id: encoded and plain ids give the same rows."""

import numpy as np
import pandas as pd
import pytest

from fairlead import keys

IDS = pd.Series(["b", "a", "c"], dtype="str")
ASKED = pd.Series(["c", "x", None, "b", "b"], dtype="str")


def encoded(*columns: pd.Series) -> list[pd.Series]:
    tables = {str(n): pd.DataFrame({"k": column}) for n, column in enumerate(columns)}
    return [table["k"] for table in keys.encode(tables, {name: ["k"] for name in tables}).values()]


@pytest.mark.parametrize("shape", ["plain", "encoded", "mixed"])
def test_positions_are_row_numbers_and_minus_one_for_strangers_and_missing(shape):
    asked, ids = (ASKED, IDS) if shape == "plain" else encoded(ASKED, IDS)
    ids = IDS if shape == "mixed" else ids
    assert keys.positions(asked, ids).tolist() == [2, -1, -1, 0, 0]
    assert keys.is_in(asked, ids).tolist() == [True, False, False, True, True]


def test_encoding_shares_one_sorted_dictionary_and_keeps_every_value():
    asked, ids = encoded(ASKED, IDS)
    assert asked.cat.categories.tolist() == ["a", "b", "c", "x"]
    assert asked.dtype == ids.dtype
    pd.testing.assert_series_equal(asked.astype("str"), ASKED, check_names=False)


def test_a_missing_value_does_not_find_a_missing_value():
    holes = pd.Series(["a", None], dtype="str")
    assert keys.is_in(holes, holes).tolist() == [True, False]


def test_dictionaries_that_differ_are_compared_by_value():
    left, right = pd.Series(["b", "a"], dtype="category"), pd.Series(["a", "z", "b"], dtype="category")
    assert keys.positions(left, right).tolist() == [2, 0]


def test_nothing_is_found_in_nothing():
    none = pd.Series([], dtype="str")
    assert keys.positions(ASKED, none).tolist() == [-1] * 5
    assert keys.positions(none, IDS).tolist() == []


def test_a_thousand_seeded_ids_match_a_plain_loop():
    rng = np.random.default_rng(1)
    ids = pd.Series(rng.permutation(500).astype(str), dtype="str")
    asked = pd.Series(rng.integers(0, 900, 1000).astype(str), dtype="str")
    listed = ids.tolist()
    expected = [listed.index(value) if value in listed else -1 for value in asked]
    assert keys.positions(asked, ids).tolist() == expected
    assert keys.positions(*encoded(asked, ids)).tolist() == expected
