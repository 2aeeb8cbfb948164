"""What a text must hold for a clean-up to find anything in it, so that few texts of large tables are looked at."""

from collections.abc import Sequence

import polars as pl

from schemas.cleaning import CleanUp
from tasks.build.clean.cleanups import HEADINGS, TITLES

_SPACE = r"[\s\x1c-\x1f]"
_HEADING = f"(?:{HEADINGS}|{TITLES})".replace("(?>", "(?:")

SIGNS: dict[CleanUp, str] = {
    "entities": "&[#A-Za-z]",
    "tags": "<",
    "mojibake": r"[^\x00-\x7f]{2}",
    "escapes": r"\\u",
    "invisible": r"[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{ad}\x{200b}\x{200e}\x{200f}\x{feff}]",
    "pmid": r"\d{7}",
    "quotes": '"',
    "copies": r"\n",
    "glued": rf"[.?!][A-Z]|(?:^|\n|[.?!] ?){_HEADING}[A-Z]",
    "lines": r"\n",
    "punctuation": rf"{_SPACE}[.,;]",
    "spaces": rf"{_SPACE}{{2}}|^{_SPACE}",
}
"""Regular expressions as Polars reads them; they may match more than a clean-up finds, never less."""


def signed(column: pl.Series, clean_ups: Sequence[CleanUp]) -> dict[int, set[CleanUp]]:
    """The rows that hold a sign, and the clean-ups whose sign they hold.

    Args:
        column: texts, or lists of texts.
        clean_ups: those whose signs are looked for.
    """
    rows = _holding(column, "|".join(f"(?:{SIGNS[clean_up]})" for clean_up in clean_ups)).arg_true()
    held: dict[int, set[CleanUp]] = {row: set() for row in rows}
    for clean_up in clean_ups if held else ():
        for row in rows.filter(_holding(column.gather(rows), SIGNS[clean_up])):
            held[row].add(clean_up)
    return held


def _holding(column: pl.Series, sign: str) -> pl.Series:
    if column.dtype == pl.List:
        held = column.list.eval(pl.element().str.contains(sign)).list.any()
    else:
        held = column.str.contains(sign)
    return held.fill_null(False)
