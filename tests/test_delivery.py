"""Written reports on their way out: what arrives, what is tried again, and what errors never say."""

from contextlib import contextmanager

import pandas as pd
import pytest

from fairlead import delivery
from fairlead.delivery import Letter, by_mail, is_slack, refuse_unset, to_webhook
from fairlead.errors import ConfigError, DeliveryError
from fairlead.grants import DeliverySettings, MailSettings
from tests.mailbox import certificate, mail_server, webhook

AT = pd.Timestamp("2026-06-15T08:00Z")
HOOK = DeliverySettings(webhook_env="HOOK")
SAID_BY = {"user_env": "MAIL_USER", "password_env": "MAIL_PASSWORD"}
LETTER = Letter("The week", "It slips.", "<p>It slips.</p>", ("week.html", "<h1>The week – all of it</h1>"))


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def waits():
    """How long was waited, in seconds."""
    return []


@pytest.fixture
def hooked(monkeypatch):
    """A webhook whose address stands in the environment."""

    @contextmanager
    def open_hook(*answers):
        with webhook(*answers) as hook:
            monkeypatch.setenv("HOOK", hook.address)
            yield hook

    return open_hook


def test_a_message_is_posted_as_json_text(hooked, waits):
    with hooked() as hook:
        to_webhook("*It slips.* – <x>", HOOK, wait=waits.append)
    assert hook.messages == [{"text": "*It slips.* – <x>"}]
    assert waits == []


def test_a_busy_or_ill_server_is_asked_again_after_as_long_as_it_says(hooked, waits):
    with hooked(
        (429, {"Retry-After": "7"}), (503, {}), (500, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"})
    ) as hook:
        to_webhook("x", HOOK, wait=waits.append)
    assert len(hook.messages) == 4
    assert waits == [7, 2, 4]


def test_after_four_tries_it_is_given_up(hooked, waits):
    with hooked(*[(503, {})] * 9) as hook, pytest.raises(DeliveryError, match="webhook: 503 Service Unavailable"):
        to_webhook("x", HOOK, wait=waits.append)
    assert len(hook.messages) == 4
    assert waits == [1, 2, 4]


def test_a_server_that_asks_for_too_long_is_not_waited_for(hooked, waits):
    with hooked((429, {"Retry-After": "3600"})), pytest.raises(DeliveryError, match="try again later"):
        to_webhook("x", HOOK, wait=waits.append)
    assert waits == []


@pytest.mark.parametrize("status", [400, 403, 404, 410, 301, 302])
def test_what_is_wrong_is_not_tried_again_and_a_redirect_is_not_followed(hooked, waits, status):
    answer = (status, {"Location": "http://127.0.0.1:9/elsewhere"})
    with hooked(answer) as hook, pytest.raises(DeliveryError, match=f"webhook: {status} .*the webhook still exists"):
        to_webhook("x", HOOK, wait=waits.append)
    assert (len(hook.messages), waits) == (1, [])


def test_no_error_says_the_address_which_is_a_secret(hooked, waits, monkeypatch):
    with hooked((404, {})) as hook, pytest.raises(DeliveryError) as wrong:
        to_webhook("x", HOOK, wait=waits.append)
    with pytest.raises(DeliveryError) as gone:  # nobody listens there any more
        to_webhook("x", HOOK, wait=waits.append)
    assert gone.value.__suppress_context__
    for error in (wrong, gone):
        assert not any(part in str(error.value) for part in (hook.address, "S3CR3T", "127.0.0.1"))
    monkeypatch.setenv("HOOK", "ftp://S3CR3T")
    with pytest.raises(ConfigError) as unfit:
        to_webhook("x", HOOK)
    assert "S3CR3T" not in str(unfit.value)


@pytest.mark.parametrize(
    ("address", "is_theirs"),
    [("https://hooks.slack.com/services/x", True), ("https://hooks.slack-gov.com/x", True),
     ("https://chat.example/hooks/x", False), ("https://notslack.com/x", False), ("https://h.de/slack.com", False)],
)  # fmt: skip
def test_slack_is_known_by_its_host(monkeypatch, address, is_theirs):
    monkeypatch.setenv("HOOK", address)
    assert is_slack(HOOK) is is_theirs


def post_to(post, **more):
    usual = {"host": "localhost", "port": post.port, "security": post.security, "sender": "Fairlead <f@h.example>",
             "to": ("ann@h.example", "bo@h.example")}  # fmt: skip
    return DeliverySettings(mail=MailSettings(**(usual | more)))


def test_a_letter_is_text_the_same_as_html_and_the_whole_report():
    with mail_server() as post:
        by_mail(LETTER, at=AT, settings=post_to(post))
    letter = post.letter
    assert (letter["Subject"], letter["From"], letter["To"]) == (
        "The week", "Fairlead <f@h.example>", "ann@h.example, bo@h.example",
    )  # fmt: skip
    assert letter["Date"].datetime == AT.to_pydatetime()
    assert letter["Message-ID"].endswith("@h.example>")
    assert letter.get_body(("plain",)).get_content().strip() == "It slips."
    assert letter.get_body(("html",)).get_content().strip() == "<p>It slips.</p>"
    (attached,) = letter.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("week.html", "text/html")
    assert attached.get_content() == "<h1>The week – all of it</h1>"


def test_everybody_named_gets_it():
    with mail_server() as post:
        by_mail(LETTER, at=AT, settings=post_to(post))
    assert [line for line in post.commands if line.upper().startswith("RCPT")] == [
        "rcpt TO:<ann@h.example>", "rcpt TO:<bo@h.example>",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "subject", ["R 8\r\nBcc: eve@evil.example", "R 8\n\nBody", "R\x0b8\x85Bcc: eve@evil.example\u2028x"]
)
def test_a_title_cannot_begin_another_header(subject):
    with mail_server() as post:
        by_mail(Letter(subject, "t", "h", ("a\r\nX: y.html", "w")), at=AT, settings=post_to(post))
    letter = post.letter
    assert letter["Bcc"] is None
    assert letter["X"] is None
    assert set(letter.keys()) == {"Subject", "From", "To", "Date", "Message-ID", "MIME-Version", "Content-Type"}
    assert not [line for line in post.commands if "evil" in line]


def test_long_and_foreign_titles_arrive():
    with mail_server() as post:
        by_mail(Letter("Zoë 🚢 " * 60, "t", "h", ("w.html", "w")), at=AT, settings=post_to(post))
    assert post.letter["Subject"] == ("Zoë 🚢 " * 60)[: delivery.LONGEST_SUBJECT].strip()


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_connection_is_secured_before_the_password_is_said(security, pem, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setenv("MAIL_USER", "reports")
    monkeypatch.setenv("MAIL_PASSWORD", "open-sesame")
    with mail_server(security=security, pem=str(pem)) as post:
        by_mail(LETTER, at=AT, settings=post_to(post, **SAID_BY))
    verbs = [line.split()[0].upper() for line in post.commands]
    assert "AUTH" in verbs
    assert ("STARTTLS" in verbs and verbs.index("STARTTLS") < verbs.index("AUTH")) is (security == "starttls")
    assert post.letter["Subject"] == "The week"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_ends_it_before_anything_is_said(security, pem):
    with mail_server(security=security, pem=str(pem)) as post, pytest.raises(DeliveryError, match="not trusted"):
        by_mail(LETTER, at=AT, settings=post_to(post))
    assert post.letters == []


def test_a_server_without_starttls_is_not_written_to_in_the_open():
    with mail_server() as post, pytest.raises(DeliveryError, match="does not support"):
        by_mail(LETTER, at=AT, settings=post_to(post, security="starttls"))
    assert post.letters == []


def test_a_wrong_password_is_said_by_the_names_of_its_variables(monkeypatch):
    monkeypatch.setenv("MAIL_USER", "reports")
    monkeypatch.setenv("MAIL_PASSWORD", "wrong-sesame")
    with mail_server() as post, pytest.raises(DeliveryError, match="MAIL_USER and MAIL_PASSWORD") as error:
        by_mail(LETTER, at=AT, settings=post_to(post, **SAID_BY))
    assert "sesame" not in str(error.value)
    assert error.value.__suppress_context__


def test_refused_recipients_are_counted_not_named():
    with mail_server(refuses=("bo@",)) as post, pytest.raises(DeliveryError, match="1 of 2 recipients") as some:
        by_mail(LETTER, at=AT, settings=post_to(post))
    assert len(post.letters) == 1
    with mail_server(refuses=("@",)) as post, pytest.raises(DeliveryError, match="every recipient") as every:
        by_mail(LETTER, at=AT, settings=post_to(post))
    assert not any("example" in str(error.value) for error in (some, every))


def test_a_server_that_is_not_there_is_said_in_words():
    with mail_server() as post:
        gone = post_to(post)
    with pytest.raises(DeliveryError, match="cannot be reached, or hung up"):
        by_mail(LETTER, at=AT, settings=gone)


def test_what_is_not_set_is_said_before_anything_is_written(monkeypatch):
    monkeypatch.delenv("HOOK", raising=False)
    monkeypatch.delenv("MAIL_USER", raising=False)
    mail = {"host": "mail.example", "sender": "f@h.example", "to": ("a@h.example",), "user_env": "MAIL_USER"}
    for ways, settings, says in [
        (("webhook",), DeliverySettings(), "No webhook is set"),
        (("webhook",), HOOK, "HOOK is not set"),
        (("mail",), DeliverySettings(), "No mail server is set"),
        (("mail",), DeliverySettings(mail=MailSettings(**mail)), "MAIL_USER is not set"),
        (("mail",), DeliverySettings(mail=MailSettings(**mail, security="none")), "for everybody to read"),
    ]:
        with pytest.raises(ConfigError, match=says):
            refuse_unset(ways, settings)
    refuse_unset((), DeliverySettings())
