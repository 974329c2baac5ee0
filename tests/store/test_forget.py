"""A person that was forgotten is in no table; everybody else stays as they were."""

from collections import Counter

import pytest

from fairlead import forgetting
from fairlead.errors import StoreError
from fairlead.links import Link
from tests.store.anneke import AT, GITHUB, JIRA, PERSON, TRACES, assert_gone, batch, dumped, forget
from tests.store.conftest import sql
from tests.store.tables import plain, rows


@pytest.fixture
def filled(opened):
    opened.write(batch(), source="s", cursors={"issues": "here"})
    return opened


def test_the_rows_of_these_tests_name_her_in_every_column_that_could(filled, url):
    found = filled.read().tables()
    assert sorted(name for name in found if forgetting.of_accounts(name) or forgetting.of_people(name)) == [
        "accounts", "comments", "issue_assignees", "issue_events", "issues", "milestones", "people",
        "pull_request_events", "pull_requests", "reviews", "team_accounts", "team_members", "time_off",
    ]  # fmt: skip
    assert all(each in dumped(url) for each in TRACES)


@pytest.mark.parametrize(
    "asked",
    [
        "anneke-v",
        "ANNEKE-V",
        "Anneke Vandermolen",
        "a. vandermolen",
        "anneke@work.example",
        "Anneke@Example.org",
        GITHUB,
        JIRA,
        PERSON,
    ],
)
def test_she_is_found_by_all_that_she_is_called(filled, asked):
    found = filled.traces(asked)
    assert found.people == (PERSON,)
    assert found.accounts["id"].tolist() == [GITHUB, JIRA]


def test_whoever_is_forgotten_is_in_no_table(filled, url):
    forget(filled)
    assert_gone(url)


def test_others_and_all_counts_stay_as_they_were(filled):
    before = {name: len(table) for name, table in filled.read().tables().items()}
    forget(filled)
    found = filled.read()
    after = {name: len(table) for name, table in found.tables().items()}
    changed = {name: (n, after[name]) for name, n in before.items() if after[name] != n}
    assert changed == {"people": (2, 1), "team_members": (2, 0), "time_off": (1, 0)}
    assert found.people["name"].tolist() == ["Bob"]
    assert found.accounts["login"].tolist().count("bob") == 1
    assert filled.cursors("s") == {"issues": "here"}


def test_the_ghosts_of_her_sources_stand_in_her_place(filled):
    forget(filled)
    found = filled.read()
    told = plain("accounts", found.accounts)[["id", "source", "login", "kind"]].to_numpy().tolist()
    assert ["github:ghost", "github", "ghost", "ghost"] in told
    assert ["jira:site.example:ghost", "jira", "ghost", "ghost"] in told
    for table, column in (("issues", "author"), ("pull_request_events", "subject"), ("issue_events", "old")):
        assert sorted(getattr(found, table)[column].astype("str")) == ["github:ghost", "jira:site.example:ghost"]
    assert found.milestones["owner"].astype("str").str.endswith(":ghost").all()


def test_a_ghost_that_is_there_stays_as_its_source_calls_it(filled):
    ghost = {"id": "github:ghost", "source": "github", "login": "ghost", "name": "Deleted user", "kind": "ghost"}
    filled.write({"accounts": rows("accounts", ghost)}, source="s")
    forget(filled)
    found = plain("accounts", filled.read().accounts)
    assert found.loc[found["id"] == "github:ghost", "name"].tolist() == ["Deleted user"]


def test_what_was_erased_is_counted(filled):
    erased = forget(filled)
    assert erased.n_accounts == 2
    assert erased.n_rows["accounts"] == 2
    assert erased.n_rows["people"] == 1
    assert erased.n_rows["issue_events"] == 6  # actor, old and new of two
    assert erased.n_rows["issue_assignees"] == 2
    assert erased.n_rows["time_off"] == 1
    assert "files" not in erased.n_rows
    assert erased.is_clean


def test_forgetting_is_a_new_version_and_edition(filled):
    version, edition = filled.version(), filled.edition()
    forget(filled)
    assert (filled.version(), filled.edition()) == (version + 1, edition + 1)


def test_a_person_without_accounts_is_forgotten_and_does_not_come_back(opened):
    table = {"people": rows("people", {"id": "person:map:77", "name": "Anneke Vandermolen"})}
    opened.write(table, source="s")
    assert forget(opened, "Anneke Vandermolen").n_accounts == 0
    opened.write(table, source="s")
    assert opened.read().people.empty


def test_an_account_without_a_person_is_forgotten_by_itself(opened):
    given = [{"id": f"github:U_{n}", "source": "github", "login": f"u{n}", "kind": "user"} for n in range(2)]
    opened.write({"accounts": rows("accounts", *given)}, source="s")
    forget(opened, "u0")
    assert sorted(opened.read().accounts["login"]) == ["ghost", "u1"]


def test_who_is_not_known_is_said_and_nothing_changes(filled, url):
    before = dumped(url)
    with pytest.raises(StoreError, match="nobody is known by that") as caught:
        forget(filled, "annek")
    assert not any(each in str(caught.value) for each in ("annek", "bob", "Bob"))
    assert dumped(url) == before


def test_namesakes_are_counted_and_not_named(filled, url):
    namesake = {"id": "github:U_zoe", "source": "github", "login": "zoe", "name": "bob", "person": "person:zoe"}
    filled.write({"accounts": rows("accounts", namesake | {"kind": "user"})}, source="s")
    before = dumped(url)
    with pytest.raises(StoreError, match="2 people are known by that") as caught:
        forget(filled, "bob")
    assert "zoe" not in str(caught.value)
    assert dumped(url) == before


def test_ids_that_differ_in_case_are_two(opened):
    given = [{"id": f"github:U_{each}", "source": "github", "login": f"l{n}"} for n, each in enumerate("aA")]
    opened.write({"accounts": rows("accounts", *[each | {"kind": "user"} for each in given])}, source="s")
    assert opened.traces("github:U_A").accounts["id"].tolist() == ["github:U_A"]


def test_a_ghost_is_nobody(filled):
    forget(filled)
    with pytest.raises(StoreError, match="nobody"):
        forget(filled, "ghost")


def test_looks_and_links_lose_her_name_and_others_keep_theirs(filled):
    hers = ("Anneke@Example.org", "anneke-v", "anneke@work.example", "anneke.private@example.net", "Anneke Vandermolen")
    for who in (*hers, "bob@example.org"):
        filled.log_access(at=AT, who=who, role="lead", view="/")
        given = {"id": who[::-1], "name": "n", "report": "milestone", "choices": {}, "titles": True}
        made = Link(**given, made_by=who, made_at=AT, expires_at=AT)
        filled.add_link(made)
    erased = forget(filled, emails=["anneke.private@example.net"])
    assert (erased.n_accesses, erased.n_links) == (5, 5)
    assert Counter(filled.accesses()["who"]) == {"forgotten": 5, "bob@example.org": 1}
    assert Counter(filled.links()["made_by"]) == {"forgotten": 5, "bob@example.org": 1}
    assert "anneke" not in " ".join([*filled.accesses()["who"], *filled.links()["made_by"]]).casefold()


def test_views_that_name_her_are_taken_out_of_the_log(filled, url):
    hers = (
        "/person?who=person%3Agithub%3AU_anneke",
        f"/workload?moves=i1>{GITHUB},i2>x",
        "/person?name=Anneke+Vandermolen",
    )
    for view in (*hers, "/person?who=person:bob", "/flow", "//[odd"):
        filled.log_access(at=AT, who="bob@example.org", role="lead", view=view)
    assert forget(filled).n_accesses == 3
    found = Counter(filled.accesses()["view"])
    assert found == {"forgotten": 3, "/person?who=person:bob": 1, "/flow": 1, "//[odd": 1}
    assert_gone(url)


def test_what_is_kept_of_her_are_salted_hashes(filled, url):
    forget(filled)
    kept = {found for (found,) in sql(url, "select hash from forgotten")}
    assert kept == {forgetting.digest(each, filled.salt()) for each in (GITHUB, JIRA, PERSON)}


@pytest.mark.parametrize("asked", ["", "  "])
def test_nobody_is_called_nothing(opened, asked):
    opened.write({"accounts": rows("accounts", {"id": "github:U_x", "login": "", "kind": "user"})}, source="s")
    with pytest.raises(StoreError, match="nobody"):
        forget(opened, asked)
