"""E-mail addresses, of which nothing is kept but what tells that two are the same."""

from hashlib import sha256


def email_hash(address: str | None) -> str | None:
    """An address as `accounts.email_hash` holds it, upper and lower case alike; `None` where there is none."""
    plain = (address or "").strip().lower()
    return sha256(plain.encode()).hexdigest() if plain else None
