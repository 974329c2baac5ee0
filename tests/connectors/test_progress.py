"""What a person sees of a sync: plain lines in a log, bars on a terminal."""

import io

from rich.console import Console

from connectors import progress
from connectors.runs import Step


def test_without_a_terminal_progress_is_plain_lines_now_and_then(capsys):
    with progress.shown() as tell:
        for n_done in range(100, 1201, 100):
            tell(Step("github a/b", "pull_requests", n_done, 1200))
    assert capsys.readouterr().err.splitlines() == [
        "github a/b: pull requests 500 of 1200",
        "github a/b: pull requests 1000 of 1200",
        "github a/b: pull requests 1200 of 1200",
    ]


def test_the_end_of_a_stream_is_said_once_and_an_empty_one_not_at_all(capsys):
    with progress.shown() as tell:
        tell(Step("github a/b", "issues", 3, None))
        for _ in range(2):
            tell(Step("github a/b", "issues", 3, None, is_last=True))
        tell(Step("github a/b", "releases", 0, None, is_last=True))
    assert capsys.readouterr().err.splitlines() == ["github a/b: issues 3"]


def test_on_a_terminal_every_stream_has_a_bar_with_items_and_what_is_granted(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr(progress, "Console", lambda **_: Console(file=screen, force_terminal=True, width=160))
    with progress.shown() as tell:
        tell(Step("github a/[b]", "pull_requests", 25, 100, rate_left=4990))
        tell(Step("jira FL", "issues", 7, None, is_last=True))
    shown = screen.getvalue()
    assert "github a/[b]  pull requests" in shown
    assert "25/100" in shown
    assert "4990 points granted" in shown
    assert "7/7" in shown
