"""What a lead should be able to discover in the sample organisation, measured here by plain means."""

import pandas as pd
import pytest

from connectors import SyncState
from connectors.sample import SampleSource

TODAY = pd.Timestamp("2026-06-15T08:00:00Z")
DAY = pd.Timedelta(days=1)


@pytest.fixture(scope="module")
def tables():
    source = SampleSource()
    return source.tables(source.fetch(SyncState()))


@pytest.fixture(scope="module")
def person_of(tables):
    return tables["accounts"].dropna(subset="person").set_index("id")["person"].str.removeprefix("person:")


@pytest.fixture(scope="module")
def team_of(tables):
    members = tables["team_members"]
    return dict(zip(members["person"].str.removeprefix("person:"), members["team"], strict=True))


@pytest.fixture(scope="module")
def items(tables, person_of, team_of):
    """Leaves with team (of the last assignee), started_at and, where done, cycle_days."""
    events = tables["issue_events"]
    assigned = events[(events["field"] == "assignee") & events["new"].notna()].groupby("issue")["new"].last()
    started = events[(events["field"] == "status_category") & (events["new"] == "active")].groupby("issue")["at"].min()
    leaves = tables["issues"][tables["issues"]["type"].ne("Epic").fillna(value=True)].set_index("id")
    leaves = leaves.assign(started_at=started, person=assigned.map(person_of))
    done_at = leaves["closed_at"].where(leaves["status_category"] == "done")
    return leaves.assign(
        team=leaves["person"].map(team_of), done_at=done_at, cycle_days=(done_at - leaves["started_at"]) / DAY
    )


@pytest.fixture(scope="module")
def asked(tables, person_of):
    """Requests of people: person, asked_at, pull_request, hours until their first review (missing without one)."""
    events = tables["pull_request_events"]
    requests = events[(events["kind"] == "review_requested") & events["subject"].isin(person_of.index)]
    rows = []
    reviews = tables["reviews"]
    answers = {key: sorted(at) for key, at in reviews.groupby(["pull_request", "author"])["at"]}
    for request in requests.itertuples():
        later = [at for at in answers.get((request.pull_request, request.subject), []) if at > request.at]
        hours = (later[0] - request.at) / pd.Timedelta(hours=1) if later else None
        rows.append((person_of[request.subject], request.at, request.pull_request, hours))
    return pd.DataFrame(rows, columns=["person", "asked_at", "pull_request", "hours"]).astype({"hours": float})


@pytest.fixture(scope="module")
def waiting(tables, asked):
    """Requests of people that are unanswered on a pull request that is still open."""
    still_open = tables["pull_requests"].set_index("id")["state"] == "open"
    return asked[asked["hours"].isna() & asked["pull_request"].map(still_open)]


def test_one_team_s_reviews_rest_on_one_person(asked, team_of):
    recent = asked[(asked["asked_at"] > TODAY - 90 * DAY) & asked["person"].map(team_of).eq("team:berth")]
    shares = recent["person"].value_counts(normalize=True)
    assert shares.index[0] == "solveig-t"
    assert shares.iloc[0] > 0.45
    assert shares.iloc[1] < 0.2


def test_who_answers_later_and_later(asked):
    hers = asked[asked["person"] == "solveig-t"]
    before = hers[hers["asked_at"].between(TODAY - 300 * DAY, TODAY - 110 * DAY)]["hours"].median()
    since = hers[hers["asked_at"].between(TODAY - 75 * DAY, TODAY - 15 * DAY)]["hours"].median()
    assert before < 30
    assert since > 3 * before


def test_while_requests_pile_up_at_her_desk_alone(waiting):
    desks = waiting.groupby("person")["pull_request"].nunique().sort_values(ascending=False)
    assert desks.index[0] == "solveig-t"
    assert desks.iloc[0] >= 10
    assert desks.iloc[1] <= 4


def test_some_requests_are_never_answered(asked, waiting):
    old = asked[asked["asked_at"] < TODAY - 60 * DAY]
    assert 0.05 < old["hours"].isna().mean() < 0.3
    assert (waiting["asked_at"] < TODAY - 60 * DAY).sum() >= 2


def median_cycle(items, team, start, end):
    finished = items[
        (items["team"] == team) & items["done_at"].between(pd.Timestamp(start, tz="UTC"), pd.Timestamp(end, tz="UTC"))
    ]
    return finished["cycle_days"].median()


def in_progress(tables, items, team):
    """How many items of a team were in progress on average: last winter, and over the last two months."""
    events = tables["issue_events"]
    changes = events[(events["field"] == "status_category")].sort_values(["issue", "seq"])
    winter = [active(changes, items, team, TODAY - back * DAY) for back in (150, 165, 180, 195, 210)]
    lately = [active(changes, items, team, TODAY - back * DAY) for back in (0, 15, 30, 45, 60)]
    return sum(winter) / 5, sum(lately) / 5


def active(changes, items, team, at):
    """Items of a team in progress at an instant, by a plain loop over the changes of category."""
    now = {change.issue: change.new for change in changes[changes["at"] <= at].itertuples()}
    return sum(category == "active" and items["team"].get(issue) == team for issue, category in now.items())


def test_taking_on_too_much_made_manifest_slow(tables, items):
    before = median_cycle(items, "team:manifest", "2025-12-01", "2026-03-01")
    assert median_cycle(items, "team:manifest", "2026-04-01", "2026-06-15") > 1.4 * before
    was, is_now = in_progress(tables, items, "team:manifest")
    assert is_now > 1.8 * was


def test_taking_on_less_made_voyage_quick(tables, items):
    before = median_cycle(items, "team:voyage", "2025-12-01", "2026-03-01")
    assert median_cycle(items, "team:voyage", "2026-04-01", "2026-06-15") < 0.6 * before
    was, is_now = in_progress(tables, items, "team:voyage")
    assert is_now < 0.75 * was


def test_throughput_differs_and_some_weeks_see_nothing(items):
    monday = items["done_at"].dt.tz_localize(None).dt.to_period("W-SUN").dt.start_time
    weekly = items.groupby([monday, "team"]).size().unstack(fill_value=0)
    weekly = weekly.reindex(pd.date_range("2025-01-06", "2026-06-08", freq="7D"), fill_value=0)
    assert weekly.mean().max() > 1.2 * weekly.mean().min()
    assert ((weekly == 0).sum() > 0).sum() >= 3
    assert weekly.loc["2025-12-22":"2026-01-04"].sum().sum() < 0.5 * weekly.loc["2025-12-01":"2025-12-14"].sum().sum()


def test_some_old_items_nobody_moves(items):
    forgotten = items[(items["status_category"] == "active") & (items["updated_at"] < TODAY - 180 * DAY)]
    assert 4 <= len(forgotten) <= 10


def test_one_person_holds_nine_items(tables, items, person_of):
    started = tables["issue_assignees"][
        tables["issue_assignees"]["issue"].isin(items.index[items["status_category"] == "active"])
    ]
    held = started["account"].map(person_of).value_counts()
    assert (held.index[0], held.iloc[0]) == ("tomaszbrz", 9)
    assert held.iloc[1] < 9


def test_a_person_on_leave_holds_started_work_of_a_version(tables, items):
    away = tables["time_off"]
    day = TODAY.tz_localize(None).normalize()
    gone = away[(away["start_on"] <= day) & (away["end_on"] >= day)]["person"].str.removeprefix("person:")
    assert list(gone) == ["hoshikage"]
    inside = scope(tables, "ETA 3.1", TODAY)
    theirs = items[items.index.isin(inside) & (items["person"] == "hoshikage") & (items["status_category"] == "active")]
    assert len(theirs) >= 2


def test_an_urgent_bug_waits_for_somebody(tables):
    issues = tables["issues"]
    urgent = issues[(issues["priority"] == "Highest") & issues["status_category"].isin(["todo", "active"])]
    unassigned = urgent[~urgent["id"].isin(tables["issue_assignees"]["issue"])]
    assert list(unassigned["title"]) == ["Customs declarations are rejected for every transit through the new gateway"]


def test_people_join_leave_and_work_part_time(tables):
    people = tables["people"]
    assert len(people) == 24
    assert (people["leave_on"].notna().sum(), (people["share"] < 1).sum()) == (1, 1)
    assert (people["start_on"] > pd.Timestamp("2026-03-01")).sum() == 1
    assert people["time_zone"].nunique() >= 12


# Milestones -----------------------------------------------------------------------------------------------------------


def titled(tables, rows):
    return sorted(tables["milestones"].loc[rows, "title"])


def test_milestones_have_their_fates(tables):
    milestones = tables["milestones"]
    today = TODAY.tz_localize(None).normalize()
    is_open = milestones["state"] == "open"
    is_empty = ~milestones["id"].isin(tables["issue_milestones"]["milestone"])
    early = milestones["due_on"] - milestones["closed_at"].dt.tz_localize(None)
    assert titled(tables, is_open & milestones["owner"].isna()) == ["Cost guardrails"]
    assert titled(tables, is_open & milestones["due_on"].isna()) == ["Electronic bill of lading"]
    assert titled(tables, is_open & (milestones["due_on"] < today)) == ["Release 8"]
    assert titled(tables, is_empty) == ["Zero-trust access"]
    assert titled(tables, milestones["start_on"] > today) == ["ETA 4.0", "Zero-trust access"]
    assert titled(tables, early > 14 * DAY) == ["Observability baseline"]
    assert ((early >= -DAY) & (early <= 4 * DAY)).sum() >= 6
    assert set(milestones["kind"]) == {"milestone", "version", "epic"}


def test_two_milestones_slipped_twice_and_two_once(tables):
    changes = tables["milestone_changes"]
    slips = changes[(changes["field"] == "due_on") & (changes["new"] > changes["old"].fillna("9"))]
    counts = slips["milestone"].value_counts()
    twice, once = (tables["milestones"]["id"].isin(counts.index[counts == n]) for n in (2, 1))
    assert titled(tables, twice) == ["Berth 2025.3", "Postgres 17 everywhere"]
    assert titled(tables, once) == ["Berth 2026.1", "One plan for several terminals"]
    assert len(counts) == 4


def test_the_move_of_an_epic_s_due_date_is_on_its_record(tables):
    epic = tables["milestones"].set_index("title").loc["One plan for several terminals"]
    told = tables["issue_events"][(tables["issue_events"]["issue"] == epic["id"])]
    moved = told[(told["field"] == "due") & told["old"].notna()].iloc[0]
    assert (moved["old"], moved["new"], moved["actor"]) == ("2026-09-25", "2026-12-18", epic["owner"])
    assert moved["at"].floor("D") == pd.Timestamp("2026-06-03T00:00:00Z")


def scope(tables, title, at):
    """The issues in a milestone at an instant, by a plain loop over the changes."""
    milestone = tables["milestones"].set_index("title").loc[title, "id"]
    inside = set()
    events = tables["issue_events"]
    for change in (
        events[(events["field"] == "milestone") & (events["at"] <= at)].sort_values(["at", "issue", "seq"]).itertuples()
    ):
        if change.new == milestone:
            inside.add(change.issue)
        if change.old == milestone:
            inside.remove(change.issue)
    return inside


def test_one_grew_by_half_and_will_not_make_it(tables, items):
    planned = scope(tables, "Berth 2026.1", pd.Timestamp("2026-03-03T00:00:00Z"))
    now = scope(tables, "Berth 2026.1", TODAY)
    assert 1.4 < len(now) / len(planned) < 1.65
    left = items.loc[sorted(now), "status_category"].isin(["todo", "active"]).sum()
    recent = items.loc[sorted(now), "done_at"].between(TODAY - 56 * DAY, TODAY).sum() / 8
    weeks_to_due = (pd.Timestamp("2026-07-03T00:00:00Z") - TODAY) / (7 * DAY)
    assert left > 1.5 * recent * weeks_to_due


def test_one_was_closed_with_half_of_it_dropped_or_moved_on(tables, items):
    before = scope(tables, "Release 7", pd.Timestamp("2026-02-26T00:00:00Z"))
    after = scope(tables, "Release 7", TODAY)
    moved = before - after
    dropped = items.loc[sorted(after), "status_category"].eq("dropped").sum()
    assert 0.4 < (len(moved) + dropped) / len(before) < 0.6
    assert moved <= scope(tables, "Release 8", pd.Timestamp("2026-02-28T00:00:00Z"))
