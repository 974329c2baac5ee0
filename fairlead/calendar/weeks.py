"""Who keeps which working week: zone, workdays, hours and public holidays, as people and settings say."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from fairlead import forms, places
from fairlead.agreements import WorkingTime
from fairlead.errors import FrameError

FORMS = {"workdays": forms.WORKDAYS, "day_start": forms.TIME_OF_DAY, "day_end": forms.END_OF_DAY}


class Week(NamedTuple):
    """A working week. Equal weeks are one calendar, whoever keeps it."""

    time_zone: str
    workdays: str
    day_start: str
    day_end: str
    country: str
    region: str


def usual_week(usual: WorkingTime) -> Week:
    """The week of whom nothing else is known."""
    return Week(*(str(getattr(usual, part)) for part in Week._fields))


def weeks_of(people: pd.DataFrame, usual: Week) -> list[Week]:
    """The week of each person; what they leave open is the usual.

    The usual region is taken only where the country is the usual one too: there is no Bavaria in France.

    Raises:
        FrameError: a part cannot be read or is not known, or days end before they begin; names the column and how
            many rows.
    """
    told = pd.DataFrame({part: _told(people, part) for part in Week._fields})
    known = {part: told[part].mask(told[part] == "", getattr(usual, part)) for part in Week._fields}
    known["region"] = known["region"].where(known["country"] == usual.country, told["region"])
    kept = pd.DataFrame(known)
    _refuse_faults(kept)
    return [Week(*parts) for parts in kept.itertuples(index=False)]


def _told(people: pd.DataFrame, part: str) -> pd.Series:
    """What people say of a part, empty where they leave it open."""
    text: pd.Series = people[part].astype("str").fillna("").str.strip()
    return text


def _refuse_faults(weeks: pd.DataFrame) -> None:
    for column, is_wrong, what in _faults(weeks):
        if is_wrong.any():
            raise FrameError(f"people.{column}: {int(is_wrong.sum())} rows: {what}")


def _faults(weeks: pd.DataFrame) -> Iterator[tuple[str, pd.Series, str]]:
    """Column, whether each row is at fault, and what to do. Each kind takes the ones before it to be right."""
    zones = [zone for zone in weeks["time_zone"].unique() if places.is_zone(zone)]
    yield "time_zone", ~weeks["time_zone"].isin(zones), f"{places.EXPECTED_ZONE}."
    for column, form in FORMS.items():
        yield column, ~weeks[column].str.fullmatch(form.pattern), f"{form.expected}."
    is_over = weeks["day_end"] <= weeks["day_start"]
    yield "day_end", is_over, "expected after day_start, which is the usual one where it is left open."
    countries = [code for code in weeks["country"].unique() if code == "" or places.is_country(code)]
    yield "country", ~weeks["country"].isin(countries), f"{places.EXPECTED_COUNTRY}."
    pairs = zip(weeks["country"], weeks["region"], strict=True)
    is_elsewhere = [region != "" and not places.is_region(country, region) for country, region in pairs]
    yield "region", pd.Series(is_elsewhere, dtype="bool"), f"{places.EXPECTED_REGION}."
