"""Who waits for whom, now and in the past, whatever a site calls it."""

import pytest

from tests.connectors.jira.house import history, issue, item
from tests.connectors.jira.test_history import SITE, told
from tests.connectors.jira.test_tables import rows, shaped

BLOCKS = {"name": "Blocks", "outward": "blocks", "inward": "is blocked by"}
NEEDS = {"name": "Dependency", "outward": "depends on", "inward": "is depended on by"}
REQUIRED = {"name": "Order", "outward": "is required by", "inward": "requires"}
GATES = {"name": "Gate", "outward": "gates", "inward": "is gated by"}
HINDERS = {"name": "Blocks", "outward": "bloquea a", "inward": "es bloqueado por"}
RELATES = {"name": "Relates", "outward": "relates to", "inward": "relates to"}
CLONES = {"name": "Cloners", "outward": "clones", "inward": "is cloned by"}
DUPLICATES = {"name": "Duplicate", "outward": "duplicates", "inward": "is duplicated by"}


def link(number, told, way):
    return {"type": told, f"{way}Issue": {"id": str(number), "key": f"FL-{number}"}}


@pytest.mark.parametrize("told", [BLOCKS, REQUIRED, GATES, HINDERS])
def test_what_it_leads_to_waits(told):
    out, back = (shaped(issue(7, issuelinks=[link(8, told, way)])) for way in ("outward", "inward"))
    assert rows(out["issue_links"], "issue", "other", "kind") == [(f"{SITE}:7", f"{SITE}:8", "blocks")]
    assert back["issue_links"].empty
    assert [row[4] for row in waits(back)] == [f"{SITE}:8"]
    assert waits(out) == []


def waits(made):
    events = made["issue_events"]
    return rows(events[events["field"] == "blocked_by"], "issue", "at", "field", "old", "new")


def test_what_depends_on_another_waits_for_it():
    out, back = (shaped(issue(7, issuelinks=[link(8, NEEDS, way)])) for way in ("outward", "inward"))
    assert out["issue_links"].empty
    assert [row[4] for row in waits(out)] == [f"{SITE}:8"]
    assert rows(back["issue_links"], "issue", "other", "kind") == [(f"{SITE}:7", f"{SITE}:8", "blocks")]


@pytest.mark.parametrize(("told", "kind"), [(RELATES, "relates"), (CLONES, "relates")])
def test_what_is_related_is_so_both_ways(told, kind):
    for way in ("outward", "inward"):
        made = shaped(issue(7, issuelinks=[link(8, told, way)]))
        assert rows(made["issue_links"], "issue", "other", "kind") == [(f"{SITE}:7", f"{SITE}:8", kind)]
        assert waits(made) == []


def test_a_duplicate_is_stored_with_the_one_that_is_it():
    out, back = (shaped(issue(7, issuelinks=[link(8, DUPLICATES, way)])) for way in ("outward", "inward"))
    assert rows(out["issue_links"], "issue", "other", "kind") == [(f"{SITE}:7", f"{SITE}:8", "duplicates")]
    assert back["issue_links"].empty


def test_a_link_told_by_both_sides_is_one_row():
    pair = issue(7, issuelinks=[link(8, BLOCKS, "outward")]), issue(8, issuelinks=[link(7, BLOCKS, "inward")])
    assert rows(shaped(*pair)["issue_links"], "issue", "other") == [(f"{SITE}:7", f"{SITE}:8")]


def linked(old, new):
    """As Jira tells it: keys, and words with the key at their end."""
    return item(None, old and old.split()[-1], new and new.split()[-1], (old, new), field="Link")


def test_waiting_begins_and_ends_when_a_link_comes_and_goes():
    """FL-8 is waited for from the second on, OPS-3 from the second to the fourth; FL-9 waits for FL-7."""
    found = issue(
        7,
        history(1, "2024-01-02T09:00:00.000+0000", linked(None, "This issue is blocked by FL-8")),
        history(2, "2024-01-02T10:00:00.000+0000", linked(None, "This work item depends on OPS-3")),
        history(3, "2024-01-03T09:00:00.000+0000", linked(None, "This issue blocks FL-9")),
        history(4, "2024-01-04T09:00:00.000+0000", linked("This issue depends on OPS-3", None)),
        issuelinks=[link(8, BLOCKS, "inward"), link(9, BLOCKS, "outward")],
    )
    assert told(found, "blocked_by") == [
        ("01-02 09", "ann", "blocked_by", None, f"{SITE}:8"),
        ("01-02 10", "ann", "blocked_by", None, f"{SITE}:key:OPS-3"),
        ("01-04 09", "ann", "blocked_by", f"{SITE}:key:OPS-3", None),
    ]


def test_a_link_that_left_no_trace_was_there_from_the_beginning():
    found = issue(7, issuelinks=[link(8, BLOCKS, "inward")])
    assert told(found, "blocked_by") == [("01-01 09", "ann", "blocked_by", None, f"{SITE}:8")]
