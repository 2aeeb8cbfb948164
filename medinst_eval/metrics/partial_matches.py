"""Partial matches of entities, in the four ways of SemEval 2013, task 9.1, which nervaluate made common.

    strict    boundaries and type are right
    exact     boundaries are right, whatever the type
    partial   right boundaries count 1, an overlap counts 1/2, whatever the type
    type      the type is right, and the mention overlaps with the right one

Each is the F1 of all entities of all samples. Tags have places: there the numbers are nervaluate's own. Items of a list
have none: there two mentions overlap if they could lie over each other in a text, which is if the words of one stand
together in the other, or if the last words of one are the first of the other.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from medinst_eval.metrics.statistics import Metric, micro_f1

Span: TypeAlias = tuple[int, int]
"""A half-open range of words."""

Pair: TypeAlias = tuple[str, ...]
"""A mention and its type."""

_WORD = re.compile(r"\w+|[^\w\s]")
_LEAST = 0.01
"""Share of the right entity that an overlap must have, as nervaluate takes it by default."""
_MOST = 1000
"""Mentions of one answer, beside those that are right, that are looked at for overlaps."""


class Credit(NamedTuple):
    """What the entities of one sample are worth in each way: what is right of how many that are given and sought."""

    type: float
    partial: float
    exact: float
    strict: float
    given: int
    sought: int


WAYS = ("type", "partial", "exact", "strict")
"""The ways of matching, in the order of their metrics."""


def metrics(credits: Sequence[Credit]) -> list[Metric]:
    """The F1 of a task in each way, from the credit of each sample."""
    return [
        micro_f1(f"{way} F1", [(getattr(credit, way), credit.given, credit.sought) for credit in credits])
        for way in WAYS
    ]


def _all_of(count: int) -> Credit:
    return Credit(count, count, count, count, count, count)


# By places


def of_spans(predicted: Iterable[Span], gold: Iterable[Span]) -> Credit:
    """What tagged entities of one type are worth; each takes the first right one that is left and fits best.

    Args:
        predicted: the entities that an answer tags.
        gold: the right ones.
    """
    given, right = sorted(predicted), sorted(gold)
    if given == right:
        return _all_of(len(right))
    equal, near = _in_order(given, right)
    return Credit(_closest(given, right), equal + near / 2, equal, equal, len(given), len(right))


def _in_order(given: Sequence[Span], right: Sequence[Span]) -> tuple[int, int]:
    """How many have the place of a right one, and how many but overlap with one that is left."""
    left = list(right)
    equal = near = 0
    for span in given:
        found = span if span in left else next((each for each in left if _overlap(span, each)), None)
        if found is not None:
            left.remove(found)
            equal += found == span
            near += found != span
    return equal, near


def _closest(given: Sequence[Span], right: Sequence[Span]) -> int:
    """How many overlap with a right one that is left, each taking that with the closest boundaries."""
    left = list(right)
    for span in given:
        over = [each for each in left if _overlap(span, each)]
        if over:
            left.remove(min(over, key=lambda each: abs(span[0] - each[0]) + abs(span[1] - each[1])))
    return len(right) - len(left)


def _overlap(one: Span, right: Span) -> bool:
    common = min(one[1], right[1]) - max(one[0], right[0])
    return common > 0 and common >= _LEAST * (right[1] - right[0])


# By texts


def of_items(predicted: Sequence[Pair], gold: Sequence[Pair]) -> Credit:
    """What listed entities are worth.

    Equal ones are paired first. Of what is left, mentions that overlap are paired, those with the most common words
    first, then in the order of the lists; for `type` within each type.

    Args:
        predicted: mentions and types in canonical form, as an answer lists them.
        gold: the right ones.
    """
    if predicted == gold:
        return _all_of(len(gold))
    strict = (Counter(predicted) & Counter(gold)).total()
    equal, near = _paired((mention for mention, *_ in predicted), (mention for mention, *_ in gold))
    types: defaultdict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, items in enumerate((predicted, gold)):
        for mention, *type_ in items:
            types["".join(type_)][side].append(mention)
    typed = sum(sum(_paired(*sides)) for sides in types.values() if all(sides))
    return Credit(typed, equal + near / 2, equal, strict, len(predicted), len(gold))


def _paired(predicted: Iterable[str], gold: Iterable[str]) -> tuple[int, int]:
    """How many mentions are equal, and how many of the others overlap."""
    given, right = Counter(predicted), Counter(gold)
    common = given & right
    return common.total(), _near(list((given - common).elements()), list((right - common).elements()))


def _near(given: Sequence[str], right: Sequence[str]) -> int:
    if not given or not right:
        return 0
    links = sorted(_links(given[:_MOST], right))
    taken: tuple[set[int], set[int]] = (set(), set())
    for _, one, other in links:
        if one not in taken[0] and other not in taken[1]:
            taken[0].add(one)
            taken[1].add(other)
    return len(taken[0])


def _links(given: Sequence[str], right: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Pairs of mentions that overlap: minus the number of common words, and the two places."""
    holding: defaultdict[str, list[int]] = defaultdict(list)
    for place, mention in enumerate(right):
        for word in set(words(mention)):
            holding[word].append(place)
    for one, mention in enumerate(given):
        said = words(mention)
        for other in sorted({place for word in said for place in holding.get(word, ())}):
            if common := overlapping(said, words(right[other])):
                yield -common, one, other


@lru_cache(maxsize=100_000)
def words(mention: str) -> tuple[str, ...]:
    """The words and signs of a mention."""
    return tuple(_WORD.findall(mention))


def overlapping(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words two mentions have in common where they lie over each other; 0 where they cannot.

    Args:
        one: the words of a mention.
        other: those of another.
    """
    short, long = sorted((tuple(one), tuple(other)), key=len)
    if any(long[place : place + len(short)] == short for place in range(len(long) - len(short) + 1)):
        return len(short)
    for size in range(len(short) - 1, 0, -1):
        if short[-size:] == long[:size] or long[-size:] == short[:size]:
            return size
    return 0
