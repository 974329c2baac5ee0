"""Settings: what is accepted, what is refused, and in which words."""

import datetime as dt
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from fairlead import config
from fairlead.errors import ConfigError

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def no_settings_around(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(config.CONFIG_VARIABLE, raising=False)


def written(folder: Path, text: str) -> Path:
    path = folder / config.FILE_NAME
    path.write_text(text, "utf-8")
    return path


def test_no_settings_at_all_means_the_sample_organisation():
    assert config.load().is_sample


def test_the_nearest_file_upwards_is_used(tmp_path, monkeypatch):
    written(tmp_path, '[[github]]\nrepos = ["o/r"]')
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert config.load().github[0].repos == ("o/r",)


def test_relative_store_paths_are_relative_to_the_file(tmp_path):
    path = written(tmp_path, '[store]\nurl = "sqlite:///data/x.db"')
    assert config.load(path).store.url == f"sqlite:///{tmp_path}/data/x.db"


def test_the_map_of_people_is_relative_to_the_file(tmp_path):
    path = written(tmp_path, '[[github]]\nrepos = ["o/r"]\n[people]\nfile = "who.csv"')
    assert config.load(path).people.file == tmp_path / "who.csv"


def test_files_of_absences_are_relative_to_the_settings(tmp_path):
    path = written(tmp_path, '[[time_off]]\nfile = "away.csv"\n[[time_off]]\naddress_env = "CALENDAR"')
    assert [source.where for source in config.load(path).time_off] == [str(tmp_path / "away.csv"), "CALENDAR"]


def test_working_time_and_agreements_are_what_stands_there_and_usual_else(tmp_path):
    text = '[working_time]\ncountry = "DE"\nregion = "BY"\ncompany_days = [2026-12-24]\n[agreements]\nmost_requests = 3'
    found = config.load(written(tmp_path, text))
    assert (found.working_time.country, found.working_time.region, found.working_time.day_end) == ("DE", "BY", "17:00")
    assert found.working_time.company_days == (dt.date(2026, 12, 24),)
    assert (found.agreements.most_requests, found.agreements.answer_within_hours) == (3, 8)


def test_a_store_is_shown_without_what_may_be_a_password():
    assert config.StoreSettings(url="postgresql://ann:s3cret@db.example/x").shown == "postgresql://db.example/x"


def test_the_environment_can_name_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv(config.CONFIG_VARIABLE, str(written(tmp_path, '[people]\nbots = ["DrahtBot"]')))
    assert config.load().people.bots == ("DrahtBot",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[store]\nurI = "sqlite:///x"', "store.urI: there is no such key; did you mean url?"),
        ('[[github]]\nrepo = ["o/r"]', "github.0.repo: there is no such key; did you mean repos?"),
        ("[stoer]", "stoer: there is no such key; did you mean store?"),
        ("[[github]]", 'github.0: name repos = ["owner/name"] or org = "owner"'),
        ('[[github]]\nrepos = ["o/r"]\napp_id = 1', "github.0: a GitHub App needs both app_id and installation_id"),
        ('[[github]]\nprojects = ["o/x"]', "github.0.projects.0: expected owner/number"),
        (
            '[[jira]]\nurl = "https://j"\nprojects = ["FL"]\nsprint_field = "Sprint"',
            "sprint_field: expected a field id",
        ),
        ("[people]\nthreshold = 1.5", "people.threshold: input should be less than or equal to 1"),
        ('[sync]\nfrom_screen = "no"', "sync.from_screen: input should be 'process', 'request' or 'off'"),
        (
            '[[github]]\nrepos = ["o/r"]\n[[github]]\nrepos = ["O/R"]\nbase_url = "https://ghe.example"',
            "github: 1 names stand there twice",
        ),
        ('[[github]]\nrepos = ["not a repo"]', "github.0.repos.0: expected owner/name"),
        ('[[github]]\nrepos = "o/r"', "github.0.repos: write a list, in brackets: [ ]"),
        ('[github]\nrepos = ["o/r"]', "github: write [[github]], in double brackets"),
        ('[jira]\nurl = "https://j"', "jira: write [[jira]], in double brackets"),
        ('[[store]]\nurl = "sqlite:///x"', "store: write [store], in single brackets"),
        ('[[jira]]\nurl = "j"\nprojects = ["FL"]', "jira.0.url: expected an address that starts with https://"),
        ('[[jira]]\nurl = "https://ann:s3cret@j"\nprojects = ["FL"]', "jira.0.url: leave out what is before the @"),
        ('[[jira]]\nurl = "https://[::1"\nprojects = ["FL"]', "jira.0.url: expected an address"),
        ('[[jira]]\nurl = "https://exa mple"\nprojects = ["FL"]', "jira.0.url: expected an address"),
        ('[[github]]\nrepos = ["o/r"]\nbase_url = "https://h:99999"', "github.0.base_url: expected an address"),
        (
            '[[jira]]\nurl = "https://j"\nprojects = ["FL"]\n[[jira]]\nurl = "https://k"\nprojects = ["FL"]',
            "jira: 1 names stand there twice",
        ),
        ('[[jira]]\nurl = "https://j"\nprojects = ["fl"]', "jira.0.projects.0: expected a project key in capitals"),
        ('[store]\nurl = "mysql://h/d"', "store.url: expected sqlite:///path or postgresql://host/database"),
        ("[working_time]\ntimezone = 1", "working_time.timezone: there is no such key; did you mean time_zone?"),
        ('[working_time]\ntime_zone = "Mars"', "working_time.time_zone: expected an IANA time zone"),
        ('[working_time]\ncountry = "UK"', "working_time.country: expected a country of two capitals (ISO 3166)"),
        ('[working_time]\ncountry = "DE"\nregion = "XX"', "working_time: region: expected a region of that country"),
        ('[working_time]\nregion = "BY"', "working_time: region: expected a region of that country"),
        ('[working_time]\nday_start = "17:00"\nday_end = "9:00"', "working_time.day_end: expected a time of day"),
        ('[working_time]\nday_start = "24:00"', "working_time.day_start: expected a time of day as HH:MM"),
        ('[working_time]\nworkdays = "11111"', "working_time.workdays: expected seven flags from Monday"),
        ('[working_time]\nworkdays = "0000000"', "working_time.workdays: expected at least one working day"),
        ('[working_time]\nday_start = "17:00"', "working_time: day_end is not after day_start"),
        ("[working_time]\ncompany_days = [2026-12-24, true]", "working_time.company_days.1: "),
        ("[[working_time]]", "working_time: write [working_time], in single brackets"),
        ("[agreements]\nanswer_within = 8", "there is no such key; did you mean answer_within_hours?"),
        ('[agreements]\nhours = "office"', "agreements.hours: input should be 'elapsed' or 'working'"),
        ("[agreements]\nsupport_share = 2", "agreements.support_share: input should be less than or equal to 1"),
        ("[[time_off]]", "time_off.0: name either a file or address_env"),
        ('[[time_off]]\nfile = "a.ics"\naddress_env = "A"', "time_off.0: name either a file or address_env"),
        ('[[time_off]]\nfile = "a.xlsx"', "time_off.0: expected a file that ends in .csv or .ics"),
        ('[[time_off]]\nfile = "a.csv"\nperson = "ann"', "time_off.0: leave out person: every line of a .csv file"),
        ('[[time_off]]\naddress_env = "https://x"', "address_env: expected the name of an environment variable"),
        ('[[time_off]]\nadress_env = "A"', "time_off.0.adress_env: there is no such key; did you mean address_env?"),
        ('[time_off]\nfile = "a.csv"', "time_off: write [[time_off]], in double brackets"),
        ("x = ", "is not valid TOML"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path, text, says):
    with pytest.raises(ConfigError, match=r"fairlead\.toml") as caught:
        config.load(written(tmp_path, text))
    assert says in str(caught.value)


def test_a_fault_does_not_show_the_value(tmp_path):
    with pytest.raises(ConfigError) as caught:
        config.load(written(tmp_path, '[[jira]]\nurl = "https://j"\nprojects = ["FL"]\ntoken = "s3cret"'))
    assert "s3cret" not in str(caught.value)


def test_the_environment_can_ask_for_the_sample_beside_a_settings_file(tmp_path, monkeypatch):
    written(tmp_path, '[[github]]\nrepos = ["o/r"]')
    assert not config.load().is_sample
    monkeypatch.setenv(config.CONFIG_VARIABLE, config.NO_FILE)
    assert config.load().is_sample


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(tmp_path / "absent.toml")


def test_secrets_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("SOME_TOKEN", " t0ken \n")
    assert config.secret("SOME_TOKEN") == "t0ken"
    monkeypatch.delenv("SOME_TOKEN")
    with pytest.raises(ConfigError, match="SOME_TOKEN is not set"):
        config.secret("SOME_TOKEN")


@pytest.mark.parametrize("written", ["t€", "two words", "two\nlines"])
def test_a_token_that_no_request_can_carry_is_refused_without_showing_it(monkeypatch, written):
    monkeypatch.setenv("SOME_TOKEN", written)
    with pytest.raises(ConfigError, match="SOME_TOKEN holds characters that no token has") as caught:
        config.token("SOME_TOKEN")
    assert written not in str(caught.value)


def test_the_example_documents_every_key_and_no_other():
    example = tomllib.loads((ROOT / "fairlead.example.toml").read_text("utf-8"))
    tables = {name: set().union(*(rows if isinstance(rows, list) else [rows])) for name, rows in example.items()}
    declared = {name: set(_model(field).model_fields) for name, field in config.Settings.model_fields.items()}
    assert tables == declared
    assert config.Settings.model_validate(example)


def _model(field) -> type[BaseModel]:
    annotation = field.annotation
    return annotation if isinstance(annotation, type) else annotation.__args__[0]
