"""How a process becomes the Streamlit server, and who can reach it there."""

import os
import sys
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from fairlead import config
from fairlead.errors import ConfigError
from fairlead.grants import SignInSettings

LOOPBACK = "127.0.0.1"
ANYBODY = "FAIRLEAD_WITHOUT_SIGN_IN"
"""The environment variable that says, where it is 1, that everybody who reaches the server may see everything."""

EVERYBODY_SEES = (
    "Warning: nobody has to sign in. Everybody who can reach {address}:{port} sees everything, people by name included."
)


@dataclass(frozen=True)
class Place:
    """Where the server listens, and whether it was told that anybody who gets there may look."""

    address: str = LOOPBACK
    port: int = 8501
    is_for_anybody: bool = False


def is_loopback(address: str | None) -> bool:
    """Whether nobody but this machine reaches what listens there. None is Streamlit's default: every interface."""
    if address is None or address.casefold() == "localhost":
        return address is not None
    try:
        return ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def refuse_strangers(place: Place, sign_in: SignInSettings | None) -> None:
    """Without sign-in only this machine is served, unless told twice. Raises `ConfigError`."""
    if sign_in is not None and place.is_for_anybody:
        raise ConfigError("The settings have a [sign_in], which --without-sign-in does not end. Leave out one of them.")
    if sign_in is None and not is_loopback(place.address) and not place.is_for_anybody:
        raise ConfigError(
            f"Nobody has to sign in here, so Fairlead does not listen on {place.address}: whoever reaches it would see "
            "everything, by name. Set up [sign_in] (docs/deploy.md), or leave out --address to be seen from this "
            "machine alone. If everybody who can reach it may see everything, add --without-sign-in."
        )


def become(server: Path, place: Place, path: Path | None, sign_in: SignInSettings | None) -> NoReturn:
    """Go on as the server, so that signals reach it. No settings file `path` means the sample organisation.

    Raises:
        ConfigError: a secret of the sign-in is not in the environment, or its address is not the root of a host.
    """
    refuse_strangers(place, sign_in)
    dropped = (config.CONFIG_VARIABLE, ANYBODY)
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment[config.CONFIG_VARIABLE] = config.NO_FILE if path is None else str(path.resolve())
    if place.is_for_anybody:
        environment[ANYBODY] = "1"
    if sign_in is not None:
        environment |= _shared(sign_in)
    sys.stdout.flush()
    listening = ["--server.address", place.address, "--server.port", str(place.port)]
    command = [sys.executable, "-m", "streamlit", "run", str(server), *listening]
    os.execve(sys.executable, command, environment)  # noqa: S606 (our own command, no shell)


def _shared(sign_in: SignInSettings) -> dict[str, str]:
    """What Streamlit is told where others look: its public name, the secret of all replicas, every protection on."""
    config.secret(sign_in.client_secret_env)
    public = public_place(sign_in)
    return {
        "STREAMLIT_BROWSER_SERVER_ADDRESS": public.address,
        "STREAMLIT_BROWSER_SERVER_PORT": str(public.port),
        "STREAMLIT_SERVER_ALLOWED_HOSTS": public.address,
        "STREAMLIT_SERVER_COOKIE_SECRET": config.secret(sign_in.cookie_secret_env),
        "STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION": "true",
        "STREAMLIT_SERVER_ENABLE_CORS": "true",  # Streamlit's name for checking where a request comes from
        # A WebSocket's cookies come in one line, and identity cookies of somebody in a hundred groups pass 8 kB.
        "WEBSOCKETS_MAX_LINE_LENGTH": str(64 * 1024),
    }


def public_place(sign_in: SignInSettings) -> Place:
    """Where people open it. Raises `ConfigError` where that is not the root of a host, or is open to eavesdroppers."""
    parts = urlsplit(sign_in.address)
    if parts.scheme != "https" and not is_loopback(parts.hostname):
        raise ConfigError(
            "sign_in.address: write https://. Without TLS, whoever listens could sign in as somebody else."
        )
    if parts.path.strip("/"):
        raise ConfigError(
            "sign_in.address: leave out the path. Fairlead answers at the root of a host name of its own."
        )
    return Place(str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80))
