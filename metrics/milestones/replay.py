"""The tables that every question about milestones starts from, replayed from what a source tells."""

from typing import NamedTuple

import pandas as pd

from fairlead.frames import Frames
from metrics.milestones import members as of_members
from metrics.milestones.known import as_known


class Replayed(NamedTuple):
    """What `as_known`, `membership` and `stays` give for the same `as_of`."""

    known: pd.DataFrame
    members: pd.DataFrame
    stays: pd.DataFrame


def replayed(frames: Frames, *, as_of: pd.Timestamp) -> Replayed:
    """Milestones as known at `as_of`, which issues and pull requests were in them when, and in which state.

    Takes all tables, and not those it reads, so that nobody leaves one out: without `issues`, what was split before its
    history begins would count beside its parts.
    """
    events = frames.issue_events, frames.pull_request_events
    known = as_known(frames.milestones, frames.milestone_changes, as_of=as_of)
    members = of_members.membership(frames.milestones, *events, as_of=as_of)
    stays = of_members.stays(members, events[0], frames.pull_requests, events[1], as_of=as_of, issues=frames.issues)
    return Replayed(known, members, stays)
