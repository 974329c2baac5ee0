"""The bundled sample organisation as tables."""

import json
from functools import cache
from pathlib import Path

import pandas as pd

from fairlead.frames import TABLES, Frames

FOLDER = Path(__file__).parents[1] / "sample_data"
AS_OF = pd.Timestamp(json.loads((FOLDER / "manifest.json").read_text("utf-8"))["today"])


@cache
def sample() -> Frames:
    """All its tables. Treat as immutable."""
    paths = {name: FOLDER / f"{name}.parquet" for name in TABLES}
    return Frames.of({name: pd.read_parquet(path) for name, path in paths.items() if path.exists()})
