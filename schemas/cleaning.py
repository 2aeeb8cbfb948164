"""Clean-ups: known kinds of dirt in the texts of a source, declared with it, removed, listed and counted."""

from typing import Literal

CleanUp = Literal[
    "entities",
    "tags",
    "mojibake",
    "escapes",
    "invisible",
    "pmid",
    "quotes",
    "copies",
    "glued",
    "lines",
    "punctuation",
    "spaces",
]
"""The clean-ups, in the order in which they are applied."""

CLEAN_UPS: dict[CleanUp, str] = {
    "entities": "character entities become their characters (`&lt;` becomes `<`)",
    "tags": "tags of HTML and XML are removed",
    "mojibake": "text decoded with the wrong encoding is decoded again (`‚Äì` becomes `–`)",
    "escapes": r"escapes become their characters (`\u03b1` becomes `α`)",
    "invisible": "soft hyphens, zero-width and control characters are removed",
    "pmid": "the PMID before a text is removed",
    "quotes": "unpaired quotation marks before or after a text, and those in a last line of their own, are removed",
    "copies": "of passages that differ in damaged characters only, the best is kept",
    "glued": "headings and sentences that run into each other are separated",
    "lines": "line breaks within a sentence become spaces",
    "punctuation": "spaces before a comma, semicolon or full stop are removed",
    "spaces": "several spaces in a row become one; indents of lines are removed",
}
"""What each clean-up does, for readers of the pages of sources."""
