"""Written pages in a real browser, opened from a file: they draw, print, read without charts, and ask for nothing."""

import re

import pytest

from reports.html import UNDRAWN, to_html, to_mail
from tests.reports.worlds import WORLDS, panels_of, reports_of

A4, LYING = (595, 842), (842, 595)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("written")
    for world in ("sample", "hostile"):
        reports, scope = reports_of(world).values(), WORLDS[world]().scope
        (made / f"{world}.html").write_text(to_html(reports, scope, title="All pages"), "utf-8")
        (made / f"{world}-mail.html").write_text(to_mail(reports, scope, title="All pages"), "utf-8")
    return made


@pytest.fixture
def opened(browser, folder):
    """Open a page in a tab without a network; its complaints and requests are kept."""
    contexts = []

    def of(name, *, width=1280, script=""):
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.complaints, page.asked = [], []
        page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (page.complaints.append("a dialog"), dialog.dismiss()))
        page.on("request", lambda request: page.asked.append(request.url))
        if script:
            page.add_init_script(script)
        page.goto((folder / f"{name}.html").as_uri())
        return page

    yield of
    for context in contexts:
        context.close()


def drawn(page):
    page.wait_for_selector("html.drawn", state="attached")
    return page


@pytest.mark.parametrize("world", ["sample", "hostile"])
def test_every_figure_is_drawn_and_nothing_is_asked_for(opened, world):
    page = drawn(opened(world))
    n = sum(panel.figure is not None and len(panel.table) > 0 for panel in panels_of(world).values())
    assert page.locator(".figure .main-svg").count() >= n
    assert page.locator(".figure .plotly").count() == n
    assert page.complaints == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []


def test_markup_in_titles_is_text_in_the_page_and_in_its_figures(opened):
    page = drawn(opened("hostile"))
    assert page.locator("img, iframe, .figure a").count() == 0
    assert "<img src=x onerror" in " ".join(page.locator(".figure text").all_text_contents())
    assert page.locator("tspan[style*='font-weight: bold']").count() == 0


@pytest.mark.parametrize("name", ["sample", "sample-mail"])
def test_on_a_phone_nothing_has_to_be_pushed_sideways_but_wide_tables(opened, name):
    page = opened(name, width=390)
    if name == "sample":
        drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_browser_that_cannot_unpack_still_shows_text_and_tables(opened):
    page = opened("sample", script="delete window.DecompressionStream")
    assert page.get_by_text(UNDRAWN).is_visible()
    assert page.locator(".figure").first.is_hidden()
    page.locator("summary").first.click()
    assert page.locator("details table").first.is_visible()
    assert page.get_by_text("What needs attention").first.is_visible()


def test_it_prints_to_pages_of_a4_with_figures_as_wide_as_they_are(opened):
    page = drawn(opened("sample"))
    paper = page.pdf(prefer_css_page_size=True)
    sizes = [tuple(round(float(side)) for side in found) for found in
             re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)]  # fmt: skip
    assert len(sizes) > 10
    assert set(sizes) == {A4, LYING}
    assert page.evaluate("Math.max(...[...document.querySelectorAll('.figure')].map(f => f.clientWidth))") > 672


def test_while_it_is_printed_every_figure_fits_the_page(opened):
    page = drawn(opened("sample", width=390))
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function(
        "[...document.querySelectorAll('.figure .main-svg')].every(s => s.getAttribute('width') == 672)"
    )
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.wait_for_function(
        "[...document.querySelectorAll('.figure .main-svg')].every(s => s.getAttribute('width') < 390)"
    )
