"""Who was forgotten does not come back with what is written later, and is in no byte of SQLite's files."""

from collections import Counter

import adbc_driver_sqlite.dbapi as driver
import pandas as pd
import pytest

from fairlead import forgetting, frames, store
from fairlead.store import sqlite
from tests.store.anneke import AT, TRACES, accounts, assert_gone, batch, forget
from tests.store.tables import plain, rows
from tests.store.test_open import path_of


@pytest.fixture
def filled(opened):
    opened.write(batch(), source="s", cursors={"issues": "here"})
    return opened


def test_the_next_sync_does_not_bring_her_back(filled, url):
    forget(filled)
    after = filled.read().tables()
    filled.write(batch(), source="s")
    assert_gone(url)
    for name, table in filled.read().tables().items():
        pd.testing.assert_frame_equal(plain(name, table), plain(name, after[name]))


def test_tables_that_are_replaced_whole_do_not_bring_her_back(filled, url):
    forget(filled)
    given = {name: batch()[name] for name in ("accounts", "people", "team_members", "time_off")}
    filled.write(given, source="people", replaced=[*given])
    assert_gone(url)
    assert sorted(plain("accounts", filled.read().accounts)["id"]) == [
        "github:U_bob", "github:ghost", "jira:site.example:ghost",
    ]  # fmt: skip


def test_another_process_that_knew_her_before_does_not_bring_her_back(filled, url):
    with store.open(url) as other:
        known = other.read().tables()
        forget(filled)
        other.write(known, source="s")
    assert_gone(url)


def test_a_batch_s_own_ghost_counts_before_the_one_we_make(filled):
    forget(filled)
    ghost = rows("accounts", {"id": "github:ghost", "source": "github", "login": "gone", "kind": "ghost"})
    filled.write({"accounts": pd.concat([accounts(), ghost])}, source="s")
    found = plain("accounts", filled.read().accounts)
    assert found.loc[found["id"] == "github:ghost", "login"].tolist() == ["gone"]


def test_two_of_one_issue_become_one_ghost_in_the_store_and_in_later_batches(opened):
    pair = rows(
        "accounts",
        *[{"id": f"github:U_{each}", "source": "github", "login": each, "kind": "user"} for each in ("cleo", "dora")],
    )
    both = rows("issue_assignees", *[{"issue": "i1", "account": f"github:U_{each}"} for each in ("cleo", "dora")])
    reviews = rows(
        "reviews", *[{"id": f"r{n}", "author": f"github:U_{each}"} for n, each in enumerate(("cleo", "dora"))]
    )
    tables = {"accounts": pair, "issue_assignees": both, "reviews": reviews}
    opened.write(tables, source="s")
    for each in ("cleo", "dora"):
        forget(opened, each)
    for _ in range(2):
        found = opened.read()
        assert found.issue_assignees.astype("str").to_numpy().tolist() == [["i1", "github:ghost"]]
        assert plain("reviews", found.reviews)[["id", "author"]].to_numpy().tolist() == [
            ["r0", "github:ghost"],
            ["r1", "github:ghost"],
        ]
        opened.write(tables, source="s")


def test_each_id_of_a_batch_is_hashed_once_however_many_rows_name_it(monkeypatch):
    hashed = Counter()
    real = forgetting.digest
    monkeypatch.setattr(forgetting, "digest", lambda own, salt: (hashed.update([own]), real(own, salt))[1])
    author = pd.Series([f"github:U_{n % 50}" for n in range(10_000)])
    ids = pd.Series(range(10_000)).astype("str")
    table = pd.DataFrame({"id": ids, "pull_request": ids, "author": author, "at": AT, "state": "approved", "size": 1})
    reviews = frames.conform("reviews", table)
    found = forgetting.without({"reviews": reviews}, frozenset({real("github:U_7", "s")}), "s")["reviews"]
    assert (found["author"] == "github:ghost").sum() == 200
    pd.testing.assert_frame_equal(found.drop(columns="author"), reviews.drop(columns="author"))
    assert hashed == Counter({*author})


def test_no_batch_is_looked_at_where_nobody_is_forgotten(opened, monkeypatch):
    monkeypatch.setattr(forgetting, "without", None)
    opened.write(batch(), source="s")
    assert len(opened.read().accounts) == 3


def test_sqlite_keeps_no_byte_of_her_in_any_file(tmp_path):
    url = f"sqlite:///{tmp_path}/f.db"
    with store.open(url) as opened, store.open(url) as other:
        for n in range(20):  # earlier states leave their bytes in free pages and in the log
            opened.write(batch(), source=f"s{n}", replaced=["people", "accounts"])
        assert other.read().people["name"].tolist()
        assert any(b"Anneke" in path.read_bytes() for path in tmp_path.iterdir())
        assert forget(opened).is_clean
        assert_no_bytes(tmp_path)
        opened.write(batch(), source="s")
        assert_no_bytes(tmp_path)
    assert_no_bytes(tmp_path)
    assert path_of(url).exists()


def test_a_disk_without_room_for_a_new_file_does_not_keep_anybody_from_being_forgotten(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sqlite.Sqlite, "scrub", full)
    url = f"sqlite:///{tmp_path}/f.db"
    with store.open(url) as opened:
        opened.write(batch(), source="s")
        erased = forget(opened)
    assert not erased.is_clean
    assert forgetting.STILL_READ in forgetting.in_words(erased)
    assert_gone(url)


def assert_no_bytes(folder):
    held = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert [(name, each) for name, found in held.items() for each in TRACES if each.encode() in found] == []


def test_where_an_older_state_is_being_read_it_is_said_that_the_bytes_go_later(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "SCRUB_MS", 20)
    url = f"sqlite:///{tmp_path}/f.db"
    with store.open(url) as opened:
        opened.write(batch(), source="s")
        with driver.connect(str(path_of(url))) as reader, reader.cursor() as cursor:
            cursor.execute("select count(*) from accounts")  # within the transaction the driver has begun
            assert cursor.fetchall() == [(3,)]
            assert not forget(opened).is_clean
        assert_gone(url)
    assert_no_bytes(tmp_path)
