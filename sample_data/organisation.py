"""Who works at Harbourline: four teams, their people in eight time zones, their accounts and their days off.

Every name is made up. What differs between people and teams on purpose (pace, who reviews, how much is taken on at
once) stands here, so that the stories of the sample can be read in one place.
"""

import datetime as dt
import zlib
from dataclasses import dataclass, field

TODAY = dt.datetime(2026, 6, 15, 8, tzinfo=dt.UTC)
"""A Monday morning. The sample never goes stale because nothing in it is later than this."""
FIRST_DAY = dt.date(2024, 12, 9)
SITE = "HARBOUR"
OWNER = "harbourline"

GHOST = "github:ghost"
CI_BOT = "github:U_kgHL0harbourci"
DEPENDABOT = "github:BOT_kgHLdependabot"


PLACES = {
    "America/Los_Angeles": ("US", "CA"),
    "America/New_York": ("US", "NY"),
    "America/Sao_Paulo": ("BR", "SP"),
    "Asia/Kolkata": ("IN", None),
    "Asia/Tokyo": ("JP", None),
    "Europe/Amsterdam": ("NL", None),
    "Europe/Athens": ("GR", None),
    "Europe/Berlin": ("DE", "BE"),
    "Europe/Dublin": ("IE", None),
    "Europe/London": ("GB", "ENG"),
    "Europe/Madrid": ("ES", "MD"),
    "Europe/Oslo": ("NO", None),
    "Europe/Paris": ("FR", None),
    "Europe/Stockholm": ("SE", None),
    "Europe/Warsaw": ("PL", None),
}
"""Zone → whose public holidays people there have: country, and region where it has its own."""


@dataclass(frozen=True)
class Person:
    """Somebody with a GitHub and a Jira account. `pace` is work done per day at work, 1 being usual."""

    name: str
    login: str
    zone: str
    team: str
    pace: float = 1.0
    day: tuple[str, str] = ("09:00", "17:00")
    workdays: str = "1111100"
    share: float = 1.0
    start_on: dt.date = dt.date(2023, 3, 1)
    leave_on: dt.date | None = None
    matched_by: str = "email"

    @property
    def id(self) -> str:
        """The person."""
        return f"person:{self.login}"

    @property
    def github(self) -> str:
        """Their GitHub account."""
        return f"github:U_kgHL{zlib.crc32(self.login.encode()):08x}"

    @property
    def jira(self) -> str:
        """Their Jira account."""
        return f"jira:{SITE}:acc-{zlib.crc32(self.name.encode()):08x}"

    def account(self, source: str) -> str:
        """Their account at a source."""
        return self.github if source == "github" else self.jira


@dataclass(frozen=True)
class Team:
    """A team: where its work lives, how much comes in, how much is taken on, who is asked for reviews."""

    slug: str
    name: str
    jira: str | None
    repos: tuple[str, ...]
    arrivals: float
    """New items per working day, beside those that milestones bring."""
    github_share: float
    """Which part of them are GitHub issues."""
    focus: float
    """Days of work on items that a day at work gives."""
    limits: tuple[tuple[dt.date, float], ...]
    """From which day on people take on how many items at once."""
    incidents: float
    """Which part of the weeks goes to something more urgent."""
    reviewers: dict[str, float] = field(hash=False)
    """Login → how often asked, relative to the others."""

    @property
    def id(self) -> str:
        """The team."""
        return f"team:{self.slug}"


TEAMS = (
    Team(
        "berth", "Berth", "BERTH", ("quay-api", "berth-planner"), 0.71, 0.12, 0.44,
        ((FIRST_DAY, 1.1),), 0.06,
        {"solveig-t": 9.0, "bram-oo": 0.5, "chiamaka": 0.5, "anjalidev": 0.4, "mquarv": 0.3, "pzalew": 0.6,
         "kisaragi-h": 0.3},
    ),
    Team(
        "manifest", "Manifest", "CARGO", ("manifest-service", "customs-edi"), 0.86, 0.10, 0.45,
        ((FIRST_DAY, 1.3), (dt.date(2026, 2, 23), 2.8), (dt.date(2026, 3, 16), 3.6), (dt.date(2026, 4, 27), 4.2)), 0.07,
        {"lferrandiz": 3.0, "tomaszbrz": 2.0, "priyasun": 2.0, "deshawn-o": 1.5, "meitz": 1.5, "farid-nb": 1.0},
    ),
    Team(
        "voyage", "Voyage", "VOY", ("voyage-eta",), 0.70, 0.10, 0.44,
        ((FIRST_DAY, 3.0), (dt.date(2026, 2, 9), 0.8)), 0.05,
        {"aoifeb": 2.5, "rmontei": 2.0, "hoshikage": 2.0, "nikragh": 1.8, "epapas": 1.8, "kwame-as": 0.3},
    ),
    Team(
        "platform", "Platform", None, ("platform",), 0.58, 1.0, 0.385,
        ((FIRST_DAY, 1.2),), 0.13,
        {"mdelacourbe": 2.5, "jekstr": 2.0, "talawh": 1.8, "imranqz": 1.5, "blourencal": 1.5},
    ),
)  # fmt: skip

PEOPLE = (
    Person("Solveig Tarnbrekke", "solveig-t", "Europe/Oslo", "berth", 0.55, ("08:00", "16:00"), matched_by="manual"),
    Person("Bram Oosterlinde", "bram-oo", "Europe/Amsterdam", "berth", 1.1),
    Person("Chiamaka Ezeludo", "chiamaka", "Europe/London", "berth", 1.15, ("09:30", "17:30")),
    Person("Anjali Devrathan", "anjalidev", "Asia/Kolkata", "berth", 1.0, ("10:00", "18:30")),
    Person("Mateus Quarvalho", "mquarv", "America/Sao_Paulo", "berth", 0.95),
    Person("Haruto Kisaragawa", "kisaragi-h", "Asia/Tokyo", "berth", 1.0, ("09:30", "18:00"), matched_by="login"),
    Person("Piotr Zalewniak", "pzalew", "Europe/Warsaw", "berth", 1.05, leave_on=dt.date(2026, 2, 27)),
    Person("Lucía Ferrandiz-Otal", "lferrandiz", "Europe/Madrid", "manifest", 0.85, ("09:00", "18:00")),
    Person("Tomasz Brzezawa", "tomaszbrz", "Europe/Warsaw", "manifest", 1.15, ("08:00", "16:30")),
    Person("Priyanka Sundarvel", "priyasun", "Asia/Kolkata", "manifest", 1.05, ("10:00", "18:30")),
    Person("Deshawn Okpalaugo", "deshawn-o", "America/New_York", "manifest", 1.0, matched_by="manual"),
    Person("Mei Tanzhou", "meitz", "America/Los_Angeles", "manifest", 1.0, ("08:30", "16:30")),
    Person(
        "Farid Al-Nasrabi", "farid-nb", "Europe/Berlin", "manifest", 0.95, ("08:30", "15:30"), "1101000", 0.6,
        matched_by="login",
    ),
    Person("Aoife Brennaghan", "aoifeb", "Europe/Dublin", "voyage", 0.85, matched_by="manual"),
    Person("Rafael Monteirinho", "rmontei", "America/Sao_Paulo", "voyage", 1.0),
    Person("Yuki Hoshikage", "hoshikage", "Asia/Tokyo", "voyage", 1.1, ("10:00", "18:30")),
    Person("Nikhil Raghavendar", "nikragh", "Asia/Kolkata", "voyage", 1.05, ("10:30", "19:00")),
    Person("Eleni Papastrati", "epapas", "Europe/Athens", "voyage", 1.1, ("09:00", "17:30")),
    Person("Kwame Asantewi", "kwame-as", "America/New_York", "voyage", 0.9, start_on=dt.date(2026, 3, 16)),
    Person("Marguerite Delacourbe", "mdelacourbe", "Europe/Paris", "platform", 0.85, ("09:00", "17:30")),
    Person("Jonas Ekströmer", "jekstr", "Europe/Stockholm", "platform", 1.05, ("08:00", "16:30"), matched_by="login"),
    Person("Tala Whitehorn", "talawh", "America/Los_Angeles", "platform", 1.0),
    Person("Imran Qasimzade", "imranqz", "Europe/Berlin", "platform", 1.05, ("09:30", "18:00")),
    Person("Beatriz Lourençal", "blourencal", "America/Sao_Paulo", "platform", 1.0, matched_by="manual"),
)  # fmt: skip

LEADS = {"berth": "solveig-t", "manifest": "lferrandiz", "voyage": "aoifeb", "platform": "mdelacourbe"}
OVERLOADED_REVIEWER = "solveig-t"
HOARDER = "tomaszbrz"
"""Holds nine started items."""
ON_LEAVE = "hoshikage"
LEAVE = (dt.date(2026, 6, 8), dt.date(2026, 7, 3))
NEWCOMER = "kwame-as"

BY_LOGIN = {person.login: person for person in PEOPLE}
TEAM_OF = {team.slug: team for team in TEAMS}
CONFIDENCE = {"manual": 1.0, "email": 0.95, "login": 0.85}


def members(team: str) -> list[Person]:
    """The people of a team, those who left included."""
    return [person for person in PEOPLE if person.team == team]


def limit(team: Team, day: dt.date) -> float:
    """How many items at once its people take on that day."""
    return [value for since, value in team.limits if since <= day][-1]
