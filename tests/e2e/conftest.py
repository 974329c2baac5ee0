"""A real server on the sample organisation and a real browser."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.servers import serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


def pytest_collection_modifyitems(items):
    """Everything in this folder needs a browser."""
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.e2e)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """`fairlead serve` in an empty folder, as a newcomer would start it; yields the address it prints."""
    with serving(folder) as server:
        yield server.address


TAB_MILLISECONDS = 30_000


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    with served(tmp_path_factory.mktemp("newcomer")) as at:
        yield at


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield launched
        launched.close()


@pytest.fixture
def tab(browser):
    """A fresh tab that fails the test if the page wrote an error to the console or called an outside host."""
    with opened_tab(browser) as page:
        yield page


@contextmanager
def opened_tab(browser, **options):
    """What `tab` gives, with further options of the browser's context."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True, **options)
    page = context.new_page()
    errors, outside = [], []
    page.on("console", lambda message: errors.append(message.text) if is_fault(message) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: outside.append(request.url) if _is_outside(request.url) else None)
    page.set_default_timeout(TAB_MILLISECONDS)
    yield page
    context.close()
    assert errors == []
    assert outside == []


def is_fault(message) -> bool:
    """Console errors, but for the two addresses a deep link makes Streamlit's own client try in vain."""
    tried = message.location["url"].endswith(("/_stcore/health", "/_stcore/host-config"))
    return message.type == "error" and not tried


def _is_outside(url: str) -> bool:
    return not url.startswith(
        (*(f"{scheme}://localhost:" for scheme in ("http", "https", "ws", "wss")), "data:", "blob:")
    )
