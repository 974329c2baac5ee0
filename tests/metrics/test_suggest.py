"""Who is named for a pull request, who is not, and what is said of them."""

import numpy as np
import pandas as pd
import pytest

from fairlead.frames import Frames
from metrics import suggest
from metrics.suggest.naming import divided_by_load, order_of_names, ranks
from tests.metrics.build import day, happened, utc
from tests.metrics.suggest_world import changed, named, names, past, said, touched, world

FACTS = ["n", "n_mine", "days", "days_mine", "days_since_last"]


def row_of(table, person):
    return table[table["person"] == person].iloc[0]


def asking(*reviewers, **tables):
    """Pull request 1 by ann waits; these reviewed ann's changes in May, one each."""
    pulls, reviewed = past(*reviewers)
    return world([changed("1"), *pulls], [*reviewed, *tables.pop("reviewed", ())], **tables)


def test_expertise_is_the_mean_of_three_shares_over_all_files():
    # (4/10 + 2/5 + 1/3) / 3 for the first file, nothing for the second, and half of that for both.
    files = pd.DataFrame([[10, 4, 5, 2, 3], [0, 0, 0, 0, 0]], columns=FACTS)
    assert suggest.expertise(files) == pytest.approx(0.188889, abs=1e-6)


def test_expertise_on_no_files_is_unknown():
    assert np.isnan(suggest.expertise(pd.DataFrame(columns=FACTS)))


def test_work_of_today_counts_like_work_of_yesterday():
    files = pd.DataFrame([[1, 1, 1, 1, 0.2]], columns=FACTS)
    assert suggest.expertise(files) == 1.0


def test_score_divided_by_load_names_the_lighter_one_and_ties_go_by_name():
    # 0.9 / 9 = 0.1, 0.5 / 2 = 0.25, 0.1 / 1 = 0.1
    scores = divided_by_load(np.array([0.9, 0.5, 0.1]), np.array([8, 1, 0]))
    assert ranks(np.zeros(3, dtype=int), scores).tolist() == [2, 1, 3]


def test_load_orders_the_names_but_leaves_out_nobody_of_the_best_five():
    scores = np.array([0.30, 0.25, 0.20, 0.15, 0.10, 0.05])
    open_ = np.array([9, 0, 0, 0, 0, 0])
    rank = order_of_names(np.zeros(6, dtype=int), scores, open_, np.zeros(6, dtype=bool))
    # Eased by half the load the first is worth 0.095: the fifth of five. The sixth is not named.
    assert rank.tolist() == [5, 1, 2, 3, 4, 6]


def test_who_reviews_more_is_named_first():
    assert names(asking("bob", "cy", "bob")) == ["Bob", "Cy"]


def test_recent_reviews_count_more():
    frames = world(
        [changed("1"), changed("2", created="2025-10-01"), changed("3", created="2026-05-01")],
        [said("2", "bob", "2025-10-02"), said("3", "cy", "2026-05-02")],
    )
    assert names(frames) == ["Cy", "Bob"]


def test_who_has_reviewed_this_author_goes_before_who_has_not():
    theirs, own = past("bob", author="eve", first=200), past("cy")
    frames = world([changed("1"), *theirs[0], *own[0]], [*theirs[1], *own[1]])
    table = named(frames)
    assert table["person"].tolist()[0] == "Cy"
    assert row_of(table, "Cy")["n_reviewed_of_author"] == 1
    assert row_of(table, "Bob")["n_reviewed_of_author"] == 0


def test_comments_are_reviews():
    assert names(world([changed("1"), changed("2")], comments=[said("2", "bob", "2026-06-02")])) == ["Bob"]


def test_who_knows_the_files_is_named_first():
    pulls, reviewed = past("bob", "cy")
    files = [*touched("1", "src/a.py"), *touched("101", "src/a.py"), *touched("100", "docs/b.md")]
    table = named(world([changed("1"), *pulls], reviewed, files))
    assert table["person"].tolist() == ["Cy", "Bob"]
    assert table["n_files_known"].tolist() == [1, 0]
    assert table["n_files"].tolist() == [1, 1]


def test_ones_own_change_is_knowledge_from_its_merge_on():
    own = changed("2", author="bob", created="2026-05-01", merged="2026-05-03")
    frames = world([changed("1", created="2026-05-01"), own], files=[*touched("1", "a.py"), *touched("2", "a.py")])
    assert row_of(named(frames, as_of=utc("2026-05-02")), "Bob")["n_files_known"] == 0
    assert row_of(named(frames, as_of=utc("2026-05-03")), "Bob")["n_files_known"] == 1


def test_a_new_file_is_known_by_its_folder():
    pulls, reviewed = past("bob", "cy")
    files = [*touched("1", "src/new.py"), *touched("101", "src/a.py"), *touched("100", "docs/b.md")]
    table = named(world([changed("1"), *pulls], reviewed, files))
    assert row_of(table, "Cy")["n_files_known"] == 1
    assert row_of(table, "Bob")["n_files_known"] == 0


def test_the_same_path_in_another_project_is_another_file():
    elsewhere = {**changed("7", created="2026-05-01"), "project": "o/other"}
    pulls, reviewed = past("bob")
    frames = world([changed("1"), elsewhere, *pulls], [*reviewed, said("7", "bob", "2026-05-09")],
        [*touched("1", "a.py"), *touched("7", "a.py")])  # fmt: skip
    assert row_of(named(frames), "Bob")["n_files_known"] == 0


def test_of_very_many_files_those_with_the_most_lines_count():
    many = [f"{n:03}/f.py" for n in range(150)]
    pulls, reviewed = past("bob")
    files = [*touched("1", *many[:50]), *touched("1", *many[50:], lines=9), *touched("100", many[0], many[60])]
    found = row_of(named(world([changed("1"), *pulls], reviewed, files)), "Bob")
    # The first fifty are the smallest and do not count: of two files that Bob knows one is among the hundred.
    assert (found["n_files"], found["n_files_known"]) == (100, 1)


def test_the_least_loaded_of_the_best_stands_first():
    busy = [changed("5", author="eve", created="2026-06-09"), changed("6", author="eve", created="2026-06-09")]
    pulls, reviewed = past("bob", "cy", "cy")
    later = [said("5", "bob", "2026-06-10"), said("6", "bob", "2026-06-10")]
    table = named(world([changed("1"), *pulls, *busy], [*reviewed, *later]))
    # Bob reviewed more, and more lately.
    assert row_of(table, "Bob")["score"] > row_of(table, "Cy")["score"]
    assert table["person"].tolist()[:2] == ["Cy", "Bob"]
    assert row_of(table, "Bob")["n_open"] == 2
    assert row_of(table, "Cy")["n_open"] == 0


def test_a_pull_request_is_on_the_desk_once_however_often_it_calls():
    events = [happened("5", "2026-06-09", "review_requested", "bob")]
    frames = world(
        [changed("1"), changed("5", author="eve", created="2026-06-07")],
        [said("5", "bob", "2026-06-08"), said("5", "bob", "2026-06-08 12:00")],
        events=events,
    )
    found = row_of(named(frames), "Bob")
    assert (found["n_open"], found["n_requests"]) == (1, 1)


def test_an_answered_request_waits_no_more_and_stays_on_the_desk():
    events = [happened("5", "2026-06-09", "review_requested", "bob")]
    pulls = [changed("1"), changed("5", author="eve", created="2026-06-07")]
    found = row_of(named(world(pulls, [said("5", "bob", "2026-06-10")], events=events)), "Bob")
    assert (found["n_open"], found["n_requests"]) == (1, 0)


def test_what_rests_for_thirty_days_is_on_nobodys_desk():
    frames = world([changed("1"), changed("5", author="eve", created="2026-04-01")], [said("5", "bob", "2026-05-13")])
    assert row_of(named(frames, as_of=utc("2026-06-11 23:59")), "Bob")["n_open"] == 1
    assert row_of(named(frames, as_of=utc("2026-06-12")), "Bob")["n_open"] == 0


def test_what_is_closed_is_on_nobodys_desk():
    frames = world(
        [changed("1"), changed("5", author="eve", created="2026-06-01", merged="2026-06-08")],
        [said("5", "bob", "2026-06-07")],
    )
    assert row_of(named(frames), "Bob")["n_open"] == 0


def test_authors_bots_and_deleted_users_are_not_asked():
    frames = asking("bob", "ann", "ci[bot]", "ghost")
    assert names(frames) == ["Bob"]


def test_who_has_left_is_not_asked_from_the_next_day_on():
    frames = asking("bob", "cy", people=[{"id": "Bob", "leave_on": day("2026-06-11")}])
    assert set(names(frames)) == {"Bob", "Cy"}
    assert names(frames, as_of=utc("2026-06-12 00:01")) == ["Cy"]


def test_who_has_not_started_is_not_asked():
    assert names(asking("bob", "cy", people=[{"id": "Bob", "start_on": day("2026-07-01")}])) == ["Cy"]


def test_who_is_away_today_is_not_asked_and_today_is_theirs():
    off = [{"person": "Bob", "start_on": day("2026-06-12"), "end_on": day("2026-06-14")}]
    noon = utc("2026-06-11 20:00")
    assert "Bob" in names(asking("bob", "cy", off=off), as_of=noon)
    # In Auckland it is the morning of the 12th.
    there = [{"id": "Bob", "time_zone": "Pacific/Auckland"}]
    assert names(asking("bob", "cy", off=off, people=there), as_of=noon) == ["Cy"]
    assert names(asking("bob", "cy", off=off), as_of=noon, zone="Pacific/Auckland") == ["Cy"]


def test_a_long_absence_is_not_ended_by_a_short_one_within_it():
    off = [
        {"person": "Bob", "start_on": day("2026-06-01"), "end_on": day("2026-06-30")},
        {"person": "Bob", "start_on": day("2026-06-03"), "end_on": day("2026-06-04")},
    ]
    assert names(asking("bob", "cy", off=off)) == ["Cy"]


def test_who_works_no_part_of_their_time_is_not_asked():
    assert names(asking("bob", "cy", people=[{"id": "Bob", "share": 0.0}])) == ["Cy"]


def test_who_is_at_their_cap_is_not_asked():
    pulls, reviewed = past("bob", "cy")
    frames = world([changed("1"), changed("5", author="eve", created="2026-06-08"), *pulls], reviewed,
        events=[happened("5", "2026-06-09", "review_requested", "bob")])  # fmt: skip
    assert "Bob" in names(frames, most_requests=2)
    assert "Bob" not in names(frames, most_requests=1)


def test_who_did_nothing_for_a_year_is_not_asked():
    pulls = [changed("1"), changed("2", created="2025-06-01"), changed("3", created="2026-05-01")]
    assert names(world(pulls, [said("2", "bob", "2025-06-11"), said("3", "cy", "2026-05-02")])) == ["Cy"]


def test_where_one_person_knows_the_file_somebody_near_learns_beside_them():
    pulls, reviewed = past("bob", "cy", "dan", "dan", "dan", "eve", "eve", "eve", "flo", "flo")
    files = [*touched("1", "src/a.py"), *touched("100", "src/a.py")]
    table = named(world([changed("1"), *pulls], reviewed, files, members=[("core", "Bob"), ("core", "Cy")]))
    assert {"Bob", "Cy"} <= set(table.loc[table["rank"] <= 3, "person"])
    assert table.loc[table["is_learner"], "person"].tolist() == ["Cy"]


def test_the_least_loaded_of_those_near_learns():
    pulls, reviewed = past("bob", "cy", "dan")
    busy = [changed("5", author="eve", created="2026-06-09")]
    files = [*touched("1", "src/a.py"), *touched("100", "src/a.py"), *touched("101", "src/b.py"),
        *touched("102", "src/b.py")]  # fmt: skip
    frames = world([changed("1"), *pulls, *busy], [*reviewed, said("5", "cy", "2026-06-10")], files)
    table = named(frames)
    assert table.loc[table["is_learner"], "person"].tolist() == ["Dan"]


def test_where_two_know_the_file_nobody_is_there_to_learn():
    pulls, reviewed = past("bob", "cy", "dan")
    files = [*touched("1", "src/a.py"), *touched("100", "src/a.py"), *touched("101", "src/a.py")]
    members = [("core", person) for person in ("Bob", "Cy", "Dan")]
    assert not named(world([changed("1"), *pulls], reviewed, files, members=members))["is_learner"].any()


def test_five_are_named_at_most_and_only_three_of_whom_nothing_speaks():
    everybody = asking("bob", "cy", "dan", "eve", "flo")
    assert len(named(everybody)) == 5
    idle = [changed(str(n), author=who) for n, who in enumerate(("bob", "cy", "dan", "eve"), start=50)]
    assert len(named(world([changed("1"), *idle]))) == 3


def test_the_evidence_is_counted():
    frames = world(
        [changed("1"), *past("bob", "bob")[0], changed("9", author="eve", created="2026-01-01")],
        [*past("bob", "bob")[1], said("9", "bob", "2026-01-02")],
    )
    found = row_of(named(frames), "Bob")
    assert (found["n_reviewed"], found["n_reviewed_of_author"]) == (2, 2)
    # From 2 May at noon to 12 June at midnight.
    assert found["days_since_last"] == 40.5


def test_each_pull_request_has_its_own_names():
    pulls, reviewed = past("bob", "cy")
    table = named(world([changed("1"), changed("2", author="bob"), *pulls], reviewed), "2", "1")
    assert table["pull_request"].tolist() == ["1", "1", "2", "2"]
    assert set(table.loc[table["pull_request"] == "2", "person"]) == {"Ann", "Cy"}


def test_unknown_pull_requests_have_no_names_and_nothing_in_gives_nothing_out():
    frames = asking("bob")
    nothing = Frames.of({})
    for table in (named(frames, "404"), named(nothing)):
        assert table.empty
        assert table.dtypes.to_dict() == named(frames).dtypes.to_dict()
