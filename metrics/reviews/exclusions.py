"""What the review figures leave out, counted for the notes."""

import pandas as pd

from fairlead import keys
from metrics.actors import kinds
from metrics.reviews.waits import REQUESTED


def left_out(  # noqa: PLR0913 (one argument per table it reads)
    pull_request_events: pd.DataFrame,
    reviews: pd.DataFrame,
    comments: pd.DataFrame,
    accounts: pd.DataFrame,
    team_members: pd.DataFrame,
    *,
    start: pd.Timestamp,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """What of `[start, as_of]` do the review figures leave out?

    Returns one row per reason: what, n (requests, or reviews and comments).
    """
    is_request = pull_request_events["at"].between(start, as_of) & (pull_request_events["kind"] == REQUESTED)
    asking = pull_request_events["subject"][is_request]
    asked = kinds(asking, accounts).mask(keys.is_in(asking, team_members["team"]), "team")
    said = pd.concat(
        [kinds(table["author"][table["at"].between(start, as_of)], accounts) for table in (reviews, comments)]
    )
    counts = {
        "requests to bots": asked == "bot",
        "requests to deleted users": asked == "ghost",
        "requests to teams without known members": asked == "unknown",
        "reviews and comments by bots": said == "bot",
        "reviews and comments by deleted users": said.isin(["ghost", "unknown"]),
    }
    return pd.DataFrame(
        {"what": pd.Series(list(counts), dtype="str"), "n": [int(rows.sum()) for rows in counts.values()]}
    )
