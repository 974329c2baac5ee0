"""Accounts → people: who is a bot, which accounts are the same person, and who is in which team.

`settle` is the way in; `people.csv`, the user's own map of accounts to persons, is read with `load_map`.
"""

from fairlead.people.bots import is_bot
from fairlead.people.emails import email_hash
from fairlead.people.mapping import load_map, write_map
from fairlead.people.settling import Settled, settle, undecided

__all__ = ["Settled", "email_hash", "is_bot", "load_map", "settle", "undecided", "write_map"]
