"""What each clean-up finds in a text: one function each, which returns the edits in text order."""

import html
import re
from collections.abc import Callable, Iterator

from schemas.cleaning import CleanUp
from tasks.build.clean.edits import Edit

Finder = Callable[[str], Iterator[Edit]]

_ENTITY = re.compile(r"&(?:amp;)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LETTERS = (*"abgdez", "ee", "th", *"iklmnxoprstu", "ph", "kh", "ps", "oh")
_GREEK = {f"{name}gr": letter for name, letter in zip(_LETTERS, "αβγδεζηθικλμνξοπρστυφχψω", strict=True)}
"""Entities of ISO 8879 that HTML does not have."""


def entities(text: str) -> Iterator[Edit]:
    """Character entities, also those escaped several times; unknown ones stay."""
    for found in _ENTITY.finditer(text):
        meant = _GREEK.get(found[1]) or html.unescape(f"&{found[1]};")
        if meant != found[0]:
            yield Edit(*found.span(), " " if meant.isspace() else meant)


_INLINE = "a abbr b bold em ext-link font i italic named-content sc span strong sub sup u underline xref"
_BLOCK = "AbstractText br caption div h1 h2 h3 h4 h5 h6 hr label li ol p sec table tbody td th thead title tr ul"
_TAG = (
    rf"</?(?:{'|'.join([*_INLINE.split(), *_BLOCK.split()])})"
    r"""(?:\s+[\w:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*/?>"""
)
_TAGS = re.compile(rf"\n(?:[^\S\n]*{_TAG})+[^\S\n]*(?=\n|\Z)|{_TAG}")


def tags(text: str) -> Iterator[Edit]:
    """Tags of HTML and XML by their names, as `<` and `>` are often signs of comparison; lines of tags alone go."""
    for found in _TAGS.finditer(text):
        name = re.split(r"[\s/>]", found[0].lstrip("</"))[0]
        yield Edit(*found.span(), "" if found[0].startswith("\n") or name in _INLINE.split() else " ")


_FOREIGN = re.compile(r"[^\x00-\x7f]{2,}")


def mojibake(text: str) -> Iterator[Edit]:
    """Runs of characters beyond ASCII that are UTF-8 read in another encoding."""
    if text.isascii():
        return
    from ftfy import TextFixerConfig, fix_encoding

    config = TextFixerConfig(replace_lossy_sequences=False)
    for found in _FOREIGN.finditer(text):
        meant = fix_encoding(found[0], config)
        if meant != found[0]:
            yield Edit(*found.span(), meant)


def escapes(text: str) -> Iterator[Edit]:
    r"""Characters written as `\u` and four hexadecimal digits."""
    for found in re.finditer(r"\\u([0-9a-fA-F]{4})", text):
        meant = chr(int(found[1], 16))
        if meant.isspace() or meant.isprintable():
            yield Edit(*found.span(), " " if meant.isspace() else meant)


_INVISIBLE = re.compile(
    "(?<=[a-z])\xad[ \n]?(?=[a-z])|(?<!\\w)\xad|\xad(?!\\w)|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\ufeff]"
)


def invisible(text: str) -> Iterator[Edit]:
    """Characters that cannot be seen; a soft hyphen goes with the line break that it was for."""
    return _removed(_INVISIBLE, text)


def pmid(text: str) -> Iterator[Edit]:
    """The PMID that a text begins with."""
    return _removed(re.compile(r"\A\s*\d{7,8}\b[\s:.]*"), text)


_QUOTES = re.compile(r'\s*\n\s*"+\s*\Z|\A"{2,}|"{2,}\Z')


def quotes(text: str) -> Iterator[Edit]:
    """A last line of quotation marks alone, several at an end, and the one at an end that has no other."""
    if found := list(_QUOTES.finditer(text)):
        yield from (Edit(*each.span(), "") for each in found)
    elif text.count('"') == 1 and text.strip('"') != text:
        place = text.index('"')
        yield Edit(place, place + 1, "")


_DAMAGE = re.compile("\ufffd|(?<=[\\w(])\\?(?=\\w)")


def copies(text: str) -> Iterator[Edit]:
    """Lines whose letters and digits another, less damaged line has too."""
    spans = [found.span() for found in re.finditer(r"[^\n]+", text)]
    lines = [text[slice(*span)] for span in spans]
    folded = [re.sub("[^a-z0-9]", "", line.lower()) for line in lines]
    damage = [len(_DAMAGE.findall(line)) for line in lines]
    kept: list[int] = []
    for number in sorted(range(len(lines)), key=lambda number: (damage[number], number)):
        words, others = folded[number], [folded[other] for other in kept]
        if not words or not any(words in other if damage[number] else words == other for other in others):
            kept.append(number)
    for number in sorted(set(range(len(lines))).difference(kept)):
        start, end = spans[number]
        yield Edit(start, end + 1, "") if number < max(kept) else Edit(start - 1, end, "")


HEADINGS = (
    "(?>RESEARCH DESIGN AND METHODS|ABSTRACT|AIMS?|BACKGROUND|CONCLUSIONS?|DISCUSSION|FINDINGS|INTRODUCTION|METHODS?|"
    "OBJECTIVES?|PURPOSE|RESULTS)"
)
TITLES = "(?>Abstract|Aims?|Background|Conclusions?|Discussion|Introduction|Methods?|Objectives?|Results)"
_GLUED = {
    re.compile(rf"[.?!](?={HEADINGS}(?![a-z]))"): "\n",
    re.compile(r"[.?!](?<=[a-z0-9%)].)(?=[A-Z][A-Z ,&()/-]{2,40}[:/] )"): "\n",
    re.compile(rf"[\n.?!](?:(?<!\n) )?{HEADINGS}(?!S )(?=[A-Z][a-z]*[ ,-])"): " ",
    re.compile(r"[.?!]RESULTS(?=[A-Z]{2,} )"): " ",
    re.compile(rf"[\n.?!](?:(?<!\n) )?{TITLES}(?=[A-Z][a-z]+ )"): "\n",
    re.compile(r"[.?!](?<=[a-z]{4}.)(?=(?!Gov |Com |Org )(?:[A-Z][a-z]+|A)[\s,])"): " ",
}
"""What comes before the place where two things run into each other -> what separates them.

Each begins with characters of one set, of which `re` looks for the next much faster than it tries alternatives.
"""


def glued(text: str) -> Iterator[Edit]:
    """Headings without a space before or behind them, and sentences without one between them."""
    below = f"\n{text}"
    places = {
        found.end() - 1: between for pattern, between in reversed(_GLUED.items()) for found in pattern.finditer(below)
    }
    yield from (Edit(place, place, places[place]) for place in sorted(places))


_BREAK = r"[^\S\n]*\n[^\S\n]*"
_WRAPPED = re.compile(
    rf"(?<=[a-z]-)(?P<hyphen>{_BREAK})(?=[a-z])|(?<=[^\s.?!:;]){_BREAK}(?:(?=[a-z(\[])|(?<=[^\S\n])(?=\S))|(?<=[,(]){_BREAK}(?=\S)"
)


def lines(text: str) -> Iterator[Edit]:
    """Line breaks before a small letter or an indented line, unless a sentence or a list's item ends before them.

    A word that is divided there keeps its hyphen, which may be its own.
    """
    return (Edit(*found.span(), "" if found["hyphen"] else " ") for found in _WRAPPED.finditer(text))


_APART = re.compile(r"[^\S\n](?<=[\w)\]].)[^\S\n]*(?=[.,;](?:\s|\Z))(?!\. ?\.)")


def punctuation(text: str) -> Iterator[Edit]:
    """Spaces between a word and the comma, semicolon or full stop after it; not in dots that mark an omission."""
    return _removed(_APART, text)


_SPACES = re.compile(r"[^\S\n](?:[^\S\n]+|(?<=\n.)|(?<=\A.))")


def spaces(text: str) -> Iterator[Edit]:
    """More than one space in a row, and spaces that indent a line."""
    for start, end in (found.span() for found in _SPACES.finditer(text)):
        edge = text[start - 1 : start] in ("", "\n") or text[end : end + 1] in ("", "\n")
        yield Edit(start, end, "" if edge else " ")


def _removed(pattern: re.Pattern[str], text: str) -> Iterator[Edit]:
    return (Edit(*found.span(), "") for found in pattern.finditer(text))


FINDERS: dict[CleanUp, Finder] = {
    "entities": entities,
    "tags": tags,
    "mojibake": mojibake,
    "escapes": escapes,
    "invisible": invisible,
    "pmid": pmid,
    "quotes": quotes,
    "copies": copies,
    "glued": glued,
    "lines": lines,
    "punctuation": punctuation,
    "spaces": spaces,
}
"""The clean-ups in the order in which they are applied."""
