"""Who sees what, against going through small organisations one by one."""

from dataclasses import replace
from functools import cache

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlead.access import Viewer, visible_to
from fairlead.frames import Frames
from tests.access_world import (
    ISSUE_IDS,
    PERSONS,
    PROJECT_NAMES,
    PULL_IDS,
    STONE_IDS,
    STONE_TITLES,
    TEAM_NAMES,
    organisation,
    sight,
)
from tests.access_world import viewer as viewer_of
from tests.metrics.build import shuffled
from tests.test_access import texts_of

SALT = "a salt"
OF_ITEMS = (*ISSUE_IDS, *PULL_IDS)


N_WORLDS = 6
SEEDS = st.integers(0, 23)
AT_RANDOM = settings(deadline=None, max_examples=16)


@cache
def seen_by(viewer, seed):
    return visible_to(viewer, organisation(seed % N_WORLDS), salt=SALT)


def known(seed):
    """Somebody at random, what they see, and what they should: told one by one."""
    viewer = viewer_of(seed)
    return viewer, seen_by(viewer, seed), sight(viewer, organisation(seed % N_WORLDS))


def ids(table):
    return set(table["id"].astype("str"))


def items_of(frames):
    return ids(frames.issues) | ids(frames.pull_requests)


@given(SEEDS)
@AT_RANDOM
def test_what_is_seen_agrees_with_going_through_everything_one_by_one(seed):
    viewer, seen, told = known(seed)
    if viewer.sees_all:
        assert items_of(seen) == set(OF_ITEMS)
        return
    assert items_of(seen) == told.items
    assert ids(seen.milestones) == told.milestones
    assert ids(seen.teams) == told.teams
    assert seen.closely == told.named


@given(SEEDS)
@AT_RANDOM
def test_whatever_hangs_on_an_item_or_milestone_goes_and_stays_with_it(seed):
    viewer, seen, told = known(seed)
    kept = {"pull_request": told.items, "issue": told.items, "milestone": told.milestones, "team": told.teams}
    if viewer.sees_all:
        return
    whole = organisation(seed % N_WORLDS)
    is_of_figures = whole.issue_events["field"] != "summary"
    for name, table in replace(whole, issue_events=whole.issue_events[is_of_figures]).tables().items():
        owner = next((column for column in kept if column in table and name not in {"issues", "pull_requests"}), None)
        if owner is not None:
            assert len(getattr(seen, name)) == table[owner].astype("str").isin(kept[owner]).sum(), name


def marks(table):
    """Whatever tells one row of a table from another, whoever sees it: the ids that are not aliases."""
    return ids(table) & {*OF_ITEMS, *STONE_IDS, *(f"team-{name}" for name in TEAM_NAMES)}


def held(frames):
    return {name: marks(getattr(frames, name)) for name in ("issues", "pull_requests", "milestones", "teams")}


@given(SEEDS, st.sampled_from(["projects", "milestones"]), st.sampled_from([None, 0, 1, 2]))
@AT_RANDOM
def test_more_projects_and_milestones_never_take_a_row_away(seed, which, more):
    among = {"projects": PROJECT_NAMES, "milestones": STONE_TITLES}[which]
    viewer = viewer_of(seed)
    wider = widened(viewer, which, None if more is None else among[more:])
    narrow, wide = held(seen_by(viewer, seed)), held(seen_by(wider, seed))
    assert all(narrow[name] <= wide[name] for name in narrow)


@given(SEEDS, st.sampled_from([None, TEAM_NAMES[:1], TEAM_NAMES[1:2], TEAM_NAMES[2:], TEAM_NAMES[:3]]))
@AT_RANDOM
def test_more_teams_take_rows_away_only_where_a_team_is_hidden_to_keep_a_small_one_from_being_subtracted(seed, teams):
    """To leads never. To others when a team they were told of is the next smallest beside a small new one.

    With all teams comes the group of those who are in none.
    """
    viewer, whole = viewer_of(seed), organisation(seed % N_WORLDS)
    more = widened(viewer, "teams", teams)
    narrow, wide = held(seen_by(viewer, seed)), held(seen_by(more, seed))
    told_before, told_now = sight(viewer, whole).teams, sight(more, whole).teams
    if told_before <= told_now:
        assert all(narrow[name] <= wide[name] for name in narrow)
    else:
        assert viewer.role != "lead"
        n_in_none = len(PERSONS) - whole.team_members["person"].nunique()
        new = [size(whole, team) for team in granted(whole, more) - granted(whole, viewer)]
        assert any(0 < n < 5 for n in [*new, n_in_none if more.teams is None else 0])


def widened(viewer, which, names):
    """The same with more of something; None is all there is."""
    before = getattr(viewer, which)
    return replace(viewer, **{which: None if before is None or names is None else (*before, *names)})


def granted(frames, viewer):
    teams = frames.teams
    named = TEAM_NAMES if viewer.teams is None else viewer.teams
    return set(teams.loc[teams["name"].isin(named), "id"].astype("str"))


def size(frames, team):
    return (frames.team_members["team"].astype("str") == team).sum()


@given(SEEDS)
@AT_RANDOM
def test_no_word_of_what_is_hidden_is_in_any_table_or_dictionary(seed):
    viewer, seen, told = known(seed)
    if viewer.sees_all:
        return
    found = "\n".join([*texts_of(seen), *texts_of(seen.basis)])
    hidden = {*OF_ITEMS, *STONE_IDS} - told.items - told.milestones
    hidden |= {title for each, title in zip(STONE_IDS, STONE_TITLES, strict=True) if each not in told.milestones}
    hidden |= {f"team-{name}" for name in TEAM_NAMES} - told.teams
    hidden |= {name for name in TEAM_NAMES if f"team-{name}" not in told.teams}
    hidden |= set(PERSONS) - told.named
    assert [text for text in sorted(hidden) if text in found] == []


@given(SEEDS)
@AT_RANDOM
def test_whoever_may_not_read_titles_finds_none_and_no_address(seed):
    seen = seen_by(replace(viewer_of(seed), titles=False), seed)
    found = "\n".join([*texts_of(seen), *texts_of(seen.basis)])
    assert "Title " not in found
    assert "https://" not in found


@given(SEEDS)
@AT_RANDOM
def test_who_sees_titles_reads_those_of_what_they_see(seed):
    seen = seen_by(replace(viewer_of(seed), titles=True), seed)
    read = [*seen.issues["title"], *seen.pull_requests["title"]]
    assert {text.split()[1].rstrip(",") for text in read} == items_of(seen)


def sorted_texts(frames):
    """The rows of every table as texts, in an order of their own, without names that come from an order."""
    found = {}
    for name, table in frames.tables().items():
        text = table.astype("object").where(table.notna(), "").astype("str")
        blind = text.replace(r"^hidden:\d+$|^elsewhere \d+$|^source \d+$", "hidden", regex=True)
        found[name] = sorted(blind.itertuples(index=False, name=None))
    return found


def same(one, other):
    assert one.closely == other.closely
    assert one.smallest == other.smallest
    assert sorted_texts(one) == sorted_texts(other)
    assert (one.basis is None) == (other.basis is None)
    if one.basis is not None:
        assert sorted_texts(one.basis) == sorted_texts(other.basis)


FEW = settings(deadline=None, max_examples=6)


@given(SEEDS)
@FEW
def test_the_order_of_rows_changes_nothing(seed):
    viewer, whole = viewer_of(seed), organisation(seed % N_WORLDS)
    mixed = Frames.of({name: shuffled(table).reset_index(drop=True) for name, table in whole.tables().items()})
    same(visible_to(viewer, mixed, salt=SALT), seen_by(viewer, seed))


@given(SEEDS)
@FEW
def test_ids_as_plain_texts_and_a_second_time_give_the_same(seed):
    viewer, whole = viewer_of(seed), organisation(seed % N_WORLDS)
    plain = Frames(**{name: told_plainly(table) for name, table in whole.tables().items()})
    once = seen_by(viewer, seed)
    same(visible_to(viewer, whole, salt=SALT), once)
    same(visible_to(viewer, plain, salt=SALT), once)


def told_plainly(table):
    coded = [name for name in table if isinstance(table[name].dtype, pd.CategoricalDtype)]
    return table.astype(dict.fromkeys(coded, "str"))


@given(SEEDS)
@FEW
def test_the_tables_that_were_given_are_left_as_they_were(seed):
    viewer, whole = viewer_of(seed), organisation(seed % N_WORLDS)
    before = {name: table.copy(deep=True) for name, table in whole.tables().items()}
    visible_to(viewer, whole, salt=SALT)
    for name, table in whole.tables().items():
        pd.testing.assert_frame_equal(table, before[name])


def test_these_organisations_hold_what_the_rule_is_about():
    """Small teams, teams hidden beside them, milestones held and left, and people hidden in every text."""
    sees = Viewer("x", "stakeholder", teams=None)
    hidden = [4 - len(sight(sees, organisation(seed)).teams) for seed in range(N_WORLDS)]
    assert {2, 3} <= set(hidden)
    told = "\n".join(texts_of(organisation(0)))
    assert all(text in told for text in (*PERSONS[:3], "Title issue", "waits", "asks"))
