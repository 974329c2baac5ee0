"""Questions fit the server: whatever it lacks is left out, and every text is whole."""

import re

import pytest

from connectors.github import capabilities, queries
from connectors.github.answers import Answer
from connectors.github.faults import RefusedError
from connectors.github.queries import ISSUES, PULL_REQUESTS, Rest

EVERYTHING = capabilities.ALL
OPTIONAL = [
    "issueType", "duplicateOf", "blocking", "parent", "email", "enableDuplicate", "BlockedByAddedEvent",
    "IssueTypeAddedEvent", "SubIssueAddedEvent", "AddedToMergeQueueEvent",
]  # fmt: skip


def texts(has):
    rests = [Rest("a", field, "x") for field in ("labels", "timelineItems")]
    for stream in queries.STREAMS:
        yield queries.text(stream.name, has)
        yield queries.overflow(stream, rests, has)[0]
        yield queries.by_number(stream, [1, 2], has)[0]
    yield queries.text("plan", {"milestones", "releases"})
    yield queries.text("census", {"issues", "pull_requests"})
    yield from (queries.text(name) for name in ("capabilities", "email", "organisation", "teams", "board"))
    yield from (queries.text("board_items", names) for names in ((), ("status", "iteration", "estimate")))
    yield from (queries.whereabouts([1]), queries.milestones([1]), queries.repositories([("a", "b")])[0])


@pytest.mark.parametrize("has", [frozenset(), EVERYTHING])
def test_every_query_is_whole_and_carries_the_fragments_it_uses_and_no_others(has):
    for text in texts(has):
        assert text.count("{") == text.count("}")
        assert text.count("(") == text.count(")")
        assert "#" not in text
        assert set(re.findall(r"\.\.\.(\w+)", text)) == set(re.findall(r"^fragment (\w+)", text, re.MULTILINE))
        declared, used = set(re.findall(r"(\$\w+):", text)), re.findall(r"\$\w+(?!\w*:)", text)
        assert declared == set(used)


@pytest.mark.parametrize("field", OPTIONAL)
def test_what_a_server_lacks_is_not_asked_for(field):
    pattern = re.compile(rf"\b{field}\b")
    assert any(pattern.search(text) for text in texts(EVERYTHING))
    assert not any(pattern.search(text) for text in texts(frozenset()) if "query Email" not in text)


def test_the_reason_for_closing_is_asked_for_either_way():
    assert "stateReason(enableDuplicate: true)\n" in queries.text("issues", {"duplicate_reason"})
    assert re.search(r"^\s*stateReason$", queries.text("issues"), re.MULTILINE)


@pytest.mark.parametrize("stream", [ISSUES, PULL_REQUESTS])
@pytest.mark.parametrize("has", [frozenset(), EVERYTHING])
def test_the_events_asked_for_are_those_selected(stream, has):
    selected = set(re.findall(r"\.\.\. on (\w+Event) \{", queries.text(stream.name, has)))
    assert {queries._enum_name(kind) for kind in selected} == set(stream.kinds(has))
    assert "REVIEW_REQUEST_REMOVED_EVENT" in PULL_REQUESTS.kinds(frozenset())


def introspected(*, fields=(), events=(), arguments=()):
    reason = {"name": "stateReason", "args": [{"name": name} for name in arguments]}
    return {
        "issue": {"fields": [reason, *({"name": name, "args": []} for name in fields)]},
        "issueEvents": {"enumValues": [{"name": name} for name in events]},
        "pullRequestEvents": None,
    }


def test_a_server_has_what_its_schema_lists():
    assert capabilities.known(introspected()) == frozenset()
    assert capabilities.known({"issue": None, "issueEvents": None, "pullRequestEvents": None}) == frozenset()
    found = introspected(
        fields=["issueType", "duplicateOf"], events=["ISSUE_TYPE_ADDED_EVENT"], arguments=["enableDuplicate"]
    )
    assert capabilities.known(found) == {"issue_types", "duplicate_of", "duplicate_reason"}


def test_a_field_without_its_events_is_left_alone():
    assert capabilities.known(introspected(fields=["issueType"])) == frozenset()


@pytest.mark.parametrize(("email", "is_read"), [({"viewer": {"email": ""}}, True), ({"viewer": None}, False)])
def test_addresses_are_read_where_the_token_may(email, is_read):
    answers = iter([Answer(introspected()), Answer(email)])
    assert ("email" in capabilities.probe(lambda *_: next(answers))) == is_read


def test_a_token_that_may_not_read_addresses_reads_the_rest():
    def ask(text, _):
        if "email" in text:
            raise RefusedError("github: the query was refused (INSUFFICIENT_SCOPES).")
        return Answer(introspected(fields=["duplicateOf"]))

    assert capabilities.probe(ask) == {"duplicate_of"}


def test_what_is_known_of_one_version_is_not_taken_for_another():
    cursor = capabilities.written({"email"}, "3.17.0")
    assert capabilities.remembered(cursor, "3.17.0") == {"email"}
    assert capabilities.remembered(cursor, "3.18.0") is None
    assert capabilities.remembered("", "") is None
