"""Text from trackers as one line of plain text, before it is escaped for the place it goes to."""

import re

JOINER = "\u2060"
"""Invisible, and no letter: what stands on both sides of it is not read as one word, or as an address."""
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Control characters: of those that do not show, the ones that turn the direction of what follows or hide a letter."""


def flat(text: object) -> str:
    """One line, without characters that do not show or that turn the direction of what follows."""
    return " ".join(UNSEEN.sub("", " ".join(str(text).split())).split())
