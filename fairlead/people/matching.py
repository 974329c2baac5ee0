"""Persons of one source and persons of the other: who is the same, by likeness of names and logins?"""

from dataclasses import dataclass

import pandas as pd

from fairlead.people import candidates, likeness
from fairlead.people.persons import OF_MAP
from fairlead.tables import LIKENESS

SIDES = ("github", "jira")
MOST_UNDECIDED = 5
"""Pairs listed for one account: who is like more than that is told apart by the map, not by a list."""


@dataclass(frozen=True)
class Matches:
    """Pairs of units that are one person, and pairs of accounts that wait for a decision.

    `pairs`: left, right (units), confidence, matched_by. `undecided`: account, other (ids), confidence, reason.
    """

    pairs: pd.DataFrame
    undecided: pd.DataFrame


def _none(**dtypes: str) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes.items()})


NONE = Matches(
    _none(left="str", right="str", confidence="float64", matched_by="str"),
    _none(account="str", other="str", confidence="float64", reason="str"),
)
"""What there is to match where one source alone is connected."""


def matches(humans: pd.DataFrame, unit: pd.Series, *, threshold: float) -> Matches:
    """Which units (accounts that are one person beyond doubt) of GitHub and of Jira are one person?

    A unit with accounts of both sources has found its other half and is nobody's rival; two units that the map names
    are two people. The likeness of units is that of their likest accounts. Pairs from `likeness.ALIKE` on that are not
    one person, and neither of whose units has found its own, are undecided: `ambiguous` where they would be sure
    enough but for another that is as like, `alike` where they are not.
    """
    if not set(SIDES) <= set(humans["source"]):
        return NONE
    scored = _scored(humans, unit)
    best = candidates.is_best(scored, threshold=threshold, is_held=scored["is_held"])
    pairs = scored[best]
    free = ~scored["left"].isin(pairs["left"]) & ~scored["right"].isin(pairs["right"])
    unsure = _shortest(scored[free])
    reason = pd.Series("alike", unsure.index, dtype="str").mask(unsure["confidence"] >= threshold, "ambiguous")
    undecided = unsure.assign(reason=reason)[["account", "other", "confidence", "reason"]]
    return Matches(pairs[["left", "right", "confidence", "matched_by"]].reset_index(drop=True), undecided)


def _scored(humans: pd.DataFrame, unit: pd.Series) -> pd.DataFrame:
    """One row per pair of units that are alike: left, right, account, other, confidence, matched_by, is_held."""
    alone = humans.assign(unit=unit)[humans["source"].groupby(unit).transform("nunique") == 1]
    left, right = (alone[alone["source"] == side].reset_index(drop=True) for side in SIDES)
    parts = [likeness.features(side["name"], side["login"]) for side in (left, right)]
    found = candidates.pairs(*parts)
    rows = [part.iloc[found[side]].reset_index(drop=True) for part, side in zip(parts, ("left", "right"), strict=True)]
    a, b = left.iloc[found["left"]].reset_index(drop=True), right.iloc[found["right"]].reset_index(drop=True)
    ends = pd.DataFrame({"left": a["unit"], "right": b["unit"], "account": a["id"], "other": b["id"]})
    was_liked = a["matched_by"].isin(LIKENESS) | b["matched_by"].isin(LIKENESS)
    held = (a["person"] == b["person"]).fillna(value=False).astype(bool) & was_liked
    scored = pd.concat([ends, likeness.scores(*rows)], axis=1).assign(is_held=held)
    two_of_map = scored["left"].str.startswith(OF_MAP) & scored["right"].str.startswith(OF_MAP)
    return _likest(scored[~two_of_map & (scored["confidence"] >= likeness.ALIKE)])


def _likest(scored: pd.DataFrame) -> pd.DataFrame:
    """The likest accounts of each pair of units; held where any were."""
    held = scored.groupby(["left", "right"])["is_held"].transform("any").astype(bool)
    ordered = scored.assign(is_held=held).sort_values(["confidence", "account", "other"], ascending=[False, True, True])
    return ordered.drop_duplicates(["left", "right"]).reset_index(drop=True)


def _shortest(unsure: pd.DataFrame) -> pd.DataFrame:
    """The surest few of each account; `unsure` is ordered, surest first."""
    places = [unsure.groupby(side).cumcount() < MOST_UNDECIDED for side in ("left", "right")]
    return unsure[places[0] & places[1]].reset_index(drop=True)
