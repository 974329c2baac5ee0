"""The rules of the house that a reviewer should not have to look for."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("fairlead", "connectors", "metrics", "charts", "reports")
PAGES = sorted((ROOT / "pages").glob("*.py"))
CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "localtime", "gmtime"}
DOORS = {"reports/live.py", "fairlead/__main__.py"}


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_there_are_pages_to_check():
    assert len(PAGES) >= 5


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_opens_the_gate_first_and_computes_nothing(page):
    tree = ast.parse(page.read_text("utf-8"))
    statements = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
    assert ast.unparse(statements[0]) == "view = live.open_view()"
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef)]
    assert {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} == {"reports"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    assert len(page.read_text("utf-8").splitlines()) <= 30


def reads_clock(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in CLOCKS and ast.unparse(node.value).rpartition(".")[2] in {
        "Timestamp", "datetime", "date", "time", "dt",
    }  # fmt: skip


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_only_the_doors_read_the_clock(path):
    found = [node.lineno for node in ast.walk(ast.parse(path.read_text("utf-8"))) if reads_clock(node)]
    assert not found or name_of(path) in DOORS


def test_the_clock_rule_can_fail():
    assert any(reads_clock(node) for node in ast.walk(ast.parse('import pandas as pd\npd.Timestamp.now("UTC")')))


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_no_module_is_named_for_nothing(path):
    assert path.stem not in {"utils", "helpers", "common", "misc"}


BREAKS = {
    "layers": ("fairlead/scope.py", "import metrics.terms"),
    "connectors": ("connectors/__init__.py", "import plotly"),
    "families": ("metrics/flow.py", "import metrics.milestones"),
    "pure-metrics": ("metrics/flow.py", "import streamlit"),
    "drawing": ("charts/flow.py", "import fairlead.config"),
    "screen": ("reports/csv.py", "import streamlit"),
    "reading": ("reports/reviews/waiting.py", "import reports.workload"),
    "network": ("reports/live.py", "import requests"),
    "door": ("reports/live.py", "import fairlead.__main__"),
}


def lint_imports(folder: Path, contract: str) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache", "--contract", contract]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.mark.parametrize("contract", BREAKS)
def test_each_import_contract_fails_when_broken(house, contract):
    path, line = BREAKS[contract]
    assert lint_imports(house, contract).returncode == 0
    original = (house / path).read_text("utf-8")
    (house / path).write_text(f"{original}\n{line}\n", "utf-8")
    try:
        assert "BROKEN" in lint_imports(house, contract).stdout
    finally:
        (house / path).write_text(original, "utf-8")


def test_every_import_contract_is_broken_once():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    declared = [line.split('"')[1] for line in text.splitlines() if line.startswith("id = ")]
    assert sorted(declared) == sorted(BREAKS)
