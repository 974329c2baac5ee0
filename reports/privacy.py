"""Whom a viewer may look at closely: individuals themselves and their leads, everybody else teams of enough people."""

import pandas as pd

from fairlead.access import VisibleFrames
from metrics import suppression

FOR_LEADS = "Figures of individuals are shown to them and to the leads of their team."


def closely(frames: VisibleFrames, rows: pd.DataFrame, column: str = "person") -> pd.DataFrame:
    """The rows of people whom the viewer may look at closely."""
    return rows[rows[column].isin(frames.closely)].reset_index(drop=True)


def empty(frames: VisibleFrames, says: str) -> str:
    """What an empty panel on individuals says: that there are none, or that they are not shown to this viewer."""
    return says if frames.closely or frames.people.empty else FOR_LEADS


def hidden_teams(frames: VisibleFrames) -> set[str]:
    """Teams (ids) that are not told of: small ones, unless the viewer may look at all their members closely.

    One more is hidden where a single one could be told from the total.
    """
    members = frames.team_members.astype({"team": "str", "person": "str"})
    others = members[~members["team"].isin(_seen(frames, members))]
    sizes = others.groupby("team")["person"].nunique()
    groups = pd.DataFrame({"group": sizes.index, "n": sizes.to_numpy()})
    return set(sizes.index[suppression.suppressed(groups, totals_shown=True).to_numpy()])


def _seen(frames: VisibleFrames, members: pd.DataFrame) -> set[str]:
    """Teams all of whose members the viewer may look at closely."""
    is_seen = members["person"].isin(frames.closely).groupby(members["team"]).all()
    return set(is_seen.index[is_seen])
