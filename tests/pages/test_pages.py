"""Every page as a viewer sees it, and every page file for somebody who comes past the door."""

import io
from itertools import groupby

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from fairlead import config, store
from fairlead.access import LOCAL_LEAD, visible_to
from fairlead.scope import Scope
from reports.catalogue import ENTRIES
from reports.headings import formatted, heading
from reports.render import plain
from tests.pages.conftest import ROOT, SECONDS, opened, shown
from tests.reports.worlds import reports_of
from tests.sample import AS_OF

BY_PAGE = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)


@pytest.fixture(scope="module")
def pages(home):
    """Each page after its first run, as one viewer who goes through the menu."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        patch.setenv("FAIRLEAD_CONFIG", "-")
        return {entry.key: opened(entry.page) for entry in ENTRIES}


@pytest.fixture(scope="module")
def reports(home):
    """What the pages' builders make of the store, by key: runs of the sync are in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        with store.open(config.SAMPLE.store.url) as opened:
            frames = visible_to(LOCAL_LEAD, opened.read())
    return {entry.key: entry.build(frames, Scope(AS_OF)) for entry in ENTRIES}


@BY_PAGE
def test_a_page_runs_through_under_its_own_title(pages, entry):
    page = pages[entry.key]
    assert not page.exception
    assert not page.error
    assert [title.value for title in page.title] == [entry.title]
    assert entry.question in [caption.value for caption in page.main.caption]


@BY_PAGE
def test_a_page_shows_the_panels_of_its_report_in_their_order(pages, reports, entry):
    report, page = reports[entry.key], pages[entry.key]
    assert [header.value for header in page.subheader] == [plain(panel.title) for panel in report.panels]
    filled = [panel for panel in report.panels if len(panel.table)]
    said = [markdown.value for markdown in page.markdown]
    assert [panel.key for panel in filled if plain(panel.takeaway) not in said] == []
    notes = [caption.value for caption in page.caption]
    assert [panel.key for panel in filled if plain(panel.note) not in notes] == []
    empty = [panel.empty for panel in report.panels if panel.table.empty]
    assert set(empty) <= {info.value for info in page.info}


@BY_PAGE
def test_a_page_shows_the_headlines_of_its_report(pages, reports, entry):
    report = reports[entry.key]
    said = [(metric.label, metric.value, metric.delta) for metric in pages[entry.key].metric]
    assert said == [(headline.label, headline.value, headline.delta) for headline in report.headlines]


@BY_PAGE
def test_every_panel_that_holds_something_can_be_downloaded(pages, reports, entry):
    filled = [panel for panel in reports[entry.key].panels if len(panel.table)]
    assert len(pages[entry.key].download_button) == len(filled)


@BY_PAGE
def test_panels_stand_under_the_headings_of_their_sections(pages, reports, entry):
    """Each heading once, in the order of the panels."""
    sections = [section for section, _ in groupby(reports[entry.key].panels, key=lambda panel: panel.section)]
    assert [header.value for header in pages[entry.key].header] == [plain(section) for section in sections if section]


def test_reviews_and_workload_have_sections(reports):
    for key in ("reviews", "workload"):
        assert len({panel.section for panel in reports[key].panels} - {""}) >= 3


def test_the_plan_is_offered_as_text_to_copy(pages, reports):
    plan = next(panel for panel in reports["workload"].panels if panel.key == "moves")
    assert plan.copied
    offered = [expander for expander in pages["workload"].expander if expander.label == "As text"]
    assert [code.value for expander in offered for code in expander.code] == [plan.copied]


@BY_PAGE
def test_only_what_can_be_copied_is_offered_as_text(pages, reports, entry):
    copied = [panel for panel in reports[entry.key].panels if panel.copied and len(panel.table)]
    assert len([expander for expander in pages[entry.key].expander if expander.label == "As text"]) == len(copied)


@pytest.mark.parametrize(
    ("clock", "first"), [("elapsed hours", "24 h = one day"), ("working hours", "8 working h = one day")]
)
def test_the_clock_in_the_address_leads(dashboard, clock, first):
    app = dashboard("pages/reviews.py", clock=clock)
    assert not app.exception
    assert app.selectbox(key="clock").value == clock
    assert any(first in str(chart.proto) for chart in app.get("plotly_chart"))


def test_a_person_in_the_address_is_chosen_and_another_forgets_nothing_but_the_person(dashboard):
    app = dashboard("pages/person.py")
    other = app.selectbox(key="person").options[3]
    app = dashboard("pages/person.py", person=other, window="30")
    assert (app.selectbox(key="person").value, app.selectbox(key="window").value) == (other, 30)


def test_a_person_who_is_not_here_is_said_to_be_gone_and_nothing_of_them_is_shown(dashboard):
    app = dashboard("pages/person.py", person="Nobody <b>Here</b>")
    assert not app.exception
    assert [warning.value for warning in app.warning] == [
        plain("Nobody <b>Here</b>") + " is not here: it was renamed, or the filters leave it out. This is another one."
    ]
    assert app.selectbox(key="person").value == app.selectbox(key="person").options[0]


def as_linked(address):
    """A page of ours is linked beside this one, whatever path Streamlit is served under."""
    return str(address).removeprefix("/") if str(address).startswith("/") else address


def tabled(panels):
    return [panel for panel in panels if panel.figure is None and panel.style == "table" and len(panel.table)]


def stands_still(panel):
    """People and teams stand in the order of their names: a table that sorts at a click would rank them."""
    return "name" in panel.table and not panel.links


@BY_PAGE
def test_tables_of_people_stand_still_and_are_text(pages, reports, entry):
    panels = [panel for panel in tabled(reports[entry.key].panels) if stands_still(panel)]
    tables = [table.value for table in pages[entry.key].table]
    assert [list(table.index) for table in tables] == [
        [plain(name) for name in panel.table["name"]] for panel in panels
    ]
    for table, panel in zip(tables, panels, strict=True):
        assert table.reset_index().to_numpy().tolist() == formatted(panel.table)[
            [heading("name"), *(heading(name) for name in panel.table if name != "name")]
        ].map(plain).to_numpy().tolist()  # fmt: skip


def test_tables_on_screen_are_the_tables_of_the_panels(pages, reports):
    for entry in ENTRIES:
        filled = [panel for panel in reports[entry.key].panels if len(panel.table)]
        panels = [panel for panel in tabled(filled) if not stands_still(panel)]
        frames = [frame.value for frame in pages[entry.key].dataframe]
        assert len(frames) == len(panels)
        for frame, panel in zip(frames, panels, strict=True):
            own = panel.table.assign(**{name: panel.table[name].map(as_linked) for name in panel.links})
            own = own.replace([float("inf"), float("-inf")], float("nan"))
            written = [io.StringIO(table[list(own)].to_csv(index=False)) for table in (frame, own)]
            pd.testing.assert_frame_equal(*(pd.read_csv(text) for text in written))


def test_the_sample_is_called_invented_and_as_of_its_own_day(pages):
    said = pages["overview"].sidebar.caption[0].value
    assert "15 Jun 2026" in said
    assert "invented sample organisation" in said


def test_the_menu_goes_through_all_pages_in_one_session(dashboard):
    app = dashboard()
    for entry in (*ENTRIES, ENTRIES[0]):
        app.switch_page(entry.page).run()
        assert not app.exception
        assert [title.value for title in app.title] == [entry.title]


def test_a_team_in_the_address_is_chosen_and_counted(dashboard):
    app = dashboard("pages/reviews.py", team="Berth")
    assert app.multiselect(key="team").value == ["Berth"]
    panel = reports_of("one team")["reviews"].panels[0]
    assert plain(panel.takeaway) in [markdown.value for markdown in app.markdown]


def test_a_project_in_the_address_is_chosen_and_counted(dashboard):
    app = dashboard("pages/flow.py", project="CARGO")
    assert app.multiselect(key="project").value == ["CARGO"]
    panel = reports_of("a Jira project")["flow"].panels[0]
    assert plain(panel.takeaway) in [markdown.value for markdown in app.markdown]


def test_window_and_day_in_the_address_are_chosen_and_survive_a_page_change(dashboard):
    app = dashboard("pages/flow.py", window="365", as_of="2026-03-01")
    for _ in range(2):
        assert app.selectbox(key="window").value == 365
        assert app.date_input(key="as_of").value.isoformat() == "2026-03-01"
        app.switch_page("pages/milestones.py").run()
    app.switch_page("pages/flow.py").run()
    assert any("finished 02 Mar 2025" in caption.value for caption in app.caption)


NONSENSE = [{"team": "Nobody's"}, {"window": "7"}, {"as_of": "yesterday"}, {"as_of": "2999-01-01"}]


@pytest.mark.parametrize("nonsense", NONSENSE, ids=str)
def test_a_filter_that_does_not_exist_is_dropped(dashboard, nonsense):
    app = dashboard("pages/flow.py", **nonsense)
    assert not app.exception
    assert [title.value for title in app.title] == ["Flow"]
    assert (app.multiselect(key="team").value, app.selectbox(key="window").value) == ([], 90)


def test_choosing_a_team_puts_it_into_the_address(dashboard):
    app = dashboard("pages/flow.py")
    app.multiselect(key="team").select("Berth").run()
    assert app.query_params["team"] in ("Berth", ["Berth"])


def test_flow_can_count_pull_requests(dashboard):
    app = dashboard("pages/flow.py")
    app.selectbox(key="unit").select("Pull requests").run()
    assert not app.exception
    assert any("pull requests" in markdown.value for markdown in app.markdown)


@BY_PAGE
def test_every_figure_has_the_table_behind_it(pages, reports, entry):
    panels = reports[entry.key].panels
    drawn = [panel for panel in panels if panel.figure is not None or panel.style == "folded"]
    labels = [expander.label for expander in pages[entry.key].expander if expander.label.startswith("Table")]
    assert labels == [f"Table · {len(panel.table):,} rows" for panel in drawn]


def test_a_store_that_was_never_filled_says_what_to_do(settled):
    settled('[[github]]\nrepos = ["octo/house"]\n')
    app = opened()
    assert not app.exception
    assert "Run `fairlead sync`" in app.info[0].value
    assert not app.subheader
    assert not app.metric


def test_a_faulty_settings_file_is_shown_in_words(settled):
    settled("[stoer]\n")
    app = opened()
    assert not app.exception
    assert "did you mean store?" in app.error[0].value
    assert not app.subheader


def test_a_settings_file_that_is_not_there_is_shown_in_words(settled, monkeypatch, tmp_path):
    settled("")
    monkeypatch.setenv("FAIRLEAD_CONFIG", str(tmp_path / "absent.toml"))
    app = opened()
    assert not app.exception
    assert "cannot be read" in app.error[0].value


@BY_PAGE
@pytest.mark.usefixtures("at_home")
def test_a_page_file_run_past_the_door_shows_nothing(entry):
    """Here Streamlit does not know `dashboard.py`, so that the way back is refused; on a server it is taken."""
    app = AppTest.from_file(ROOT / entry.page, default_timeout=SECONDS).run()
    assert [exception.message.partition(":")[0] for exception in app.exception] == ["Could not find page"]
    assert shown(app) == []
    assert not app.dataframe
    assert not app.download_button
    assert not app.sidebar.multiselect


def test_the_store_lies_in_the_folder_the_dashboard_was_started_in(home, pages):
    assert pages
    assert (home / ".fairlead" / "sample.db").is_file()
