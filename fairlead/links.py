"""Shared links: what a link opens, its token, and why a token opens nothing.

The token holds the link's random id and a signature, nothing else. What the link opens, until when, and whether it was
taken back is in the store and looked up at each opening, so that nothing a token says has to be believed.
"""

import json
import secrets
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Final, Literal, Protocol, Self

import pandas as pd
from itsdangerous import BadData, URLSafeSerializer

from fairlead.errors import ConfigError, LinkError

REPORTS: Final = ("milestone", "programme", "milestones")
"""What a link may open; `milestones` is the portfolio."""
SHORTEST_SECRET: Final = 32
HOW_TO_MAKE: Final = 'python -c "import secrets; print(secrets.token_urlsafe(32))"'

EVERYTHING: Final = "*"
"""How choices say: all milestones."""

_PURPOSE = "fairlead: a link to one report"
"""Mixed into the key: what the same secret signs for another purpose is no link."""
_LONGEST_TOKEN = 512
_NOT_OURS = "This is not a link of this server, or not all of it was copied. Ask whoever sent it for a new one."


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link to one report, with what was chosen for it.

    `choices` are the report's choices by name, as addresses hold them; `titles` says whether titles of single items are
    shown. It opens from `made_at` until before `expires_at`, or until it was taken back. Raises `LinkError` where it
    would open anything but one of `REPORTS`, or a choice is not text.
    """

    id: str
    name: str
    report: str
    choices: Mapping[str, str]
    titles: bool
    made_by: str
    made_at: pd.Timestamp
    expires_at: pd.Timestamp
    revoked_at: pd.Timestamp | None = None

    def __post_init__(self) -> None:
        """Refuse what no link may be."""
        if self.report not in REPORTS:
            raise LinkError(f"A link cannot open this report. It can open: {', '.join(REPORTS)}.")
        if not all(isinstance(each, str) for pair in self.choices.items() for each in pair):
            raise LinkError("A link's choices are texts by name.")

    @property
    def milestones(self) -> tuple[str, ...] | None:
        """The ids of the milestones it opens; None means all. Raises `LinkError` where it does not say."""
        among = self.choices.get("milestones", "")
        if among == EVERYTHING:
            return None
        try:
            return tuple(str(each) for each in json.loads(among))
        except (json.JSONDecodeError, TypeError):
            raise LinkError(_NOT_OURS) from None

    @property
    def visitor(self) -> str:
        """What whoever opens it is called in the access log; links of one name are told apart."""
        return f"link {self.name} ({self.id[:6]})"

    def status(self, now: pd.Timestamp) -> Literal["open", "ended", "taken back"]:
        """Whether it opens."""
        if self.revoked_at is not None:
            return "taken back"
        return "ended" if now >= self.expires_at else "open"

    @classmethod
    def of_row(cls, row: Mapping[Hashable, Any]) -> Self:
        """A link from a row of `Store.links`."""
        revoked_at = None if pd.isna(row["revoked_at"]) else row["revoked_at"]
        held = {str(name): each for name, each in row.items()}
        return cls(**held | {"choices": json.loads(row["choices"]), "revoked_at": revoked_at})


class Links(Protocol):
    """Where links are kept: the store."""

    def links(self) -> pd.DataFrame:
        """One row per link."""
        ...


def new_id() -> str:
    """An id nobody can guess, for a link to be made."""
    return secrets.token_urlsafe(16)


def signed(link: Link, secret: str) -> str:
    """The token that opens a link, to stand in an address.

    Raises:
        ConfigError: the secret is too short to keep others from signing links of their own.
    """
    return _token(link.id, secret)


def opened(token: str, store: Links, secret: str, now: pd.Timestamp) -> Link:
    """The link that a token opens at `now`.

    Raises:
        LinkError: with one text for what is no link of ours (whatever is wrong with it: nobody learns which ids there
            are), one for a link that was taken back, one for a link that has ended.
        ConfigError: the secret is too short: anybody could have signed this.
    """
    rows = store.links()
    found = [Link.of_row(row) for row in rows[rows["id"] == _id(token, secret)].to_dict("records")]
    if not found:
        raise LinkError(_NOT_OURS)
    (link,) = found
    if link.status(now) == "taken back":
        raise LinkError("This link was taken back by those who made it. Ask whoever sent it for a new one.")
    if link.status(now) == "ended":
        raise LinkError("This link has ended. Ask whoever sent it for a new one.")
    return link


def _id(token: str, secret: str) -> str:
    """The id in a token, which must be to the letter the one we would make: base64 has several spellings."""
    signer = _signer(secret)
    if len(token) > _LONGEST_TOKEN or not token.isascii():
        raise LinkError(_NOT_OURS)
    try:
        found = signer.loads(token)
    except BadData:
        raise LinkError(_NOT_OURS) from None
    if not isinstance(found, str) or not compare_digest(token, _token(found, secret)):
        raise LinkError(_NOT_OURS)
    return found


def _token(link_id: str, secret: str) -> str:
    token = _signer(secret).dumps(link_id)
    return token if isinstance(token, str) else token.decode("ascii")


def _signer(secret: str) -> URLSafeSerializer:
    if len(secret) < SHORTEST_SECRET:
        raise ConfigError(
            f"The secret that signs links has fewer than {SHORTEST_SECRET} characters. Make one: {HOW_TO_MAKE}"
        )
    return URLSafeSerializer(secret, salt=_PURPOSE, signer_kwargs={"digest_method": sha256})
