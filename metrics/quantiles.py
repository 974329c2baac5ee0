"""Quantiles that really occurred: nearest rank, as a service level expectation needs them."""

import numpy as np
import pandas as pd


def nearest_rank(values: pd.Series, q: float) -> float:
    """The smallest value that at least a share `q` (0–1) of the values stay within; NaN when there are none.

    Infinite values are values. Unlike an interpolated quantile the answer is one of the values.
    """
    known = values.dropna().to_numpy(dtype=float)
    return float(np.quantile(known, q, method="inverted_cdf")) if len(known) else float("nan")
