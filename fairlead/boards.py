"""What project boards say of issues that say it not themselves."""

from dataclasses import replace

import pandas as pd

from fairlead import keys
from fairlead.frames import Frames


def estimated(frames: Frames) -> Frames:
    """The tables, with the boards' estimates where issues have none of their own.

    GitHub's issues hold no estimate; teams keep it in a field of their board. An issue that several boards estimate
    takes the value of the item that was changed last, as that is the newest the team has said; of items changed in the
    same instant the board that comes last by name. Like an issue's own estimate it is the present one: boards keep no
    history of it.

    Returns the same tables; in `issues` alone, `estimate` (in the team's unit) may differ.
    """
    of_boards = _newest(frames.board_items)
    if of_boards.empty:
        return frames
    at = keys.positions(frames.issues["id"], of_boards["issue"])
    told = pd.Series(of_boards["estimate"].to_numpy()[at], index=frames.issues.index).where(at >= 0)
    return replace(frames, issues=frames.issues.assign(estimate=frames.issues["estimate"].fillna(told)))


def _newest(board_items: pd.DataFrame) -> pd.DataFrame:
    """The last changed item with an estimate of each issue; one that does not say when it was changed is older."""
    known = board_items.dropna(subset=["estimate"])
    by_change = known.sort_values(["updated_at", "board"], na_position="first")
    return by_change.drop_duplicates("issue", keep="last")
