"""Hashes that are kept: xxh3 with 128 bits, the same on every machine and in every version.

`polars.Expr.hash` is neither, so it is never stored.
"""

import numpy as np
import polars as pl
import polars_hash  # noqa: F401  registers the namespace `nchash`
import pyarrow as pa

_WORD = 2**64
_FOLD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ\t\n\v\f\r", b"abcdefghijklmnopqrstuvwxyz     ")
_RARE = ("  ", "\u00a0")


def digest(text: pl.Expr) -> pl.Expr:
    """The 16 bytes of the xxh3 128-bit hash of a text column."""
    return halves(text).map_batches(_bytes, return_dtype=pl.Binary, is_elementwise=True)


def halves(text: pl.Expr) -> pl.Expr:
    """The xxh3 128-bit hash of a text column as two numbers, `high` and `low`, which sort like its bytes."""
    hashed = text.nchash.xxh3_128()  # pyright: ignore[reportAttributeAccessIssue]  polars_hash adds the namespace
    return pl.struct(high=(hashed // _WORD).cast(pl.UInt64), low=(hashed % _WORD).cast(pl.UInt64))


def identifier(*columns: pl.Expr) -> pl.Expr:
    """The digest of several columns, separated by a character that no text holds, as 32 hexadecimal digits."""
    return digest(pl.concat_str(columns, separator="\x1f", ignore_nulls=True)).bin.encode("hex")


def normalised(text: pl.Expr) -> pl.Expr:
    """A text as duplicates are compared: letters of ASCII in lower case, runs of white space as one blank."""
    return text.map_batches(_normalised, return_dtype=pl.String, is_elementwise=True)


def _normalised(texts: pl.Series) -> pl.Series:
    """Fold all bytes of a batch at once: in UTF-8 those of ASCII stand for themselves alone.

    Only where that leaves two blanks in a row, or where there are no-break spaces, is each text looked at.
    """
    array = pa.array(texts.to_arrow(compat_level=pl.CompatLevel.oldest()), pa.large_string())
    validity, offsets, data = array.buffers()
    folded = (data.to_pybytes() if data else b"").translate(_FOLD)
    buffers = [validity, offsets, pa.py_buffer(folded)]
    result = pl.Series(texts.name, pa.Array.from_buffers(pa.large_string(), len(array), buffers, offset=array.offset))
    if any(result.str.contains(rare, literal=True).any() for rare in _RARE):
        result = result.str.replace_all(r"\s{2,}|[^\S ]", " ")
    return result.str.strip_chars()


def _bytes(halves: pl.Series) -> pl.Series:
    words = np.column_stack([halves.struct.field(name).to_numpy() for name in ("high", "low")]).astype(">u8")
    array = pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(halves), [None, pa.py_buffer(words.tobytes())])
    return pl.Series(halves.name, array.cast(pa.binary()))
