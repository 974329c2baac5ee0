"""The kinds of written reports: what each says first, and which panels of the screen follow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import pandas as pd

from fairlead.access import VisibleFrames
from fairlead.config import hint
from fairlead.errors import FairleadError
from fairlead.scope import Scope
from reports import flow, foreseen, milestones, privacy, programme, reviews, workload
from reports import milestone as page_of_one
from reports.foreseen import Measured, One
from reports.panel import Panel, Report
from reports.reviews import times, waiting
from reports.written import changes, pace, progress, thanks, to_decide
from reports.written.changes import NOTABLE
from reports.written.compared import Compared
from reports.written.pace import Stated
from reports.written.sentences import Sentence, first, panel
from reports.written.to_decide import LIKELY

MOST, MOST_MILESTONES = 8, 6
"""So many sentences of a kind are read; the rest is on the pages."""


class Build(Protocol):
    """What builds a written report: reports in reading order, the text first.

    `since` is compared with `scope.as_of`; `milestone` is the label of one, as its page shows it (None: the one that
    needs somebody first). Raises `FairleadError` where `since` is no earlier, or no milestone bears the label.
    """

    def __call__(
        self, frames: VisibleFrames, scope: Scope, *, since: pd.Timestamp, milestone: str | None
    ) -> list[Report]:
        """The reports."""


@dataclass(frozen=True)
class Kind:
    """One kind of written report: its name on the command line, its title, the question it answers, how to build it."""

    key: str
    title: str
    question: str
    build: Build


def compared(frames: VisibleFrames, scope: Scope, since: pd.Timestamp) -> Compared:
    """What a report is written from. Raises `FairleadError` where `since` is no earlier than `scope.as_of`."""
    if since >= scope.as_of:
        raise FairleadError("A report compares with an earlier day: --since must lie before --as-of.")
    return Compared(frames, scope, since)


def weekly(frames: VisibleFrames, scope: Scope, *, since: pd.Timestamp, milestone: str | None) -> list[Report]:  # noqa: ARG001
    """All there is to say on a Monday; the dates of milestones, the pace, the waits. Of no single `milestone`."""
    of = compared(frames, scope, since)
    stated = of.of_people(_of_work)
    text = (
        _changed(of, [*changes.told(of), *changes.in_all(of), *_news(stated)]),
        _decisions([*to_decide.of_milestones(of, of.now), *of.of_people(_to_decide)], of),
        _progress(progress.told(of), of, [*progress.in_all(of), *_no_news(stated)]),
        _thanks(thanks.told(of), of),
    )
    parts = [
        _part("milestones", "Milestones", milestones.QUESTION, milestones.dates_panel(of.now, scope)),
        _part("flow", "Flow", flow.QUESTION, flow.throughput_panel(of.finished, scope)),
        _part("reviews", "Reviews", reviews.QUESTION, *_waits(of)),
    ]
    return _written("weekly", text, parts, of)


def _of_work(of: Compared) -> list[Stated]:
    return [*pace.throughput(of), *pace.reviews(of)]


def _to_decide(of: Compared) -> list[Sentence]:
    return [*to_decide.of_reviews(of), *to_decide.of_workload(of)]


def _waits(of: Compared) -> tuple[Panel, ...]:
    return times.requests_panel(of.asked, of.scope), waiting.queue_panel(of.asked, of.scope)


def one_milestone(frames: VisibleFrames, scope: Scope, *, since: pd.Timestamp, milestone: str | None) -> list[Report]:
    """What became of one milestone and what it needs; all of its page. Raises as `Build` says."""
    of = compared(frames, scope, since)
    chosen = _chosen(of, milestone)
    alone = _only(of.now, chosen)
    address = "".join(milestones.closely(alone.summary))
    text = (
        _changed(of, [each for each in changes.told(of) if each.url == address] + changes.in_one(of, chosen, address)),
        _decisions(to_decide.of_milestones(of, alone), of),
        _progress(progress.of_one(of, chosen), of),
        _thanks([each for each in thanks.told(of) if each.url == address], of),
    )
    page = page_of_one.report_of(of.now, scope, milestone=chosen)
    return _written("milestone", text, [page], of, subject=One(of.now, scope, chosen).title)


def _chosen(of: Compared, label: str | None) -> str | None:
    """The id of the milestone that bears the label, or of the only one that bears it as its title."""
    listed = foreseen.choices(of.now, of.scope)
    if label is None:
        return next(iter(listed.values()), None)
    bears = of.now.summary
    ids = [listed[label]] if label in listed else bears.loc[bears["title"] == label, "milestone"].tolist()
    if len(ids) != 1:
        said = "several milestones bear that title" if ids else "there is no such milestone"
        raise FairleadError(f"--milestone: {said}{hint(label, listed)}")
    return str(ids[0])


def _only(measured: Measured, milestone: str | None) -> Measured:
    tables = {name: getattr(measured, name) for name in ("summary", "portfolio")}
    return replace(measured, **{name: rows[rows["milestone"] == milestone] for name, rows in tables.items()})


def portfolio(frames: VisibleFrames, scope: Scope, *, since: pd.Timestamp, milestone: str | None) -> list[Report]:  # noqa: ARG001
    """What became of all milestones; the pages of milestones and of the programme. Of no single `milestone`."""
    of = compared(frames, scope, since)
    text = (
        _changed(of, [*changes.told(of), *changes.in_all(of)]),
        _decisions(to_decide.of_milestones(of, of.now), of),
        _progress(progress.told(of), of, progress.in_all(of)),
        _thanks(thanks.told(of), of),
    )
    parts = [milestones.report_of(of.now, scope), programme.report_of(of.now, scope)]
    return _written("portfolio", text, parts, of)


def of_reviews(frames: VisibleFrames, scope: Scope, *, since: pd.Timestamp, milestone: str | None) -> list[Report]:  # noqa: ARG001
    """How reviews went and which ones need somebody; the page of reviews. Of no single `milestone`."""
    of = compared(frames, scope, since)
    stated = of.of_people(pace.reviews)
    text = (
        _changed(of, _news(stated)),
        _decisions(of.of_people(to_decide.of_reviews), of),
        _progress([], of, _no_news(stated)),
    )
    return _written("reviews", text if of.is_of_enough else (), [reviews.report_of(of.asked, scope)], of)


def of_workload(frames: VisibleFrames, scope: Scope, *, since: pd.Timestamp, milestone: str | None) -> list[Report]:  # noqa: ARG001
    """How much is in progress and what nobody present holds; the page of workload. Of no single `milestone`."""
    of = compared(frames, scope, since)
    stated = of.of_people(pace.in_progress)
    text = (
        _changed(of, _news(stated)),
        _decisions(of.of_people(to_decide.of_workload), of),
        _progress([], of, _no_news(stated)),
    )
    return _written("workload", text if of.is_of_enough else (), [workload.report_of(of.held, scope)], of)


def _news(stated: list[Stated]) -> list[Sentence]:
    return [each.sentence for each in stated if each.is_news]


def _no_news(stated: list[Stated]) -> list[Sentence]:
    return [each.sentence for each in stated if not each.is_news]


def _changed(of: Compared, sentences: list[Sentence]) -> Panel:
    found = first(sentences, MOST)
    return panel(
        "changed",
        f"What changed since {of.since_day}",
        found.told,
        note=f"Compared with {of.since_day}, as it was known then. {NOTABLE}",
        empty=f"Nothing notable changed since {of.since_day}.",
        n_more=found.n_more,
    )


def _decisions(sentences: list[Sentence], of: Compared) -> Panel:
    told, n_more = to_decide.chosen(sentences)
    return panel(
        "decisions",
        "What needs a decision",
        told,
        note=f"As of {of.scope.last_day}. What cannot wait comes first, then a little of what is growing.",
        empty="Nothing needs a decision now.",
        n_more=n_more,
    )


def _progress(sentences: list[Sentence], of: Compared, standing: Sequence[Sentence] = ()) -> Panel:
    """How things stand in all, then milestone by milestone."""
    found = first(sentences, MOST_MILESTONES)
    return panel(
        "progress",
        "Progress and hurdles",
        [*standing, *found.told],
        note=f"As of {of.scope.last_day}. Milestones are told of that moved {of.lately} or are due within six weeks. "
        f"By the date to plan on a milestone is done with a chance of {LIKELY} %.",
        empty="No open milestone moved, and none is due within six weeks.",
        n_more=found.n_more,
    )


def _thanks(sentences: list[Sentence], of: Compared) -> Panel:
    return panel(
        "thanks",
        "Thanks",
        sentences,
        note="Milestones closed since then with everything in them done or dropped. Took part: who was assigned to "
        "its items, wrote their pull requests or reviewed them.",
        empty=f"No milestone was reached since {of.since_day}.",
    )


def _part(key: str, title: str, question: str, *panels: Panel) -> Report:
    """A few panels of a page, under its name."""
    return Report(key=key, title=title, question=question, panels=panels)


def _written(
    key: str, text: tuple[Panel, ...], parts: list[Report], of: Compared, *, subject: str = ""
) -> list[Report]:
    """The text, then the parts as this viewer may see them; what is left out for that is said once."""
    seen = [privacy.of_enough(part, of.frames, of.scope) for part in parts]
    too_few = any(part is not whole for part, whole in zip(seen, parts, strict=True))
    kept = [replace(part, panels=tuple(each for each in part.panels if not privacy.is_withheld(each))) for part in seen]
    n = sum(len(part.panels) for part in seen) - sum(len(part.panels) for part in kept)
    kind = KINDS[key]
    head = Report(
        key=f"{key}-report",
        title=f"{kind.title}: {subject}" if subject else kind.title,
        question=kind.question,
        panels=(*text, *_left_out(n, of, too_few=too_few)),
    )
    return [head, *(part for part in kept if part.panels)]


def _left_out(n: int, of: Compared, *, too_few: bool) -> list[Panel]:
    """What is not told to this viewer, said once; nothing where all is told."""
    told = [says for says, is_so in ((privacy.left_out(n), n), (privacy.too_few(of.frames), too_few)) if is_so]
    said = [Sentence(says=says, what="", url="") for says in told]
    return [panel("left-out", "What is left out", said, note="", empty="")] if said else []


KINDS = {
    kind.key: kind
    for kind in (
        Kind("weekly", "The week", "What changed, what needs a decision, and how far is everything?", weekly),
        Kind(
            "milestone",
            "One milestone",
            "What became of it, what does it need, and when will it be done?",
            one_milestone,
        ),
        Kind(
            "portfolio",
            "All milestones",
            "What became of them, which need a decision, when will they be done?",
            portfolio,
        ),
        Kind("reviews", "Reviews", reviews.QUESTION, of_reviews),
        Kind("workload", "Workload", workload.QUESTION, of_workload),
    )
}
"""The kinds by their name on the command line."""
