"""The dashboard in a real browser: open, filter, follow a link, download."""

import csv
import io
from pathlib import Path

import pytest

from reports.catalogue import ENTRIES
from tests.e2e.conftest import served


def settled(tab):
    """Wait until the page's run is over: the title is there and nothing is stale or running."""
    tab.wait_for_selector("h1")
    tab.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    return tab


def opened(tab, url):
    tab.goto(url)
    return settled(tab)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_each_page_shows_its_panels_without_an_exception(tab, address, entry):
    opened(tab, f"{address}/{'' if entry is ENTRIES[0] else entry.key}")
    assert tab.locator("h1").inner_text() == entry.title
    assert tab.locator("[data-testid=stException]").count() == 0
    assert tab.locator("h3").count() >= 1


def test_the_menu_leads_to_every_page(tab, address):
    opened(tab, address)
    for entry in ENTRIES[1:]:
        tab.get_by_test_id("stSidebarNav").get_by_text(entry.title, exact=True).click()
        tab.wait_for_function("title => document.querySelector('h1')?.innerText === title", arg=entry.title)
        settled(tab)


def test_a_chosen_team_is_in_the_address_and_survives_page_change_and_reload(tab, address):
    opened(tab, f"{address}/flow")
    tab.get_by_test_id("stSidebar").get_by_label("Team").first.click()
    tab.get_by_role("option").nth(1).click()
    tab.wait_for_function("() => location.search.includes('team=')")
    settled(tab)
    chosen = tab.evaluate("() => new URLSearchParams(location.search).get('team')")
    tab.get_by_test_id("stSidebarNav").get_by_text("Reviews", exact=True).click()
    tab.wait_for_function("() => document.querySelector('h1')?.innerText === 'Reviews'")
    settled(tab)
    assert tab.evaluate("() => new URLSearchParams(location.search).get('team')") == chosen
    tab.reload()
    settled(tab)
    tab.get_by_test_id("stSidebar").get_by_text(chosen, exact=True).first.wait_for()


def test_a_link_with_filters_shows_what_it_says(tab, address):
    opened(tab, f"{address}/flow?window=365&as_of=2026-03-01")
    tab.get_by_text("finished 02 Mar 2025 to 01 Mar 2026").wait_for()


def test_a_deep_link_is_the_first_thing_a_fresh_server_answers(tab, tmp_path):
    with served(tmp_path) as fresh:
        opened(tab, f"{fresh}/reviews?window=180")
        assert tab.locator("h1").inner_text() == "Reviews"
        assert tab.get_by_test_id("stSidebarNav").count() == 1
        assert "window=180" in tab.url
        tab.close()


def test_a_download_is_a_csv_with_the_rows_the_panel_speaks_of(tab, address):
    opened(tab, f"{address}/flow")
    with tab.expect_download() as download:
        tab.get_by_role("button", name="CSV").first.click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8"))))
    assert download.value.suggested_filename.startswith("fairlead-flow-")
    assert len(rows) > 1
    assert len({len(row) for row in rows}) == 1


def supposed(tab):
    """The items left out, as the address has them."""
    return tab.evaluate("() => new URLSearchParams(location.search).getAll('drop')")


def pick(tab, label, place):
    """Choose an option of a list; returns its text."""
    return chosen(tab, tab.get_by_label(label).first, place)


def chosen(tab, widget, place):
    widget.click()
    option = tab.get_by_role("option").nth(place)
    text = option.inner_text()
    option.click()
    tab.keyboard.press("Escape")
    return text


def first_header(tab, text):
    tab.wait_for_function("text => document.querySelector('h3')?.innerText.startsWith(text)", arg=text)
    settled(tab)


def test_what_is_supposed_is_in_the_address_by_short_keys_and_survives_a_reload(tab, address):
    opened(tab, f"{address}/milestone")
    tab.get_by_text("What if … less").click()
    key = pick(tab, "Leave out items", 1).split()[0]
    first_header(tab, "What if?")
    assert supposed(tab) == [key]
    second = pick(tab, "Leave out items", 1).split()[0]
    tab.wait_for_function("() => new URLSearchParams(location.search).getAll('drop').length === 2")
    assert supposed(tab) == [key, second]
    tab.reload()
    first_header(tab, "What if?")
    tab.get_by_text("Without 2 items").first.wait_for()
    assert supposed(tab) == [key, second]


def test_what_is_left_out_of_one_milestone_is_not_left_out_of_another(tab, address):
    opened(tab, f"{address}/milestone")
    tab.get_by_text("What if … less").click()
    pick(tab, "Leave out items", 1)
    first_header(tab, "What if?")
    chosen(tab, tab.locator("[data-testid=stMain] [data-testid=stSelectbox] input").first, 1)
    first_header(tab, "Burn-up: ")
    assert supposed(tab) == []


def test_a_scenario_can_be_sent_as_a_link(tab, address):
    opened(tab, f"{address}/milestone?pace=150&due=2026-12-01&later=2")
    first_header(tab, "What if?")
    tab.get_by_text("At 150 % of the pace, started 2 weeks later, due 1 Dec 2026: plan on ").first.wait_for()


def decided(tab, name):
    """The decisions of a kind, as the address has them."""
    return tab.evaluate("name => new URLSearchParams(location.search).getAll(name)", name)


def test_a_move_that_is_accepted_is_in_the_address_and_still_accepted_after_a_reload(tab, address):
    opened(tab, f"{address}/workload")
    tab.get_by_text("Decide on moves").click()
    tab.get_by_text("Started items may move", exact=True).click()
    tab.wait_for_function("() => location.search.includes('started=true')")
    tab.get_by_text("Started items may move too").first.wait_for()
    settled(tab)
    tab.get_by_role("radio", name="Accept").first.click()
    tab.wait_for_function("() => new URLSearchParams(location.search).getAll('accept').length === 1")
    settled(tab)
    (accepted,) = decided(tab, "accept")
    assert ">person:" in accepted
    tab.reload()
    settled(tab)
    tab.get_by_role("radio", name="Accept", checked=True).first.wait_for()
    assert (decided(tab, "accept"), decided(tab, "started")) == ([accepted], ["true"])
    assert tab.get_by_role("radio", name="Accept", checked=True).count() == 1
    tab.get_by_role("heading", name="To hand over").wait_for()


def test_one_persons_page_is_of_whom_the_address_names(tab, address):
    opened(tab, f"{address}/person")
    tab.get_by_role("heading", name="What they hold").wait_for()
    name = chosen(tab, tab.locator("[data-testid=stMain] [data-testid=stSelectbox] input").first, 2)
    tab.wait_for_function("name => new URLSearchParams(location.search).get('person') === name", arg=name)
    tab.reload()
    settled(tab)
    assert tab.locator("[data-testid=stMain] [data-testid=stSelectbox] input").first.input_value() == name
    assert tab.locator("[data-testid=stException]").count() == 0


def test_a_line_that_needs_attention_leads_to_its_milestone(tab, address):
    opened(tab, address)
    link = tab.locator("a[href^='milestone?milestone=']").first
    title = link.inner_text()
    opened(tab, f"{address}/{link.get_attribute('href')}")
    first_header(tab, f"Burn-up: {title}")


def test_a_phone_sees_everything_in_one_column(tab, address):
    tab.set_viewport_size({"width": 390, "height": 844})
    opened(tab, f"{address}/flow")
    assert tab.evaluate("() => document.documentElement.scrollWidth <= 390")
