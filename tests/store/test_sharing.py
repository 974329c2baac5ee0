"""What sharing keeps: who looked at what, links, a salt; none of it changes the version."""

import subprocess
import sys

import pandas as pd
import pytest
from alembic import command

from fairlead import frames, store
from fairlead.errors import StoreError
from fairlead.links import Link, signed
from fairlead.links import opened as open_link
from fairlead.store import migration
from tests.store.conftest import sql
from tests.store.tables import rows
from tests.store.test_processes import ROOT

MONDAY, TUESDAY, WEDNESDAY = pd.date_range("2025-03-31T08:00Z", periods=3, freq="D", unit="us")
HOSTILE = "'; drop table accounts; -- $1 ? %s \" \\ 🚀"
SECRET = "s" * 32


def link(**more):
    given = {"id": "k1", "name": HOSTILE, "report": "milestone", "choices": {"milestone": HOSTILE}, "titles": True}
    return Link(**{**given, "made_by": "ann@example.org", "made_at": MONDAY, "expires_at": WEDNESDAY} | more)


def test_the_salt_is_128_random_bits_and_stays(url, opened):
    first = opened.salt()
    assert len(bytes.fromhex(first)) == 16
    with store.open(url) as other:
        assert other.salt() == opened.salt() == first


def test_every_store_has_a_salt_of_its_own(tmp_path):
    salts = set()
    for name in ("a", "b"):
        with store.open(f"sqlite:///{tmp_path}/{name}.db") as opened:
            salts.add(opened.salt())
    assert len(salts) == 2


def test_processes_that_make_a_store_at_once_find_one_salt(nowhere):
    code = "import sys; from fairlead import store; print(store.open(sys.argv[1]).salt())"
    made = [
        subprocess.Popen([sys.executable, "-c", code, nowhere], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    first, second = (process.communicate()[0].strip() for process in made)
    assert first == second != ""


def test_accesses_are_told_newest_first(opened):
    for at, view in ((MONDAY, "/flow"), (WEDNESDAY, "/"), (TUESDAY, "/reviews")):
        opened.log_access(at=at, who="ann@example.org", role="lead", view=view)
    found = opened.accesses()
    assert found.to_numpy().tolist() == [
        [WEDNESDAY, "ann@example.org", "lead", "/"],
        [TUESDAY, "ann@example.org", "lead", "/reviews"],
        [MONDAY, "ann@example.org", "lead", "/flow"],
    ]
    assert str(found["at"].dtype) == "datetime64[us, UTC]"


def test_the_same_look_twice_is_two(opened):
    for _ in range(2):
        opened.log_access(at=MONDAY, who="ann", role="lead", view="/")
    assert len(opened.accesses()) == 2


def test_what_is_logged_is_text_whatever_it_holds(opened):
    opened.log_access(at=MONDAY, who=HOSTILE, role="lead", view="a\0b\ud800")
    assert opened.accesses()[["who", "view"]].to_numpy().tolist() == [[HOSTILE, "a�b�"]]


def test_old_accesses_are_forgotten_up_to_but_without_the_instant(opened):
    for at in (MONDAY, TUESDAY, WEDNESDAY):
        opened.log_access(at=at, who="ann", role="lead", view="/")
    assert opened.forget_accesses(TUESDAY) == 1
    assert opened.accesses()["at"].tolist() == [WEDNESDAY, TUESDAY]
    assert opened.forget_accesses(TUESDAY) == 0


def test_before_the_first_there_are_none_of_the_right_types(opened):
    assert opened.accesses().dtypes.astype(str).tolist() == ["datetime64[us, UTC]", "str", "str", "str"]
    assert opened.links().empty
    assert list(opened.links()) == list(vars(link()))


def test_a_link_comes_back_as_it_was_made(opened):
    opened.add_link(link())
    opened.add_link(link(id="k2", made_at=TUESDAY, titles=False, choices={}))
    found = opened.links()
    assert [Link.of_row(row) for row in found.to_dict("records")] == [
        link(id="k2", made_at=TUESDAY, titles=False, choices={}),
        link(),
    ]
    assert found["titles"].dtype == bool


def test_a_token_opens_a_kept_link_until_it_is_taken_back(opened):
    opened.add_link(link())
    token = signed(link(), SECRET)
    assert open_link(token, opened, SECRET, TUESDAY) == link()
    opened.revoke_link("k1", TUESDAY)
    opened.revoke_link("k1", WEDNESDAY)
    assert opened.links()["revoked_at"].tolist() == [TUESDAY]


def test_taking_back_a_link_that_is_not_there_is_said(opened):
    opened.add_link(link())
    with pytest.raises(StoreError, match="there is no such link"):
        opened.revoke_link("k9", TUESDAY)
    assert opened.links()["revoked_at"].isna().all()


def test_two_links_cannot_have_one_id_and_the_fault_tells_no_values(opened):
    opened.add_link(link())
    with pytest.raises(StoreError) as caught:
        opened.add_link(link(made_by="bob@example.org"))
    assert not {"k1", "bob", "ann", "insert"} & {*str(caught.value).lower().split()}
    assert opened.links()["made_by"].tolist() == ["ann@example.org"]


def test_looking_and_linking_make_no_new_version_or_edition(opened):
    before = opened.version(), opened.edition()
    opened.log_access(at=MONDAY, who="ann", role="lead", view="/")
    opened.add_link(link())
    opened.revoke_link("k1", TUESDAY)
    opened.forget_accesses(WEDNESDAY)
    opened.salt()
    assert (opened.version(), opened.edition()) == before


def test_what_sharing_keeps_is_not_among_the_frames():
    assert not {"access_log", "shared_links", "forgotten", "constants"} & {*frames.TABLES}


def test_a_store_of_schema_0004_is_upgraded_without_loss(nowhere, monkeypatch):
    real = command.upgrade
    monkeypatch.setattr(command, "upgrade", lambda settings, _: real(settings, "0004"))
    database = store._database(nowhere)
    with database.engine().begin() as connection:
        settings = migration.config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
    sql(nowhere, "insert into people (id, name) values ('p1', 'Ann')")
    sql(nowhere, "insert into cursors (source, stream, cursor) values ('s', 'issues', 'here')")
    version = sql(nowhere, "select value from counters where name = 'version'")
    monkeypatch.undo()
    with store.open(nowhere) as opened:
        assert opened.read().people["name"].tolist() == ["Ann"]
        assert opened.cursors("s") == {"issues": "here"}
        assert [(opened.version(),)] == version
        assert len(opened.salt()) == 32
        assert opened.accesses().empty
        opened.write({"people": rows("people", {"id": "p2"})}, source="s")
