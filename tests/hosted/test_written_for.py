"""Every written report × every viewer × every form: no byte tells what the viewer must not see."""

import tomllib
import zipfile
from functools import cache

import pytest

from fairlead.access import seen_as, visible_to
from fairlead.boards import estimated
from fairlead.grants import AccessSettings
from fairlead.scope import Scope
from fairlead.seeing import Seen
from reports import writing
from reports.html import library
from reports.markdown import MARKDOWN, PLAIN
from reports.written import KINDS
from tests.hosted.house import ACCESS, Secrets, all_names, secrets_from
from tests.sample import AS_OF, sample

SETTINGS = AccessSettings.model_validate(tomllib.loads(ACCESS)["access"])
FOR = {"Lead of Berth": "berth", "Board": "board", "Customer": "customer", "Sales": "sales"}
"""Who reads it → whose secrets it must keep."""
EVERY = [*KINDS, writing.ALL]
ADDRESS = "https://fairlead.example.org"


@cache
def seen(whom):
    viewer = seen_as(whom, SETTINGS)
    frames = visible_to(viewer, estimated(sample()), salt="a salt of the tests")
    return Seen(frames, Scope(AS_OF), viewer, ADDRESS)


@cache
def document(kind, whom):
    return writing.document(seen(whom), kind)


def written(kind, whom, folder):
    """Form → all bytes of it, as they leave the house; archives unpacked, with what their files are called."""
    made, path = document(kind, whom), folder / "report.zip"
    made.save("csv", path)
    with zipfile.ZipFile(path) as archive:
        tables = b"\n".join(name.encode() + archive.read(name) for name in archive.namelist())
    pages = {"html": made.html(), "mail": made.mail(), "md": made.text(MARKDOWN), "plain": made.text(PLAIN)}
    said = (made.called + made.file_name).encode()
    pages["html"] = pages["html"].replace(library(), "")  # plotly.js, which is the same for everybody
    return {form: text.encode() for form, text in pages.items()} | {"csv": tables, "name": said}


@pytest.mark.parametrize("whom", [*FOR, "Members of Berth"])
@pytest.mark.parametrize("kind", EVERY)
def test_nothing_that_is_not_for_them_is_written(kind, whom, tmp_path):
    """Nobody in particular is a member here, so that nobody is named."""
    secrets = of_nobody() if whom == "Members of Berth" else secrets_from(FOR[whom])
    forms = written(kind, whom, tmp_path)
    assert {form: found for form, sent in forms.items() if (found := secrets.in_bytes(sent))} == {}
    assert all(len(sent) > 20 for sent in forms.values())


@pytest.mark.parametrize(("role", "grant"), [("executive", "Board"), ("stakeholder", "Sales")])
def test_roles_read_what_a_grant_of_everything_gives(role, grant):
    """So what is written for one is what is written for the other."""
    assert seen_as(role, SETTINGS).rights == seen_as(grant, SETTINGS).rights


@cache
def of_nobody():
    """What a member must not be told, and every name."""
    return Secrets(secrets_from("member").texts | all_names())


@pytest.fixture(scope="module")
def for_a_lead(tmp_path_factory):
    return written(writing.ALL, "lead", tmp_path_factory.mktemp("lead"))


@pytest.mark.parametrize("form", ["html", "mail", "md", "plain", "csv"])
def test_the_search_finds_what_a_lead_is_told(for_a_lead, form):
    """Names and titles: in the whole page and its tables most of them, in short forms some."""
    sent, is_whole = for_a_lead[form], form in {"html", "csv"}
    stones = Secrets(frozenset(sample().milestones["title"])).in_bytes(sent)
    people = Secrets(frozenset(sample().people["name"])).in_bytes(sent)
    items = Secrets(frozenset(sample().issues["title"])).in_bytes(sent)
    assert len(stones) >= (12 if is_whole else 3)
    assert len(people) >= (20 if is_whole else 1)
    assert len(items) >= (20 if is_whole else 0)


def test_who_leads_a_team_reads_its_names_and_whoever_leads_everything_more(tmp_path_factory):
    theirs = written("workload", "Lead of Berth", tmp_path_factory.mktemp("berth"))["csv"]
    assert Secrets(frozenset(sample().people["name"])).in_bytes(theirs)
