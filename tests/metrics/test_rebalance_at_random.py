"""Random small problems against every plan there is, and promises that hold for every frontier."""

import itertools
import math

import numpy as np
import pytest

from metrics.rebalance import frontier
from tests.metrics.build import shuffled
from tests.metrics.rebalance_world import at_random, large, same, steps

BUDGET = 4


def every_plan(given, decided, max_moves):
    """Plain loops: every way to hand on items within the rules → the best (stranded hours, ratio) for each number."""
    who, what, could = given
    capacity = dict(zip(who["person"], who["capacity_hours"], strict=True))
    fixed = dict(zip(who["person"], who["fixed_hours"], strict=True))
    hours = dict(zip(what["item"], what["hours"], strict=True))
    now = dict(zip(what["item"], what["person"], strict=True))
    started = set(what.loc[what["is_started"], "item"])
    accepted = {}
    for item, person in sorted(set(decided["accepted"])):
        bad = item in decided["pinned"] or (item, person) in decided["rejected"]
        if not bad and capacity[person] > 0 and now[item] != person and item not in accepted:
            accepted[item] = person
    options = {item: [] for item in now}
    for item, person in sorted(set(zip(could["item"], could["person"], strict=True))):
        stays = item in decided["pinned"] or item in accepted or (item in started and not decided["with_started"])
        if not stays and person != now[item] and capacity[person] > 0 and (item, person) not in decided["rejected"]:
            options[item].append(person)
    best = {}
    places = [[now[item], *options[item]] if item not in accepted else [accepted[item]] for item in now]
    for choice in itertools.product(*places):
        n = sum(there != here for there, here in zip(choice, now.values(), strict=True))
        if n > max(max_moves, len(accepted)):
            continue
        load = dict(fixed)
        stranded = dict.fromkeys(fixed, 0.0)
        for item, person in zip(now, choice, strict=True):
            load[person] += hours[item]
            stranded[person] += hours[item] if capacity[person] == 0 and options[item] else 0
        ratio = max((load[p] / capacity[p] for p in load if capacity[p] > 0), default=math.nan)
        value = (max(stranded.values()), ratio if max(stranded.values()) == 0 else math.inf)
        best[n] = min(best.get(n, (math.inf, math.inf)), value)
    return {n: min(best[fewer] for fewer in best if fewer <= n) for n in sorted(best)}, len(accepted)


@pytest.mark.parametrize("seed", range(60))
def test_every_step_is_the_best_of_all_plans(seed):
    given, decided = at_random(seed, n_people=3 + seed % 2, n_items=4 + seed % 3)
    expected, n_accepted = every_plan(given, decided, BUDGET)
    found = frontier(*given, budget=BUDGET, **decided)
    assert found.steps["is_proven"].all()
    told = found.steps[found.steps["n_moves"] >= n_accepted].set_index("n_moves")
    for n_moves, (stranded, ratio) in expected.items():
        step = told[told.index <= n_moves].iloc[-1]
        if stranded > 0:
            assert (step["highest"], step["highest_hours"]) == (math.inf, stranded)
        else:
            np.testing.assert_allclose(step["highest"], ratio)
    assert told.index[0] == n_accepted


@pytest.mark.parametrize("seed", range(60, 90))
def test_a_plan_does_what_it_says_and_every_move_of_it_is_needed(seed):
    (who, what, could), decided = at_random(seed)
    found = frontier(who, what, could, budget=BUDGET, **decided)
    capacity = who.set_index("person")["capacity_hours"]
    for n_moves, plan in found.moves.groupby("n_moves"):
        assert len(plan) == n_moves
        assert plan["item"].is_unique
        load = found.loads[found.loads["n_moves"] == n_moves].set_index("person")["load_hours"]
        holder = what.set_index("item")["person"].copy()
        holder[plan["item"]] = plan["to_person"].to_numpy()
        held = what.set_index("item")["hours"].groupby(holder).sum()
        expected = who.set_index("person")["fixed_hours"].add(held, fill_value=0)
        np.testing.assert_allclose(load, expected[load.index])
        assert (capacity[plan["to_person"]] > 0).all()
        proposed = plan[~plan["is_accepted"]]
        assert set(zip(proposed["item"], proposed["to_person"], strict=True)).isdisjoint(decided["rejected"])
        assert set(proposed["item"]).isdisjoint(decided["pinned"])
        assert set(zip(proposed["item"], proposed["to_person"], strict=True)) <= set(
            zip(could["item"], could["person"], strict=True)
        )


@pytest.mark.parametrize("seed", range(6))
def test_more_moves_never_make_it_worse_and_a_larger_budget_changes_no_step(seed):
    given = large(seed, n_people=8, n_items=30)
    small, wide = frontier(*given, budget=3), frontier(*given, budget=6)
    assert (np.diff(wide.steps["highest"]) < 0).all()
    assert list(steps(small).items()) == [step for step in steps(wide).items() if step[0] <= 3]


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_rows_does_not_matter(seed):
    given, decided = at_random(seed)
    told = {name: list(reversed(told)) if isinstance(told, list) else told for name, told in decided.items()}
    same(frontier(*(shuffled(table) for table in given), **told), frontier(*given, **decided))


@pytest.mark.parametrize("seed", range(4))
def test_without_time_the_plans_are_good_and_what_is_not_known_is_said(seed):
    """Few people and large items: the quick search alone cannot tell that there is nothing better."""
    given = large(seed, n_people=6, n_items=14, n_skills=3)
    hasty, thorough = frontier(*given, seconds=0), frontier(*given)
    assert thorough.steps["is_proven"].all()
    best = thorough.steps.set_index("n_moves")["highest"]
    for step in hasty.steps.itertuples():
        reached = best[best.index <= step.n_moves].iloc[-1]
        assert step.floor <= reached * (1 + 1e-9) <= step.highest * (1 + 2e-9)
        assert step.gap == pytest.approx(step.highest - step.floor)
        assert step.is_proven == (step.gap == 0)
    assert hasty.floor <= thorough.floor


def test_some_of_those_are_not_known_without_time():
    """Otherwise the test above would show nothing."""
    found = [frontier(*large(seed, n_people=6, n_items=14, n_skills=3), seconds=0) for seed in range(4)]
    assert not all(each.steps["is_proven"].all() and each.floor == each.steps["highest"].iloc[-1] for each in found)
