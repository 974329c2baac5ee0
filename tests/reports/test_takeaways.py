"""What a panel says in a sentence is what its table says in numbers."""

import math
import re

import pandas as pd
import pytest

from reports import words
from tests.reports.worlds import panels_of


@pytest.fixture(params=["sample", "one team", "200 days ago", "a repository"])
def panels(request):
    return panels_of(request.param)


def numbers(text):
    """The whole numbers of a sentence, in their order."""
    return [int(found.replace(",", "")) for found in re.findall(r"(?<![\w.-])\d[\d,]*\b(?!\.\d)", text)]


def p85(days):
    """Nearest rank, by hand."""
    return sorted(days)[math.ceil(0.85 * len(days)) - 1]


def test_requests_waiting_are_those_listed(panels):
    by_queue, listed = panels["reviews", "waiting-for"], panels["reviews", "waiting-now"].table
    assert numbers(by_queue.takeaway)[:2] == [len(listed), len(by_queue.table)]
    assert by_queue.table["n_waiting"].sum() == len(listed)
    over = (listed["wait_working_hours"] > 8).sum()  # what is agreed where nothing else is
    assert by_queue.table["n_over"].sum() == over
    if len(listed):
        assert numbers(panels["reviews", "waiting-now"].takeaway)[:2] == [over, len(listed)]
    assert f"n = {words.count(len(listed), 'request')} " in by_queue.note


def test_the_longest_queue_is_named_with_its_length():
    panel = panels_of("sample")["reviews", "waiting-for"]
    longest = panel.table.sort_values("n_waiting").iloc[-1]
    assert panel.takeaway.endswith(f"{longest['n_waiting']} of them for {longest['name']}.")


def test_the_queue_over_time_ends_with_the_requests_that_wait_now(panels):
    daily = panels["reviews", "queue"]
    assert numbers(daily.takeaway) == [daily.table["n_open"].iloc[0], daily.table["n_open"].iloc[-1]]
    assert daily.table["n_open"].iloc[-1] == len(panels["reviews", "waiting-now"].table)


def test_review_shares_add_up_to_one_and_rounds_to_n(panels):
    panel = panels["reviews", "share"]
    assert f"n = {panel.table['n_rounds'].sum()} review round" in panel.note
    if panel is panels_of("sample")["reviews", "share"]:
        assert panel.table["review_share"].sum() == pytest.approx(1)


def test_who_holds_most_is_named_with_the_number_of_the_table():
    panel = panels_of("sample")["workload", "held"]
    fullest = panel.table.sort_values("n_in_progress").iloc[-1]
    assert panel.takeaway.startswith(f"{fullest['name']} has {fullest['n_in_progress']} items in progress; half")
    active = panel.table["n_in_progress"]
    assert numbers(panel.takeaway)[1] == active[active > 0].median()


def test_each_persons_items_are_those_of_the_list(panels):
    held, items = panels["workload", "held"].table, panels["workload", "items"].table
    listed = items.groupby("name")["is_in_progress"].agg(["sum", "size"])
    holders = held.set_index("name").reindex(listed.index)
    assert holders["n_in_progress"].tolist() == listed["sum"].tolist()
    assert (holders["n_in_progress"] + holders["n_not_started"]).tolist() == listed["size"].tolist()
    assert f"n = {words.count(len(items), 'assignment')} of" in panels["workload", "held"].note
    assert len(panels["workload", "ages"].table) == items["is_in_progress"].sum()


def test_review_requests_that_people_owe_are_those_that_wait_for_people():
    panels = panels_of("sample")
    held = panels["workload", "held"].table.set_index("name")["n_reviews_owed"]
    waits_for = panels["reviews", "waiting-now"].table["waits_for"].value_counts()
    people = waits_for[waits_for.index.isin(held.index)]
    assert held[held > 0].sort_index().to_dict() == people.sort_index().to_dict()


def test_what_the_absent_hold_is_counted(panels):
    panel = panels["workload", "absent"]
    assert numbers(panel.takeaway) == [len(panel.table), panel.table["is_in_progress"].sum()]


def test_the_85_percent_line_is_the_nearest_rank_of_the_table(panels):
    panel = panels["flow", "cycle-time"]
    days = panel.table["cycle_days"]
    assert f"finished within {words.days(p85(days))}" in panel.takeaway
    assert words.days(days.max()) in panel.takeaway
    assert f"n = {len(days)}," in panel.note


def test_throughput_is_that_of_the_weeks_shown(panels):
    panel = panels["flow", "throughput"]
    finished = panel.table["n_finished"]
    assert panel.takeaway.startswith(f"{finished.mean():.1f} ")
    assert numbers(panel.takeaway)[-3:] == [finished.min(), finished.max(), (finished == 0).sum()]
    assert f"n = {finished.sum()} in {len(finished)} whole" in panel.note


def test_work_in_progress_ends_with_what_is_listed_as_in_progress(panels):
    panel, aged = panels["flow", "wip"], panels["flow", "ageing"]
    first, last = panel.table["n_open"].iloc[[0, -1]]
    assert numbers(panel.takeaway)[:2] == ([first, last] if first != last else [last])
    assert last == len(aged.table)


def test_items_over_the_line_are_counted_from_the_table(panels):
    panel = panels["flow", "ageing"]
    line = p85(panels["flow", "cycle-time"].table["cycle_days"])
    assert numbers(panel.takeaway)[:2] == [(panel.table["age_days"] > line).sum(), len(panel.table)]


def test_lines_that_cannot_wait_are_those_marked_now(panels):
    panel = panels["overview", "attention"]
    now = (panel.table["when"] == "Now").sum()
    assert numbers(panel.takeaway) == [now, len(panel.table) - now]


@pytest.mark.parametrize("key", [("milestones", "open"), ("reviews", "waiting-for"), ("workload", "held")])
def test_the_overview_shows_what_the_pages_show(panels, key):
    shown, page = panels["overview", key[1]], panels[key]
    pd.testing.assert_frame_equal(shown.table, page.table)
    assert (shown.takeaway, shown.note) == (page.takeaway, page.note)


def test_moved_due_dates_are_summed_per_milestone():
    panel = panels_of("sample")["milestones", "dates"]
    slips = panel.table.groupby("title")["slip_days"].sum()
    assert panel.takeaway.startswith(f"{len(slips)} milestones moved their date; {slips.idxmax()} moved most: ")
    assert panel.takeaway.endswith(f": {words.days(slips.max())} later.")


@pytest.mark.parametrize("key", ["ahead", "moves"])
def test_loads_of_some_projects_say_that_others_take_time_as_well(key):
    said = "Work in projects that are not chosen is not counted: loads are higher than this."
    assert said in panels_of("a Jira project")["workload", key].note
    assert said not in panels_of("sample")["workload", key].note
