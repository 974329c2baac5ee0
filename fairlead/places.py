"""Where people are: time zones, and countries and regions whose public holidays are known.

The holidays are those of the `holidays` package, which asks no network.
"""

import zoneinfo

import holidays

EXPECTED_ZONE = "expected an IANA time zone, such as Europe/Berlin"
EXPECTED_COUNTRY = "expected a country of two capitals (ISO 3166) whose holidays are known, such as DE"
EXPECTED_REGION = "expected a region of that country whose holidays are known, such as BY in DE"


def is_zone(name: str) -> bool:
    """Whether this is a time zone known here."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones, such as Europe, is an OSError
        return False
    return True


def is_country(code: str) -> bool:
    """Whether the public holidays of the country (ISO 3166 alpha-2) are known."""
    return code in _regions()


def is_region(country: str, code: str) -> bool:
    """Whether the country has a region of that code with holidays of its own. No region stands without its country."""
    return code in _regions().get(country, ())


def _regions() -> dict[str, list[str]]:
    return holidays.list_supported_countries(include_aliases=False)  # kept by the package itself
