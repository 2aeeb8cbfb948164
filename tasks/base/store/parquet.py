"""Intermediate Parquet: how records and samples are written between the stages.

They are read again once or twice on the same machine, so they are not compressed, which would cost a third of the whole
data path; releases are.
"""

from typing import Any

import polars as pl

ROWS = 16_384
"""Rows of a row group: fixed, so that equal rows are equal bytes; few, for memory (131,072 take a quarter more)."""

OPTIONS: dict[str, Any] = {"compression": "uncompressed", "row_group_size": ROWS, "statistics": False}
"""Options of Polars' Parquet writers."""

AT_A_TIME = 4_096
"""Rows that a step of Polars' streaming engine works on: few, for memory (its own choice, 100,000, takes half as much
again where texts are long); results do not depend on it."""

pl.Config.set_streaming_chunk_size(AT_A_TIME)
