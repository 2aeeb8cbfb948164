"""What a text must hold for a clean-up to find anything in it, so that few texts of large tables are looked at."""

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
