"""A mail server and a webhook on this machine, and a certificate for the first, for tests of what is sent."""

import datetime as dt
import json
import socketserver
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CREDENTIALS = "AHJlcG9ydHMAb3Blbi1zZXNhbWU="  # reports, open-sesame


def certificate(folder):
    """A certificate of this machine's own, with its key, as one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "mail.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@dataclass
class Post:
    """What a mail server has taken, and how it behaves."""

    security: str = "none"
    pem: str = ""
    refuses: tuple[str, ...] = ()
    port: int = 0
    commands: list[str] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)

    @property
    def letter(self):
        """The only letter."""
        (raw,) = self.letters
        return message_from_bytes(raw, policy=policy.default)

    @property
    def context(self):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.pem)
        return made


class Talk(socketserver.BaseRequestHandler):
    """As much of SMTP as a client needs."""

    def handle(self):
        self.post, self.is_safe = self.server.post, False
        self.wrap(self.post.security == "tls")
        if self.stream is None:
            return
        self.say("220 localhost")
        while self.stream is not None and (line := self.stream.readline()):
            if not self.answer(line.decode().strip()):
                return

    def finish(self):
        if self.stream is not None:
            self.stream.close()
        self.request.close()

    def wrap(self, is_wrapped):
        if is_wrapped:
            try:
                self.request = self.post.context.wrap_socket(self.request, server_side=True)
            except (ssl.SSLError, OSError):
                self.stream = None
                return
            self.is_safe = True
        self.stream = self.request.makefile("rb")

    def say(self, line):
        self.request.sendall(f"{line}\r\n".encode())

    def answer(self, line):
        verb = line[:4].upper()
        self.post.commands.append(line)
        if verb in {"EHLO", "HELO"}:
            offers_tls = self.post.security == "starttls" and not self.is_safe
            self.say("250-localhost" + ("\r\n250-STARTTLS" if offers_tls else "") + "\r\n250 AUTH PLAIN")
        elif verb == "STAR":
            self.say("220 go on")
            self.wrap(True)
            return self.stream is not None
        elif verb == "AUTH":
            self.say("235 ok" if line.endswith(CREDENTIALS) else "535 5.7.8 wrong: open-sesame")
        elif verb == "RCPT" and any(each in line for each in self.post.refuses):
            self.say("550 no such user here")
        elif verb == "DATA":
            self.say("354 go on")
            self.post.letters.append(b"".join(iter(self.stream.readline, b".\r\n")))
            self.say("250 taken")
        else:
            self.say("221 bye" if verb == "QUIT" else "250 ok")
        return verb != "QUIT"


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


@contextmanager
def mail_server(**behaviour):
    """A mail server for as long as the context lasts."""
    with Server(("127.0.0.1", 0), Talk) as server:
        server.post = Post(**behaviour, port=server.server_address[1])
        yield from _served(server, server.post)


def _served(server, what):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield what
    server.shutdown()
    thread.join()


@dataclass
class Hook:
    """What a webhook was sent; it answers with these statuses and headers, and with 200 when they are used up."""

    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    address: str = ""
    messages: list[dict[str, str]] = field(default_factory=list)


class Listen(BaseHTTPRequestHandler):
    def do_POST(self):
        hook = self.server.hook
        hook.messages.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        status, headers = hook.answers.pop(0) if hook.answers else (200, {})
        self.send_response(status)
        for name, value in {**headers, "Content-Length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_):
        """Tests say what went wrong."""


@contextmanager
def webhook(*answers):
    """A webhook for as long as the context lasts."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Listen) as server:
        server.hook = Hook(list(answers), f"http://127.0.0.1:{server.server_address[1]}/services/T0/S3CR3T")
        yield from _served(server, server.hook)
