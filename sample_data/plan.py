"""What Harbourline set out to do: milestones, versions and epics, with the dates they had and what became of them."""

import datetime as dt

from sample_data.histories import Goal
from sample_data.organisation import OWNER

PLATFORM, QUAY = f"{OWNER}/platform", f"{OWNER}/quay-api"


def goals() -> list[Goal]:
    """All of them, in the order of their creation."""
    return sorted([*_berth(), *_manifest(), *_voyage(), *_platform()], key=lambda goal: goal.created_on)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _dues(created: str, *dues: str) -> tuple[tuple[dt.date, dt.date | None], ...]:
    """`2025-03-28` from the start on, `2025-11-10:2025-12-12` when it moved that day."""
    told = [due.split(":") if ":" in due else [created, due] for due in dues]
    return tuple((_day(since), _day(due)) for since, due in told)


def _berth() -> list[Goal]:
    solveig, bram, chiamaka = "solveig-t", "bram-oo", "chiamaka"
    return [
        Goal("BERTH", "version", "Berth 2025.1", "berth", _day("2025-01-08"), _day("2025-01-13"),
             _dues("2025-01-08", "2025-03-28"), 16, owner=solveig, closed_on=_day("2025-03-27")),
        Goal("BERTH", "epic", "Tidal windows in every berth plan", "berth", _day("2025-02-05"), _day("2025-02-10"),
             _dues("2025-02-05", "2025-06-27"), 13, focus=1.5, owner=bram, closed_on=_day("2025-06-25")),
        Goal("BERTH", "version", "Berth 2025.2", "berth", _day("2025-04-02"), _day("2025-04-07"),
             _dues("2025-04-02", "2025-07-31"), 22, 0.18, owner=solveig, closed_on=_day("2025-07-30"),
             leftovers="move", next_title="Berth 2025.3"),
        Goal("BERTH", "version", "Berth 2025.3", "berth", _day("2025-07-24"), _day("2025-09-01"),
             _dues("2025-07-24", "2025-11-14", "2025-11-05:2025-12-12", "2025-12-04:2026-01-30"), 27, 0.6, 1.2,
             owner=solveig, closed_on=_day("2026-01-29"), leftovers="move", next_title="Berth 2026.1"),
        Goal("BERTH", "version", "Berth 2026.1", "berth", _day("2026-01-27"), _day("2026-03-02"),
             _dues("2026-01-27", "2026-05-29", "2026-05-18:2026-07-03"), 40, 0.58, 0.4, owner=chiamaka),
        Goal("BERTH", "epic", "One plan for several terminals", "berth", _day("2026-02-16"), _day("2026-04-13"),
             _dues("2026-02-16", "2026-09-25", "2026-06-03:2026-12-18"), 14, 0.2, 0.6, owner=bram),
        Goal(QUAY, "milestone", "Quay API v2", "berth", _day("2025-10-06"), _day("2025-10-13"),
             _dues("2025-10-06", "2026-08-14"), 18, 0.5, 0.2, owner=chiamaka, stalls_at=13),
    ]  # fmt: skip


def _manifest() -> list[Goal]:
    lucia, priya = "lferrandiz", "priyasun"
    return [
        Goal("CARGO", "version", "Release 6", "manifest", _day("2025-04-28"), _day("2025-05-05"),
             _dues("2025-04-28", "2025-09-26"), 26, 0.2, owner=lucia, closed_on=_day("2025-09-25")),
        Goal("CARGO", "version", "Release 7", "manifest", _day("2025-10-06"), _day("2025-10-13"),
             _dues("2025-10-06", "2026-02-27"), 44, 0.1, 0.4, owner=lucia, stalls_at=19, closed_on=_day("2026-02-27"),
             leftovers="drop", next_title="Release 8"),
        Goal("CARGO", "version", "Release 8", "manifest", _day("2026-02-16"), _day("2026-03-02"),
             _dues("2026-02-16", "2026-06-05"), 28, 0.2, 0.8, owner=lucia),
        Goal("CARGO", "epic", "Electronic bill of lading", "manifest", _day("2026-01-12"), _day("2026-01-19"),
             ((_day("2026-01-12"), None),), 16, 0.4, 0.3, owner=priya),
    ]  # fmt: skip


def _voyage() -> list[Goal]:
    aoife, eleni = "aoifeb", "epapas"
    return [
        Goal("VOY", "epic", "Port congestion in every estimate", "voyage", _day("2025-03-31"), _day("2025-04-14"),
             _dues("2025-03-31", "2025-10-31"), 16, 0.2, owner=eleni, closed_on=_day("2025-10-30")),
        Goal("VOY", "version", "ETA 3.0", "voyage", _day("2025-10-29"), _day("2025-11-10"),
             _dues("2025-10-29", "2026-03-20"), 30, 0.2, owner=aoife, closed_on=_day("2026-03-19"),
             leftovers="move", next_title="ETA 3.1"),
        Goal("VOY", "version", "ETA 3.1", "voyage", _day("2026-03-16"), _day("2026-04-07"),
             _dues("2026-03-16", "2026-10-30"), 36, 0.12, 0.8, owner=aoife),
        Goal("VOY", "epic", "Emission reports per voyage", "voyage", _day("2026-04-07"), _day("2026-05-04"),
             _dues("2026-04-07", "2027-06-30"), 14, 0.1, -0.8, owner=eleni),
        Goal("VOY", "version", "ETA 4.0", "voyage", _day("2026-05-18"), _day("2026-09-07"),
             _dues("2026-05-18", "2027-02-26"), 12, 0.0, owner=aoife),
    ]  # fmt: skip


def _platform() -> list[Goal]:
    marguerite, jonas, tala = "mdelacourbe", "jekstr", "talawh"
    return [
        Goal(PLATFORM, "milestone", "Cluster upgrade", "platform", _day("2025-01-14"), _day("2025-01-20"),
             _dues("2025-01-14", "2025-04-30"), 13, owner=jonas, closed_on=_day("2025-04-29")),
        Goal(PLATFORM, "milestone", "Postgres 17 everywhere", "platform", _day("2025-05-26"), _day("2025-06-02"),
             _dues("2025-05-26", "2025-09-30", "2025-09-22:2025-10-31", "2025-10-28:2025-11-28"), 22, 0.4, 0.6,
             owner=tala, closed_on=_day("2025-11-27")),
        Goal(PLATFORM, "milestone", "Observability baseline", "platform", _day("2025-11-24"), _day("2025-12-01"),
             _dues("2025-11-24", "2026-03-31"), 12, 0.1, 3.0, owner=marguerite, closed_on=_day("2026-03-06")),
        Goal(PLATFORM, "milestone", "Cost guardrails", "platform", _day("2026-03-09"), _day("2026-03-16"),
             _dues("2026-03-09", "2027-01-29"), 20, 0.2, -0.8),
        Goal(PLATFORM, "milestone", "Zero-trust access", "platform", _day("2026-06-01"), _day("2026-07-06"),
             _dues("2026-06-01", "2026-10-30"), 0, owner=jonas),
    ]  # fmt: skip


def urgency(goals: list[Goal], day: dt.date) -> float:
    """How much the milestones of an item are on people's minds; more when the end is near."""
    wanted = [_wanted(goal, day) for goal in goals]
    return max(wanted, default=0.0)


def _wanted(goal: Goal, day: dt.date) -> float:
    end, start = goal.closed_on, goal.start_on or goal.created_on
    is_near = end is not None and (end - day).days < 0.4 * (end - start).days
    return goal.focus + (3.0 if is_near and goal.focus > 0 else 0.0)


def may_start(goals: list[Goal], day: dt.date) -> bool:
    """Whether work on an item of these milestones may start: not before they have, nor once they have stalled."""
    return all((goal.start_on is None or goal.start_on <= day) and not goal.has_stalled for goal in goals)
