"""Texts of JSON files as a column: an escape there may stand for half of a character, which no column can hold."""

from collections.abc import Sequence

import polars as pl


def series(texts: Sequence[str]) -> pl.Series:
    """Texts as a column, with a mark of replacement for each half of a character."""
    try:
        return pl.Series("text", texts, dtype=pl.String)
    except UnicodeEncodeError:
        return pl.Series("text", [whole(text) for text in texts], dtype=pl.String)


def whole(text: str) -> str:
    """A text with a mark of replacement for each half of a character."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
