"""What stays when accounts join, lines are corrected and namesakes appear."""

from tests.test_people_settle import again, email, gh, jira, line, persons, settle


def test_a_person_keeps_the_id_when_an_account_joins_that_sorts_before():
    first = settle(jira("j", "Ann Lee"), jira("j2", email_hash=email("x")), gh("z", email_hash=email("x")))
    ids = first.people["id"].tolist()
    joined = settle(gh("a", "Ann Lee"), gh("b", email_hash=email("x")), before=first)
    assert persons(joined) == [["github:b", "github:z", "jira:j2"], ["github:a", "jira:j"]]
    assert joined.people["id"].tolist() == ids


def test_a_person_keeps_the_id_when_the_name_in_the_map_is_corrected():
    before = settle(gh("a"), jira("b"), lines=[line("Ane Lee", "github", "a"), line("Ane Lee", "jira", "b")])
    after = again(before, lines=[line("Ann Lee", "github", "a"), line("Ann Lee", "jira", "b")])
    assert after.people["id"].tolist() == before.people["id"].tolist()
    assert after.people["name"].tolist() == ["Ann Lee"]


def test_a_person_of_whom_the_map_alone_knows_keeps_the_id_when_an_account_is_seen():
    lines = [line("Ann", "github", "ann@x.org", team="Core")]
    before = settle(lines=lines)
    assert before.people["name"].tolist() == ["Ann"]
    assert "ann" not in before.people["id"].item()
    after = settle(gh("a", email_hash=email("ann@x.org")), lines=lines, before=before)
    assert after.people["id"].tolist() == before.people["id"].tolist()
    assert persons(after) == [["github:a"]]
    assert again(after).people["id"].tolist() == before.people["id"].tolist()


def test_an_account_that_was_read_anew_and_lost_its_person_finds_the_id_again():
    before = settle(jira("j", "Ann Lee"))
    joined = settle(gh("a", "Ann Lee"), before=before)
    after = settle(gh("a", "Ann Lee"), jira("j", "Ann Lee"), before=joined)
    assert joined.people["id"].tolist() == after.people["id"].tolist() == ["person:jira:j"]


def test_of_two_who_are_taken_apart_the_account_the_id_is_made_of_keeps_it():
    joined = settle(jira("b"), lines=[line("Ann", "jira", "b")])
    joined = settle(gh("a"), before=joined, lines=[line("Ann", "github", "a"), line("Ann", "jira", "b")])
    assert joined.people["id"].tolist() == ["person:jira:b"]
    apart = again(joined).accounts.set_index("id")["person"]
    assert apart.to_dict() == {"github:a": "person:github:a", "jira:b": "person:jira:b"}


def test_a_namesake_who_joins_later_takes_nobody_apart():
    before = settle(gh("g", "Ann Lee"), jira("j1", "Ann Lee"))
    after = settle(jira("j2", "Ann Lee"), before=before)
    assert persons(after) == [["github:g", "jira:j1"], ["jira:j2"]]
    assert after.undecided.empty


def test_what_the_map_alone_held_together_is_no_match_that_lasts():
    rows = gh("g", "Ann Lee"), jira("j1", "Ann Lee"), jira("j2", "Ann Lee")
    lines = line("Ann Lee", "github", "g"), line("Ann Lee", "jira", "j1")
    assert len(persons(again(settle(*rows, lines=lines)))) == 3
