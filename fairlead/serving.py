"""How a process becomes the Streamlit server."""

import os
import sys
from pathlib import Path
from typing import NoReturn

from fairlead import config


def become(dashboard: Path, port: int, path: Path | None) -> NoReturn:
    """Go on as the server, so that signals reach it. No settings file `path` means the sample organisation."""
    environment = {name: value for name, value in os.environ.items() if name != config.CONFIG_VARIABLE}
    environment[config.CONFIG_VARIABLE] = config.NO_FILE if path is None else str(path.resolve())
    environment.setdefault("STREAMLIT_CLIENT_SHOW_ERROR_DETAILS", "none")  # tracebacks are for the log alone
    sys.stdout.flush()
    command = [sys.executable, "-m", "streamlit", "run", str(dashboard), "--server.port", str(port)]
    os.execve(sys.executable, command, environment)  # noqa: S606 (our own command, no shell)
