"""The items of answers one by one, and what of an item can be known from training: its mention, concept, relation."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple, TypeAlias

import polars as pl

from medinst_eval.definitions import Definition
from medinst_eval.grammar import answers
from medinst_eval.metrics import reading
from tasks.base.store.hashing import halves

Item: TypeAlias = tuple[str, ...]


class Known(NamedTuple):
    """What of the items of one answer form can be known from training.

    Attributes:
        what: in words; forms with the same words share a vocabulary.
        name: from an item to it.
    """

    what: str
    name: Callable[[Item], str]


KNOWN = {
    "entities": Known("mention", lambda item: item[0]),
    "mentions": Known("mention", lambda item: item[0]),
    "tags": Known("mention", lambda item: item[-1]),
    "concepts": Known("concept", lambda item: item[-1]),
    "relations": Known("relation with its ends", "\x1f".join),
    "events": Known("event with its trigger", lambda item: "\x1f".join(item[:2])),
}
"""By the kind of a task's strict metric; tasks of other kinds have no items of their own."""

_FORMS = {
    "entities": answers.Entities(),
    "mentions": answers.Mentions(),
    "concepts": answers.Concepts(),
    "events": answers.Events(),
}


def itemised(task: Definition) -> str | None:
    """The kind of a task's items; None where its answers are not lists of items."""
    return task.form if task.form in KNOWN else None


def items(task: Definition, predicted: Sequence[str], gold: Sequence[str]) -> tuple[list[list[Item]], list[list[Item]]]:
    """The items of predictions and of gold answers, as the strict metric compares them.

    Args:
        task: a task with items.
        predicted: the predictions.
        gold: the gold answers.
    """
    own = itemised(task)
    if own == "tags":
        right = [answers.Tags().parse(" ".join(text.split())) for text in gold]
        words = [[tag.word for tag in tags] for tags in right]
        given = [reading.tags(text, these)[0] for text, these in zip(predicted, words, strict=True)]
        both = given, [[tag.tag for tag in tags] for tags in right]
        found, wanted = ([_spans(*pair) for pair in zip(side, words, strict=True)] for side in both)
        return found, wanted
    read = (
        partial(reading.relations, task.symmetric) if own == "relations" else partial(reading.items, _FORMS[str(own)])
    )
    found, wanted = ([list(read(text, names=task.labels)[0]) for text in side] for side in (predicted, gold))
    return found, wanted


def _spans(tags: Sequence[str | None], words: Sequence[str]) -> list[Item]:
    """Tagged spans: where each starts and ends, and its words."""
    return [
        (str(start), str(end), reading.canonical(" ".join(words[start:end])))
        for start, end in sorted(reading.spans(tags))
    ]


def keys(task: Definition, found: Iterable[Item]) -> pl.Series:
    """What is known of items, as numbers to look up in a vocabulary."""
    known = KNOWN[str(itemised(task))]
    names = pl.Series("name", [f"{known.what}\x1f{known.name(item)}" for item in found], dtype=pl.String)
    return names.to_frame().select(halves(pl.col("name")).struct.field("high")).to_series()
