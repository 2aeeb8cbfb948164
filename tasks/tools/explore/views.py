"""A sample as a page shows it: its texts with marks, its items, and what models answered."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from medinst_eval.definitions import Definition
from medinst_eval.metrics.reading import canonical
from tasks.tools.explore.compare import EXTRA, Compared, compare
from tasks.tools.explore.explorer import Explorer, Row
from tasks.tools.explore.items import Item, Read, read
from tasks.tools.explore.mark import Mark, marked
from tasks.tools.explore.place import place
from tasks.tools.explore.search import terms

COLOURS = 8
"""Colours of the style sheet, `c0` to `c7`; further labels start again."""

AROUND = 90
"""Characters of a text that a list shows before a word searched for."""
SHOWN = 260
"""Characters of a text that a list shows."""


class Line(NamedTuple):
    """An item in the list beside a text.

    Attributes:
        names: what the marks of its texts carry, with spaces between.
        ends: the same, one by one.
        style: classes of its colour and status.
        found: whether all of its texts were found in the input.
    """

    names: str
    item: Item
    ends: tuple[str, ...]
    style: str
    status: str
    found: bool


class View(NamedTuple):
    """A text with its marks, and the items that they are of."""

    text: Markup
    lines: tuple[Line, ...]


class Answer(NamedTuple):
    """What one model answered.

    Attributes:
        marked: whether the text shows more than the list of its items: marks of ends have no status.
    """

    evaluation: str
    row: Row | None
    compared: Compared | None
    view: View | None
    marked: bool = False


def gold(definition: Definition | None, sample: Row, words: str) -> tuple[Read, View]:
    """The gold answer as the grammar reads it, and the input with its items."""
    found = read(definition.form, sample["output"]) if definition else Read((), plain=True)
    return found, _view(sample["input"], found.items, [""] * len(found.items), words)


def answer(explorer: Explorer, evaluation: str, definition: Definition | None, sample: Row) -> Answer:
    """A model's answer to a sample beside the gold one."""
    row = explorer.answered(evaluation, sample["task"], sample["id"])
    if row is None or definition is None:
        return Answer(evaluation, row, None, None)
    compared = compare(definition, row["prediction"], sample["output"])
    items = [each.item for each in compared.items]
    view = _view(sample["input"], items, [each.status for each in compared.items], "") if items else None
    return Answer(evaluation, row, compared, view, any(len(item.texts) == 1 for item in items))


def snippet(text: str, words: str) -> Markup:
    """The part of a text that a list shows, around the first word that was searched for."""
    places = _words(text, words)
    start = max(0, places[0].spans[0][0] - AROUND) if places else 0
    end = start + SHOWN
    cut = [
        Mark(tuple((a - start, min(b, end) - start) for a, b in mark.spans), style=mark.style)
        for mark in places
        if mark.spans[0][0] < end
    ]
    return Markup("{}{}{}").format("…" if start else "", marked(text[start:end], cut), "…" if end < len(text) else "")


def _words(text: str, words: str) -> list[Mark]:
    found = [Item((term,), "", (term,)) for term in terms(words)]
    marks: list[Mark] = []
    for item in found:
        ends = item._replace(texts=(item.texts[0], item.texts[0]))
        marks += [Mark(each.spans, style="q") for each in place([ends], text, exact=False) if each.text == 0]
    return sorted(marks, key=lambda mark: mark.spans)


def _view(text: str, items: Sequence[Item], statuses: Sequence[str], words: str) -> View:
    """A text with the marks of items: those of the gold answer, then those that only a model has."""
    names = _Names(items)
    extra = sum(status != EXTRA for status in statuses)
    placed = [*place(items[:extra], text)]
    placed += [each._replace(number=each.number + extra) for each in place(items[extra:], text, exact=False)]
    there = {(each.number, each.text) for each in placed}
    marks = {
        (each.spans, names.of(each.number, each.text)): Mark(
            each.spans,
            names.label(each.number, each.text),
            names.style(each.number, each.text, statuses[each.number]),
            names.of(each.number, each.text),
        )
        for each in reversed(placed)
    }
    lines = tuple(
        Line(
            " ".join(names.of(number, which) for which in range(len(item.texts))),
            item,
            tuple(names.of(number, which) for which in range(len(item.texts))),
            statuses[number] or names.style(number, 0, ""),
            statuses[number],
            all((number, which) in there for which in range(len(item.texts))),
        )
        for number, item in enumerate(items)
    )
    return View(marked(text, [*reversed(marks.values()), *_words(text, words)]), lines)


class _Names:
    """What the texts of items are called: mentions by the number of the item, ends of relations by a letter each."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        ends = dict.fromkeys(canonical(text) for item in items if len(item.texts) > 1 for text in item.texts)
        self._letters = {end: _letter(number) for number, end in enumerate(ends)}
        labels = dict.fromkeys(item.label for item in items if len(item.texts) == 1)
        self._colours = [*labels, *self._letters.values()]

    def of(self, number: int, which: int) -> str:
        """What a mark and the lines of its items have in common."""
        item = self._items[number]
        return str(number + 1) if len(item.texts) == 1 else self._letters[canonical(item.texts[which])]

    def label(self, number: int, which: int) -> str:
        """What stands behind a mark."""
        item = self._items[number]
        return item.label if len(item.texts) == 1 else self.of(number, which)

    def style(self, number: int, which: int, status: str) -> str:
        """The classes of a mark; an end may be one of several relations, so its mark has no status."""
        colour = f"c{self._colours.index(self.label(number, which)) % COLOURS}"
        return (status or colour) if len(self._items[number].texts) == 1 else colour


def _letter(number: int) -> str:
    return (_letter(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)
