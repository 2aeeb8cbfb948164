"""A model's answer beside the gold answer: what is right, what is missing, what is too much, and what it is worth."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from medinst_eval.definitions import Definition
from medinst_eval.metrics import overlap, reading, strict
from tasks.tools.explore.items import FORMS, Item, directed, of_texts, read, tagged

HIT, MISS, EXTRA = "hit", "miss", "extra"


class Judged(NamedTuple):
    """An item, and whether it is a `hit`, a `miss` (only in the gold answer) or an `extra` (only in the model's)."""

    item: Item
    status: str


class Compared(NamedTuple):
    """An answer beside the gold one.

    Attributes:
        items: those of the gold answer in its order, then the extras; none of a plain answer.
        unread: parts of the answer that cannot be read as an item.
        understood: what was read of a plain answer, where that differs from what was written.
    """

    items: tuple[Judged, ...]
    unread: tuple[str, ...] = ()
    understood: str = ""

    def count(self, status: str) -> int:
        """How many items have a status."""
        return sum(each.status == status for each in self.items)


def compare(definition: Definition, predicted: str, gold: str) -> Compared:
    """Compare the items of two answers, read as the strict metrics read them."""
    wanted = [directed(definition, item) for item in read(definition.form, gold).items]
    if definition.form not in FORMS:
        return Compared((), understood=_understood(definition, predicted, gold))
    given = _given(definition, predicted, gold, wanted)
    found = [item for item in given if item.key[:1] != (reading.UNREAD,)]
    left = Counter(item.key for item in found)
    judged = [Judged(item, HIT if _taken(left, item.key) else MISS) for item in wanted]
    extras = [Judged(item, EXTRA) for item in reversed(found) if _taken(left, item.key)]
    unread = tuple(item.key[1] for item in given if item.key[:1] == (reading.UNREAD,))
    return Compared((*judged, *reversed(extras)), unread)


def _taken(left: Counter[tuple[str, ...]], key: tuple[str, ...]) -> bool:
    left[key] -= 1
    return left[key] >= 0


def _given(definition: Definition, predicted: str, gold: str, wanted: Sequence[Item]) -> list[Item]:
    """The items of a model's answer; texts are in canonical form."""
    if definition.form == "tags":
        words = [tag.word for tag in FORMS["tags"].parse(" ".join(gold.split()))]
        return tagged(words, reading.tags(predicted, words)[0])
    form = FORMS[definition.form]
    names = reading.names_of(form, [[item.key for item in wanted]], definition.told)  # pyright: ignore[reportArgumentType]
    found, _ = reading.items(form, predicted, names)
    return [directed(definition, _of_key(definition.form, key)) for key in found]


def _of_key(form: str, key: tuple[str, ...]) -> Item:
    return Item((), "", key) if key[:1] == (reading.UNREAD,) else of_texts(form, key)


def _understood(definition: Definition, predicted: str, gold: str) -> str:
    """What a plain answer is read as."""
    known = frozenset([*map(reading.bare, definition.labels), reading.bare(gold)])
    ways = {
        "label": lambda: reading.label(predicted, known) or "",
        "list": lambda: ", ".join(reading.several(predicted, frozenset(definition.labels))[0]),
        "score": lambda: "" if (found := reading.number(predicted)) is None else f"{found:g}",
        "exact": lambda: reading.exact(predicted),
    }
    way = ways.get(definition.strict)
    return "" if way is None else way()


def worths(definition: Definition, predicted: Sequence[str], gold: Sequence[str]) -> list[tuple[float, bool]]:
    """What each answer is worth alone, from 0 to 1, and whether it could be read.

    It is the task's main strict metric on that sample: F1 of the items, 1 or 0 for a label, ROUGE-L of a text. Of
    scores it is 1 minus the error over 5.
    """
    if definition.strict == "text":
        return [
            (overlap.rouge_l(reading.text(one), other), bool(one.strip()))
            for one, other in zip(predicted, gold, strict=True)
        ]
    if definition.strict == "score":
        numbers = [reading.number(text) for text in predicted]
        return [
            (0.0 if one is None else max(0.0, 1 - abs(one - float(other)) / 5), one is not None)
            for one, other in zip(numbers, gold, strict=True)
        ]
    found = strict.METRICS[definition.strict](predicted, gold, definition.told)
    metric = found.metrics[0] if definition.strict != "label" else found.metrics[1]
    values = metric.combine(metric.parts)
    said = np.any(metric.parts, axis=1).tolist()
    return [
        (float(value) if any_ else float(able), able)
        for value, any_, able in zip(values, said, found.read, strict=True)
    ]
