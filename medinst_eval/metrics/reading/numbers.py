"""Scores from 0 to 5 in free text."""

import re
import unicodedata

from medinst_eval.metrics.reading.short import named
from medinst_eval.metrics.reading.texts import QUOTES, canonical, without_references
from medinst_eval.metrics.reading.unwrap import unwrapped

_NUMBER = re.compile(r"(?<![\w.,/])-?\d{1,20}(?:\.\d{1,20})?(?!\.?[\w%])")
_WORDS = {"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
_WORD = re.compile(r"\b(?:zero|one|two|three|four|five)\b")
_SCALED = re.compile(r"(?<![\w.])(\d{1,20}(?:\.\d{1,20})?)\s{0,3}(?:/|out of|of)\s{0,3}5(?:\.0{1,9})?\b")
_SCALE = re.compile(r"(?<![\w.])0\s{0,2}(?:to|-|–|—|and)\s{0,2}5\b")
_OTHERS = re.compile(
    r"\b(?:sentence|text|term|statement|question)s? [12ab](?:\s{0,2}(?:and|&|,)\s{0,2}[12ab])?\b"
    r"(?!\s{0,3}(?:/|(?:out )?of)\s{0,3}5)"
)
_RANGE = re.compile(r"\d\s{0,2}(?:-|–|—|to|or|and|/)\s{0,2}\d")
_JUDGED = re.compile(r"\b(?:answer|label|score|rating|similarity|value|rate|them|this|as|is|a|of|at|be)\b[\s:=*\"(→]*$")
_ALONE = re.compile(r"\W{0,3}\s*(?:;|[-–—:.(,]|$)")
_WINDOW = 30
"""Characters before a number that say what it is."""


def number(answer: str) -> float | None:
    """The score from 0 to 5 that an answer states.

    It is its only number, that before `out of 5`, that which begins it, or that after `score is` and the like; a range
    states none, and the scale itself is no score.
    """
    text = _stated(answer)
    if (scaled := set(_SCALED.findall(text))) and len(scaled) == 1:
        return _in_range(scaled.pop())
    found = list(_NUMBER.finditer(text))
    if not found or _RANGE.search(text):
        return None
    if len({match.group() for match in found}) == 1 or _begins(found[0], text):
        return _in_range(found[0].group())
    judged = [match for match in found if _JUDGED.search(text, max(0, match.start() - _WINDOW), match.start())]
    return _in_range(judged[-1].group()) if judged else None


def _stated(answer: str) -> str:
    """An answer in one line, without the scale and the numbers of what is rated; number words as digits."""
    text = unicodedata.normalize("NFKC", unwrapped(answer))
    if _NUMBER.search(without := without_references(text)):
        text = without
    text = _SCALE.sub(" ", canonical("\n".join(named(text)) or text.replace("\n", " ; ")))
    if not _NUMBER.search(text):
        text = _WORD.sub(lambda word: _WORDS[word.group()], text)
    return _OTHERS.sub(" ", text)


def _begins(first: re.Match[str], text: str) -> bool:
    return not text[: first.start()].strip(QUOTES + " ") and _ALONE.match(text, first.end()) is not None


def _in_range(text: str) -> float | None:
    value = float(text)
    return value if 0 <= value <= 5 else None
