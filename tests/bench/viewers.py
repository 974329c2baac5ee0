"""How one server bears many viewers at once: real sessions, signed in, of every role, on every page of theirs.

`python -m tests.bench.viewers [PULL_REQUESTS]` prints the figures as JSON; without a number it serves the sample
organisation. Every figure of one viewer alone is taken between the waves of many, so that both meet the same machine.

A page is timed from opening its connection to the end of its script. The limit for many at once is

    median of N at once < 2 × page of one alone × N / active cores

where active cores are those the server kept busy meanwhile (its CPU time / time of the wave), at least one: Python runs
on one at a time, so that many share about one. `ratio_to_limit` is how much of the limit is used, with the seconds one
alone waits for a page; `ratio_to_cpu_limit`, which is stricter, with the CPU seconds its page costs the server.
"""

import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from fairlead import config, store
from fairlead.frames import Frames
from reports.catalogue import ENTRIES
from tests.bench.organisation import organisation
from tests.bench.timing import once
from tests.oidc import Person, Provider, provider, signed_in
from tests.sample import sample
from tests.servers import Server, free_port, serving
from tests.viewers import Shown, connect, run

MANY, WAVES, ALONE, SEED = 50, 3, 12, 7
KEPT_SECONDS = 5
"""How long the server keeps the sessions of viewers who have gone; 120 where nobody hurries."""
PACED_SECONDS, A_PAGE_EVERY_SECONDS = 40, 15
TICKS = os.sysconf("SC_CLK_TCK")
GROUPS = ("heads", "lead", "board", "customers", "sales", "member", "member")
"""Who looks, in turn: members are the most, and each has rights of their own."""
ROLE = {"heads": "lead", "lead": "lead", "board": "executive", "member": "member"}


@dataclass(frozen=True)
class Look:
    """One viewer, what their browser holds, and the pages they open."""

    who: str
    cookies: dict[str, str]
    pages: tuple[str, ...]


@dataclass(frozen=True)
class Usage:
    """What a process holds and has used, as the kernel counts it."""

    megabytes: float
    cpu_seconds: float
    threads: int

    @classmethod
    def of(cls, server: Server) -> "Usage":
        """Now."""
        folder = Path(f"/proc/{server.process.pid}")
        status = dict(line.split(":", 1) for line in (folder / "status").read_text("ascii").splitlines())
        times = (folder / "stat").read_text("ascii").rpartition(")")[2].split()
        ticks = int(times[11]) + int(times[12])
        return cls(int(status["VmRSS"].split()[0]) / 1024, ticks / TICKS, int(status["Threads"]))


@dataclass(frozen=True)
class House:
    """An organisation to be looked at: its settings without the sign-in, and who looks."""

    settings: str
    people: tuple[Person, ...]


def house(frames: Frames, n: int, more: str = "") -> House:
    """Settings that grant every role, and people of all of them in turn; members are those of the organisation."""
    teams, stones = list(frames.teams["name"]), list(frames.milestones["title"][:3])
    grants = [_grant("heads", "lead", teams=["*"], milestones=["*"]), _grant("board", "executive")]
    grants += [_grant("sales", "stakeholder", teams=["*"], milestones=["*"])]
    grants += [_grant("customers", "stakeholder", milestones=stones, titles=False)]
    grants += [_grant(f"lead {team}", "lead", teams=[team]) for team in teams]
    grants += [_grant(f"member {team}", "member", teams=[team]) for team in teams]
    users = frames.accounts[frames.accounts["login"].str.contains("@")]
    emails, among = islice(cycle(users["login"]), n), cycle(teams)
    people = []
    for number, (email, group) in enumerate(zip(emails, cycle(GROUPS), strict=False)):
        named = f"{group} {next(among)}" if group in {"lead", "member"} else group
        people.append(Person(f"viewer-{number}", email, groups=(named,)))
    return House(more + "\n".join(grants), tuple(people))


def _grant(group: str, role: str, **more: Any) -> str:
    keys = {"name": f"Those of {group}", "role": role, "groups": [group], **more}
    return "[[access.grants]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())


def pages_for(person: Person, number: int) -> tuple[str, ...]:
    """Two pages of their role: the second is opened in the same session."""
    role = ROLE.get(person.groups[0].partition(" ")[0], "stakeholder")
    keys = [f"/{entry.key}" for entry in ENTRIES if role in entry.roles]
    return keys[number % len(keys)], keys[(number + 3) % len(keys)]


def of_size(pull_requests: int, folder: Path) -> House:
    """The seeded organisation, written into a store in the folder; its people can sign in."""
    frames = organisation(pull_requests)
    frames = replace(frames, accounts=frames.accounts.assign(login=frames.accounts["login"] + "@example.org"))
    more = '[store]\nurl = "sqlite:///bench.db"\n[[github]]\nrepos = ["bench/bench"]\n'
    with store.open(f"sqlite:///{folder}/bench.db") as opened:
        opened.write(frames.tables(), source="bench", is_edition=True)
    return house(frames, MANY, more)


async def opened(stack: AsyncExitStack, server: Server, look: Look) -> tuple[Any, float]:
    """Open the first page in a new session, which stays open; and how many seconds that took."""
    begin = time.perf_counter()
    socket = await stack.enter_async_context(connect(server.address, cookies=look.cookies))
    connected = time.perf_counter() - begin
    return socket, connected + faultless(await run(socket, server.address, look.pages[0]))


def faultless(shown: Shown) -> float:
    """How long the page took; it showed no error."""
    kinds = {message.delta.new_element.WhichOneof("type") for message in shown.messages}
    assert not shown.exceptions, shown.exceptions
    assert not any("Something went wrong" in text or "cannot show this" in text for text in shown.texts), shown.texts
    assert kinds & {"heading", "markdown"}
    return shown.seconds


async def alone(server: Server, look: Look) -> dict[str, float]:
    """One viewer, nobody else: seconds, and CPU seconds of the server."""
    before = Usage.of(server)
    async with AsyncExitStack() as stack:
        _, seconds = await opened(stack, server, look)
        return {"seconds": seconds, "cpu": Usage.of(server).cpu_seconds - before.cpu_seconds}


async def wave(server: Server, looks: Sequence[Look]) -> dict[str, Any]:
    """All at once: everybody opens a page, then another one in the same session, then all go."""
    async with AsyncExitStack() as stack:
        before, begin = Usage.of(server), time.perf_counter()
        sessions = await asyncio.gather(*(opened(stack, server, look) for look in looks))
        first, wall = Usage.of(server), time.perf_counter() - begin
        again = await asyncio.gather(
            *(run(socket, server.address, look.pages[1]) for look, (socket, _) in zip(looks, sessions, strict=True))
        )
        held = Usage.of(server)
    cpu = first.cpu_seconds - before.cpu_seconds
    return {
        **_spread([seconds for _, seconds in sessions]),
        "turned_median": median(faultless(shown) for shown in again),
        "pages_per_second": len(looks) / wall,
        "cpu_per_page": cpu / len(looks),
        "active_cores": cpu / wall,
        "megabytes_per_session": (held.megabytes - before.megabytes) / len(looks),
        "megabytes_open": held.megabytes,
    }


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    return {"median": median(seconds), "p95": quantiles(seconds, n=20)[-1], "longest": max(seconds)}


async def paced(server: Server, looks: Sequence[Look]) -> dict[str, float]:
    """All are there and read: everybody opens a page now and then, for a while."""
    chance, end = random.Random(SEED), time.perf_counter() + PACED_SECONDS  # noqa: S311 (no secret)

    async def read(socket: Any, look: Look) -> list[float]:
        seconds = []
        while time.perf_counter() < end:
            await asyncio.sleep(chance.uniform(0, 2 * A_PAGE_EVERY_SECONDS))
            seconds += [faultless(await run(socket, server.address, chance.choice(look.pages)))]
        return seconds

    async with AsyncExitStack() as stack:
        sessions = await asyncio.gather(*(opened(stack, server, look) for look in looks))
        pairs = zip(looks, sessions, strict=True)
        found = await asyncio.gather(*(read(socket, look) for look, (socket, _) in pairs))
    return _spread([seconds for each in found for seconds in each])


async def left(server: Server, look: Look) -> Usage:
    """What is held when everybody has gone: Streamlit drops expired sessions when another one ends."""
    for _ in range(2):
        await asyncio.sleep(KEPT_SECONDS + 1)
        await alone(server, look)
    return Usage.of(server)


async def measured(server: Server, looks: Sequence[Look]) -> dict[str, Any]:
    """Everything: a first look of everybody, waves of all with single viewers between them, and readers at leisure."""
    cold = [await alone(server, replace(look, pages=(page,))) for look in looks for page in look.pages]
    _say(f"{len(cold)} pages have been opened for the first time")
    await wave(server, looks)
    idle, singles, waves = [await left(server, looks[0])], [], []
    for _ in range(WAVES):
        singles += [await alone(server, look) for look in looks[:: len(looks) // ALONE]]
        waves += [await wave(server, looks)]
        _say(json.dumps(waves[-1]))
        idle += [await left(server, looks[0])]
    singles += [await alone(server, look) for look in looks[:: len(looks) // ALONE]]
    one = {f"{what}_median": median(each[what] for each in singles) for what in ("seconds", "cpu")}
    at_leisure = await paced(server, looks)
    return {
        "viewers": len(looks),
        "cold": {f"{what}_median": median(each[what] for each in cold) for what in ("seconds", "cpu")},
        "alone": one,
        "waves": waves,
        **limits(one, waves),
        "at_leisure": at_leisure | {"ratio_to_alone": at_leisure["median"] / one["seconds_median"]},
        "megabytes_idle": [round(each.megabytes, 1) for each in idle],
        "threads_idle": [each.threads for each in idle],
    }


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def limits(one: dict[str, float], waves: Sequence[dict[str, Any]]) -> dict[str, float]:
    """How much of the limit the median page needs; below 1 it is kept. See the module for the formula."""

    def used(seconds: float) -> float:
        return median(each["median"] / (2 * seconds * MANY / max(1.0, each["active_cores"])) for each in waves)

    return {"ratio_to_limit": used(one["seconds_median"]), "ratio_to_cpu_limit": used(one["cpu_median"])}


def figures(pull_requests: int | None = None) -> dict[str, Any]:
    """The figures of an organisation of that size; without one, of the sample organisation."""
    with tempfile.TemporaryDirectory() as place:
        folder, port = Path(place), free_port()
        given = house(sample(), MANY) if pull_requests is None else of_size(pull_requests, folder)
        with provider(*given.people) as issuer:
            signing = issuer.sign_in(f"http://localhost:{port}")
            (folder / config.FILE_NAME).write_text(signing + given.settings, "utf-8")
            more = issuer.secrets() | {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(KEPT_SECONDS)}
            with serving(folder, port=port, more=more | _meant()) as server:
                looks = entered(server, issuer, given.people)
                first = once(lambda: asyncio.run(alone(server, looks[0])))
                return {"first_page": first} | asyncio.run(measured(server, looks))


def _meant() -> dict[str, str]:
    """Variables that steer the C library: to see what they change."""
    return {name: value for name, value in os.environ.items() if name.startswith("MALLOC")}


def entered(server: Server, issuer: Provider, people: Sequence[Person]) -> list[Look]:
    """Everybody, signed in."""
    return [
        Look(person.sub, signed_in(server.address, issuer, person.sub), pages_for(person, number))
        for number, person in enumerate(people)
    ]


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else None
    print(json.dumps(figures(size), indent=2))  # noqa: T201
