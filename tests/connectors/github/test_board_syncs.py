"""Project boards: rights to read them, and what is left of their rows when they, or the rights, change."""

import pandas as pd
import pytest

from connectors import RateLimitedError, SyncState
from connectors.github import GithubLane, checks
from connectors.github.answers import Answer, Exchange, Where, answer
from connectors.github.boards import BoardSource, Fields
from connectors.github.faults import NotAllowedError, RefusedError
from connectors.github.tables import tables
from connectors.sync import Clock, Run
from fairlead import store
from fairlead.config import GithubConnection, PeopleSettings, Settings, SyncSettings
from fairlead.errors import SourceError
from tests.connectors.github.board import FIELDS, Board, answered, item, read
from tests.connectors.github.server import NOW
from tests.connectors.pages import issue, page

# Rights --------------------------------------------------------------------------------------------------------------


UNREADABLE = [
    pytest.param(NotAllowedError("github: the query was refused (INSUFFICIENT_SCOPES)."), id="scope"),
    pytest.param(answered(None, faults=frozenset({"FORBIDDEN"})), id="forbidden"),
    pytest.param(answered(None, faults=frozenset({"NOT_FOUND"})), id="not found"),
    pytest.param(Answer({"repositoryOwner": None}, at=NOW), id="no such owner"),
    pytest.param(Answer({"repositoryOwner": {}}, at=NOW), id="an owner without boards"),
]


@pytest.mark.parametrize("fault", UNREADABLE)
@pytest.mark.parametrize("earlier", [[], [None]])
def test_a_board_that_may_not_be_read_says_which_permission_is_needed(fault, earlier):
    state = SyncState()
    with pytest.raises(SourceError, match="board octo/3") as caught:
        read(Board(item(1), faults=[*earlier, fault]), state=state)
    for said in (
        "does not exist or the token may not read it",
        "read:project",
        "organisation permission Projects: read",
    ):
        assert said in str(caught.value)
    assert state.warnings == []


@pytest.mark.parametrize(
    ("kinds", "fault"),
    [(["INSUFFICIENT_SCOPES"], NotAllowedError), (["FORBIDDEN"], NotAllowedError), (["undefinedField"], RefusedError)],
)
def test_a_refused_question_says_whether_rights_are_what_is_missing(kinds, fault):
    exchange = Exchange(200, {}, {"data": None, "errors": [{"type": kind, "message": "secret"} for kind in kinds]})
    with pytest.raises(RefusedError) as caught:
        answer(exchange, Where("h", "a", "T"))
    assert type(caught.value) is fault


def test_other_faults_are_not_taken_for_missing_rights():
    for fault in (RateLimitedError("github x", NOW), RefusedError("github: the query was refused (undefinedField).")):
        with pytest.raises(type(fault)) as caught:
            read(Board(faults=[fault]))
        assert "read:project" not in str(caught.value)


def test_a_board_is_asked_for_alike_whether_an_organisation_or_a_user_owns_it():
    board = Board(item(7))
    source = BoardSource(lambda: board, "ann/12", FIELDS)
    assert source.tables(list(source.fetch(SyncState())))["board_items"]["board"].tolist() == ["ann/12"]
    assert board.asked[0][1] == {"owner": "ann", "number": 12}


# The lane and the store ----------------------------------------------------------------------------------------------


def connection(**more):
    return GithubConnection(**({"repos": ("octo/house",), "projects": ("octo/3",)} | more))


def test_boards_are_sources_of_their_own_after_the_repositories(monkeypatch):
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    lane = GithubLane(connection(projects=("octo/3", "Octo/3", "ann/1"), estimate_field="Points"), SyncSettings())
    sources = list(lane.sources())
    assert [source.name for source in sources] == ["github octo/house", "github octo/3 board", "github ann/1 board"]
    assert sources[-1].fields == Fields("Status", "Points", "Iteration")
    assert sources[-1].shape == sources[1].shape


class Repository:
    """A source that reads one issue, beside the boards."""

    name, shape = "github octo/house", "1"

    def fetch(self, state):
        state.watermark = NOW
        yield page("issues", issue(1))

    def tables(self, pages):
        return tables(pages)


class Lane:
    name = "github here"

    def __init__(self, *boards):
        self.boards = boards

    def sources(self):
        yield Repository()
        for address, board in self.boards:
            yield BoardSource(lambda board=board: board, address, FIELDS)


@pytest.fixture
def opened(tmp_path):
    with store.open(f"sqlite:///{tmp_path}/fairlead.db") as opened:
        yield opened


def sync(opened, *boards):
    settings = Settings(github=(connection(),), people=PeopleSettings(file="/absent/people.csv"))
    outcomes = Run(opened, settings, Clock(lambda: pd.Timestamp.now("UTC"), iter(range(10**6)).__next__)).read(
        [Lane(*boards)]
    )
    return [outcome.status for outcome in outcomes]


def held(opened):
    rows = opened.read().board_items.astype({"issue": "str"})
    return sorted((row.board, int(row.issue.rpartition("#")[2])) for row in rows.itertuples())


def test_an_issue_that_left_the_board_loses_its_row_and_other_boards_keep_theirs(opened):
    both = Board(item(1), item(2))
    assert sync(opened, ("octo/3", both), ("ann/1", both)) == ["complete"] * 3
    assert held(opened) == [("ann/1", 1), ("ann/1", 2), ("octo/3", 1), ("octo/3", 2)]
    sync(opened, ("octo/3", Board(item(2))), ("ann/1", both))
    assert held(opened) == [("ann/1", 1), ("ann/1", 2), ("octo/3", 2)]


def test_an_emptied_board_loses_all_rows(opened):
    sync(opened, ("octo/3", Board(item(1))))
    sync(opened, ("octo/3", Board()))
    assert held(opened) == []


def test_an_issue_that_was_archived_or_became_unreadable_loses_its_row(opened):
    sync(opened, ("octo/3", Board(item(1), item(2))))
    sync(opened, ("octo/3", Board(item(1, archived=True), item(2, kind="REDACTED"))))
    assert held(opened) == []


def test_a_run_that_ends_midway_leaves_the_rows_of_the_run_before(opened):
    sync(opened, ("octo/3", Board(*[item(n) for n in range(20)])))
    broken = Board(*[item(n) for n in range(50, 80)], limit=10, faults=[None, None, SourceError("github: gone")])
    assert sync(opened, ("octo/3", broken)) == ["complete", "failed"]
    assert [n for _, n in held(opened)] == list(range(20))
    sync(opened, ("octo/3", Board(*[item(n) for n in range(50, 80)], limit=10)))
    assert [n for _, n in held(opened)] == list(range(50, 80))


@pytest.mark.parametrize("fault", UNREADABLE)
def test_a_right_that_is_taken_away_leaves_repositories_and_rows_intact(opened, fault):
    sync(opened, ("octo/3", Board(item(1))))
    assert sync(opened, ("octo/3", Board(faults=[fault])), ("ann/1", Board(item(2)))) == [
        "complete", "failed", "complete",
    ]  # fmt: skip
    assert held(opened) == [("ann/1", 2), ("octo/3", 1)]
    assert len(opened.read().issues) == 1


def test_an_issue_read_again_stays_on_its_board(opened):
    sync(opened, ("octo/3", Board(item(1))))
    sync(opened)
    assert held(opened) == [("octo/3", 1)]


# fairlead check ------------------------------------------------------------------------------------------------------


class Tried(Board):
    """Answers what `check` asks of repositories too."""

    def query(self, text, variables):
        if text.startswith("query Repositories"):
            return Answer({"r0": {"nameWithOwner": "octo/house"}}, at=NOW)
        return super().query(text, variables)


def said(board, **more):
    found = checks.findings(lambda: board, connection(**more), "github x")
    return [(finding.is_good, finding.says) for finding in found if "board" in finding.says]


def test_check_says_that_a_board_can_be_read():
    assert said(Tried(item(1))) == [(True, "github x: board octo/3 can be read")]


def test_check_names_the_field_a_board_lacks():
    found = said(Tried(item(1)), estimate_field="Points")
    assert [is_good for is_good, _ in found] == [True, False]
    assert "no number field called Points" in found[1][1]


def test_check_says_of_every_board_by_itself_whether_it_can_be_read():
    found = said(Tried(faults=[answered(None, faults=frozenset({"FORBIDDEN"}))]), projects=("octo/3", "ann/1"))
    assert [is_good for is_good, _ in found] == [False, True]
    assert "read:project" in found[0][1]
