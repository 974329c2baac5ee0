"""What sorted rows tell."""

import numpy as np
import pytest

from metrics.ordering import distinct, is_among, is_first, is_last

NONE = np.array([], dtype=np.int64)


def test_first_and_last_are_rows_that_differ_from_their_neighbour_in_any_key():
    group, day = np.array([1, 1, 1, 2, 2]), np.array([5, 5, 6, 6, 6])
    assert is_first(group).tolist() == [True, False, False, True, False]
    assert is_first(group, day).tolist() == [True, False, True, True, False]
    assert is_last(group, day).tolist() == [False, True, True, False, True]


def test_nothing_has_no_first_row():
    assert is_first(NONE).tolist() == is_last(NONE, NONE).tolist() == distinct(NONE).tolist() == []
    assert is_among(np.array([1]), NONE).tolist() == [False]


@pytest.mark.parametrize("seed", range(5))
def test_distinct_and_among_agree_with_sets(seed):
    draw = np.random.default_rng(seed)
    numbers, asked = np.sort(draw.integers(0, 30, 20)), draw.integers(-5, 40, 50)
    assert distinct(numbers).tolist() == sorted(set(numbers.tolist()))
    assert is_among(asked, numbers).tolist() == [each in set(numbers.tolist()) for each in asked]
