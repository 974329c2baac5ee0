"""Names and logins, taken apart so that two of them can be compared.

Upper and lower case, accents, punctuation, titles and the order of "Last, First" are no difference; digits are
decoration in logins and tell namesakes apart in names. One text at a time: the texts are thousands, not millions.
"""

import re
from typing import NamedTuple
from unicodedata import category, name, normalize

TITLES = frozenset({"dr", "prof", "mr", "mrs", "ms", "mx", "dipl", "ing", "phd", "msc", "bsc", "mba", "md"})
PARTICLES = frozenset(
    {
        "von", "van", "der", "den", "de", "del", "della", "di", "da", "das", "do", "dos", "du", "la", "le", "les", "zu",
        "zum", "zur", "ten", "ter", "bin", "ibn", "al", "el", "af", "av", "y",
    }
)  # fmt: skip
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]|\{[^}]*\}|<[^>]*>")
ADDRESS = re.compile(r"([^@\s]+)@\S+")
HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
TRAILING_DIGITS = re.compile(r"\d+$")

MARKS = dict.fromkeys(range(0x300, 0x370))
"""Accents of Latin, Greek and Cyrillic. The marks of other scripts (dakuten, vowel signs) make other letters."""
LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})
APOSTROPHES = str.maketrans(dict.fromkeys("'’‘ʼʻ`´"))
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})

LEAST_WHOLE = {"CJK": 3, "HANGUL": 3}
"""Scripts that write a full name as one word, and how long such a word at least is: two Han characters may be a given
name alone."""


class Spelling(NamedTuple):
    """A name in parts: what is between the first and the last word, once whole and once as initials."""

    first: str = ""
    last: str = ""
    middle: str = ""
    initials: str = ""
    joined: str = ""
    script: str = ""
    is_full: bool = False


class Handle(NamedTuple):
    """A login without separators: the letters, and the digits it ends in."""

    core: str = ""
    digits: str = ""


def folded(text: str) -> str:
    """The text without case, accents and apostrophes: `Łukasz O’Brien` → `lukasz obrien`."""
    loose = normalize("NFKD", normalize("NFKD", text.translate(APOSTROPHES)).casefold())
    return normalize("NFC", loose.translate(MARKS).translate(LETTERS))


def of_name(text: str) -> Spelling:
    """A display name: hyphened words are one, bracketed remarks and titles are left out, `Last, First` is turned."""
    if ADDRESS.fullmatch(text.strip()):
        return of_login(text)
    plain = BRACKETED.sub(" ", folded(text))
    parts = [_words("".join(c for c in part if category(c) != "Pd")) for part in plain.split(",")]
    given = [word for part in parts[1:] for word in part if word not in TITLES | SUFFIXES]
    turned = [*parts[1], *parts[0]] if len(parts) == 2 and given else [word for part in parts for word in part]
    return _spelling([word for word in turned if word not in TITLES])


def of_umlauts(text: str) -> Spelling:
    """The same name as it is spelt without umlauts, `Mueller` for `Müller`; empty where it has none."""
    composed = normalize("NFC", text).casefold()
    wide = composed.translate(UMLAUTS)
    return of_name(wide) if wide != composed else Spelling()


def of_login(text: str) -> Spelling:
    """A login read as a name, where dots, hyphens, underscores or capitals part it into words: `ann.lee`, `AnnLee`."""
    return _spelling(_words(TRAILING_DIGITS.sub(r" \g<0>", folded(HUMP.sub(" ", _local(text))))))


def handle(text: str) -> Handle:
    """A login as one word: `Ann.Lee-84` → annlee, 84."""
    whole = "".join(_words(folded(_local(text))))
    core = TRAILING_DIGITS.sub("", whole)
    return Handle(core, whole[len(core) :])


def _local(text: str) -> str:
    """What stands before the @ of an address."""
    found = ADDRESS.fullmatch(text.strip())
    return found[1] if found else text


def _words(text: str) -> list[str]:
    return "".join(" " if category(c)[0] in "PZSC" else c for c in text).split()


def _spelling(words: list[str]) -> Spelling:
    plain = [word for word in words if word not in SUFFIXES and not word.isdigit()]
    named = [word for word in plain if word not in PARTICLES]
    core = named if len(named) > 1 else plain
    if not core:
        return Spelling()
    script = name(core[0][0], "").partition(" ")[0]
    if script in LEAST_WHOLE:
        return _whole(core, script)
    first, last = core[0], core[-1] if len(core) > 1 else ""
    middle = [*core[1:-1], *(word for word in words if word in SUFFIXES or word.isdigit())]
    is_full = bool(last) and max(len(first), len(last)) > 1
    return Spelling(
        first,
        last,
        "".join(middle),
        "".join(word if word.isdigit() else word[0] for word in middle),
        "".join(words),
        script,
        is_full,
    )


def _whole(words: list[str], script: str) -> Spelling:
    """A name that is written as one word, with or without a space within."""
    joined = "".join(words)
    is_full = len(words) > 1 or len(joined) >= LEAST_WHOLE[script]
    return Spelling(joined, "", "", "", joined, script, is_full)
