"""How sure is it that accounts of two sources are one person, by their names and logins?

Every kind of evidence has a fixed confidence (the constants below), so that a reader can look up where a figure comes
from. Only whole words that agree to the letter come to 0.92 or more; misspellings, initials and nicknames stay below
and wait for somebody's decision.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from fairlead.people import given, spelling

Scores = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NAME_AND_LOGIN = 0.99
"""The full names agree and so do the logins."""
NAME = 0.95
"""The full names agree, word for word."""
ALMOST_LOGIN = 0.94
"""The logins agree, and the full names differ in a letter."""
NAME_IN_PART = 0.93
"""The full names agree but for their order, a middle name that one lacks, or a particle such as `von`."""
LOGIN = 0.93
"""The logins agree, and are long or made of the name; or a login is the full name written as one word."""
LOGIN_ALONE = 0.85
"""The logins agree, and nothing else speaks for it."""
NAME_TO_DIGITS = 0.88
"""A login is the full name written as one word, but for digits behind it."""
INITIAL = 0.80
"""A first name agrees in its initial alone, `jsmith` or `J. Smith` for John Smith; or a short login agrees."""
CONFLICT = 0.78
"""The logins agree and so do last names, but the first names do not; or logins agree but for digits."""
AGAINST = 0.60
"""What speaks for it is spoken against: other names, other middle names, a given name alone."""

ALIKE = 0.75
"""From here on two accounts are worth a look; nothing below is ever taken for one person."""
LONGEST = 200
"""Characters of a name or login that are looked at: who writes more wants to keep us busy."""
FORMS = {"name": 0.0, "wide": 0.0, "login": 0.02}
"""The readings of an account as a name, and how much less sure than a display name each is."""
LONG, SHORT = 8, 4
"""Letters and digits from which on a login is somebody's own; below which it says nothing."""


def features(names: pd.Series, logins: pd.Series) -> pd.DataFrame:
    """Names and logins taken apart, one row each: for each form its `Spelling`, and the `Handle`."""
    known, login = (texts.fillna("").str.slice(0, LONGEST).tolist() for texts in (names, logins))
    read = {
        "name": [spelling.of_name(text) for text in known],
        "wide": [spelling.of_umlauts(text) for text in known],
        "login": [spelling.of_login(text) for text in login],
    }
    tables = [
        pd.DataFrame(each, columns=spelling.Spelling._fields).add_prefix(f"{form}_") for form, each in read.items()
    ]
    handles = pd.DataFrame([spelling.handle(text) for text in login], columns=spelling.Handle._fields)
    found = pd.concat([*tables, handles], axis=1)
    return found.assign(handle=found["core"] + found["digits"])


def scores(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """How sure is each pair, row by row, of two `features` tables of one length?

    Full names that differ stand against every login. Returns confidence (0–1) and matched_by (`name`, `login`).
    """
    names = _best_of(left, right, ("name", "wide"))
    read, logins = _best_of(left, right, tuple(FORMS)), login_scores(left, right)
    both = _both(left["name_is_full"], right["name_is_full"]) & _equal(left["name_script"], right["name_script"])
    agree = logins >= LOGIN
    sure = np.maximum(read, logins)
    sure = np.where(both & agree & (names >= ALIKE), np.maximum(sure, ALMOST_LOGIN), sure)
    sure = np.where(agree & (names >= NAME_IN_PART), NAME_AND_LOGIN, sure)
    apart = np.where(_equal(left["name_last"], right["name_last"]) & (logins >= ALIKE), CONFLICT, AGAINST)
    sure = np.where(both & (names < ALIKE), np.minimum(sure, apart), sure)
    by = np.where((names >= logins) & (names >= ALIKE), "name", "login")
    return pd.DataFrame({"confidence": sure.round(4), "matched_by": pd.Series(by, dtype="str")})


def name_scores(left: pd.DataFrame, right: pd.DataFrame) -> Scores:
    """How sure is each pair by its names alone, given as `Spelling` columns? 0 where either is no full name."""
    straight = np.minimum(_letters(left["first"], right["first"]), _letters(left["last"], right["last"]))
    turned = np.minimum(_letters(left["first"], right["last"]), _letters(left["last"], right["first"]))
    same = _equal(left["joined"], right["joined"])
    found = np.where(straight == 1, NAME_IN_PART, NAME * np.maximum(straight, turned))
    found = np.where((straight < 1) & (turned == 1), NAME_IN_PART, found)
    found = np.where(_is_initial(left, right) | _is_initial(right, left), np.maximum(found, INITIAL), found)
    found = np.where(_middles_agree(left, right), found, np.minimum(found, AGAINST))
    found = np.where(same, NAME, found)
    # Two initials that agree are two people as easily as one.
    found = np.where((_length(left["first"]) < 2) | (_length(right["first"]) < 2), np.minimum(found, INITIAL), found)
    full: Scores = np.where(_both(left["is_full"], right["is_full"]), found, 0.0)
    return full


def login_scores(left: pd.DataFrame, right: pd.DataFrame) -> Scores:
    """How sure is each pair by its logins, compared with the other's login and with the other's display name?"""
    same = _equal(left["handle"], right["handle"]) & (_length(left["handle"]) >= SHORT)
    is_own = _length(left["handle"]) >= LONG
    is_own |= _made_of(left, left) | _made_of(right, right) | _made_of(left, right) | _made_of(right, left)
    found = np.where(is_own, LOGIN, np.where(_length(left["handle"]) >= 6, LOGIN_ALONE, INITIAL))
    bare = _equal(left["handle"], left["core"])
    is_given = left["core"].isin(given.COMMON).to_numpy()
    found = np.where(is_given, np.where(bare, AGAINST, np.minimum(found, LOGIN_ALONE)), found)
    one_bare = bare != _equal(right["handle"], right["core"])
    decorated = _equal(left["core"], right["core"]) & one_bare & (_length(left["core"]) >= 6) & ~is_given
    found = np.where(same, found, np.where(decorated, CONFLICT, _misspelt(left, right)))
    best: Scores = np.maximum.reduce([found, _as_name(left, right), _as_name(right, left)])
    return best


def _misspelt(left: pd.DataFrame, right: pd.DataFrame) -> Scores:
    """Long logins that differ in a letter; digits that differ are other people's."""
    long = (_length(left["core"]) >= LONG) & (_length(right["core"]) >= LONG) & _equal(left["digits"], right["digits"])
    found: Scores = np.where(long, LOGIN * _letters(left["core"], right["core"]), 0.0)
    return found


def _as_name(login: pd.DataFrame, other: pd.DataFrame) -> Scores:
    """A login that is the other's display name as one word, or its initial and last name."""
    whole = np.where(login["digits"].eq(""), LOGIN, NAME_TO_DIGITS)
    found = np.zeros(len(login))
    for form in ("name", "wide"):
        is_full = other[f"{form}_is_full"].to_numpy(dtype=bool) & (_length(login["core"]) >= 5)
        is_whole = _any_equal(login["core"], written_as_one(other, form)) & is_full
        is_short = _any_equal(login["handle"], with_initials(other, form)) & is_full
        found = np.maximum(found, np.where(is_whole, whole, np.where(is_short, INITIAL, 0.0)))
    return found


def _made_of(login: pd.DataFrame, other: pd.DataFrame) -> Flags:
    ways = [*written_as_one(other, "name"), *with_initials(other, "name")]
    found: Flags = _any_equal(login["core"], ways) & other["name_is_full"].to_numpy(dtype=bool)
    return found


def written_as_one(table: pd.DataFrame, form: str) -> list[pd.Series]:
    """The ways a full name becomes one word."""
    first, last = table[f"{form}_first"], table[f"{form}_last"]
    return [table[f"{form}_joined"], first + last, last + first]


def with_initials(table: pd.DataFrame, form: str) -> list[pd.Series]:
    """The ways a name becomes a login with an initial: `jsmith`, `johns`, `smithj`."""
    first, last = table[f"{form}_first"], table[f"{form}_last"]
    return [first.str[:1] + last, first + last.str[:1], last + first.str[:1]]


def _best_of(left: pd.DataFrame, right: pd.DataFrame, forms: tuple[str, ...]) -> Scores:
    """The best of the names in all their forms."""
    found = [
        np.maximum(name_scores(_form(left, one), _form(right, other)) - FORMS[one] - FORMS[other], 0)
        for one in forms
        for other in forms
    ]
    best: Scores = np.maximum.reduce(found)
    return best


def _form(table: pd.DataFrame, form: str) -> pd.DataFrame:
    return table[[f"{form}_{part}" for part in spelling.Spelling._fields]].set_axis(spelling.Spelling._fields, axis=1)


def _middles_agree(left: pd.DataFrame, right: pd.DataFrame) -> Flags:
    """Whether what is between first and last name is the same, absent on one side, or initials of the other's."""
    absent = left["middle"].eq("") | right["middle"].eq("")
    initials = _equal(left["middle"], right["initials"]) | _equal(left["initials"], right["middle"])
    agree: Flags = _equal(left["middle"], right["middle"]) | absent.to_numpy() | initials
    return agree


def _is_initial(short: pd.DataFrame, whole: pd.DataFrame) -> Flags:
    one = (_length(short["first"]) == 1) & _equal(short["first"], whole["first"].str[:1])
    found: Flags = one & _equal(short["last"], whole["last"])
    return found


def _letters(left: pd.Series, right: pd.Series) -> Scores:
    """One minus the share of letters to change."""
    found: Scores = process.cpdist(
        left.tolist(), right.tolist(), scorer=Levenshtein.normalized_similarity, dtype=np.float64
    )
    return found


def _any_equal(values: pd.Series, ways: list[pd.Series]) -> Flags:
    found: Flags = np.logical_or.reduce([_equal(values, way) for way in ways])
    return found


def _equal(left: pd.Series, right: pd.Series) -> Flags:
    return np.asarray(left.to_numpy(dtype=object) == right.to_numpy(dtype=object), dtype=bool)


def _both(left: pd.Series, right: pd.Series) -> Flags:
    found: Flags = left.to_numpy(dtype=bool) & right.to_numpy(dtype=bool)
    return found


def _length(text: pd.Series) -> npt.NDArray[np.int64]:
    return np.asarray(text.str.len(), dtype=np.int64)
