"""Groups too small to be shown."""

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlead.suppression import suppressed


def groups(**sizes):
    table = pd.DataFrame({"group": list(sizes), "n": list(sizes.values())})
    return table.astype({"group": "str", "n": "Int64"})


def names(table, is_hidden):
    return sorted(table.loc[is_hidden, "group"])


def hides(*, k=5, totals_shown, **sizes):
    table = groups(**sizes)
    return names(table, suppressed(table, k=k, totals_shown=totals_shown))


def test_a_group_of_fewer_than_k_is_hidden():
    assert hides(web=8, sre=4, totals_shown=False) == ["sre"]


def test_a_group_of_k_is_shown():
    assert hides(web=8, sre=5, totals_shown=True) == []


def test_beside_a_total_the_next_smallest_is_hidden_as_well():
    assert hides(web=8, sre=4, data=6, totals_shown=True) == ["data", "sre"]
    assert hides(web=8, sre=4, totals_shown=True) == ["sre", "web"]


def test_several_small_groups_that_hold_fewer_than_k_take_another_one_with_them():
    assert hides(web=8, sre=1, data=2, ops=6, totals_shown=True) == ["data", "ops", "sre"]
    assert hides(web=8, sre=2, data=3, ops=6, totals_shown=True) == ["data", "sre"]


def test_ties_are_broken_by_name():
    assert hides(web=6, sre=4, ops=6, data=7, totals_shown=True) == ["ops", "sre"]


def test_nobody_has_nothing_to_hide_and_hides_nobody():
    assert hides(web=8, sre=4, new=0, totals_shown=True) == ["sre", "web"]
    assert hides(web=8, new=0, totals_shown=True) == []
    assert hides(sre=4, new=0, totals_shown=True) == ["sre"]


def test_a_group_of_unknown_size_is_hidden():
    assert hides(web=8, sre=None, ops=9, totals_shown=False) == ["sre"]
    assert hides(web=8, sre=None, ops=9, totals_shown=True) == ["sre", "web"]


def test_where_all_are_too_few_all_are_hidden():
    assert hides(sre=2, ops=1, totals_shown=True) == ["ops", "sre"]


def test_no_groups_hide_nothing():
    found = suppressed(groups(), totals_shown=True)
    assert found.empty
    assert found.dtype == bool


def test_the_answer_has_the_index_of_the_groups():
    table = groups(web=8, sre=4, ops=9)
    turned = table.set_axis(["x", "y", "z"]).iloc[::-1]
    assert suppressed(turned, totals_shown=False).to_dict() == {"z": False, "y": True, "x": False}


def plain_loop(sizes, k, *, totals_shown):
    small = {group for group, n in sizes.items() if 0 < n < k}
    if not totals_shown or not small:
        return small
    others = sorted((n, group) for group, n in sizes.items() if n >= k)
    while others and (len(small) < 2 or sum(sizes[group] for group in small) < k):
        small.add(others.pop(0)[1])
    return small


SIZES = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 12), max_size=7)


@settings(max_examples=200)
@given(SIZES, st.integers(1, 8), st.booleans(), st.randoms(use_true_random=False))
def test_random_groups_agree_with_a_plain_loop_in_any_order(sizes, k, totals_shown, random):
    turned = list(sizes)
    random.shuffle(turned)
    found = hides(**{group: sizes[group] for group in turned}, k=k, totals_shown=totals_shown)
    assert set(found) == plain_loop(sizes, k, totals_shown=totals_shown)


@settings(max_examples=200)
@given(SIZES)
def test_no_subtraction_tells_of_fewer_than_k(sizes):
    """Whoever knows the total and what is shown knows the sum of what is hidden, and no more."""
    is_hidden = set(hides(**sizes, totals_shown=True))
    told = sum(sizes[group] for group in is_hidden)
    if is_hidden and sum(sizes.values()) >= 5:  # else the total itself may not be shown
        assert told >= 5
        assert len(is_hidden) >= 2
    assert all(sizes[group] >= 5 or sizes[group] == 0 for group in sizes if group not in is_hidden)


@pytest.mark.parametrize(("one", "other"), list(itertools.pairwise(range(1, 8))))
def test_a_larger_k_hides_no_less(one, other):
    sizes = {"a": 1, "b": 3, "c": 5, "d": 7, "e": 9}
    assert set(hides(**sizes, k=one, totals_shown=False)) <= set(hides(**sizes, k=other, totals_shown=False))
