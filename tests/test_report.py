"""The command `report`: which report, for whom, as what, where it goes; and what it ends with otherwise."""

import json
import zipfile

import pytest

from connectors import sync as syncing
from tests.mailbox import mail_server, webhook
from tests.reports.test_html import Page
from tests.test_main import run


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sample")


@pytest.fixture(scope="module")
def sample(folder):
    """Settings whose store is the sample organisation's, with a board that sees it by its milestones alone."""
    path = folder / "fairlead.toml"
    path.write_text(
        '[store]\nurl = "sqlite:///sample.db"\n'
        '[sign_in]\naddress = "https://fairlead.example"\nmetadata_url = "https://id.example/m"\nclient_id = "x"\n'
        '[[access.grants]]\nname = "board"\nrole = "stakeholder"\ngroups = ["board"]\nmilestones = ["*"]\n'
        'teams = ["*"]\ntitles = false\n',
        "utf-8",
    )
    return path


def report(sample, *arguments):
    result = run("--config", sample, "report", *arguments)
    assert result.exit_code == 0, result.output
    return result


def refused(sample, *arguments):
    result = run("--config", sample, "report", *arguments)
    assert result.exit_code in {1, 2}
    assert isinstance(result.exception, SystemExit)
    return result.output


@pytest.mark.parametrize("kind", ["weekly", "milestone", "portfolio", "reviews", "workload"])
def test_each_kind_is_one_page_with_text_first(sample, tmp_path, kind):
    said = report(sample, kind, "--out", tmp_path / "x.html").output
    assert said.endswith("x.html, as of 2026-06-15 08:00 UTC\n")
    page = Page((tmp_path / "x.html").read_text("utf-8"))
    assert page.tags.index("ul") < page.tags.index("details")
    assert "Made for leads. Nothing was left out for them." in page.texts
    assert any(href.startswith("https://fairlead.example/") for href in page.values("a", "href"))


def test_without_a_kind_it_is_all_pages_as_before(sample, tmp_path):
    report(sample, "--out", tmp_path / "x.html")
    page = Page((tmp_path / "x.html").read_text("utf-8"))
    assert {"Overview", "Flow", "Sources"} <= set(page.texts)


def test_a_stakeholder_gets_no_page_of_individuals_and_nothing_to_click_on_that_leads_there(sample, tmp_path):
    report(sample, "--out", tmp_path / "x.html", "--for", "board")
    page = Page((tmp_path / "x.html").read_text("utf-8"))
    assert not {"One person", "Sources"} & set(page.texts)
    assert any("Made for stakeholders (board)." in text for text in page.texts)
    assert not [href for href in page.values("a", "href") if "/person" in href]


def test_markdown_goes_to_standard_output_alone(sample):
    said = report(sample, "weekly", "--for", "stakeholder", "--format", "md", "--out", "-").output
    assert said.startswith("# ")
    assert "as of 2026" not in said.splitlines()[-1]


def test_the_ending_says_what_is_written(sample, tmp_path):
    report(sample, "milestone", "--out", tmp_path / "x.md")
    assert (tmp_path / "x.md").read_text("utf-8").startswith("# ")
    assert "files in" in report(sample, "milestone", "--out", tmp_path / "x.zip", "--for", "executive").output
    with zipfile.ZipFile(tmp_path / "x.zip") as bundle:
        manifest = json.loads(bundle.read("manifest.json"))
    assert manifest["made_for"] == "executives"
    report(sample, "milestone", "--format", "csv", "--out", tmp_path / "folder")
    assert (tmp_path / "folder" / "manifest.json").exists()


def test_it_compares_with_a_week_before_or_with_the_day_that_is_named(sample):
    def said(*since):
        return report(sample, "weekly", "--format", "md", "--out", "-", *since).output

    assert "What changed since 8 Jun 2026" in said()
    assert "What changed since 1 Jun 2026" in said("--since", "2026-06-01")


def test_one_milestone_is_chosen_by_its_name(sample):
    said = report(sample, "milestone", "--milestone", "Berth 2026.1", "--format", "md", "--out", "-").output
    assert said.splitlines()[0].endswith("Berth 2026.1")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("weakly", "--out", "x.html"), "weakly: there is no such report; did you mean weekly?"),
        (("weekly",), "Say where it goes: --out FILE, --send webhook or --send mail."),
        (("weekly", "--out", "-"), "Only Markdown can be written to standard output"),
        (("weekly", "--out", "x.html", "--milestone", "R"), "--milestone names one for `fairlead report milestone`"),
        (("milestone", "--out", "x.html", "--milestone", "Berth 2026"), "did you mean "),
        (("weekly", "--out", "x.html", "--for", "bord"), "neither such a role nor such a grant; did you mean board?"),
        (("weekly", "--out", "x.html", "--for", "member"), "Name a grant"),
        (("weekly", "--out", "x.html", "--since", "2026-06-20"), "--since must lie before --as-of"),
        (("weekly", "--out", "x.html", "--team", "Bert"), "there is no Bert; did you mean Berth?"),
        (("weekly", "--format", "pdf", "--out", "x.pdf"), "'pdf' is not one of 'html', 'md', 'csv'"),
        (("weekly", "--send", "pigeon"), "'pigeon' is not one of 'webhook', 'mail'"),
        (("weekly", "--send", "webhook"), "No webhook is set"),
        (("weekly", "--send", "mail"), "No mail server is set"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(sample, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    assert says in refused(sample, *arguments)
    assert not list(tmp_path.iterdir())


def test_nothing_is_read_for_a_report_that_cannot_be_sent(sample, monkeypatch):
    monkeypatch.setattr(syncing, "sync_sample", lambda *_, **__: pytest.fail("the store was read"))
    assert "No webhook is set" in refused(sample, "weekly", "--send", "webhook")


def test_frames_are_for_leads_alone(sample, tmp_path):
    result = run("--config", sample, "export", "--frames", "--for", "board", "--out", tmp_path / "x")
    assert result.exit_code == 2
    assert "for leads alone" in result.output
    assert not (tmp_path / "x").exists()


def test_an_export_for_somebody_says_so_and_has_no_page_of_individuals(sample, tmp_path):
    assert run("--config", sample, "export", "--for", "board", "--out", tmp_path / "x").exit_code == 0
    assert json.loads((tmp_path / "x" / "manifest.json").read_text("utf-8"))["made_for"] == "stakeholders (board)"
    assert not list((tmp_path / "x").glob("person-*"))


def test_it_is_sent_to_a_chat_and_by_mail(sample, folder, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with webhook() as hook, mail_server() as post:
        monkeypatch.setenv("HOOK", hook.address)
        path = folder / "sending.toml"
        path.write_text(
            sample.read_text("utf-8")
            + f'[delivery]\nwebhook_env = "HOOK"\n[delivery.mail]\nhost = "localhost"\nport = {post.port}\n'
            'security = "none"\nsender = "f@h.example"\nto = ["ann@h.example"]\n',
            "utf-8",
        )
        assert "say --for whom" in refused(path, "weekly", "--send", "webhook")
        assert hook.messages == []
        said = report(path, "weekly", "--for", "board", "--send", "webhook", "--send", "mail").output
    assert hook.messages[0]["text"].startswith("# ")
    assert post.letter["Subject"].endswith(", 15 Jun 2026")
    whole, light = next(post.letter.iter_attachments()).get_content(), post.letter.get_body(("html",)).get_content()
    assert len(light.encode()) < 102_000 < len(whole)
    assert "Made for stakeholders (board)." in post.letter.get_body(("plain",)).get_content()
    assert "sent by webhook" in said
    assert "sent by mail" in said
    assert "S3CR3T" not in said
