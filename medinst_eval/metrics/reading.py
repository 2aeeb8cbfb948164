r"""Reading the answers of language models: what can be understood, by rules that keep different answers apart.

A model's answer is read by the grammar that the instruction asked for (`medinst_eval/grammar/answers.py`), but nothing
is lost because something else is wrong: prose around items is skipped, an open bracket takes nothing with it. What
cannot be understood is `None` or stays as an item that equals no gold item; it never becomes an empty list.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rapidfuzz.distance import Indel

from medinst_eval.grammar.answers import Form, Relations
from medinst_eval.grammar.brackets import NOTHING, Unparsable
from medinst_eval.grammar.labels import Tag

_QUOTES = "\"'`“”‘’*"
_TAGGED = re.compile(r"(\S+?)\s*\[([BIO])\]", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?!\.?\w)")
_VERDICT = re.compile(r"\b(?:answer|label|score|rating|similarity)\b(?:\s+is|\s*[:=])+\s*")
_SCALE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:/|out of)\s*5\b")


def canonical(text: str) -> str:
    """A text for comparison: composed characters, without case, single spaces; signs such as + and - stay."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def bare(text: str) -> str:
    """A short answer without what people put around it: quotes, emphasis, a full stop at its end."""
    return canonical(text).strip(_QUOTES + " ").removesuffix(".").strip(_QUOTES + " ")


def items(form: Form[Any], answer: str) -> tuple[list[tuple[str, ...]], bool]:
    """The bracketed items of an answer.

    Args:
        form: the form that reads one item.
        answer: the answer.

    Returns:
        the items in canonical form, and whether the answer could be read at all. What stands in brackets and is no
        item is kept as a text of its own.
    """
    if not answer.strip():
        return [], False
    found = [_item(form, inner) for inner in _brackets(answer)]
    return found, bool(found) or bare(answer) == NOTHING


def _item(form: Form[Any], inner: str) -> tuple[str, ...]:
    try:
        (label,) = form.parse(f"[{inner}]")
    except (Unparsable, ValueError):
        return ("unread", inner)
    return (canonical(label),) if isinstance(label, str) else tuple(canonical(text) for text in label)


def relations(symmetric: Sequence[str], answer: str) -> tuple[list[tuple[str, ...]], bool]:
    """The relations of an answer, as `items` gives them; the ends of a symmetric one in an order of their own."""
    undirected = {canonical(name) for name in symmetric}
    found, read = items(Relations(), answer)
    return [_undirected(item) if len(item) == 3 and item[1] in undirected else item for item in found], read


def _undirected(item: tuple[str, ...]) -> tuple[str, ...]:
    first, name, second = item
    return (min(first, second), name, max(first, second))


def _brackets(answer: str) -> Iterator[str]:
    """The contents of the outermost brackets that are closed; one that never is takes nothing with it."""
    signs = [(match.start(), match.group()) for match in re.finditer(r"\\.|[\[\]]", answer, re.DOTALL)]
    closing: dict[int, int] = {}
    opened: list[int] = []
    for place, sign in signs:
        if sign == "[":
            opened.append(place)
        elif sign == "]" and opened:
            closing[opened.pop()] = place
    end = -1
    for start in sorted(closing):
        if start > end:
            end = closing[start]
            yield answer[start + 1 : end]


def tags(answer: str, words: Sequence[str]) -> tuple[list[str | None], bool]:
    """The tag that an answer gives to each word of the text.

    As many tags as words are taken in their order; else words are found again by the alignment with the fewest
    insertions and deletions.

    Args:
        answer: the answer.
        words: the words of the text.

    Returns:
        B, I or O for each word, None for a word that has none in the answer, and whether there was any.
    """
    given = [Tag(word, tag.upper()) for word, tag in _TAGGED.findall(answer)]
    if len(given) == len(words):
        return [tag.tag for tag in given], bool(given)
    found: list[str | None] = [None] * len(words)
    for block in Indel.opcodes([tag.word for tag in given], list(words)):
        if block.tag == "equal":
            for offset in range(block.src_end - block.src_start):
                found[block.dest_start + offset] = given[block.src_start + offset].tag
    return found, bool(given)


def spans(sequence: Sequence[str | None]) -> set[tuple[int, int]]:
    """The entities that tags mark, as half-open ranges of words; an I after an O begins one."""
    found: set[tuple[int, int]] = set()
    start: int | None = None
    for place, tag in enumerate([*sequence, None]):
        if start is not None and tag != "I":
            found.add((start, place))
            start = None
        if tag == "B" or (tag == "I" and start is None):
            start = place
    return found


def label(answer: str, labels: Iterable[str]) -> str | None:
    """The label that an answer chooses: the whole of it, its beginning, or what follows `the answer is`.

    Args:
        answer: the answer.
        labels: the labels to choose from.

    Returns:
        the label in canonical form; None where there is none, or more than one.
    """
    known = sorted({bare(each) for each in labels}, key=len, reverse=True)
    whole = bare(answer)
    if whole in known:
        return whole
    text = canonical(answer)
    for place in [match.end() for match in reversed(list(_VERDICT.finditer(text)))] + [0]:
        rest = text[place:].lstrip(_QUOTES + " ([<")
        for each in known:
            if rest.startswith(each) and not rest[len(each) : len(each) + 1].isalnum():
                return each if _only(rest, each, known) else None
    return None


def _only(text: str, chosen: str, known: Sequence[str]) -> bool:
    """Whether no other label stands right behind the chosen one (`yes or no`)."""
    behind = re.match(r"[\s,/|]*(?:or|and|,|/|\|)\s*", text[len(chosen) :])
    return behind is None or not any(text[len(chosen) + behind.end() :].startswith(each) for each in known)


def several(answer: str) -> tuple[list[str], bool]:
    """The labels between the commas or lines of an answer, in canonical form, and whether there is any."""
    found = [bare(part) for part in re.split(r",|;|\n", answer)]
    return [each for each in found if each], bool(answer.strip())


def number(answer: str) -> float | None:
    """The score from 0 to 5 that an answer states: its only number, or that before `out of 5` or after `score is`."""
    text = canonical(answer)
    if (scaled := _SCALE.findall(text)) and len(set(scaled)) == 1:
        return _in_range(scaled[0])
    if (found := set(_NUMBER.findall(text))) and len(found) == 1:
        return _in_range(found.pop())
    for match in reversed(list(_VERDICT.finditer(text))):
        if behind := _NUMBER.match(text, match.end()):
            return _in_range(behind.group())
    return None


def _in_range(text: str) -> float | None:
    value = float(text)
    return value if 0 <= value <= 5 else None
