"""Arrays of numpy and of Arrow, each as the other: pyarrow itself imports pandas for it, which takes a second."""

from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray


def as_arrow(values: pl.Series | NDArray[Any]) -> pa.Array:
    """Values as an Arrow array."""
    return pl.Series(values).to_arrow(compat_level=pl.CompatLevel.oldest())


def as_numbers(array: pa.Array) -> NDArray[Any]:
    """Numbers of an Arrow array without nulls, not copied."""
    _, data = array.buffers()
    return np.frombuffer(data or b"", str(array.type))[array.offset : array.offset + len(array)]
