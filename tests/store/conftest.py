"""Every test of the store runs on SQLite and, where a server's programs are found, on a real PostgreSQL."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from fairlead import store

PASSWORD = "p@ss:w/rd"  # noqa: S105 (of a server that lives as long as these tests)
QUOTED = "p%40ss%3Aw%2Frd"
NUMBERS = count()


def programs() -> Path | None:
    """The folder of the newest PostgreSQL server there is."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = shutil.which("initdb") or (debian[-1] if debian else None)
    return None if found is None else Path(found).parent


def as_ordinary_user() -> list[str]:
    """PostgreSQL does not run as root."""
    return ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL started for these tests, without a database."""
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL server is installed here (initdb was not found)")
    folder, port = Path(tempfile.mkdtemp(prefix="fairlead-pg-", dir="/tmp")), free_port()
    (folder / "password").write_text(PASSWORD)
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        shutil.chown(folder / "password", "nobody")
    control = [*as_ordinary_user(), found / "pg_ctl", "-D", folder / "data", "-w"]
    made = f"-U fairlead -A scram-sha-256 --pwfile={folder}/password -E UTF8 --locale=C --no-sync"
    options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories= -c fsync=off"
    subprocess.run([*control, "-s", "-o", made, "initdb"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*control, "-s", "-l", folder / "log", "-o", options, "start"], cwd=folder, check=True)
    yield f"postgresql://fairlead:{QUOTED}@127.0.0.1:{port}"
    subprocess.run([*control, "-s", "-m", "immediate", "stop"], cwd=folder, check=True)
    shutil.rmtree(folder)


def sql(url: str, statement: str) -> list[tuple]:
    """Run SQL past the store."""
    engine = create_engine(url.replace("postgresql:", "postgresql+pg8000:"), poolclass=NullPool)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        result = connection.execute(text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


@pytest.fixture(scope="session")
def template(server) -> str:
    """A database with the tables in it: copying it is faster than making them."""
    sql(f"{server}/postgres", "create database made")
    store.open(f"{server}/made").close()
    return "made"


@pytest.fixture(params=["sqlite", "postgresql"])
def nowhere(request, tmp_path) -> str:
    """The address of an empty place for a store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store/fairlead.db"
    server, name = request.getfixturevalue("server"), f"empty{next(NUMBERS)}"
    sql(f"{server}/postgres", f"create database {name}")
    return f"{server}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path) -> str:
    """The address of a store without rows."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/store/fairlead.db"
        store.open(url).close()
        return url
    template, server, name = request.getfixturevalue("template"), request.getfixturevalue("server"), f"s{next(NUMBERS)}"
    sql(f"{server}/postgres", f"create database {name} template {template}")
    return f"{server}/{name}"


@pytest.fixture
def opened(url) -> Iterator[store.Store]:
    """A store without rows."""
    with store.open(url) as opened:
        yield opened
