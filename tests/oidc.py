"""An OpenID Connect provider for tests: it runs in a thread, knows a few people, and does wrong when asked to.

    with provider(Person("ann", "ann@example.org"), Person("eve", "eve@example.org", is_verified=False)) as issuer:
        settings = issuer.sign_in("http://localhost:8501")     # the [sign_in] table of fairlead.toml
        environment = issuer.secrets()                         # what the server process needs besides
        cookies = signed_in("http://localhost:8501", issuer, "ann")

It plays the authorization code flow with PKCE as providers do: metadata, keys, a page that asks who signs in, tokens,
userinfo, the end of a session. Tokens are signed with RS256 and hold what `Person` says.
"""

import base64
import hashlib
import html
import json
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, CLIENT_SECRET = "fairlead", "the-client-secret-of-the-tests"
COOKIE_SECRET = "0123456789abcdef" * 4
KEY_ID = "the-only-key"
TOKEN_SECONDS = 300
PATIENCE = 60

Fault = Literal["expired", "nonce", "audience", "signature", "no id_token"]


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in. `more` are further claims."""

    sub: str
    email: str
    is_verified: bool = True
    groups: tuple[str, ...] = ()
    name: str = ""
    more: dict[str, Any] = field(default_factory=dict, hash=False)

    def claims(self) -> dict[str, Any]:
        """What the provider says of them."""
        said = {"sub": self.sub, "email": self.email, "email_verified": self.is_verified, "name": self.name or self.sub}
        return said | {"groups": list(self.groups)} | self.more


@dataclass
class Provider:
    """What tests hold in hand: where it is, whom it knows, and what it does wrong (`faults`, empty: nothing)."""

    address: str
    people: dict[str, Person]
    faults: set[Fault] = field(default_factory=set)
    asked: list[dict[str, str]] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _access: dict[str, str] = field(default_factory=dict)

    @property
    def metadata_url(self) -> str:
        """Where its metadata are."""
        return f"{self.address}/.well-known/openid-configuration"

    def sign_in(self, address: str) -> str:
        """The [sign_in] table of the settings of a server that people open at `address`."""
        named = {"address": address, "metadata_url": self.metadata_url, "client_id": CLIENT}
        return "[sign_in]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in named.items())

    def secrets(self) -> dict[str, str]:
        """The environment variables a server with these settings needs."""
        return {"FAIRLEAD_CLIENT_SECRET": CLIENT_SECRET, "FAIRLEAD_COOKIE_SECRET": COOKIE_SECRET}

    def metadata(self) -> dict[str, Any]:
        """What OpenID Connect Discovery asks for."""
        places = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "userinfo_endpoint": "userinfo",
            "jwks_uri": "jwks",
            "end_session_endpoint": "end",
        }
        return {name: f"{self.address}/{place}" for name, place in places.items()} | {
            "issuer": self.address,
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid", "email", "profile"],
        }

    def code(self, who: str, asked: dict[str, str]) -> str:
        """A code for somebody who signs in, good for one exchange."""
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked | {"who": who}
        return code

    def tokens(self, form: dict[str, str]) -> dict[str, Any] | None:
        """What a code is exchanged for; None where the code, the client or the proof of its owner is wrong."""
        asked = self._codes.pop(form.get("code", ""), None)
        if asked is None or form.get("redirect_uri") != asked["redirect_uri"] or not _is_proven(form, asked):
            return None
        access = secrets.token_urlsafe(16)
        self._access[access] = asked["who"]
        given = {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        return given if "no id_token" in self.faults else given | {"id_token": self.id_token(asked)}

    def id_token(self, asked: dict[str, str]) -> str:
        """Who signed in, signed; wrong in the ways of `faults`."""
        now = int(time.time())
        claims = self.people[asked["who"]].claims() | {
            "iss": self.address,
            "aud": "somebody-else" if "audience" in self.faults else CLIENT,
            "iat": now - 2 * TOKEN_SECONDS if "expired" in self.faults else now,
            "exp": now - TOKEN_SECONDS if "expired" in self.faults else now + TOKEN_SECONDS,
            "nonce": "of another sign-in" if "nonce" in self.faults else asked.get("nonce", ""),
        }
        key = _key("of somebody else" if "signature" in self.faults else KEY_ID)
        return jwt.encode(claims, key, "RS256", headers={"kid": KEY_ID})

    def userinfo(self, access: str) -> dict[str, Any] | None:
        """Whose access token it is."""
        who = self._access.get(access)
        return None if who is None else self.people[who].claims()


@cache
def _key(name: str) -> rsa.RSAPrivateKey:  # noqa: ARG001 (each name has a key of its own)
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _jwks() -> dict[str, Any]:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_key(KEY_ID).public_key()))
    return {"keys": [public | {"kid": KEY_ID, "use": "sig", "alg": "RS256"}]}


def _is_proven(form: dict[str, str], asked: dict[str, str]) -> bool:
    """PKCE: the verifier is what the challenge was made of. A client that sent none is refused, so that ours does."""
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked.get("code_challenge")


class _Handler(BaseHTTPRequestHandler):
    provider: Provider
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        match parts.path:
            case "/.well-known/openid-configuration":
                self._json(self.provider.metadata())
            case "/jwks":
                self._json(_jwks())
            case "/authorize":
                self.provider.asked.append(asked)
                self._page(asked)
            case "/chosen":
                self._lead_back(asked)
            case "/favicon.ico":
                self._send(200, b"", "image/x-icon")
            case "/end":
                self._redirect(asked["post_logout_redirect_uri"])
            case "/userinfo":
                self._json(self.provider.userinfo(self.headers.get("Authorization", "").removeprefix("Bearer ")))
            case _:
                self._json(None)

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        basic = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        client = basic or f"{form.get('client_id')}:{form.get('client_secret')}"
        self._json(self.provider.tokens(form) if client == f"{CLIENT}:{CLIENT_SECRET}" else None)

    def _page(self, asked: dict[str, str]) -> None:
        kept = "".join(f'<input type=hidden name="{key}" value="{html.escape(value)}">' for key, value in asked.items())
        people = "".join(f'<button name=who value="{who}">{who}</button>' for who in self.provider.people)
        refuse = "<button name=who value=''>nobody</button>"
        title = "<!doctype html><title>Who are you?</title><h1>Who are you?</h1>"
        page = f"{title}<form action=/chosen>{kept}{people}{refuse}"
        self._send(200, page.encode(), "text/html; charset=utf-8")

    def _lead_back(self, asked: dict[str, str]) -> None:
        who = asked.pop("who", "")
        answer = {"code": self.provider.code(who, asked)} if who else {"error": "access_denied"}
        self._redirect(f"{asked['redirect_uri']}?{urlencode(answer | {'state': asked['state']})}")

    def _redirect(self, to: str) -> None:
        self.send_response(302)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _json(self, answer: dict[str, Any] | None) -> None:
        said = {"error": "invalid_request"} if answer is None else answer
        self._send(400 if answer is None else 200, json.dumps(said).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


@contextmanager
def provider(*people: Person) -> Iterator[Provider]:
    """A provider that knows these people, on a free port of this machine, for as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    address = f"http://localhost:{server.server_port}"
    issuer = Provider(address, {person.sub: person for person in people})
    server.RequestHandlerClass = type("Handler", (_Handler,), {"provider": issuer})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def signed_in(address: str, issuer: Provider, who: str, *, verify: str | bool = True) -> dict[str, str]:
    """Sign somebody in at a server of ours, with plain requests; returns the cookies its browser would hold.

    `verify` is the certificate of a server with TLS. A sign-in that fails leaves no `_streamlit_user` among them.
    """
    with requests.Session() as session:
        session.trust_env, session.verify = False, verify
        session.get(f"{address}/_stcore/health", timeout=PATIENCE).raise_for_status()
        page = session.get(f"{address}/auth/login?provider={quote(_provider_token())}", timeout=PATIENCE)
        asked = dict(re.findall(r'<input type=hidden name="(\w+)" value="([^"]*)">', page.text))
        answer = {key: html.unescape(value) for key, value in asked.items()} | {"who": who}
        session.get(f"{issuer.address}/chosen", params=answer, timeout=PATIENCE).raise_for_status()
        return {cookie.name: cookie.value for cookie in session.cookies if cookie.value}


def _provider_token() -> str:
    """What Streamlit's sign-in button sends along: which provider, signed with the cookie secret."""
    return jwt.encode({"provider": "default", "exp": int(time.time()) + TOKEN_SECONDS}, COOKIE_SECRET, "HS256")
