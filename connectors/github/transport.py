"""One question to GitHub, once: PyGithub signs in and carries.

PyGithub's own defaults send a query that timed out ten more times at once, which GitHub charges for, hold every GraphQL
query to one a second, and wait for rate limits out of sight. All of that is off here; `client` does it in the open.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import github
import jwt
import requests

from connectors.addresses import refuse_clear_text
from connectors.github.answers import Exchange, Where
from connectors.github.faults import RefusedError, TooHeavyError, UnauthorizedError, UnsteadyError
from fairlead import config
from fairlead.errors import ConfigError, SourceError

TIME_OUT = 30
"""Seconds to wait for an answer; GitHub itself gives up after ten."""


class Transport:
    """Signed in with a token, or as an installation of a GitHub App."""

    def __init__(self, connection: config.GithubConnection, *, time_out: float = TIME_OUT) -> None:
        """Sends nothing. Raises `ConfigError` where the secret's variable is not set, `SourceError` for plain http."""
        self._connection, self._time_out = connection, time_out
        self._requester = self._made()
        self.where = Where(
            host=urlsplit(connection.base_url).hostname or "",
            address=self._requester.graphql_url,
            token_env=connection.token_env if connection.app_id is None else connection.app_key_env,
        )

    def renew(self) -> bool:
        """Whether there is a new token to try: an App's lasts an hour and can be made anew."""
        if self._connection.app_id is None:
            return False
        self._requester = self._made()
        return True

    def send(self, text: str, variables: Mapping[str, object]) -> Exchange:
        """Ask. Raises what `faults` names when no answer arrives; what an answer means is not looked at here."""
        question = {"query": text, "variables": dict(variables)}
        try:
            status, headers, body = self._requester.requestJson("POST", self._requester.graphql_url, input=question)
        except requests.ReadTimeout:
            raise TooHeavyError(f"github: no answer within {self._time_out} s.") from None
        except requests.RequestException as error:
            # The error's own text may hold the address with a proxy's password.
            raise UnsteadyError(
                f"github: {self.where.host} cannot be reached ({type(error).__name__}). Run sync again."
            ) from None
        except github.GithubException as error:
            raise self._no_app_token(error.status) from None
        except RuntimeError:  # how PyGithub refuses to follow to another host
            raise RefusedError(f"github: {self.where.host} redirects elsewhere. Check base_url.") from None
        except jwt.PyJWTError:  # comes with PyGithub, which signs with it
            raise ConfigError(
                f"{self.where.token_env} holds no private key of a GitHub App. Put the PEM text there."
            ) from None
        return Exchange(status, headers, _parsed(body))

    def _no_app_token(self, status: int) -> SourceError:
        if status >= 500:
            return UnsteadyError(f"github: {status} when asked for the App's token. Run sync again later.")
        return UnauthorizedError(
            f"github: {status} when asked for the App's token. Check app_id, installation_id and the key in "
            f"{self.where.token_env}."
        )

    def _made(self) -> Any:  # noqa: ANN401 (PyGithub does not export its type)
        address = rest_address(self._connection.base_url)
        refuse_clear_text(address, who="github", setting="base_url")
        # At its lowest level it logs whole answers.
        logging.getLogger("github.Requester").setLevel(logging.WARNING)
        return github.Github(
            base_url=address,
            auth=_auth(self._connection),
            retry=0,
            timeout=self._time_out,  # type: ignore[arg-type]  # requests takes fractions
            user_agent="fairlead",
            seconds_between_requests=None,
            seconds_between_writes=None,
        ).requester


def rest_address(base_url: str) -> str:
    """The REST address PyGithub wants, however the server was written down.

    github.com and data-residency hosts (`x.ghe.com`) answer at `api.`; an Enterprise Server at `/api/v3`.
    """
    parts = urlsplit(base_url.rstrip("/"))
    host = parts.hostname or ""
    if host in {"github.com", "www.github.com", "api.github.com"}:
        return "https://api.github.com"
    if host.endswith(".ghe.com"):
        return f"{parts.scheme}://api.{host.removeprefix('api.')}"
    return f"{parts.scheme}://{parts.netloc}/api/v3"


def _auth(connection: config.GithubConnection) -> github.Auth.Auth:
    if connection.app_id is None or connection.installation_id is None:
        return github.Auth.Token(config.token(connection.token_env))
    # Many places that keep secrets hold one line: line breaks are written \n there.
    key = config.secret(connection.app_key_env).replace("\\n", "\n")
    return github.Auth.AppAuth(connection.app_id, key).get_installation_auth(connection.installation_id)


def _parsed(body: str) -> Any:  # noqa: ANN401 (JSON)
    try:
        return json.loads(body)
    except ValueError:
        return None
