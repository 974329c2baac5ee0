"""What a team has agreed on: when people work, how soon a review is answered, how much is too much.

These are settings (`[working_time]` and `[agreements]` in fairlead.toml). They travel with the scope, so that screen,
report and export judge by the same ones.
"""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from fairlead import places
from fairlead.forms import EndOfDay, Table, TimeOfDay, Workdays, Zone

Share = Annotated[float, Field(ge=0, le=1)]


class WorkingTime(Table):
    """When people work of whom nothing else is known, and the days off that everybody has.

    `country` (ISO 3166, such as DE) and `region` (such as BY) say which public holidays they have; none without.
    """

    time_zone: Zone = "UTC"
    workdays: Workdays = "1111100"
    day_start: TimeOfDay = "09:00"
    day_end: EndOfDay = "17:00"
    country: str = ""
    region: str = ""
    company_days: tuple[dt.date, ...] = ()

    @field_validator("workdays")
    @classmethod
    def _has_a_working_day(cls, workdays: str) -> str:
        # One person may work on no day for a while; were it the usual, nobody would ever work.
        if "1" not in workdays:
            raise PydanticCustomError("workdays", "expected at least one working day, such as 1111100")
        return workdays

    @field_validator("country")
    @classmethod
    def _is_known(cls, country: str) -> str:
        if country and not places.is_country(country):
            raise PydanticCustomError("country", places.EXPECTED_COUNTRY)
        return country

    @model_validator(mode="after")
    def _is_a_region_of_it(self) -> Self:
        if self.region and not places.is_region(self.country, self.region):
            raise PydanticCustomError("region", "region: " + places.EXPECTED_REGION)
        return self

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.day_end <= self.day_start:
            raise PydanticCustomError("day", "day_end is not after day_start on the same day")
        return self


GENERATED = (
    "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "go.sum", "*.lock", "*.lock.json", "*.snap",
    "*.min.js", "*.min.css", "*.js.map", "*.css.map", "*.pb.go", "*_pb2.py", "*_pb2_grpc.py", "*_pb2.pyi",
    "*.generated.*", "*.g.dart", "*.designer.cs", "generated/*", "*/generated/*", "vendor/*", "*/vendor/*",
    "node_modules/*", "*/node_modules/*",
)  # fmt: skip
"""Paths that tools write or that are copied in. Nobody reads them line by line, so they make no change large."""


class Agreements(Table):
    """How soon a review is answered, what calls for a second look, and how much work is too much.

    `hours` is the clock waits are told in first, the other one stands beside it; `answer_within_hours` are working
    hours. `review_hours` is what answering one request takes, `support_share` the part of working time that goes to
    support and meetings, `overload_ratio` the load over capacity from which on somebody has too much,
    `most_requests` the waiting requests from which on nobody is asked for one more.

    `generated` are patterns of paths. `*` stands for any text, slashes included, and `?` for one character; upper and
    lower case differ. A pattern with a slash has to match the whole path, so that a folder wants two, `vendor/*` for
    the one at the top and `*/vendor/*` for those further down; one without matches a file's name in any folder.
    """

    hours: Literal["elapsed", "working"] = "elapsed"
    answer_within_hours: Annotated[float, Field(gt=0)] = 8
    large_change_lines: Annotated[int, Field(gt=0)] = 400
    fast_approval_minutes: Annotated[float, Field(ge=0)] = 10
    generated: tuple[str, ...] = GENERATED
    review_hours: Annotated[float, Field(gt=0)] = 0.5
    support_share: Share = 0.2
    overload_ratio: Annotated[float, Field(gt=0)] = 1.2
    most_requests: Annotated[int, Field(gt=0)] = 6
