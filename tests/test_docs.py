"""Documentation that says what the code does."""

import re
from pathlib import Path

import pytest

from docs import generate

ROOT = Path(__file__).parents[1]
WRITTEN = [path for path in ROOT.rglob("*.md") if not {".venv", "node_modules"} & set(path.parts)]
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#]+)")


@pytest.mark.parametrize("name", generate.PAGES)
def test_generated_pages_are_current(name):
    assert (ROOT / "docs" / name).read_text("utf-8") == generate.PAGES[name](), "run `make docs`"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path):
    missing = [target for target in LINK.findall(path.read_text("utf-8")) if not (path.parent / target).exists()]
    assert missing == []


def test_every_routine_of_the_makefile_is_explained():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    routines = re.findall(r"^([a-z0-9]+):", makefile, re.MULTILINE)
    explained = re.findall(r"^([a-z0-9]+):.*## ", makefile, re.MULTILINE)
    assert routines == explained
    assert {"setup", "run", "test", "check", "fix", "e2e", "bench", "sync", "report", "sample", "docs"} <= set(routines)


def test_the_locks_pin_every_package_by_hash_and_name_no_address():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text
        pinned = re.findall(r"^[\w.\-\[\]]+==", text, re.MULTILINE)
        assert len(re.findall(r"--hash=sha256", text)) >= len(pinned) > 50
