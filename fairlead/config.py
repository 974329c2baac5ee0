"""`fairlead.toml` → validated settings. Secrets come only from the environment.

The file is the one named with `--config` or `FAIRLEAD_CONFIG`, else the nearest `fairlead.toml` from the working
folder upwards. Relative paths in it are relative to it. No file means the sample organisation.
"""

import difflib
import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from fairlead.agreements import Agreements, WorkingTime
from fairlead.errors import ConfigError
from fairlead.forms import (
    Address,
    EnvironmentName,
    FieldId,
    Owner,
    ProjectAddress,
    ProjectKey,
    Repository,
    StoreAddress,
    Table,
)
from fairlead.grants import AccessSettings, DeliverySettings, SharingSettings, SignInSettings

FILE_NAME = "fairlead.toml"
CONFIG_VARIABLE = "FAIRLEAD_CONFIG"
NO_FILE = "-"
"""The value of `CONFIG_VARIABLE` that asks for the sample organisation even where a settings file lies near."""
SQLITE = "sqlite:///"


class StoreSettings(Table):
    """Where the store lives."""

    url: StoreAddress = "sqlite:///.fairlead/fairlead.db"

    @property
    def shown(self) -> str:
        """The address as people may see it, without what is before the host."""
        scheme, _, place = self.url.partition("://")
        return f"{scheme}://{place.rpartition('@')[2]}"


class GithubConnection(Table):
    """Repositories read with one token, or as one GitHub App, from github.com or one Enterprise Server."""

    repos: tuple[Repository, ...] = ()
    org: Owner | None = None
    include: tuple[str, ...] = ("*",)
    exclude: tuple[str, ...] = ()
    archived: bool = False
    forks: bool = False
    teams: bool = False
    projects: tuple[ProjectAddress, ...] = ()
    status_field: str = "Status"
    estimate_field: str = "Estimate"
    iteration_field: str = "Iteration"
    base_url: Address = "https://api.github.com"
    token_env: EnvironmentName = "GITHUB_TOKEN"  # noqa: S105 (the name of a variable, not a secret)
    app_id: int | None = None
    installation_id: int | None = None
    app_key_env: EnvironmentName = "GITHUB_APP_KEY"

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.repos and self.org is None:
            raise PydanticCustomError("nothing", 'name repos = ["owner/name"] or org = "owner"')
        if (self.app_id is None) != (self.installation_id is None):
            raise PydanticCustomError("app", "a GitHub App needs both app_id and installation_id")
        return self


class JiraConnection(Table):
    """Projects read from one Jira site. Without `user_env` the token is a personal access token."""

    url: Address
    site: Address | None = None
    projects: Annotated[tuple[ProjectKey, ...], Field(min_length=1)]
    user_env: EnvironmentName | None = None
    token_env: EnvironmentName = "JIRA_TOKEN"  # noqa: S105
    milestones: tuple[Literal["version", "epic", "sprint"], ...] = ("version", "epic", "sprint")
    story_points_field: FieldId | None = None
    sprint_field: FieldId | None = None
    epic_field: FieldId | None = None
    statuses: dict[str, Literal["todo", "active", "done"]] = Field(default_factory=dict)
    dropped_resolutions: tuple[str, ...] = (
        "Won't Do", "Won't Fix", "Wont Fix", "Duplicate", "Cannot Reproduce", "Incomplete", "Invalid", "Declined",
        "Not a Bug", "Abandoned", "Obsolete", "Rejected", "Withdrawn",
    )  # fmt: skip


class PeopleSettings(Table):
    """What the sources do not say about people.

    `bots` lists logins of bots that run as ordinary users, `teams` the members of teams by login or name, `file` the
    map of accounts to people, and `threshold` how alike names must be (0–1) for two accounts to be one person.
    """

    bots: tuple[str, ...] = ()
    teams: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    file: Path = Path("people.csv")
    threshold: Annotated[float, Field(gt=0, le=1)] = 0.92


class TimeOffSource(Table):
    """Where absences are read from: a .csv or .ics file, or a calendar whose address an environment variable holds.

    The address of a private calendar is a secret. `person` (login, name or e-mail address) says whose calendar it is;
    without it every event has to say whose.
    """

    file: Path | None = None
    address_env: EnvironmentName | None = None
    person: str = ""

    @model_validator(mode="after")
    def _is_one_place(self) -> Self:
        if (self.file is None) == (self.address_env is None):
            raise PydanticCustomError("place", "name either a file or address_env")
        if self.file is not None and self.file.suffix.lower() not in {".csv", ".ics"}:
            raise PydanticCustomError("place", "expected a file that ends in .csv or .ics")
        if self.is_list and self.person:
            raise PydanticCustomError("whose", "leave out person: every line of a .csv file says whose it is")
        return self

    @property
    def is_list(self) -> bool:
        """Whether it is a .csv file, else it is a calendar."""
        return self.file is not None and self.file.suffix.lower() == ".csv"

    @property
    def where(self) -> str:
        """What errors and warnings call it; never the address."""
        return str(self.file or self.address_env)


class SyncSettings(Table):
    """How sources are read.

    `sweep_days` is how often everything a source holds is listed to find what was deleted, `wait_minutes` how long a
    rate limit is waited for, `from_screen` what "sync now" does: start a process, leave a request for a sync job, or
    nothing.
    """

    sweep_days: Annotated[float, Field(gt=0)] = 7
    wait_minutes: Annotated[float, Field(ge=0)] = 15
    from_screen: Literal["process", "request", "off"] = "process"


class Settings(Table):
    """Everything a person can set. No connection at all means the sample organisation."""

    store: StoreSettings = StoreSettings()
    github: tuple[GithubConnection, ...] = ()
    jira: tuple[JiraConnection, ...] = ()
    people: PeopleSettings = PeopleSettings()
    time_off: tuple[TimeOffSource, ...] = ()
    working_time: WorkingTime = WorkingTime()
    agreements: Agreements = Agreements()
    sync: SyncSettings = SyncSettings()
    sign_in: SignInSettings | None = None
    access: AccessSettings = AccessSettings()
    sharing: SharingSettings = SharingSettings()
    delivery: DeliverySettings = DeliverySettings()

    @model_validator(mode="after")
    def _nothing_is_named_twice(self) -> Self:
        """Ids and cursors hold no server: one name on two servers, or twice, would be taken for one."""
        named = {
            "github": [repo.casefold() for connection in self.github for repo in connection.repos],
            "jira": [key for connection in self.jira for key in connection.projects],
        }
        for source, names in named.items():
            n_doubled = len(names) - len(set(names))
            if n_doubled:
                raise PydanticCustomError(
                    "doubled", f"{source}: {{n}} names stand there twice; leave one out", {"n": n_doubled}
                )
        return self

    @property
    def is_sample(self) -> bool:
        """Whether the sample organisation is shown because nothing else is connected."""
        return not self.github and not self.jira


SAMPLE = Settings(store=StoreSettings(url="sqlite:///.fairlead/sample.db"))


def load(path: Path | None = None) -> Settings:
    """The settings of the given file, of the one the environment names, or of the nearest one.

    Raises:
        ConfigError: the file cannot be read or a key in it is unknown, absent or unfit; names the key, not the value.
    """
    found = located(path)
    return SAMPLE if found is None else _anchored(_parsed(found), found.resolve().parent)


def located(path: Path | None = None) -> Path | None:
    """Which file the settings come from; None where there is none, or the environment asks for none."""
    named = os.environ.get(CONFIG_VARIABLE)
    if path is None and named == NO_FILE:
        return None
    return path or (Path(named) if named else _nearest())


def secret(variable: str) -> str:
    """The secret in an environment variable. Raises `ConfigError` where it is not set."""
    value = os.environ.get(variable, "").strip()
    if not value:
        raise ConfigError(f"{variable} is not set. Put the secret into that environment variable; never into a file.")
    return value


def token(variable: str) -> str:
    """As `secret`, where it has to fit into one line of a request. Raises `ConfigError` where it does not."""
    value = secret(variable)
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise ConfigError(f"{variable} holds characters that no token has. Copy the token once more, and nothing else.")
    return value


def _nearest() -> Path | None:
    here = Path.cwd()
    return next((folder / FILE_NAME for folder in (here, *here.parents) if (folder / FILE_NAME).is_file()), None)


def _parsed(path: Path) -> Settings:
    try:
        return Settings.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not valid TOML: {error}.") from None
    except ValidationError as error:
        faults = "; ".join(_fault(dict(fault)) for fault in error.errors(include_input=False, include_url=False))
        raise ConfigError(f"{path}: {faults}.") from None


def _fault(fault: dict[str, Any]) -> str:
    if not fault["loc"]:
        return str(fault["msg"])
    *table, key = fault["loc"]
    where = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"{where}: there is no such key{hint(str(key), _known_keys(table))}"
    if fault["type"] == "tuple_type":
        return f"{where}: {'write a list, in brackets: [ ]' if table else f'write [[{key}]], in double brackets'}"
    if fault["type"] == "model_type" and not table:
        return f"{where}: write [{key}], in single brackets"
    return f"{where}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"


def hint(wrong: str, known: Iterable[str]) -> str:
    """The words that lead from something unknown to what comes nearest to it; none where nothing is known."""
    nearest = difflib.get_close_matches(wrong, list(known), n=1, cutoff=0.0)
    return f"; did you mean {nearest[0]}?" if nearest else ""


def _known_keys(table: list[str | int]) -> list[str]:
    """The keys of the settings table a fault lies in."""
    model: Any = Settings
    for key in table:
        if isinstance(key, str):
            declared = model.model_fields[key].annotation
            model = next(iter(get_args(declared)), declared)
    return list(model.model_fields)


def _anchored(settings: Settings, folder: Path) -> Settings:
    """Make relative paths relative to the settings file instead of the working folder."""
    people = settings.people.model_copy(update={"file": folder / settings.people.file})
    store, url = settings.store, settings.store.url
    if url.startswith(SQLITE):
        store = StoreSettings(url=f"{SQLITE}{folder / url.removeprefix(SQLITE)}")
    time_off = tuple(
        each.model_copy(update={"file": folder / each.file}) if each.file else each for each in settings.time_off
    )
    return settings.model_copy(update={"store": store, "people": people, "time_off": time_off})
