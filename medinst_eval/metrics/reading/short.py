"""Short answers of an open set, and free text: without what leads to them and what explains them."""

import re
from collections.abc import Iterator
from typing import Any

from medinst_eval.metrics.reading import structured
from medinst_eval.metrics.reading.texts import QUOTES, bare, unlisted, without_references
from medinst_eval.metrics.reading.unwrap import unwrapped, without_asides

_KEYS = """
    answer final_answer label labels prediction class category classification score rating similarity verdict output
    result response choice sentiment summary translation text
""".split()  # noqa: SIM905  one a line is a page of it

_LEAD = re.compile(
    r"(?:sure\W{0,3})?here(?:'s| is| are)\b[^:\n]{0,60}:\s*"
    r"|(?:tl;dr|summary|translation|answer|result|output|response)(?:\W{0,4}:\W{0,3}|\W{0,4}\n)\s*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"^(?:the|this|her|his|my) (?:[\w'-]+ ){0,3}?(?:most|best|likely|likeliest|correct|next|appropriate)[\w ,'-]{0,60}?"
    r"\b(?:is|would be)(?: to)?\b:?\s+",
    re.IGNORECASE,
)
_VERDICT = re.compile(
    r"(?<!\bthis )(?<!\bthat )(?<!\beach )\b(?:answer|diagnosis|option|choice)\b[\s*]*(?:\bis\b[\s*]*[:=]?|[:=])[\s*]*",
    re.IGNORECASE,
)
_OPTION = re.compile(r"^(?:[Oo]ption\s+)?(?:\(?[A-Ja-j]\)\s*|[A-J][.:]\s+(?=[A-Z0-9*]))")
_LETTER = re.compile(r"\s*\((?:(?:option|choice|answer)\s*)?[A-J]\)\W{0,3}$", re.IGNORECASE)
_BECAUSE = re.compile(r",?\s+(?:because|since|given|which|as (?:it|the|this))\b.*", re.IGNORECASE | re.DOTALL)
_HEDGED = re.compile(r"^(?:either|it (?:could|might|may) be)\b", re.IGNORECASE)
_LONGEST = 2000
"""Characters of a line in which an answer is looked for."""


def named(text: str) -> Iterator[str]:
    """The answers in the objects and lists of JSON, if an answer is written so: what stands under `answer`, say.

    Numbers in brackets that no key names are references or intervals: `Yes [1]`, `95% CI [0.7, 1.1]`.
    """
    waiting: list[tuple[Any, bool]] = [(value, False) for value in structured.values(text)[::-1]]
    while waiting:
        value, keyed = waiting.pop()
        if isinstance(value, dict):
            lowered = {str(key).lower().replace(" ", "_"): each for key, each in value.items()}
            waiting += [(lowered[key], True) for key in _KEYS if key in lowered][:1]
        elif isinstance(value, list):
            waiting += [(each, keyed) for each in reversed(value)]
        elif isinstance(value, str) or (keyed and isinstance(value, int | float)):
            yield str(value)


def exact(answer: str) -> str:
    """An answer of an open set as it is compared; empty where there is none, or the choice is left open."""
    text = unwrapped(answer)
    text = "\n".join(named(text)) or without_asides(without_references(text))
    place = max((match.end() for match in _VERDICT.finditer(text)), default=0)
    line = (text[place:] if place else text).strip(" \n" + QUOTES).split("\n\n", 1)[0][:_LONGEST]
    if place:
        line = _BECAUSE.sub("", line.split("\n", 1)[0])
    line = unlisted(_SENTENCE.sub("", line))[0].strip(QUOTES + " ")
    for aside in (_OPTION, _LETTER):
        line = aside.sub("", line, count=1) or line
    return "" if _HEDGED.match(line) else bare(line)


def text(answer: str) -> str:
    """A free text without thoughts, tags, fences and a word such as `Summary:` before it."""
    found = unwrapped(answer)
    if found[:1] in ("{", "["):
        found = "\n".join(named(found)) or found
    if match := _LEAD.match(found.lstrip("*# ")):
        found = found.lstrip("*# ")[match.end() :]
    quoted = len(found) > 2 and found[0] in QUOTES and found[-1] in QUOTES and found[0] not in found[1:-1]
    return found[1:-1] if quoted else found
