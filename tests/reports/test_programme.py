"""The programme: which milestones, all of them on time, which one decides it, and which waits for which."""

from functools import cache

import pytest

from fairlead.scope import Scope
from reports import foreseen, programme, words
from tests.metrics.build import added, day, issue, moved, removed, utc
from tests.metrics.forecast_world import UNEVEN, worked
from tests.reports.test_small import panel, seen
from tests.reports.worlds import panels_of

AS_OF = utc("2026-06-30")
GIVEN = {
    "a": ("p", 14, "2026-09-01"), "b": ("p", 18, "2026-09-20"), "c": ("q", 10, "2026-09-01"), "d": ("q", 6, None),
    "e": ("r", 0, "2026-09-01"),
}  # fmt: skip


def world(given=GIVEN, *events):
    """Milestones that have been worked on alike: project, items left, due date."""
    rows = [row for name, (_, left, _) in given.items() for row in worked(name, UNEVEN, left)]
    return seen(
        milestones=[
            {"id": name, "title": f"Plan {name}", "project": project, "state": "open", "created_at": "2026-03-01",
             "due_on": day(due) if due else None}
            for name, (project, _, due) in given.items()
        ],
        issues=[issue(item, created_at="2026-03-01") for item in sorted({row["issue"] for row in rows})],
        issue_events=[*rows, *events],
    )  # fmt: skip


@cache
def measured(*, waits=False):
    links = [
        added("a-left-0", "2026-06-01", "c-left-0", "blocked_by"),
        added("a-left-1", "2026-06-01", "c-left-0", "blocked_by"),
    ]
    gone = [
        added("b-left-0", "2026-06-01", "c-left-1", "blocked_by"),
        removed("b-left-0", "2026-06-02", "c-left-1", "blocked_by"),
    ]
    return foreseen.measure(world(GIVEN, *(links + gone if waits else [])), Scope(AS_OF))


def report(among=(), **values):
    return programme.report_of(measured(**values), Scope(AS_OF), among=among)


def headlines(built):
    return {headline.label: headline.value for headline in built.headlines}


def test_a_programme_can_be_made_of_what_is_open_due_and_not_done():
    assert programme.choices(measured(), Scope(AS_OF)) == {"Plan a · p": "a", "Plan b · p": "b", "Plan c · q": "c"}


def test_without_a_choice_it_is_all_of_them_and_with_one_those():
    assert panel(report(), "dates").table["title"].tolist() == ["Plan a", "Plan c", "Plan b"]  # soonest due on top
    some = report(("c", "b"))
    assert panel(some, "dates").table["title"].tolist() == ["Plan c", "Plan b"]
    assert (headlines(report())["Milestones"], headlines(some)["Milestones"]) == ("3", "2")


def test_what_is_said_of_all_is_what_the_table_of_each_allows():
    built = report()
    deciding = panel(built, "deciding").table
    chances = deciding["on_time_share"]
    on_time = deciding["all_others_on_time_share"] - deciding["gain_share"]
    assert on_time.tolist() == pytest.approx([on_time.iloc[0]] * 3)
    assert headlines(built)["All on time"] == words.chance(on_time.iloc[0])
    assert headlines(built)["Weakest"] == words.chance(chances.min())
    said = f"All of 3 milestones on time: {headlines(built)['All on time']}. Unrelated ones would have "
    said += f"{words.chance(chances.prod())}; the weakest alone has {words.chance(chances.min())}."
    assert panel(built, "dates").takeaway == said
    assert chances.sum() - 2 - 0.01 <= on_time.iloc[0] <= chances.min() + 0.01


def test_the_one_that_costs_most_stands_first_and_is_named():
    built = report()
    deciding = panel(built, "deciding")
    gains = deciding.table["gain_share"].tolist()
    assert gains == sorted(gains, reverse=True)
    assert (deciding.table["gain_share"] >= 0).all()
    first = deciding.table.iloc[0]
    assert deciding.takeaway == (
        f"Without {first['title']} all others are on time with {words.chance(first['all_others_on_time_share'])} "
        f"instead of {headlines(built)['All on time']}. Look there first."
    )


def test_one_alone_is_its_own_programme():
    built = report(("c",))
    deciding = panel(built, "deciding")
    assert deciding.takeaway == f"Plan c is the only one: {headlines(built)['All on time']}."
    assert headlines(built)["All on time"] == headlines(built)["Weakest"]


def test_where_each_is_likely_late_no_single_one_decides_it():
    built = foreseen.measure(
        world({name: ("pqr"[place], 30, "2026-07-02") for place, name in enumerate("abc")}), Scope(AS_OF)
    )
    said = panel(programme.report_of(built, Scope(AS_OF)), "deciding").takeaway
    assert said.startswith("No single one decides it: 3 of 3 milestones are each more likely late than not: Plan ")
    assert {"Plan a", "Plan b", "Plan c"} == set(said.partition("not: ")[2].rstrip(".").split(", "))


def test_the_last_date_to_plan_on_is_the_latest_and_none_where_one_may_never_end():
    built = report()
    latest = panel(built, "dates").table["plan_on"].max()
    assert headlines(built)["Last one to plan on"] == words.short_day(latest)
    endless = world({"a": ("p", 14, "2026-09-01"), "b": ("q", 400, "2026-09-01")})
    never = programme.report(endless, Scope(AS_OF))
    assert panel(never, "dates").table.set_index("title")["plan_on"].isna().to_dict() == {
        "Plan a": False,
        "Plan b": True,
    }
    assert headlines(never)["Last one to plan on"] == words.BEYOND


def test_those_that_wait_for_others_are_listed_with_how_many_items_and_when_those_end():
    waiting = panel(report(waits=True), "waiting")
    row = waiting.table.iloc[0]
    assert len(waiting.table) == 1
    assert (row["title"], row["waits_for"], row["n_items"]) == ("Plan a", "Plan c", 2)
    dates = panel(report(waits=True), "dates").table.set_index("title")
    assert row["due_on"] == dates.loc["Plan a", "due_on"]
    assert row["plan_of_other_on"] == dates.loc["Plan c", "plan_on"]
    late = int(row["plan_of_other_on"] > row["due_on"])
    assert waiting.takeaway == (
        f"1 milestone waits for another; in {words.count(late, 'pair')} that other one is to be planned on after this "
        "one is due."
    )


def test_who_waits_is_told_of_those_chosen_only():
    assert len(panel(report(("a", "b"), waits=True), "waiting").table) == 1
    assert panel(report(("b",), waits=True), "waiting").table.empty
    assert panel(report(), "waiting").table.empty


def test_a_finished_blocker_holds_up_nothing():
    events = [added("a-left-0", "2026-06-01", "c-left-0", "blocked_by"), moved("c-left-0", "2026-06-02", "done")]
    built = programme.report(world(GIVEN, *events), Scope(AS_OF))
    assert panel(built, "waiting").table.empty


@pytest.mark.parametrize("name", ["sample", "one team", "200 days ago"])
def test_the_programme_is_of_the_portfolios_open_and_dated_milestones(name):
    panels = panels_of(name)
    portfolio = panels["milestones", "portfolio"].table
    is_ahead = portfolio["due_on"].notna() & (portfolio["status"] != "overdue")
    wanted = portfolio[is_ahead & (portfolio["remaining"] > 0)]
    dates = panels["programme", "dates"].table
    assert set(dates["title"]) == set(wanted["title"])
    assert dates["due_on"].is_monotonic_increasing
    chances = wanted.set_index("title")["on_time_share"].dropna()
    assert panels["programme", "deciding"].table.set_index("title")["on_time_share"].to_dict() == chances.to_dict()
