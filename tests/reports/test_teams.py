"""How evenly each team's work is spread: small teams are nobody's business who does not lead them."""

from dataclasses import replace

from fairlead.access import LOCAL_LEAD, Viewer
from fairlead.scope import Scope
from reports import workload
from tests.metrics.build import added, issue, moved
from tests.reports.test_small import AS_OF, panel, seen

STAKEHOLDER = Viewer("board", "stakeholder", teams=None)
FIGURES = ["load_ratio", "to_move_share", "max_over_mean", "n_overloaded"]


def teams(viewer, **sizes):
    """Teams of so many people; the first of each has finished work of 40 hours and holds such an item."""
    who = {team: [f"{team}{number}" for number in range(n)] for team, n in sizes.items()}
    everybody = [person for members in who.values() for person in members]
    items, events = [], []
    for first in (members[0] for members in who.values()):
        items += [issue(f"done-{first}", status_category="done", created_at="2026-04-01")]
        items += [issue(f"now-{first}", status_category="active", created_at="2026-04-01")]
        for item, at in ((f"done-{first}", "2026-05-04"), (f"now-{first}", "2026-06-11")):
            events += [added(item, at, first, "assignee"), moved(item, at, "active", "todo")]
        events += [moved(f"done-{first}", "2026-05-09", "done", "active")]
    frames = seen(
        viewer,
        accounts=[{"id": person, "login": person, "kind": "user", "person": person} for person in everybody],
        people=[{"id": person, "name": person} for person in everybody],
        teams=[{"id": f"t:{team}", "name": team} for team in who],
        team_members=[{"team": f"t:{team}", "person": person} for team, members in who.items() for person in members],
        issues=items,
        issue_events=events,
    )
    return panel(workload.report(frames, Scope(AS_OF)), "teams").table.set_index("name")


def test_a_team_of_four_is_not_told_of_to_who_sees_nobody_closely():
    found = teams(STAKEHOLDER, big=6, other=5, small=4, tiny=2)
    assert found["n_people"].to_dict() == {"big": 6, "other": 5}
    assert found[FIGURES].notna().all(axis=None)


def test_with_a_single_small_team_another_is_left_out_so_that_it_cannot_be_told_from_the_total():
    assert list(teams(STAKEHOLDER, big=6, other=5, small=4).index) == ["big"]


def test_no_team_is_left_out_for_who_leads_them_all():
    assert teams(LOCAL_LEAD, big=6, small=2)[FIGURES].notna().all(axis=None)


def test_a_lead_sees_their_own_team_however_small_and_no_other():
    lead = Viewer("a", "lead", teams=("small",))
    assert list(teams(lead, big=6, other=5, small=2, tiny=3).index) == ["small"]


def test_who_is_in_a_small_team_and_does_not_lead_it_does_not_see_the_team():
    member = Viewer("a", "member", person="small0", teams=("small", "big"))
    assert list(teams(member, big=6, other=6, small=2).index) == []
    assert list(teams(replace(member, teams=("big",)), big=6, other=6, small=2).index) == ["big"]


def test_the_spread_is_worked_by_hand():
    """One of two holds all of the work, and half of it would have to move; the fullest has twice the mean."""
    found = teams(LOCAL_LEAD, pair=2).loc["pair"]
    assert (found["to_move_share"], found["max_over_mean"], found["n_overloaded"]) == (0.5, 2, 0)
    # 40 hours less a fifth for support are 32; about as much is left of what was begun yesterday.
    assert 0.1 < found["load_ratio"] < 0.3
