"""What an exchange with GitHub is taken for."""

import pytest

from connectors.github.answers import Exchange, Where, answer
from connectors.github.faults import (
    LimitedError,
    RefusedError,
    StaleCursorError,
    TooHeavyError,
    UnauthorizedError,
    UnsteadyError,
)

WHERE = Where("ghe.example.com", "https://ghe.example.com/api/graphql", "HOUSE_TOKEN")
DATE = "Mon, 31 Mar 2025 08:00:00 GMT"
NOON_AND_A_BIT = "1743408030"  # 30 s after that date
SECONDARY = {"message": "You have exceeded a secondary rate limit."}


def met(status=200, body=None, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return answer(Exchange(status, {"date": DATE} | named, body), WHERE)


def errors(*faults, data=None):
    return {"errors": list(faults), "data": data}


def test_an_answer_tells_its_cost_the_servers_clock_and_what_the_headers_say():
    told = met(
        body={"data": {"rateLimit": {"cost": 2}, "x": 1}},
        x_ratelimit_remaining="4998",
        x_ratelimit_resource="graphql",
        x_oauth_scopes="repo, read:org",
        x_github_enterprise_version="3.17.0",
    )
    assert (told.points, told.data["x"], told.faults, told.rate_left) == (2, 1, frozenset(), 4998)
    assert (told.scopes, told.version) == ("repo, read:org", "3.17.0")
    assert told.at.isoformat() == "2025-03-31T08:00:00+00:00"


def test_points_of_another_resource_are_not_ours():
    assert met(body={"data": {"x": 1}}, x_ratelimit_remaining="59", x_ratelimit_resource="core").rate_left is None


@pytest.mark.parametrize(
    ("status", "body", "headers", "seconds"),
    [
        (403, SECONDARY, {"retry_after": "30"}, 30),
        (403, SECONDARY, {}, None),
        (429, {}, {"retry_after": "1.5"}, 1.5),
        (429, {}, {"retry_after": "0"}, 1),
        (429, None, {}, None),
        (429, {}, {"retry_after": "Mon, 31 Mar 2025 08:00:20 GMT"}, 20),
        (200, SECONDARY, {}, None),
        (200, SECONDARY, {"retry_after": "7"}, 7),
    ],
)
def test_the_secondary_limit_in_all_its_disguises(status, body, headers, seconds):
    with pytest.raises(LimitedError) as caught:
        met(status, body, **headers)
    assert caught.value.seconds == seconds


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, errors({"type": "RATE_LIMITED", "message": "…"})),
        (200, errors({"type": "RATE_LIMIT", "message": "…"})),
        (403, {"message": "API rate limit exceeded"}),
        (429, {"message": "API rate limit exceeded"}),
    ],
)
def test_the_primary_limit_lasts_until_a_second_after_it_starts_anew(status, body):
    with pytest.raises(LimitedError) as caught:
        met(status, body, x_ratelimit_remaining="0", x_ratelimit_reset=NOON_AND_A_BIT)
    assert caught.value.seconds == 31


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (502, None),
        (504, None),
        (200, errors({"type": "RESOURCE_LIMITS_EXCEEDED", "message": "…"}, data={"repository": None})),
        (200, errors({"message": "Something went wrong while executing your query."})),
        (200, errors({"message": "Resource limits for this query exceeded."}, data={"x": {"nodes": [None]}})),
    ],
)
def test_too_heavy_a_query(status, body):
    with pytest.raises(TooHeavyError):
        met(status, body)


@pytest.mark.parametrize(("status", "body"), [(500, None), (503, None), (200, None), (200, {}), (200, {"data": None})])
def test_what_is_cut_off_or_muddled_may_be_whole_in_a_moment(status, body):
    with pytest.raises(UnsteadyError):
        met(status, body)


def test_stale_cursor():
    with pytest.raises(StaleCursorError):
        met(body=errors({"type": "INVALID_CURSOR_ARGUMENTS", "message": "…"}))


def test_data_beside_a_fault_are_kept():
    told = met(body=errors({"type": "FORBIDDEN", "message": "…"}, data={"repository": {"a": 1}}))
    assert told.data == {"repository": {"a": 1}}
    assert told.faults == {"FORBIDDEN"}


def test_what_does_not_exist_is_told_by_its_alias():
    gone = {"type": "NOT_FOUND", "path": ["repository", "n7"], "message": "Roof leaks"}
    assert met(body=errors(gone, data={"repository": {"n7": None}})).absent == {"n7"}


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        (401, {"message": "Roof leaks"}, UnauthorizedError, "HOUSE_TOKEN is not accepted"),
        (403, {"message": "Roof leaks"}, RefusedError, "HOUSE_TOKEN may read"),
        (404, {"message": "Roof leaks"}, RefusedError, "Check base_url"),
        (302, None, RefusedError, "302"),
        (500, {"message": "Roof leaks"}, UnsteadyError, "500"),
        (200, None, UnsteadyError, "sign-in page"),
        (
            200,
            errors({"message": "Roof leaks", "extensions": {"code": "undefinedField"}}),
            RefusedError,
            "undefinedField",
        ),
    ],
)
def test_a_fault_says_what_to_do_and_never_what_the_server_sent(status, body, kind, says):
    with pytest.raises(kind, match=says) as caught:
        met(status, body)
    assert "Roof leaks" not in str(caught.value)
