"""Hashes that are kept: xxh3 with 128 bits, the same on every machine and in every version.

`polars.Expr.hash` is neither, so it is never stored.
"""

import polars as pl
import polars_hash  # noqa: F401  registers the namespace `nchash`

_WORD = 2**64


def digest(text: pl.Expr) -> pl.Expr:
    """The 16 bytes of the xxh3 128-bit hash of a text column."""
    return text.nchash.xxh3_128(return_binary=True, byte_order="big")  # pyright: ignore[reportAttributeAccessIssue]


def halves(text: pl.Expr) -> pl.Expr:
    """The xxh3 128-bit hash of a text column as two numbers, `high` and `low`, which sort like its bytes."""
    hashed = text.nchash.xxh3_128()  # pyright: ignore[reportAttributeAccessIssue]  polars_hash adds the namespace
    return pl.struct(high=(hashed // _WORD).cast(pl.UInt64), low=(hashed % _WORD).cast(pl.UInt64))


def identifier(*columns: pl.Expr) -> pl.Expr:
    """The digest of several columns, separated by a character that no text holds, as 32 hexadecimal digits."""
    return digest(pl.concat_str(columns, separator="\x1f", ignore_nulls=True)).bin.encode("hex")
