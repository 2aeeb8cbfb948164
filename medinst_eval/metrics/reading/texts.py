"""Texts for comparison, and what people write where there is nothing to list."""

import re
import unicodedata

from medinst_eval.grammar.brackets import NOTHING

QUOTES = "\"'`“”„‟‘’‚«»‹›「」『』*"
"""Quotation marks and emphasis that people put around a word."""

_TYPED = {
    **dict.fromkeys(map(ord, "\u2010\u2011"), "-"),
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'"),
    **dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF]),
}
"""Hyphens and apostrophes as printers set them, and signs that nobody sees: to a reader they are the same."""

_REFERENCES = re.compile(r"(?<=[\w.)!?%*])\s{0,2}\[\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,20}\]")
_STOPS = ".!。"
_BULLET = re.compile(r"(?:[-*•–·+]|\(?\d{1,3}[.):])\s+")
_EMPTY = re.compile(
    rf"(?:{NOTHING}|n/a|nil|null|nothing|empty(?: list)?|\[\s*\]|\{{\s*\}}|\(none\)|\[none\]|∅)\s*(?:$|[.,;:!(\n–—-])"
    r"|none (?:is|are|was|were|found|mentioned|identified|present|of the)\b"
)
_DENIED = re.compile(
    r"(?:there (?:are|is|were|was) no|no)(?: [\w/,()-]+){1,8}?"
    r"(?: (?:are|is|were|was|can be|could be|have been))?"
    r" (?:mentioned|found|present|identified|reported|described|stated|named|listed|detected|here|in (?:the|this))\b"
    r"|(?:the|this) (?:given |provided )?(?:text|passage|abstract|sentence|input|article|document)"
    r" (?:(?:does not|doesn't|do not) (?:mention|contain|report|state|describe|name|list|include) any"
    r"|(?:mentions|contains|reports|states|describes|names|lists|includes|has) no)\b"
    r"|i (?:found|see|find) (?:nothing|no|none)\b|i (?:did not|didn't|do not|don't) (?:find|see) any\b"
    r"|no (?:other )?(?:entities|mentions|relations|events|items|concepts)$"
    r"|there (?:are|is|were|was) no(?: [\w/-]+){1,4}$"
    r"|(?:[\w/-]+ ){0,2}(?:entities|mentions|relations|events|items|concepts) ?: ?(?:none|nothing)$"
)
_MISSING = re.compile(r"\bno (?:text|passage|abstract|sentence|input|article|document|answer)\b|\bprovided\b")


def canonical(text: str) -> str:
    """A text for comparison: composed characters, without case, plain hyphens and apostrophes, single spaces.

    Signs such as + and - stay.
    """
    text = text.lower() if text.isascii() else unicodedata.normalize("NFC", text.translate(_TYPED)).casefold()
    return " ".join(text.split())


def without_references(text: str) -> str:
    """A text without the numbers of references behind its words, as in `Lisinopril [1]` and `It is so [2, 3]`."""
    return _REFERENCES.sub("", text)


def bare(text: str) -> str:
    """A short answer without what people put around it: quotes, emphasis, a full stop at its end."""
    around = QUOTES + " "
    return canonical(text).strip(around).rstrip(_STOPS).strip(around)


def unlisted(line: str) -> tuple[str, bool]:
    """A line without the bullet or number of a list before it, and whether it had one."""
    line = line.strip()
    match = _BULLET.match(line)
    return (line[match.end() :].strip(), True) if match else (line, False)


def nothing(text: str) -> bool:
    """Whether an answer says that there is nothing to list, by `none` or a sentence: no entities were found."""
    said = canonical(text[:400]).lstrip(QUOTES + "# ")
    if _EMPTY.match(said.replace("*", "")) is not None:
        return True
    sentence = re.split(r"[.!\n]", said.replace("*", ""), maxsplit=1)[0].strip()
    sentence = re.sub(r"^(?:after|based on|having|upon) [^,]{1,60}, ", "", sentence)
    return _DENIED.match(sentence) is not None and _MISSING.search(sentence) is None
