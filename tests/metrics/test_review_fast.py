"""Large changes that were approved fast and without a word."""

import pandas as pd
import pytest

from fairlead.agreements import Agreements
from metrics import reviews
from tests.metrics.build import frame, happened, utc
from tests.metrics.test_review_approvals import AS_OF, START, given_review, tables

AGREED = {"min_lines": 400, "max_minutes": 10.0, "generated": Agreements().generated}


def touched(*paths_and_lines, item="1"):
    return [{"pull_request": item, "path": path, "additions": n, "deletions": 0} for path, n in paths_and_lines]


def fast(*reviewed, said=(), files=(("a.py", 900),), start=START, as_of=AS_OF, events=(), how=None, **values):
    """One pull request by ann, opened at 10:00 and not merged."""
    given = tables(reviewed, events, **{"created_at": "2026-06-08 10:00", "merged_at": None, **values})
    more = {"comments": frame("comments", list(said)), "files": frame("files", touched(*files))}
    return reviews.fast_approvals(**given, **more, start=start, as_of=as_of, **{**AGREED, **(how or {})})


def approved(at="10:03", author="bob", **values):
    return given_review(author, "approved", at, **values)


def test_a_large_change_approved_in_three_minutes_without_a_word_is_asked_about():
    row = fast(approved(), title="Rebuild", url="https://x.example/1", key="o/r#1").iloc[0]
    assert (row.pull_request, row.key, row.title, row.url) == ("1", "o/r#1", "Rebuild", "https://x.example/1")
    assert (row.project, row.author, row.approver, row.lines, row.minutes) == ("o/r", "Ann", "Bob", 900, 3.0)
    assert row.approved_at == utc("2026-06-08 10:03")
    assert row.is_by_files


def test_generated_lines_do_not_make_a_change_large():
    assert fast(approved(), files=[("package-lock.json", 880), ("a.py", 20)]).empty
    row = fast(approved(), files=[("web/package-lock.json", 880), ("a.py", 400), ("x/y.snap", 5)]).iloc[0]
    assert (row.lines, row.generated_lines) == (400, 885)


def test_comments_within_the_approval_are_words():
    assert fast(approved(size=2)).empty


def test_an_approval_after_two_hours_is_not_fast():
    assert fast(approved("12:00")).empty
    assert len(fast(approved("10:10"))) == 1
    assert fast(approved("10:11")).empty
    assert len(fast(approved("10:11"), how={"max_minutes": 11})) == 1


def test_the_first_approval_counts():
    assert fast(approved("11:00"), approved("12:00", "cy"), events=[happened("1", "2026-06-08 11:55", "ready")]).empty
    assert fast(approved("10:05"), approved("10:03", "cy"))["approver"].tolist() == ["Cy"]


def test_the_clock_starts_when_it_was_last_taken_out_of_draft():
    ready = [happened("1", f"2026-06-08 {at}", "ready") for at in ("12:00", "14:00", "16:00")]
    row = fast(approved("14:05"), events=ready).iloc[0]
    assert (row.minutes, row.ready_at) == (5.0, utc("2026-06-08 14:00"))


@pytest.mark.parametrize("who", ["bob", "cy"])
def test_words_by_anybody_else_before_the_approval_are_words(who):
    def at(minute):
        return {"pull_request": "1", "author": who, "at": f"2026-06-08 10:{minute}"}

    assert fast(approved(), said=[at("02")]).empty
    assert fast(approved(), given_review(who, "commented", "10:02")).empty
    assert fast(approved(), given_review(who, "changes_requested", "10:02")).empty
    assert len(fast(approved(), given_review(who, "commented", "10:04"), said=[at("04")])) == 1


@pytest.mark.parametrize("who", ["ann", "ann-work", "ci[bot]"])
def test_the_authors_and_bots_words_are_none(who):
    said = [{"pull_request": "1", "author": who, "at": "2026-06-08 10:02"}]
    assert len(fast(approved(), given_review(who, "commented", "10:02", size=3), said=said)) == 1


@pytest.mark.parametrize("author", ["ci[bot]", "ghost", None])
def test_changes_by_bots_are_not_asked_about(author):
    assert fast(approved(), author=author).empty


def test_approvals_by_the_author_and_bots_are_none():
    assert fast(approved(author="ann-work"), approved(author="ci[bot]")).empty


def test_without_files_the_lines_of_the_pull_request_count():
    row = fast(approved(), files=(), additions=300, deletions=100).iloc[0]
    assert (row.lines, row.generated_lines, row.is_by_files) == (400, 0, False)
    assert fast(approved(), files=(), additions=399).empty
    assert fast(approved(), files=()).empty


def test_the_window_is_that_of_the_approval():
    assert len(fast(approved(), start=utc("2026-06-08 10:03"), as_of=utc("2026-06-08 10:03"))) == 1
    assert fast(approved(), start=utc("2026-06-08 10:04")).empty
    assert fast(approved(), as_of=utc("2026-06-08 10:02")).empty


@pytest.mark.parametrize(
    ("pattern", "path", "is_generated"),
    [
        ("*.snap", "web/deep/x.snap", True),
        ("*.snap", "x.snap.py", False),
        ("go.sum", "go.sum", True),
        ("go.sum", "cmd/go.sum", True),
        ("go.sum", "cmd/cargo.sum", False),
        ("go.sum", "goXsum", False),
        ("vendor/*", "vendor/a/b.go", True),
        ("vendor/*", "x/vendor/b.go", False),
        ("v?.js", "v1.js", True),
        ("v?.js", "v12.js", False),
        ("*.snap", "a\nb.snap", True),
        ("a.py", "a.py\n", False),
        ("x(1)+[a].py", "x(1)+[a].py", True),
        ("GO.SUM", "go.sum", False),
    ],
)
def test_patterns_match_whole_paths_and_bare_names_in_any_folder(pattern, path, is_generated):
    assert fast(approved(), files=[(path, 900)], how={"generated": (pattern,)}).empty == is_generated


@pytest.mark.parametrize(
    "path",
    [
        "vendor/x.go", "src/vendor/x.go", "node_modules/a.js", "web/node_modules/a.js", "generated/a.ts",
        "src/generated/a.ts", "x.generated.ts", "pnpm-lock.yaml", "web/package-lock.json", "npm-shrinkwrap.json",
        "Cargo.lock", "go.sum", "a_pb2.py", "a_pb2.pyi", "a.pb.go", "a.min.js", "a.js.map",
    ],
)  # fmt: skip
def test_what_tools_write_is_known_without_any_settings(path):
    assert fast(approved(), files=[(path, 900)]).empty


@pytest.mark.parametrize("path", ["vendors.py", "src/vendor.go", "logo.svg", "lock.py", "generate/a.ts"])
def test_what_only_looks_like_it_is_read_by_people(path):
    assert len(fast(approved(), files=[(path, 900)])) == 1


def test_without_patterns_nothing_is_generated():
    assert len(fast(approved(), files=[("go.sum", 900)], how={"generated": ()})) == 1


def test_no_fast_approval_gives_typed_nothing():
    pd.testing.assert_series_equal(fast().dtypes, fast(approved()).dtypes)
