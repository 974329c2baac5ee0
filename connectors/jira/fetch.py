"""Talk to Jira: everything of one project, oldest issue first.

That order never changes, so a run that was stopped goes on where it was. What changed is found by `updated`, in
milliseconds since 1970: days and times in a query would be read in the time zone of the account, and to the minute.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from connectors import Page, SyncState
from connectors.jira import batch, boards, meaning, search, sprints, sweep
from connectors.jira.changelogs import is_cut
from connectors.jira.client import RefusedError
from connectors.jira.fields import Fields
from connectors.jira.meaning import Meaning, Status
from connectors.jira.place import Place
from connectors.jira.site import Site, project_fields
from fairlead.errors import SourceError

BATCH = 1000
"""Issues held at most: cut changelogs are filled up for so many at once."""

Issues = list[dict[str, Any]]


@dataclass
class Reading:
    """One run over one project."""

    site: Site
    project: str
    state: SyncState
    place: Place = field(init=False)
    meaning: Meaning = field(init=False)
    guessed: dict[str, Status] = field(default_factory=dict)
    epics: dict[str, str] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    """Sprints that were handed on in this run."""
    listed: set[str] | None = None
    """Ids met by a descent through everything that began in this run: as good as a list of them."""
    n_cut: int = 0
    n_unknown: int = 0

    def pages(self) -> Iterator[Page]:
        """All streams to their ends, counting requests. Raises `SourceError`."""
        counted = self.site.client.requests
        try:
            for page in self._pages():
                counted = self._count(counted)
                yield page
        except RefusedError as error:
            raise self._in_words(error) from None
        finally:
            self._count(counted)

    def _count(self, counted: int) -> int:
        now = self.site.client.requests
        self.state.requests += now - counted
        self.state.rate_left = self.site.client.rate_left
        return now

    def _in_words(self, error: RefusedError) -> SourceError:
        if error.status not in {400, 403, 404}:
            return error
        return SourceError(
            f"jira: project {self.project} cannot be read ({error.status}). Check projects in fairlead.toml, and that "
            "the account has the permission Browse projects there."
        )

    def _pages(self) -> Iterator[Page]:
        self.site.begin(self.project)
        clock = self.state.watermark = self.site.clock
        if not self.site.is_known:
            self.state.warn("Jira does not say whether it is Cloud or Data Center; it is read as its address suggests.")
        self.place = Place.of(self.state.cursors.get("issues"))
        if self.place == Place() and self.state.since is not None:
            self.place = Place(floor=self.state.since.isoformat())
        yield from self._facts()
        self.place = self.place.begun(clock)
        # What an earlier run read of this descent is as of then, and so is the whole.
        self.state.watermark = min(clock, pd.Timestamp(self.place.started))
        yield from self._versions()
        is_full = not self.place.since
        yield from self._issues()
        yield from self._sprints(is_full=is_full)
        if self.state.is_sweep_due:
            yield from self._sweep(clock)
        self._say()

    def _facts(self) -> Iterator[Page]:
        """Statuses and fields. Where they now mean something else than before, everything is read once more."""
        known = json.loads(self.state.cursors.get("statuses") or "{}")
        connection = self.site.client.connection
        statuses = meaning.said_statuses(self.site.statuses(), connection)
        if known and not self.state.is_sweep_due:
            found, question = Fields.of_json(known["fields"]), known["question"]
        else:
            found, question = project_fields(self.site, self.project)
        if question:
            self.state.warn(question)
        now = {"fields": found.as_json(), "statuses": {token: list(each) for token, each in statuses.items()}}
        is_other = bool(known) and _differ(known, json.loads(json.dumps(now)))
        if is_other:
            self.place = Place(floor=self.place.floor)
        self.guessed = {token: Status(*each) for token, each in self.place.guessed.items()}
        self.meaning = Meaning(
            site=meaning.site_of(connection),
            link=(connection.site or connection.url).rstrip("/"),
            project=self.project,
            fields=found,
            statuses=statuses,
            dropped=frozenset(name.casefold() for name in connection.dropped_resolutions),
            kinds=frozenset(connection.milestones),
            guessed=self.guessed,
            epics=self.epics,
        )
        if is_other:  # first, so that it is not forgotten when the run ends between the two
            yield self._page("issues", [], cursor=self.place.text)
        yield self._page("statuses", self.site.statuses(), cursor=json.dumps(now | {"question": question}), last=True)

    def _versions(self) -> Iterator[Page]:
        """All of them every time, because their dates leave no trace anywhere."""
        if "version" in self.meaning.kinds:
            found = self.site.client.get(f"project/{self.project}/versions")
            if not isinstance(found, list):
                raise SourceError(f"jira: the versions of {self.project} are no list. Check url.")
            yield self._page("versions", found, last=True, total=len(found))

    def _issues(self) -> Iterator[Page]:
        """The descent, to its end."""
        read = search.of_cloud if self.site.is_cloud else search.of_server
        self.listed = set() if self.place.is_whole else None
        held: Issues = []
        total = None
        jql = self.place.jql(self.project)
        for issues, total in read(self.site.client, jql, self.meaning.fields.asked()):
            held += batch.checked(issues, self.site.client)
            # Cloud fills up cut changelogs of a thousand issues at once; without cut ones nothing has to wait.
            if len(held) + search.CLOUD_PAGE > BATCH or not any(map(is_cut, held)):
                yield from self._handed_on(held, total)
                held = []
        yield from self._handed_on(held, total)
        self.place = self.place.done()
        yield self._page("issues", [], cursor=self.place.text, last=True)

    def _handed_on(self, issues: Issues, total: int | None, *, is_in_order: bool = True) -> Iterator[Page]:
        """These issues, and the sprints they show; with the place behind them where they come in order."""
        if not issues:
            return
        own, boards_met = self._made_ready(issues)
        fresh = [node for number, node in own.items() if number not in self.shown]
        if fresh and "sprint" in self.meaning.kinds:
            self.shown |= set(own)
            yield self._page("sprints", fresh, zone=self._zone())
        if is_in_order:
            self.place = self.place.behind(issues, self.guessed, {*self.place.boards, *boards_met})
            if self.listed is not None:
                self.listed |= {str(issue["id"]) for issue in issues}
        cursor = self.place.text if is_in_order else None
        yield self._page("issues", issues, cursor=cursor, total=total)

    def _made_ready(self, issues: Issues) -> tuple[dict[str, dict[str, Any]], set[str]]:
        client, is_cloud = self.site.client, self.site.is_cloud
        self.n_cut += batch.fill_up(client, issues, is_cloud=is_cloud)
        batch.resolve_epics(client, issues, self.meaning, self.epics, is_cloud=is_cloud)
        batch.guess_statuses(issues, self.meaning, client, self.guessed)
        self.n_unknown += sum(batch.is_without_history(issue) for issue in issues)
        own = batch.sprints_of(issues, self.meaning.fields.sprint)
        return own, {board for board in map(sprints.board_of, own.values()) if board}

    def _sprints(self, *, is_full: bool) -> Iterator[Page]:
        """The sprints of every board that a sprint of this project's issues belongs to."""
        known = json.loads(self.state.cursors.get("sprints") or "{}")
        ours = sorted({*known.get("boards", []), *self.place.boards})
        if ours and "sprint" in self.meaning.kinds:
            new = set(ours) if is_full else set(ours) - set(known.get("boards", []))
            found = boards.sprints(self.site.client, ours, new, known.get("open", []))
            still_open = [str(each["id"]) for each in found if str(each.get("state")).lower() != "closed"]
            cursor = json.dumps({"boards": ours, "open": sorted(still_open), "zone": self._zone()})
            yield self._page("sprints", found, cursor=cursor, zone=self._zone(), last=True)

    def _zone(self) -> str:
        """Asked once, and then remembered: the days of a sprint must not move because an account does."""
        return str(json.loads(self.state.cursors.get("sprints") or "{}").get("zone") or self.site.zone())

    def _sweep(self, clock: pd.Timestamp) -> Iterator[Page]:
        found = sweep.compared(self.site, self.project, self.state, self.meaning.site, self.listed)
        if found is None:
            self.state.warn(f"Jira lists no issues of {self.project}; nothing was taken for deleted.")
            return
        if not self.place.floor:
            for issues in sweep.issues(self.site, self.project, found.missing, self.meaning.fields.asked()):
                yield from self._handed_on(batch.checked(issues, self.site.client), None, is_in_order=False)
        yield self._page("sweep", found.gone, cursor=clock.isoformat(), last=True, found_at=clock)

    def _page(
        self,
        stream: str,
        nodes: Issues,
        *,
        cursor: str | None = None,
        last: bool = False,
        total: int | None = None,
        **context: object,
    ) -> Page:
        context |= {"meaning": self.meaning, "first_status": batch.first_status(self.meaning)}
        return Page(stream, nodes, cursor=cursor, context=context, last=last, total=total)

    def _say(self) -> None:
        if self.n_cut:
            self.state.warn(f"{self.n_cut} issues have changes that Jira counts but does not show; they are missing.")
        if self.n_unknown:
            self.state.warn(
                f"{self.n_unknown} closed issues have no history; they are taken to have been open until resolved."
            )


def _differ(known: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether fields or statuses mean something else now; a new status changes nothing that was read."""
    before, after = known["statuses"], now["statuses"]
    is_other = any(after.get(token, each) != each for token, each in before.items())
    return is_other or bool(known["fields"] != now["fields"])
