"""Counting tokens: by a tokenizer of the user's, or words, numbers and signs where none is named."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import polars as pl

from schemas.errors import MixtureError
from tasks.base.store.closure import version

WORDS = "words, numbers and signs"
_WORD = r"\p{L}+|\p{N}+|[^\s\p{L}\p{N}]"
_FILE = "tokenizer.json"
_BATCH = 1_000


class Counter(NamedTuple):
    """A way to count.

    Attributes:
        about: what is counted, in words.
        mark: changes where the counts may.
        count: texts -> tokens of each.
    """

    about: str
    mark: str
    count: Callable[[pl.Series], pl.Series]


def counter(tokenizer: str | None) -> Counter:
    """A counter.

    Args:
        tokenizer: folder or file of a tokenizer; None to count words, numbers and signs.

    Raises:
        MixtureError: it is not there, or cannot be read.
    """
    if tokenizer is None:
        return Counter(WORDS, _WORD, lambda texts: texts.str.count_matches(_WORD))
    path = Path(tokenizer)
    file = path / _FILE if path.is_dir() else path
    if not file.is_file():
        raise MixtureError(
            f"tokenizer: {file} is not there. Name a folder with a {_FILE}, or such a file; nothing is downloaded."
        )
    try:
        from tokenizers import Tokenizer  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise MixtureError(
            f"tokenizer: {tokenizer} needs the extra `models`: pip install -e .[models]. "
            f"Without a tokenizer {WORDS} are counted."
        ) from error
    try:
        made = Tokenizer.from_file(str(file))
    except Exception as error:  # the library raises nothing narrower
        raise MixtureError(f"tokenizer: {file} is not a tokenizer that `tokenizers` can read: {error}") from error

    def count(texts: pl.Series) -> pl.Series:
        found: list[int] = []
        for part in texts.to_frame().iter_slices(_BATCH):
            encoded = made.encode_batch_fast(part.to_series().to_list(), add_special_tokens=False)
            found += [len(each.ids) for each in encoded]
        return pl.Series(found, dtype=pl.UInt32)

    name = f"tokens of {file.parent.name if file.name == _FILE else file.name}"
    mark = hashlib.sha256(file.read_bytes()).hexdigest()
    return Counter(name, f"{mark} {version('tokenizers')}", count)


def counted(samples: pl.DataFrame, how: Counter) -> pl.DataFrame:
    """Samples with the tokens of their examples, instruction, input and output, in the column `tokens`."""
    parts = [pl.col("instruction"), pl.col("input"), pl.col("output")]
    if "history" in samples.columns:
        turns = pl.col("history").list.eval(pl.element().list.join("\n")).list.join("\n")
        parts.insert(0, turns)
    whole = samples.select(pl.concat_str(parts, separator="\n")).to_series()
    return samples.with_columns(tokens=how.count(whole).cast(pl.UInt32))
