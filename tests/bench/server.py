"""A GitHub of one repository, in a process of its own: `python -m tests.bench.server PULL_REQUESTS` prints its port.

It answers Fairlead's own queries from pages laid out before, so that only the client's work is measured. What it has
sent can be had once more, a body a line, at `/sent`.
"""

import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import numpy as np

from tests.connectors.pages import PROJECT, bot, comment, event, listed, pull, review, user

SEED = 20261121
PEOPLE = 60
EMPTY = {"pageInfo": {"hasNextPage": False, "endCursor": None}, "totalCount": 0, "nodes": []}
FIELDS = ("parent", "subIssues")
"""What this server's issues can do beyond the oldest that is supported."""


def pull_requests(count: int) -> list[str]:
    """As JSON: per pull request about 2 reviews, 5 comments, 8 events and 6 files, as in a recorded repository."""
    rng = np.random.default_rng(SEED)
    people = [user(f"person-{n}") for n in range(PEOPLE)] + [bot("ci")]
    return [json.dumps(_pull(rng, people, number)) for number in range(1, count + 1)]


def _pull(rng: np.random.Generator, people: list[dict[str, Any]], number: int) -> dict[str, Any]:
    def somebody() -> dict[str, Any]:
        return people[int(rng.integers(len(people)))]

    def at(n: int) -> str:
        return f"2024-{1 + number % 12:02}-{1 + n % 28:02}T09:{number % 60:02}:{n % 60:02}Z"

    kinds = ["ReviewRequestedEvent", "LabeledEvent", "HeadRefForcePushedEvent", "MergedEvent", "ClosedEvent"]
    more = {
        "ReviewRequestedEvent": lambda: {"requestedReviewer": somebody()},
        "LabeledEvent": lambda: {"label": {"name": "area: roof"}},
    }
    events = [event(kind, at(n), somebody(), **more.get(kind, dict)()) for n, kind in enumerate(rng.choice(kinds, 8))]
    return pull(
        number,
        *events,
        title=f"Mend the roof of house {number}, which has been leaking since the last storm",
        author=somebody(),
        labels=listed({"name": "area: roof"}),
        reviews=listed(*(review(somebody(), at(n), "COMMENTED") | {"id": f"R{number}.{n}"} for n in range(2))),
        comments=listed(*(comment(somebody(), at(n)) | {"id": f"C{number}.{n}"} for n in range(5))),
        files=listed(*({"path": f"src/roof/part-{n}.c", "additions": n, "deletions": 1} for n in range(6))),
        updatedAt=at(27),
    )


class Handler(BaseHTTPRequestHandler):
    """Answers by the name of the query."""

    protocol_version = "HTTP/1.1"
    pulls: ClassVar[list[str]] = []
    sent: ClassVar[list[bytes]] = []

    def do_POST(self) -> None:
        """GraphQL."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        found = re.search(r"query (\w+)", asked["query"])
        body = self._answer(found.group(1) if found else "", asked.get("variables") or {})
        self.sent.append(body)
        self._reply(body)

    def do_GET(self) -> None:
        """What was sent."""
        self._reply(b"\n".join(self.sent))

    def _answer(self, name: str, variables: dict[str, Any]) -> bytes:
        if name == "Capabilities":
            fields = [{"name": field, "args": []} for field in FIELDS]
            kinds = {"enumValues": []}
            return _said({"issue": {"fields": fields}, "issueEvents": kinds, "pullRequestEvents": kinds})
        if name == "PullRequests":
            return self._page(int(variables.get("after") or 0), variables["n"])
        empty = {"milestones": EMPTY, "releases": EMPTY, "issues": EMPTY, "nameWithOwner": PROJECT}
        return _said({"repository": empty, "viewer": {"email": ""}, "rateLimit": {"cost": 1}})

    def _page(self, start: int, size: int) -> bytes:
        stop, total = start + size, len(self.pulls)
        place = json.dumps({"hasNextPage": stop < total, "endCursor": str(stop)})
        nodes = ",".join(self.pulls[start:stop])
        found = f'{{"pageInfo":{place},"totalCount":{total},"nodes":[{nodes}]}}'
        repository = f'{{"nameWithOwner":"{PROJECT}","pullRequests":{found}}}'
        return f'{{"data":{{"repository":{repository},"rateLimit":{{"cost":2}}}}}}'.encode()

    def _reply(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


def _said(data: dict[str, Any]) -> bytes:
    return json.dumps({"data": data}).encode()


if __name__ == "__main__":
    Handler.pulls = pull_requests(int(sys.argv[1]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)  # noqa: T201 (tells who started it)
    server.serve_forever()
