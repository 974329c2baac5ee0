"""Many look at once, in every role: each sees their own, nothing fails, and the server takes back what it lent."""

import asyncio
import time
from collections import Counter
from contextlib import AsyncExitStack
from itertools import cycle, islice
from statistics import median

import pytest

from fairlead import store
from tests.bench.viewers import Usage, faultless
from tests.hosted.house import ACCESS, LINK_SECRET, PEOPLE, RESTRICTED, secrets_from
from tests.oidc import provider, signed_in
from tests.servers import free_port, serving
from tests.viewers import connect, look, run

ROLES = ("head", *RESTRICTED)
PAGES = ("/overview", "/milestones", "/reviews", "/flow")
MANY = 15
PATIENCE = 4
"""How many times a fair share of the server a page may take: other work goes on where tests run."""
KEPT_SECONDS = 1
MOST_MEGABYTES = 20


@pytest.fixture(scope="module")
def issuer():
    with provider(*PEOPLE) as given:
        yield given


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("many")


@pytest.fixture(scope="module")
def server(issuer, folder):
    port = free_port()
    (folder / "fairlead.toml").write_text(issuer.sign_in(f"http://localhost:{port}") + ACCESS, "utf-8")
    more = {"FAIRLEAD_LINK_SECRET": LINK_SECRET, "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(KEPT_SECONDS)}
    with serving(folder, port=port, more=issuer.secrets() | more) as started:
        yield started


@pytest.fixture(scope="module")
def looks(server, issuer):
    """Who opens which page with which cookies; every one of them has been opened before, one after the other."""
    cookies = {who: signed_in(server.address, issuer, who) for who in ROLES}
    chosen = [(who, page, cookies[who]) for who, page in islice(zip(cycle(ROLES), _pages(), strict=False), MANY)]
    for who, page, held in chosen:
        assert any(look(server.address, page, cookies=held).texts), who
    return chosen


def _pages():
    """In an order that gives a role another page in its next turn."""
    return (PAGES[(turn + turn // len(ROLES)) % len(PAGES)] for turn in range(MANY))


def wave(server, looks):
    """Everybody at once, and what the server held while all were there."""

    async def together():
        async with AsyncExitStack() as stack:
            opening = [connect(server.address, cookies=held) for _, _, held in looks]
            sockets = await asyncio.gather(*(stack.enter_async_context(each) for each in opening))
            pages = zip(sockets, looks, strict=True)
            shown = await asyncio.gather(*(run(socket, server.address, page) for socket, (_, page, _) in pages))
            return shown, Usage.of(server)

    return asyncio.run(together())


def left(server, one):
    """What the server holds when everybody has gone: Streamlit drops expired sessions as soon as another one ends."""
    for _ in range(2):
        time.sleep(KEPT_SECONDS + 0.5)
        look(server.address, one[1], cookies=one[2])
    return Usage.of(server)


def test_many_at_once_each_see_their_own_and_nothing_fails(server, looks):
    shown, _ = wave(server, looks)
    told = {who: [] for who in ROLES}
    for (who, page, _), seen in zip(looks, shown, strict=True):
        faultless(seen)
        assert who == "head" or secrets_from(who).in_bytes(seen.sent) == [], (who, page)
        told[who] += secrets_from("board").in_bytes(seen.sent)
    assert len(told["head"]) > len(told["berth"]) > 0 == len(told["board"])
    assert "Reference" not in server.said()


def test_everybody_gets_a_fair_share_of_the_server(server, looks):
    """With n at once a page takes no longer than n alone one after the other, but for what else the machine does."""
    ratios = []
    for _ in range(2):
        alone = median(look(server.address, page, cookies=held).seconds for _, page, held in looks)
        ratios.append(median(seen.seconds for seen in wave(server, looks)[0]) / (alone * MANY))
    assert min(ratios) < PATIENCE


def test_what_sessions_held_is_given_back(server, looks):
    wave(server, looks)
    idle = left(server, looks[0])
    for _ in range(2):
        _, held = wave(server, looks)
        assert (held.megabytes - idle.megabytes) / MANY < MOST_MEGABYTES
    after = left(server, looks[0])
    assert after.megabytes - idle.megabytes < MOST_MEGABYTES
    assert after.threads <= idle.threads + 2


def test_the_log_has_a_line_for_everybody(server, looks, folder):
    """As many as look at once write into it at once."""
    with store.open(f"sqlite:///{folder}/.fairlead/fairlead.db") as opened:
        before = Counter(opened.accesses()["view"])
        wave(server, looks)
        after = Counter(opened.accesses()["view"])
    assert (after - before) == Counter(page.removeprefix("/") for _, page, _ in looks)
