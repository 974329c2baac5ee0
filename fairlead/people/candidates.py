"""Which accounts of two sources are worth comparing closely, and which of them fit nobody else.

Comparing every account of one source with every one of the other is left to rapidfuzz, in blocks of rows, so that
memory stays the same however many there are; only what is nearly alike comes out.
"""

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from fairlead.people import likeness

BLOCK = 500
"""Rows of one comparison: at 10,000 columns that is 5 MB."""
NEAR = 77
"""The likeness in per cent (`fuzz.ratio`) from which on two spellings are compared closely."""
MOST_NAMESAKES = 20
"""A spelling that more accounts of one source share tells nobody apart."""
MOST_RIVALS = 32
"""How many near spellings of the other source are looked at for each."""
MARGIN = 0.04
"""How much surer than the second best a pair has to be."""


def pairs(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Which rows of two `likeness.features` tables may be one person?

    Rows that share a login, a full name in any order, or a login made of a name; and rows whose full names, or
    logins, nearly agree. Returns each pair once: left, right (row numbers).
    """
    keys, others = _keys(left), _keys(right)
    short, shorts = _shortened(left), _shortened(right)
    found = [_sharing(keys, others), _sharing(keys, shorts), _sharing(short, others)]
    found += [_near(_spelt(left, form), _spelt(right, form)) for form in ("names", "handles")]
    return pd.concat(found).drop_duplicates().sort_values(["left", "right"], ignore_index=True)


def is_best(scored: pd.DataFrame, *, threshold: float, is_held: pd.Series | None = None) -> pd.Series:
    """Which pairs are one person: sure enough, and for both sides clearly the best?

    `scored` holds left, right and confidence. A pair passes from `threshold` on (never below `likeness.ALIKE`), if no
    other pair of either side comes within `MARGIN` of it. Of pairs that come so near to each other none passes: they
    are namesakes, and somebody has to say who is who. Where `is_held`, a pair was taken for one person before and
    stays so as long as no other is clearly better: a namesake who joins takes nobody apart.
    """
    sure = scored["confidence"]
    lead = (sure - _rivals(scored)).round(6)
    enough = sure >= max(threshold, likeness.ALIKE)
    kept = pd.Series(False, index=scored.index) if is_held is None else is_held & enough & (lead > -MARGIN)
    alone = ~scored.where(kept)["left"].duplicated(keep=False) & ~scored.where(kept)["right"].duplicated(keep=False)
    return enough & (lead >= MARGIN) | (kept & alone)


def _rivals(scored: pd.DataFrame) -> pd.Series:
    """The best confidence among the other pairs of either side; minus infinity where there is none."""
    sides = [_best_other(scored["confidence"], scored[side]) for side in ("left", "right")]
    return pd.concat(sides, axis=1).max(axis=1)


def _best_other(sure: pd.Series, side: pd.Series) -> pd.Series:
    ordered = sure.sort_values(ascending=False, kind="stable")
    place = ordered.groupby(side).cumcount()
    best, second = (ordered[place == n].set_axis(side[ordered.index[place == n]]) for n in (0, 1))
    is_first = (place == 0).reindex(sure.index)
    return side.map(second).where(is_first, side.map(best)).astype(float).fillna(-np.inf)


def _keys(table: pd.DataFrame) -> pd.DataFrame:
    """Logins, and full names as one word: one row per account and key."""
    named = [_full(table, form, words) for form in likeness.FORMS for words in likeness.written_as_one(table, form)]
    return _few(pd.concat([table["core"], *named]))


def _shortened(table: pd.DataFrame) -> pd.DataFrame:
    """Names as logins with an initial."""
    forms = ("name", "wide")
    return _few(pd.concat([_full(table, form, way) for form in forms for way in likeness.with_initials(table, form)]))


def _full(table: pd.DataFrame, form: str, words: pd.Series) -> pd.Series:
    return words[table[f"{form}_is_full"].astype(bool)]


def _spelt(table: pd.DataFrame, what: str) -> pd.DataFrame:
    """What is compared loosely: first and last name in the order of the alphabet; long logins."""
    if what == "handles":
        return _few(table.loc[table["core"].str.len() >= likeness.LONG, "core"])
    return _few(pd.concat([_full(table, form, _sorted(table, form)) for form in likeness.FORMS]))


def _sorted(table: pd.DataFrame, form: str) -> pd.Series:
    first, last = table[f"{form}_first"], table[f"{form}_last"]
    return (first + " " + last).where(first <= last, last + " " + first).str.strip()


def _few(keys: pd.Series) -> pd.DataFrame:
    """One row per account (row number) and key, without those that too many share."""
    found = keys[keys != ""].rename_axis("row").reset_index(name="key").drop_duplicates()
    return found[found.groupby("key")["row"].transform("size") <= MOST_NAMESAKES]


def _sharing(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    found = left.merge(right, on="key", suffixes=("_left", "_right"))
    return found[["row_left", "row_right"]].set_axis(["left", "right"], axis=1).drop_duplicates()


def _near(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Rows whose keys nearly agree."""
    some, others = (side["key"].drop_duplicates().sort_values().tolist() for side in (left, right))
    blocks = [_near_block(some[start : start + BLOCK], others) for start in range(0, len(some), BLOCK)]
    near = pd.concat([pd.DataFrame({"key": [], "key_right": []}, dtype="str"), *blocks])
    found = near.merge(left, on="key").merge(right.add_suffix("_right"), on="key_right")
    return found[["row", "row_right"]].set_axis(["left", "right"], axis=1).drop_duplicates()


def _near_block(some: list[str], others: list[str]) -> pd.DataFrame:
    alike = process.cdist(some, others, scorer=fuzz.ratio, score_cutoff=NEAR, dtype=np.uint8)
    row, column = np.nonzero(alike)
    found = pd.DataFrame({"row": row, "column": column, "alike": alike[row, column]})
    best = found.sort_values(["row", "alike", "column"], ascending=[True, False, True])
    best = best[best.groupby("row").cumcount() < MOST_RIVALS]
    keys = np.array(some, dtype=object)[best["row"]], np.array(others, dtype=object)[best["column"]]
    return pd.DataFrame({"key": keys[0], "key_right": keys[1]}, dtype="str")
