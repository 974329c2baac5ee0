"""A repository that answers like GitHub: lists paged by place, single items, and whatever fault is wanted."""

import re

import pandas as pd

from connectors.github.answers import Answer
from connectors.github.faults import TooHeavyError
from tests.connectors.pages import PROJECT, listed

NOW = pd.Timestamp("2025-03-31T08:00:00Z")


class Server:
    """Holds a repository's lists; `rest` holds what does not fit into items, `limit` what it can give at once."""

    def __init__(self, *, name=PROJECT, rest=None, limit=100, faults=frozenset(), at=NOW, version="", **lists):
        self.name, self.rest, self.limit, self.faults, self.at = name, rest or {}, limit, faults, at
        self.version, self.elsewhere, self.sent = version, {}, 0
        self.lists = {key: lists.get(key, []) for key in ("milestones", "releases", "issues", "pull_requests")}
        self.asked = []

    def query(self, text, variables):
        self.sent += 1
        self.asked.append((re.match(r"query (\w+)", text)[1], variables))
        return self.answer(text, variables)

    def answer(self, text, variables):
        kind = self.asked[-1][0]
        absent = set()
        data = getattr(self, f"_{kind.lower()}")(text, variables, absent)
        faults = self.faults | ({"NOT_FOUND"} if absent else set())
        return Answer(
            data, points=2, at=self.at, faults=frozenset(faults), absent=frozenset(absent), version=self.version
        )

    def kinds(self):
        return [kind for kind, _ in self.asked]

    def _capabilities(self, *_):
        return {"issue": {"fields": []}, "issueEvents": None, "pullRequestEvents": None}

    def _email(self, *_):
        return {"viewer": None}

    def _plan(self, _, variables, __):
        asked = [key for key in ("milestones", "releases") if f"{key}After" in variables]
        return self._repository({key: self._slice(self.lists[key], variables[f"{key}After"], 100) for key in asked})

    def _issues(self, _, variables, __):
        return self._page("issues", "issues", variables, since=variables["since"] or "")

    def _pullrequests(self, _, variables, __):
        return self._page("pull_requests", "pullRequests", variables)

    def _page(self, key, connection, variables, since=""):
        if variables["n"] > self.limit:
            raise TooHeavyError("too heavy")
        by = {"CREATED_AT": "createdAt", "UPDATED_AT": "updatedAt"}[variables["order"]["field"]]
        chosen = [node for node in self.lists[key] if node["updatedAt"] >= since]
        ordered = sorted(chosen, key=lambda node: (node[by], node["number"]))
        if variables["order"]["direction"] == "DESC":
            ordered.reverse()
        return self._repository({connection: self._slice(ordered, variables["after"], variables["n"])})

    def _census(self, _, variables, __):
        found = {
            connection: self._slice(self.lists[key], variables[f"{connection}After"], 100)
            for key, connection in (("issues", "issues"), ("pull_requests", "pullRequests"))
            if f"{connection}After" in variables
        }
        return self._repository(found)

    def _items(self, text, _, absent):
        return self._by_number(text, absent, self.lists["issues"] + self.lists["pull_requests"])

    def _whereabouts(self, text, _, absent):
        here = {"nameWithOwner": self.name}
        nodes = [node | {"repository": here} for node in self.lists["issues"] + self.lists["pull_requests"]]
        return self._by_number(text, absent, nodes, self.elsewhere)

    def _milestones(self, text, _, __):
        return self._by_number(text, set(), self.lists["milestones"])

    def _by_number(self, text, absent, nodes, more=None):
        held = {node["number"]: node for node in nodes} | (more or {})
        asked = [int(number) for number in re.findall(r"\bn(\d+):", text)]
        absent |= {f"n{number}" for number in asked if number not in held}
        return self._repository({f"n{number}": held.get(number) for number in asked})

    def _rest(self, text, variables, _):
        count = sum(name.startswith("id") for name in variables)
        fields = re.findall(r"(\w+)\(first: 100, after", text)
        keys = [(variables[f"id{n}"], fields[n], variables[f"after{n}"]) for n in range(count)]
        return {f"rest{n}": {key[1]: self.rest[key]} for n, key in enumerate(keys)}

    def _repository(self, found):
        return {"repository": {"nameWithOwner": self.name, **found}}

    @staticmethod
    def _slice(nodes, after, n):
        start = int(after or 0)
        found = [dict(node) for node in nodes[start : start + n]]
        place = str(start + n) if start + n < len(nodes) else None
        return listed(*found, after=place) | {"totalCount": len(nodes)}
