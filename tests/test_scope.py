"""What a reader asked for, and which rows that leaves."""

import datetime as dt

import pandas as pd
import pytest

from fairlead.frames import Frames
from fairlead.scope import Scope, in_projects, members, of_teams
from tests.test_frames import one

NOON = pd.Timestamp("2026-06-15T12:00Z")


def organisation() -> Frames:
    issue = {"source": "github", "status_category": "todo"}
    event = {"field": "assignee", "old": None}
    late, early = NOON + pd.Timedelta(days=1), NOON - pd.Timedelta(days=1)
    return Frames.of(
        {
            "teams": pd.concat([one("teams", id="t1", name="Crane"), one("teams", id="t2", name="Quay")]),
            "team_members": pd.concat(
                [one("team_members", team="t1", person="p1"), one("team_members", team="t2", person="p2")]
            ),
            "people": pd.concat([one("people", id="p1"), one("people", id="p2")]),
            "accounts": pd.concat(
                [one("accounts", id=f"a{n}", source="github", kind="user", person=f"p{n}") for n in (1, 2)]
            ),
            "issues": pd.concat(
                [
                    one("issues", id="by-1", author="a1", project="o/x", **issue),
                    one("issues", id="to-2", author="a1", project="o/x", **issue),
                    one("issues", id="to-2-later", author="a1", project="o/y", **issue),
                ]
            ),
            "issue_events": pd.concat(
                [
                    one("issue_events", issue="to-2", at=early, new="a2", **event),
                    one("issue_events", issue="to-2-later", at=late, new="a2", **event),
                ]
            ),
            "pull_requests": one("pull_requests", id="pr", author="a2", project="o/y", source="github", state="open"),
            "reviews": one("reviews", id="r", pull_request="pr", state="approved"),
        }
    )


def ids(table: pd.DataFrame) -> list[str]:
    return sorted(table["id"].astype("str"))


def test_no_choice_means_everything():
    everything = organisation()
    assert in_projects(everything, Scope(NOON)) is everything
    assert of_teams(everything, Scope(NOON)) is everything
    assert sorted(members(everything, Scope(NOON))) == ["p1", "p2"]


def test_a_project_takes_its_items_and_what_hangs_on_them():
    chosen = in_projects(organisation(), Scope(NOON, projects=("o/y",)))
    assert ids(chosen.issues) == ["to-2-later"]
    assert ids(chosen.pull_requests) == ["pr"]
    assert ids(chosen.reviews) == ["r"]
    assert chosen.issue_events["issue"].astype("str").tolist() == ["to-2-later"]


def test_what_a_board_says_goes_with_its_issue():
    everything = organisation()
    items = pd.concat([one("board_items", issue=issue, board="o/1") for issue in ("to-2", "to-2-later", "elsewhere")])
    tables = everything.tables() | {"board_items": items}
    chosen = in_projects(Frames.of(tables), Scope(NOON, projects=("o/y",)))
    assert chosen.board_items["issue"].astype("str").tolist() == ["to-2-later"]
    assert of_teams(Frames.of(tables), Scope(NOON, teams=("Quay",))).board_items["issue"].tolist() == ["to-2"]


def test_an_issue_is_the_team_s_it_was_assigned_to_by_then_else_its_author_s():
    assert ids(of_teams(organisation(), Scope(NOON, teams=("Quay",))).issues) == ["to-2"]
    assert ids(of_teams(organisation(), Scope(NOON, teams=("Crane",))).issues) == ["by-1", "to-2-later"]


def test_a_pull_request_is_its_author_s_team_s():
    assert ids(of_teams(organisation(), Scope(NOON, teams=("Quay",))).pull_requests) == ["pr"]
    assert of_teams(organisation(), Scope(NOON, teams=("Crane",))).reviews.empty


def test_members_are_those_of_the_chosen_teams():
    assert members(organisation(), Scope(NOON, teams=("Crane",))).tolist() == ["p1"]


def test_as_of_a_day_is_its_end_but_never_later_than_the_data():
    choice = {"known_as_of": NOON, "window_days": 30, "teams": (), "projects": ()}
    assert Scope.on(dt.date(2026, 6, 15), **choice).as_of == NOON
    assert Scope.on(dt.date(2026, 6, 1), **choice).as_of == pd.Timestamp("2026-06-02T00:00Z")
    assert Scope.on(dt.date(2026, 6, 1), **choice).start == pd.Timestamp("2026-05-03T00:00Z")


def test_an_as_of_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        Scope(pd.Timestamp("2026-06-15"))


def test_past_forecasts_go_with_their_milestone():
    named = {"source": "github", "kind": "milestone", "state": "open"}
    milestones = [one("milestones", id=f"m-{name}", project=f"o/{name}", **named) for name in "xy"]
    past = [one("past_forecasts", milestone=f"m-{name}", window="weekly") for name in "xy"]
    everything = Frames.of({"milestones": pd.concat(milestones), "past_forecasts": pd.concat(past)})
    chosen = in_projects(everything, Scope(NOON, projects=("o/y",)))
    assert chosen.past_forecasts["milestone"].astype("str").tolist() == ["m-y"]
