"""What holds of every panel of every report, in every world."""

import re

import pandas as pd
import pytest

from reports import words
from reports.catalogue import ENTRIES
from tests.reports.worlds import EMPTY, OF_THE_PAST, OF_THE_STORE, WORLDS, panels_of, reports_of, words_of

UNDEFINED = re.compile(r"\b(nan|NaN|inf|NaT|None|NA)\b")
ONE_OF_MANY = re.compile(
    r"(?<![\d,.–-])1 ((pull|review|whole ISO|open|closed) )?(items|requests|issues|assignments|people|milestones|days"
    r"|instants|weeks|rounds|dates)\b|(?<![\d,.–-])1 (\w+ )?(wait|are|were|have)\b"
)
COUNTED = re.compile(r"n = [\d,]+|\d+ (instant|day|week)s?\b")


@pytest.fixture(params=WORLDS)
def world(request):
    return request.param


def test_every_report_has_its_entrys_name_and_panels_of_their_own(world):
    for entry, report in zip(ENTRIES, reports_of(world).values(), strict=True):
        assert (report.key, report.title, report.question) == (entry.key, entry.title, entry.question)
        assert len({panel.key for panel in report.panels}) == len(report.panels)


def test_what_is_undefined_is_never_shown_as_a_number(world):
    for report in reports_of(world).values():
        said = [text for headline in report.headlines for text in (headline.value, headline.delta)]
        assert [text for text in said if UNDEFINED.search(text)] == []
        assert [words_of(panel) for panel in report.panels if UNDEFINED.search(words_of(panel))] == []


def test_every_panel_says_what_it_is_and_what_was_counted(world):
    for panel in panels_of(world).values():
        assert all([panel.title, panel.empty, panel.note])
        assert panel.table.empty or panel.takeaway
        assert COUNTED.search(panel.note), panel.note


def test_a_shown_panel_compares_with_nothing_unknown(world):
    shown = [panel.takeaway for panel in panels_of(world).values() if len(panel.table)]
    assert [text for text in shown if re.search(r"(^|\s)–($|[\s,.;])", text)] == []


def test_one_thing_is_never_spoken_of_as_many(world):
    said = [text for panel in panels_of(world).values() for text in (panel.takeaway, panel.note)]
    said += [headline.delta for report in reports_of(world).values() for headline in report.headlines]
    assert [text for text in said if ONE_OF_MANY.search(text)] == []


def test_a_headline_that_compares_says_with_what(world):
    days = WORLDS[world]().scope.window_days
    for report in reports_of(world).values():
        for headline in report.headlines:
            if headline.delta.startswith(("+", "-")):
                assert headline.help.endswith(f"Compared with the {words.count(days, 'day')} before.")


def test_every_line_that_needs_attention_has_a_link(world):
    url = panels_of(world)["overview", "attention"].table["url"]
    assert url.str.match(r"https?://|/(milestones|reviews|workload)$|/milestone\?milestone=[^ ]+$").all()


def test_every_headline_has_a_label_a_value_and_a_meaning(world):
    for report in reports_of(world).values():
        assert report.headlines
        assert all(headline.label and headline.value and headline.help for headline in report.headlines)


def test_a_table_has_the_same_typed_columns_full_or_empty(world):
    for key, panel in panels_of(world).items():
        expected = panels_of("sample")[key].table.dtypes
        pd.testing.assert_series_equal(panel.table.dtypes.astype("str"), expected.astype("str"), obj=f"{world} {key}")


def test_links_are_columns_of_the_table(world):
    for panel in panels_of(world).values():
        assert set(panel.links) <= set(panel.table.columns)


def test_people_stand_in_the_order_of_their_names_never_in_that_of_their_load(world):
    for key, panel in panels_of(world).items():
        if "name" in panel.table:
            assert panel.table["name"].is_monotonic_increasing, key


@pytest.mark.parametrize("world", EMPTY)
def test_where_there_is_nothing_every_panel_says_so_in_words(world):
    about_items = {key: panel for key, panel in panels_of(world).items() if key not in OF_THE_STORE | OF_THE_PAST}
    assert [key for key, panel in about_items.items() if len(panel.table)] == []


def test_an_empty_store_fills_no_panel():
    assert [key for key, panel in panels_of("nothing").items() if len(panel.table)] == []


def test_the_sample_fills_every_panel():
    empty = {key for key, panel in panels_of("sample").items() if panel.table.empty}
    assert empty <= {("milestone", "cut"), ("person", "owed"), ("reviews", "unasked")}


def test_github_alone_fills_flow_and_reviews_and_leaves_milestones_in_words():
    shown = {key for key, panel in panels_of("GitHub only").items() if len(panel.table)}
    assert {key[0] for key in shown} >= {"flow", "reviews", "overview"}
    assert "milestones" not in {key[0] for key in shown}


def test_the_past_is_not_the_present():
    now, then = panels_of("sample"), panels_of("200 days ago")
    same = {key for key in now if len(now[key].table) and now[key].table.equals(then[key].table)}
    assert same <= OF_THE_STORE | {("workload", "urgent")}


@pytest.mark.parametrize("world", ["sample", "200 days ago"])
def test_nothing_shown_happened_after_as_of(world):
    as_of = WORLDS[world]().scope.as_of
    for panel in [panel for key, panel in panels_of(world).items() if key not in OF_THE_STORE]:
        for name in panel.table.select_dtypes("datetimetz"):
            assert not (panel.table[name] > as_of).any()


def test_one_teams_people_are_all_that_one_team_sees():
    world = WORLDS["one team"]()
    frames = world.frames
    berth = frames.teams.loc[frames.teams["name"] == "Berth", "id"].astype("str").iloc[0]
    ids = frames.team_members.loc[frames.team_members["team"] == berth, "person"]
    names = {*frames.people.loc[frames.people["id"].isin(ids), "name"], "Berth"}
    for key, panel in panels_of("one team").items():
        if "name" in panel.table and key not in OF_THE_STORE:
            assert set(panel.table["name"]) <= names, key


def test_one_projects_items_are_all_that_one_project_shows():
    for panel in panels_of("a repository").values():
        if "project" in panel.table:
            assert set(panel.table["project"]) <= {"harbourline/platform"}
