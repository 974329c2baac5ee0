"""Changes of milestones are observed: their sources keep no history of them."""

import pandas as pd

from fairlead import frames, observed
from fairlead.observed import changes
from tests.store.tables import rows

MONDAY, TUESDAY, WEDNESDAY = pd.date_range("2025-03-31T08:00Z", periods=3, freq="D", unit="us")
FIRST = {"due_on": None, "start_on": None, "title": "v1", "state": "open"}


def milestone(**more):
    return rows("milestones", {"id": "m1", **FIRST} | more)


def seen(table, at=MONDAY):
    return table.assign(observed_at=at)


def unseen():
    return seen(frames.empty("milestones"))


def told(found):
    return found.sort_values(["observed_at", "field"])[["field", "old", "new"]].astype(object).where(
        lambda values: values.notna(), None
    ).to_numpy().tolist()  # fmt: skip


def test_the_first_observation_tells_every_field_absent_ones_too():
    found = changes(unseen(), milestone(due_on="2025-06-30"), observed_at=MONDAY)
    assert told(found) == [
        ["due_on", None, "2025-06-30"], ["start_on", None, None], ["state", None, "open"], ["title", None, "v1"],
    ]  # fmt: skip
    assert found["not_before_at"].isna().all()


def test_only_what_differs_is_told_with_the_two_observations_it_lies_between():
    before, after = seen(milestone(due_on="2025-06-30")), milestone(due_on="2025-09-30", title="v2")
    found = changes(before, after, observed_at=TUESDAY)
    assert told(found) == [["due_on", "2025-06-30", "2025-09-30"], ["title", "v1", "v2"]]
    assert found["not_before_at"].tolist() == [MONDAY] * 2
    assert found["observed_at"].tolist() == [TUESDAY] * 2


def test_a_due_date_taken_away_and_given_back_are_two_changes():
    dated, bare = milestone(due_on="2025-06-30"), milestone()
    assert told(changes(seen(dated), bare, observed_at=TUESDAY)) == [["due_on", "2025-06-30", None]]
    assert told(changes(seen(bare), dated, observed_at=TUESDAY)) == [["due_on", None, "2025-06-30"]]


def test_nothing_changed_is_no_rows_of_the_right_types():
    found = changes(seen(milestone()), milestone(), observed_at=TUESDAY)
    assert found.empty
    assert found.dtypes.astype(str).to_dict() == frames.empty("milestone_changes").dtypes.astype(str).to_dict()
    assert changes(unseen(), frames.empty("milestones"), observed_at=TUESDAY).empty


def test_other_fields_are_not_observed():
    assert changes(seen(milestone(url="a")), milestone(url="b", owner="u"), observed_at=TUESDAY).empty


def test_a_clock_that_has_gone_back_does_not_put_a_change_before_what_it_changed():
    found = changes(seen(milestone(), at=TUESDAY), milestone(title="v2"), observed_at=MONDAY)
    assert found["observed_at"].tolist() == [TUESDAY]


def test_a_change_is_no_later_than_the_source_says_it_last_changed_anything():
    noon = MONDAY + pd.Timedelta(hours=4)
    found = changes(seen(milestone()), milestone(title="v2", updated_at=noon), observed_at=TUESDAY)
    assert (found["not_before_at"].item(), found["observed_at"].item()) == (MONDAY, noon)


def test_days_of_the_year_9999_and_hostile_titles_are_told_as_they_are():
    found = changes(unseen(), milestone(due_on="9999-12-31", title="nan"), observed_at=MONDAY)
    assert [row[2] for row in told(found)] == ["9999-12-31", None, "open", "nan"]


def test_the_inputs_are_left_as_they_were_and_their_order_does_not_matter():
    before, after = seen(milestone()), pd.concat([milestone(title="v2"), rows("milestones", {"id": "m0"})])
    copies = before.copy(), after.copy()
    forth, back = (changes(before, table, observed_at=TUESDAY) for table in (after, after[::-1]))
    pd.testing.assert_frame_equal(before, copies[0])
    pd.testing.assert_frame_equal(after, copies[1])
    pd.testing.assert_frame_equal(
        *(each.sort_values(["milestone", "field"], ignore_index=True) for each in (forth, back))
    )


def test_the_last_observation_moves_on_even_when_nothing_changed():
    found = observed.instants(seen(milestone()), milestone(), observed_at=TUESDAY)
    assert found[["not_before_at", "observed_at"]].iloc[0].tolist() == [MONDAY, TUESDAY]


def test_the_store_observes_what_it_is_given(opened):
    for at, due in ((MONDAY, "2025-06-30"), (TUESDAY, "2025-06-30"), (WEDNESDAY, "2025-09-30")):
        opened.write({"milestones": milestone(due_on=due)}, source="s", observed_at=at)
    found = opened.read().milestone_changes
    moved = found[found["observed_at"] == WEDNESDAY].iloc[0]
    assert len(found) == 5
    assert (moved["old"], moved["new"], moved["not_before_at"]) == ("2025-06-30", "2025-09-30", TUESDAY)


def test_two_observations_of_one_instant_keep_the_value_before_both(opened):
    for at, title in ((MONDAY, "v1"), (TUESDAY, "v2"), (TUESDAY, "v3")):
        opened.write({"milestones": milestone(title=title)}, source="s", observed_at=at)
    found = opened.read().milestone_changes
    assert told(found[found["observed_at"] == TUESDAY]) == [["title", "v1", "v3"]]


def test_nothing_is_observed_without_an_instant_or_where_the_source_tells_itself(opened):
    opened.write({"milestones": milestone()}, source="s")
    own = rows("milestone_changes", {"milestone": "m1", "observed_at": MONDAY, "field": "title", "new": "v0"})
    opened.write({"milestones": milestone(), "milestone_changes": own}, source="s", observed_at=TUESDAY)
    assert opened.read().milestone_changes["new"].tolist() == ["v0"]


def test_a_milestone_stored_before_it_was_observed_is_observed_for_the_first_time(opened):
    opened.write({"milestones": milestone(title="v0")}, source="s")
    opened.write({"milestones": milestone()}, source="s", observed_at=TUESDAY)
    assert opened.read().milestone_changes["old"].isna().all()
