"""What reports leave out for who may not look at individuals, by hand."""

from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import pytest

from fairlead.access import LOCAL_LEAD, Viewer, visible_to
from fairlead.access.redaction import NOT_SHOWN
from fairlead.frames import Frames
from fairlead.scope import Scope
from reports import privacy
from reports.panel import Headline, Panel, Report
from tests.metrics.build import added, frame, issue, pull_request, utc

AS_OF = utc("2026-03-01")
SCOPE = Scope(AS_OF, 30)
GUEST = Viewer("guest", "stakeholder", teams=None, milestones=None)
TEAM = Viewer("lead", "lead", teams=("Core",))


def organisation(n_people, *, at="2026-02-20", team_of=6, elsewhere=0):
    """Each of `n_people` holds an issue, wrote a pull request and reviewed one of project A, `elsewhere` of B."""
    people = [f"p{number}" for number in range(max(n_people, team_of, elsewhere))]
    accounts = [{"id": f"a-{each}", "login": each, "kind": "user", "person": each} for each in people]
    accounts += [{"id": "a2-p0", "login": "again", "kind": "user", "person": "p0"}, {"id": "bot", "kind": "bot"}]
    work = [("A", f"a-{each}") for each in people[:n_people]] + [("B", f"a-{each}") for each in people[:elsewhere]]
    work += [("A", "bot"), *([("A", "a2-p0")] if n_people else [])]
    pulls = [
        pull_request(f"P{n}", project=project, author=who, created_at=at, closed_at=at, merged_at=at)
        for n, (project, who) in enumerate(work)
    ]
    return Frames.of(
        {
            "people": frame("people", [{"id": each, "name": f"Dr {each}"} for each in people]),
            "accounts": frame("accounts", accounts),
            "teams": frame("teams", [{"id": "t", "name": "Core"}]),
            "team_members": frame("team_members", [{"team": "t", "person": each} for each in people[:team_of]]),
            "issues": frame("issues", [issue(f"I{n}", project=project) for n, (project, _) in enumerate(work)]),
            "issue_events": frame(
                "issue_events", [added(f"I{n}", at, who, "assignee") for n, (_, who) in enumerate(work)]
            ),
            "pull_requests": frame("pull_requests", pulls),
            "reviews": frame(
                "reviews", [{"pull_request": f"P{n}", "at": at, "author": who} for n, (_, who) in enumerate(work)]
            ),
        }
    )


def panel(key="p", **values):
    table = values.pop("table", pd.DataFrame({"team": ["Core"], "n_items": [3]}))
    said = {"title": key, "takeaway": "Three.", "note": "n = 3", "empty": "None.", "figure": go.Figure(), "copied": "x"}
    return Panel(key=key, table=table, **said | values)


def report(*panels, key="flow"):
    headlines = (Headline(label="Items", value="3", help=""),)
    return Report(key=key, title="T", question="?", panels=panels or (panel(),), headlines=headlines)


@pytest.mark.parametrize(("n", "is_told"), [(0, False), (1, False), (4, False), (5, True), (6, True)])
def test_figures_are_told_of_the_work_of_five_people_and_of_no_fewer(n, is_told):
    frames = visible_to(GUEST, organisation(n))
    kept = privacy.of_enough(report(), frames, SCOPE)
    assert privacy.n_people(frames, SCOPE) == n
    assert bool(kept.headlines) == is_told
    (only,) = kept.panels
    assert len(only.table) == (1 if is_told else 0)
    assert (only.figure is not None) == is_told
    assert bool(only.takeaway or only.note or only.copied) == is_told
    if not is_told:
        assert only.empty == "What is chosen is the work of fewer than 5 people: nothing is told of it."
        assert list(only.table) == ["team", "n_items"]


def test_the_fewest_count_of_those_who_review_write_and_hold():
    """Waits are figures of reviewers, stages of authors: many of the ones do not hide a few of the others."""
    frames = visible_to(GUEST, organisation(6))
    of_one = frames.pull_requests.assign(author=frames.pull_requests["author"].iloc[0])
    assert privacy.n_people(replace(frames, pull_requests=of_one), SCOPE) == 1
    no_reviews = replace(frames, reviews=frames.reviews.head(0))
    assert privacy.n_people(no_reviews, SCOPE) == 6


def test_a_person_with_two_accounts_is_one_and_a_bot_is_nobody():
    frames = visible_to(GUEST, organisation(2))
    assert privacy.n_people(frames, SCOPE) == 2


def test_only_the_work_of_the_window_and_the_chosen_project_counts():
    frames = visible_to(GUEST, organisation(6, elsewhere=2))
    assert privacy.n_people(frames, Scope(AS_OF, 30, projects=("A",))) == 6
    assert privacy.n_people(frames, Scope(AS_OF, 30, projects=("B",))) == 2
    assert privacy.n_people(frames, Scope(AS_OF, 30, projects=("C",))) == 0
    assert privacy.n_people(visible_to(GUEST, organisation(6, at="2026-03-02")), SCOPE) == 0


def test_of_several_kinds_of_work_that_of_the_fewest_people_counts():
    whole = organisation(6)
    few = replace(whole, reviews=whole.reviews.head(2))
    assert privacy.n_people(visible_to(GUEST, few), SCOPE) == 2
    none = replace(whole, reviews=whole.reviews.head(0))
    assert privacy.n_people(visible_to(GUEST, none), SCOPE) == 6


def test_a_choice_until_one_person_is_left_tells_nothing_of_them():
    frames = visible_to(GUEST, organisation(6, elsewhere=1))
    kept = privacy.of_enough(report(), frames, Scope(AS_OF, 30, projects=("B",)))
    assert kept.panels[0].table.empty


@pytest.mark.parametrize(("elsewhere", "is_told"), [(0, True), (1, False), (4, False), (5, True)])
def test_nor_is_anything_told_where_what_is_left_out_is_the_work_of_a_few(elsewhere, is_told):
    """All less the choice would be theirs alone."""
    frames = visible_to(GUEST, organisation(6, elsewhere=elsewhere))
    kept = privacy.of_enough(report(), frames, Scope(AS_OF, 30, projects=("A",)))
    assert (not kept.panels[0].table.empty) == is_told


@pytest.mark.parametrize("viewer", [LOCAL_LEAD, TEAM])
def test_leads_are_told_of_one_person_as_well(viewer):
    frames = visible_to(viewer, organisation(1))
    built = report()
    assert privacy.of_enough(built, frames, SCOPE) is built


def test_reports_of_milestones_are_told_whoever_works_on_them():
    frames = visible_to(GUEST, organisation(1))
    for key in ("milestone", "milestones", "programme"):
        built = report(key=key)
        assert privacy.of_enough(built, frames, SCOPE) is built


URLS = ["/person?person=a", "/milestone?milestone=b", "https://tracker.example/1", "", None]


def linked(urls, **values):
    table = pd.DataFrame({"what": [f"w{number}" for number in range(len(urls))], "url": pd.Series(urls, dtype="str")})
    return panel(table=table, links=("url",), **values)


def test_addresses_of_ours_that_lead_nowhere_are_gone_and_others_stay():
    built = report(linked(URLS), key="milestones")
    kept = privacy.shown(built, visible_to(GUEST, organisation(6)), SCOPE, ["milestone"])
    urls = kept.panels[0].table["url"].fillna("").tolist()
    assert urls == ["", "/milestone?milestone=b", "https://tracker.example/1", "", ""]


def test_a_page_whose_name_begins_like_another_is_another():
    built = report(linked(["/milestones?x", "/milestone", "/"]), key="milestones")
    kept = privacy.shown(built, visible_to(GUEST, organisation(6)), SCOPE, ["milestone"])
    assert kept.panels[0].table["url"].tolist() == ["", "/milestone", ""]


@pytest.mark.parametrize(
    ("style", "is_dropped"), [("table", True), ("folded", True), ("sentences", False), ("list", False)]
)
def test_a_column_of_a_table_that_says_nothing_any_more_is_dropped(style, is_dropped):
    """Lists and sentences have columns of their own, which who draws them reads."""
    built = report(linked(["/person?person=a"], style=style), key="milestones")
    (kept,) = privacy.shown(built, visible_to(GUEST, organisation(6)), SCOPE, ["milestone"]).panels
    assert ("url" not in kept.table) == is_dropped
    assert kept.links == (() if is_dropped else ("url",))
    assert "what" in kept.table


@pytest.mark.parametrize(("titles", "is_dropped"), [([NOT_SHOWN] * 2, True), ([NOT_SHOWN, "A"], False)])
def test_a_column_of_titles_that_are_not_shown_is_dropped(titles, is_dropped):
    built = report(panel(table=pd.DataFrame({"title": titles, "n": [1, 2]})), key="milestones")
    (kept,) = privacy.shown(built, visible_to(GUEST, organisation(6)), SCOPE, []).panels
    assert ("title" not in kept.table) == is_dropped


@pytest.mark.parametrize(
    ("n", "says"),
    [(1, "1 table of individuals is left out here."), (2, "2 tables of individuals are left out here.")],
)
def test_the_note_counts_the_tables_of_individuals_that_are_left_out(n, says):
    withheld = panel(table=pd.DataFrame({"person": []}), empty=privacy.FOR_LEADS)
    others = [replace(withheld, key=str(number)) for number in range(n)]
    built = report(panel("kept"), *others, key="milestones")
    kept = privacy.shown(built, visible_to(GUEST, organisation(6)), SCOPE, [])
    assert [each.key for each in kept.panels] == ["kept"]
    assert kept.note.startswith(says)
    assert kept.note.endswith(privacy.FOR_LEADS)


def test_what_is_empty_for_another_reason_stays_and_nothing_is_noted():
    built = report(panel(table=pd.DataFrame({"person": []}), empty="Nobody waits."), key="milestones")
    kept = privacy.shown(built, visible_to(GUEST, organisation(6)), SCOPE, [])
    assert [each.empty for each in kept.panels] == ["Nobody waits."]
    assert kept.note == ""


def test_nothing_changes_for_who_sees_everything():
    frames = visible_to(LOCAL_LEAD, organisation(1))
    built = report(linked(["/person?person=a", "https://x"]), panel("t", table=pd.DataFrame({"title": ["A"]})))
    kept = privacy.shown(built, frames, SCOPE, ["person"])
    assert (kept.note, kept.headlines) == (built.note, built.headlines)
    for before, after in zip(built.panels, kept.panels, strict=True):
        pd.testing.assert_frame_equal(after.table, before.table)
        assert replace(after, table=before.table) == before


def test_individuals_are_rows_of_whom_the_viewer_leads():
    rows = pd.DataFrame({"person": ["p0", "p7"], "n": [1, 2]})
    frames = visible_to(TEAM, organisation(8, team_of=6))
    assert privacy.closely(frames, rows)["person"].tolist() == ["p0"]
    assert privacy.closely(visible_to(GUEST, organisation(8)), rows).empty
    assert privacy.empty(frames, "None.") == "None."
    assert privacy.empty(visible_to(GUEST, organisation(8)), "None.") == privacy.FOR_LEADS
    assert privacy.empty(visible_to(GUEST, Frames.of({})), "None.") == "None."


def test_a_column_that_would_name_who_could_help_goes_where_it_names_nobody():
    table = pd.DataFrame({"key": ["FL-1"], "also_ask": [None], "because": [None]}).astype("str")
    named = table.assign(also_ask="Ann", because="knows it")
    frames = visible_to(LOCAL_LEAD, organisation(1))
    kept = [privacy.shown(report(panel(table=each)), frames, SCOPE, ()).panels[0].table for each in (table, named)]
    assert [list(each) for each in kept] == [["key"], ["key", "also_ask", "because"]]
