"""Written reports on their way out: to the webhook of a chat, or by mail. Nothing is sent unless it is asked for."""

import re
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from http import HTTPStatus
from typing import Literal
from urllib.parse import urlsplit

import pandas as pd
import requests

from fairlead import config
from fairlead.errors import ConfigError, DeliveryError
from fairlead.grants import DeliverySettings, MailSettings

Way = Literal["webhook", "mail"]
SECONDS = 20
TRIES = 4
LONGEST_WAIT = 60.0
"""Seconds. A server that asks for more has somebody come back later instead."""
SLACK = re.compile(r"(^|\.)slack(-gov)?\.com$")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class Letter:
    """A subject; the same thing as plain text and as HTML; and the file (name, HTML) that goes with it."""

    subject: str
    text: str
    html: str
    attached: tuple[str, str]


def refuse_unset(ways: Sequence[str], settings: DeliverySettings) -> None:
    """Say before any work is done that something cannot be sent. Raises `ConfigError`."""
    if "webhook" in ways:
        _webhook(settings)
    if "mail" in ways:
        _credentials(_mail(settings))


def is_slack(settings: DeliverySettings) -> bool:
    """Whether the webhook is one of Slack, which has a Markdown of its own. Raises `ConfigError` where none is set."""
    return bool(SLACK.search(urlsplit(_webhook(settings)).hostname or ""))


def to_webhook(text: str, settings: DeliverySettings, *, wait: Callable[[float], None] = time.sleep) -> None:
    """Post a message, once more where the server is busy or ill, after as long as it asks for (60 s at most).

    Raises:
        ConfigError: no webhook is set.
        DeliveryError: it was not taken. The address is a secret and is never said.
    """
    address = _webhook(settings)
    for left in reversed(range(TRIES)):
        answer = _posted(address, text)
        if answer.ok and not answer.is_redirect:
            return
        seconds = _seconds(answer.headers.get("Retry-After", ""), TRIES - left)
        if not _is_passing(answer.status_code) or not left or seconds > LONGEST_WAIT:
            raise DeliveryError(f"webhook: {_status(answer.status_code)}. {_advice(answer.status_code)}")
        wait(seconds)


def _webhook(settings: DeliverySettings) -> str:
    if settings.webhook_env is None:
        raise ConfigError("No webhook is set. Name the variable that holds its address: [delivery] webhook_env.")
    address = config.token(settings.webhook_env)
    if not address.startswith(("https://", "http://")):
        raise ConfigError(f"{settings.webhook_env} holds no web address. It has to begin with https://.")
    return address


def _posted(address: str, text: str) -> requests.Response:
    try:
        # A redirect would carry the text to another server.
        return requests.post(address, json={"text": text}, timeout=SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        what = "did not answer in time" if isinstance(error, requests.Timeout) else "could not be reached"
        raise DeliveryError(f"webhook: the server {what}. Check the network and the address.") from None


def _is_passing(status: int) -> bool:
    return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _seconds(asked: str, n_tried: int) -> float:
    """What the server asks for in seconds, else 1, 2, 4 and so on."""
    return float(asked) if asked.isascii() and asked.isdigit() else float(2 ** (n_tried - 1))


def _status(status: int) -> str:
    known = {each.value: each.phrase for each in HTTPStatus}
    return f"{status} {known[status]}" if status in known else str(status)


def _advice(status: int) -> str:
    if _is_passing(status):
        return "The server is busy or ill: try again later."
    return "Check the address in the environment, and that the webhook still exists."


def by_mail(letter: Letter, *, at: pd.Timestamp, settings: DeliverySettings) -> None:
    """Send a letter; `at` is its date.

    Raises:
        ConfigError: no mail server is set, or no password.
        DeliveryError: it was not taken, wholly or by some. Passwords and recipients are never said.
    """
    mail = _mail(settings)
    credentials = _credentials(mail)
    message = _message(letter, mail, at)
    with _in_words(mail), _connected(mail) as server:
        if credentials:
            server.login(*credentials)
        refused = server.send_message(message, mail.sender, list(mail.to))
    if refused:
        raise DeliveryError(f"mail: {len(refused)} of {len(mail.to)} recipients were refused; the others have it.")


def _mail(settings: DeliverySettings) -> MailSettings:
    if settings.mail is None:
        raise ConfigError("No mail server is set. Name host, sender and to in [delivery.mail].")
    return settings.mail


def _credentials(mail: MailSettings) -> tuple[str, str] | None:
    if mail.user_env is None:
        return None
    if mail.security == "none" and mail.host not in LOOPBACK:
        raise ConfigError('[delivery.mail]: security = "none" would send the password for everybody to read.')
    return config.secret(mail.user_env), config.secret(mail.password_env)


def _message(letter: Letter, mail: MailSettings, at: pd.Timestamp) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = flat(letter.subject)[:LONGEST_SUBJECT].strip()
    message["From"], message["To"] = flat(mail.sender), ", ".join(flat(each) for each in mail.to)
    message["Date"] = format_datetime(at.to_pydatetime(warn=False))
    message["Message-ID"] = make_msgid(domain=parseaddr(mail.sender)[1].rpartition("@")[2] or "localhost")
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    name, page = letter.attached
    message.add_attachment(
        page.encode(), maintype="text", subtype="html", filename=flat(name), params={"charset": "utf-8"}
    )
    return message


def flat(text: str) -> str:
    """One line without control characters: a header that goes on would be another header."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


@contextmanager
def _connected(mail: MailSettings) -> Iterator[smtplib.SMTP]:
    checked = ssl.create_default_context()
    if mail.security == "tls":
        with smtplib.SMTP_SSL(mail.host, mail.port, timeout=SECONDS, context=checked) as server:
            yield server
        return
    with smtplib.SMTP(mail.host, mail.port, timeout=SECONDS) as server:
        if mail.security == "starttls":
            server.starttls(context=checked)
        yield server


@contextmanager
def _in_words(mail: MailSettings) -> Iterator[None]:
    """What a server says may hold addresses, and what Python says of it a password: neither is passed on."""
    where = f"mail: {mail.host}:{mail.port}"
    try:
        yield
    except smtplib.SMTPAuthenticationError:
        names = f"{mail.user_env} and {mail.password_env}"
        raise DeliveryError(f"{where} refused user or password. Check {names}.") from None
    except smtplib.SMTPRecipientsRefused:
        raise DeliveryError(f"{where} refused every recipient. Check `to`, and who may send there.") from None
    except smtplib.SMTPSenderRefused:
        raise DeliveryError(f"{where} refused the sender. Check `sender`, and whether it wants a user.") from None
    except smtplib.SMTPResponseException as error:
        raise DeliveryError(f"{where} answered {error.smtp_code}. Try again later.") from None
    except smtplib.SMTPNotSupportedError:
        raise DeliveryError(f"{where} does not support what is asked for. Check `security` and `port`.") from None
    except ssl.SSLCertVerificationError:
        raise DeliveryError(f"{where} shows a certificate that is not trusted. Check `host`.") from None
    except (smtplib.SMTPException, OSError):
        raise DeliveryError(f"{where} cannot be reached, or hung up. Check `host`, `port` and `security`.") from None
