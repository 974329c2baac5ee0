"""Texts that settings and `people.csv` hold: addresses, times of day …, and in which words what is unfit is refused."""

import re
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from fairlead import places


class Table(BaseModel):
    """Base of all settings tables: unknown keys are errors, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Form(NamedTuple):
    """What a text has to look like, wholly, and the words that say so."""

    pattern: str
    expected: str


TIME_OF_DAY = Form(r"(?:[01]\d|2[0-3]):[0-5]\d", "expected a time of day as HH:MM, such as 09:00")
END_OF_DAY = Form(f"{TIME_OF_DAY.pattern}|24:00", "expected a time of day as HH:MM, such as 17:00")
WORKDAYS = Form("[01]{7}", "expected seven flags from Monday, such as 1111100")


def _formed(pattern: str, expected: str) -> AfterValidator:
    """Text of a form; a fault says the form in words."""

    def check(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise PydanticCustomError("form", "{expected}", {"expected": expected})
        return text

    return AfterValidator(check)


Repository = Annotated[str, _formed(r"[\w.-]+/[\w.-]+", "expected owner/name")]
ProjectKey = Annotated[str, _formed(r"[A-Z][A-Z0-9_]+", "expected a project key in capitals, such as FL")]
Owner = Annotated[str, _formed(r"[\w.-]+", "expected the name of an organisation")]
ProjectAddress = Annotated[str, _formed(r"[\w.-]+/\d+", "expected owner/number")]
FieldId = Annotated[str, _formed(r"customfield_\d+", "expected a field id, such as customfield_10016")]
EnvironmentName = Annotated[str, _formed(r"[A-Za-z_][A-Za-z0-9_]*", "expected the name of an environment variable")]


def _plain_address(text: str) -> str:
    """An address that can be asked and shown: with a host, without a name or password before it."""
    try:
        parts = urlsplit(text)
        is_fit = bool(re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", text)) and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_fit = False
    if not is_fit:
        raise PydanticCustomError("address", "expected an address that starts with https:// or http://")
    if "@" in parts.netloc:
        raise PydanticCustomError("address", "leave out what is before the @: secrets stand in the environment alone")
    return text


Address = Annotated[str, AfterValidator(_plain_address)]
StoreAddress = Annotated[
    str, _formed(r"(sqlite:///|postgresql://).*", "expected sqlite:///path or postgresql://host/database")
]


def _known_zone(name: str) -> str:
    if not places.is_zone(name):
        raise PydanticCustomError("zone", places.EXPECTED_ZONE)
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]
TimeOfDay = Annotated[str, _formed(*TIME_OF_DAY)]
EndOfDay = Annotated[str, _formed(*END_OF_DAY)]
Workdays = Annotated[str, _formed(*WORKDAYS)]
