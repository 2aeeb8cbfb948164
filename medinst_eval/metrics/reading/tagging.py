"""Tags of words: which tag an answer gives to each word of a text, and the entities that tags mark."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from rapidfuzz.distance import Indel

from medinst_eval.grammar.labels import Tag
from medinst_eval.metrics.reading import structured
from medinst_eval.metrics.reading.unwrap import unwrapped

_ASKED = re.compile(r"(?:\[\s{0,3}|<(?=[BIO]))([BIObio])(?:-[\w-]{1,40})?\s{0,3}[\]>]")
_BEHIND = re.compile(r"(?<=\S)(?:\s{0,3}[/|\t_]\s{0,3}|\s{1,3}\(|\s{1,3})([BIO])(?:-[\w-]{1,40})?\)?(?=[\s|,]|\Z)")
_ALONE = re.compile(r"[BIO](?:-[\w-]{1,40})?", re.IGNORECASE)
_ROW = re.compile(r"^[ \t]*\|[ \t]*|(?<![ \t])[ \t]*\|[ \t]*$", re.MULTILINE)
_WORD_KEYS = ("token", "word", "text")
_TAG_KEYS = ("tag", "label", "ner_tag")


def tags(answer: str, words: Sequence[str]) -> tuple[list[str | None], bool]:
    """The tag that an answer gives to each word of the text.

    As many tags as words are taken in their order, if at least half of them stand behind the word in that place; else
    words are found again by the alignment with the fewest insertions and deletions. Tags without brackets count where
    most of the words are found before them.

    Args:
        answer: the answer.
        words: the words of the text.

    Returns:
        B, I or O for each word, None for a word that has none in the answer, and whether any has one.
    """
    given = list(_before(_ASKED, answer))
    if _in_order(given, words):
        return [tag.tag for tag in given], True
    text = unwrapped(answer)
    if given := list(_before(_ASKED, text)):
        found = _aligned(given, words)
        return found, any(found)
    for way in (_of_values, _behind, lambda text: _alone(text, words)):
        found = _aligned(list(way(text)), words)
        if len(words) < 2 * sum(tag is not None for tag in found):
            return found, True
    return [None] * len(words), False


def _before(sign: re.Pattern[str], text: str) -> Iterator[Tag]:
    """The tags in a text, each with the word right before it."""
    end = 0
    for match in sign.finditer(text):
        before = text[end : match.start()].split()
        end = match.end()
        if before:
            yield Tag(before[-1].strip("*`") or before[-1], match.group(1).upper())


def _behind(text: str) -> Iterator[Tag]:
    return _before(_BEHIND, _ROW.sub("", text))


def _alone(text: str, words: Sequence[str]) -> list[Tag]:
    """Tags without words, if there are as many."""
    given = text.replace(",", " ").split()
    if len(given) != len(words) or not all(map(_ALONE.fullmatch, given)):
        return []
    return [Tag(word, tag[0].upper()) for word, tag in zip(words, given, strict=True)]


def _of_values(text: str) -> Iterator[Tag]:
    """The tags in JSON: pairs of word and tag, or objects with both."""
    waiting: list[Any] = structured.values(text)[::-1]
    while waiting:
        match waiting.pop():
            case [str(word), str(tag)] if _ALONE.fullmatch(tag):
                yield Tag(word, tag[0].upper())
            case dict(value):
                pair = [next((value[key] for key in keys if key in value), None) for keys in (_WORD_KEYS, _TAG_KEYS)]
                waiting += [pair] if None not in pair else reversed(list(value.values()))
            case [*values]:
                waiting += reversed(values)


def _in_order(given: Sequence[Tag], words: Sequence[str]) -> bool:
    """Whether there is a tag for each word, and at least half of them stand behind it."""
    if len(given) != len(words):
        return False
    return 2 * sum(_plain(tag.word) == _plain(word) for tag, word in zip(given, words, strict=True)) >= len(words)


def _plain(word: str) -> str:
    return word.lower().strip("*`[]") or word


def _aligned(given: Sequence[Tag], words: Sequence[str]) -> list[str | None]:
    if _in_order(given, words):
        return [tag.tag for tag in given]
    found: list[str | None] = [None] * len(words)
    for block in Indel.opcodes([_plain(tag.word) for tag in given], list(map(_plain, words))) if given else ():
        if block.tag == "equal":
            for offset in range(block.src_end - block.src_start):
                found[block.dest_start + offset] = given[block.src_start + offset].tag
    return found


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
