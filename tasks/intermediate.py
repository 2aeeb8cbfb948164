"""Intermediate Parquet: how records and samples are written between the stages.

They are read again once or twice on the same machine, so they are not compressed, which would cost a third of the whole
data path; releases are.
"""

from typing import Any

ROWS = 131_072
"""Rows of a row group: fixed, so that equal rows are equal bytes."""

OPTIONS: dict[str, Any] = {"compression": "uncompressed", "row_group_size": ROWS, "statistics": False}
"""Options of Polars' Parquet writers."""
