"""The declared types as Arrow's, and Arrow's tables as frames of them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

TYPES: dict[str, pa.DataType] = {
    "string[pyarrow]": pa.large_string(),
    "Int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "datetime64[us, UTC]": pa.timestamp("us", "UTC"),
    "datetime64[us]": pa.timestamp("us"),
}
"""Name of a declared type → the same in Arrow."""

_PANDAS = {pa.large_string(): pd.StringDtype("pyarrow", na_value=np.nan), pa.int64(): pd.Int64Dtype()}


def to_frame(table: pa.Table, dtypes: Mapping[str, str]) -> pd.DataFrame:
    """The named columns of an Arrow table, each as the declared type of that name. Raises Arrow's own errors."""
    shape = pa.schema([(column, TYPES[dtype]) for column, dtype in dtypes.items()])
    rows: pd.DataFrame = table.select(list(dtypes)).cast(shape).to_pandas(types_mapper=_PANDAS.get, split_blocks=True)
    return rows
