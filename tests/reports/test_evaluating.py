"""What is said of suggested reviewers: nothing of too few, nobody by name, and the same as is measured."""

import json

import pandas as pd
import pytest

from fairlead.scope import Scope
from metrics import suggest
from reports import evaluating
from tests.metrics.suggest_world import AS_OF, PEOPLE, changed, said, world


@pytest.fixture(scope="module")
def rows():
    """Forty pull requests by two authors, reviewed in turn by three; the first has no candidates."""
    pulls, reviewed = [], []
    for nth in range(40):
        at = pd.Timestamp("2026-03-01") + pd.Timedelta(days=nth)
        author, who = ("ann", "eve")[nth % 2], ("bob", "cy", "dan")[nth % 3]
        pulls.append(changed(str(nth), author=author, created=str(at), merged=str(at + pd.Timedelta(hours=9))))
        reviewed.append(said(str(nth), who, str(at + pd.Timedelta(hours=1))))
    return evaluating.evaluated(world(pulls, reviewed), Scope(AS_OF))


def test_words_tell_shares_with_intervals_loads_and_how_many(rows):
    text = evaluating.in_words(rows)
    assert text.startswith("39 pull requests, opened from 2 Mar 2026 to 9 Apr 2026")
    share = suggest.scores(rows).set_index("method").loc["ours", "top3_share"]
    assert f"One of three suggested people really reviewed in {share * 100:.0f} % (95 % interval" in text
    assert all(title in text for title in evaluating.METHODS.values())


def test_nothing_is_said_of_too_few(rows):
    few = rows.iloc[: 29 * len(suggest.METHODS)]
    assert "At least 30 are needed" in evaluating.in_words(few)
    assert "At least 30 are needed" in evaluating.in_a_line(few)
    assert evaluating.table(few).empty
    assert not evaluating.table(rows).empty


def test_one_and_none_are_said_as_people_say_them(rows):
    assert evaluating.in_words(rows.iloc[:5]).startswith("There is 1 pull request that somebody reviewed")
    assert evaluating.in_words(rows.iloc[:0]).startswith("There are 0 pull requests that somebody reviewed")


def test_the_line_names_both_loads(rows):
    assert evaluating.in_a_line(rows).endswith(".")
    assert "of 39 pull requests" in evaluating.in_a_line(rows)


def test_the_table_has_a_row_per_method(rows):
    table = evaluating.table(rows)
    assert table["method"].tolist() == list(evaluating.METHODS.values())
    assert table["n"].tolist() == [39] * 5


def test_programs_get_numbers_and_no_people(rows):
    text = evaluating.as_json(rows, as_of=AS_OF)
    found = json.loads(text)
    assert (found["n"], found["enough"]) == (39, True)
    assert set(found["scores"]) == set(suggest.METHODS)
    assert len(found["pull_requests"]) == len(rows)
    assert not any(person in text for person in PEOPLE)


def test_nothing_judged_is_valid_too(rows):
    found = json.loads(evaluating.as_json(rows.iloc[:0], as_of=AS_OF))
    assert (found["n"], found["enough"], found["scores"]) == (0, False, {})
