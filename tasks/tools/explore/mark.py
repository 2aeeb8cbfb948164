"""A text with marks, as HTML: nested and crossing ones, parts of one mention, words that were searched for."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape


class Mark(NamedTuple):
    """Something marked in a text.

    Attributes:
        spans: half-open ranges of characters; several are parts of one mention.
        label: what is written behind the last of them; empty: nothing.
        style: classes of the style sheet.
        item: the number of the item in the list beside the text; empty: there is none.
    """

    spans: tuple[tuple[int, int], ...]
    label: str = ""
    style: str = ""
    item: str = ""


class _Part(NamedTuple):
    """One span of a mark; `number` is its place in the order of all, `last` says that none of its mark follows."""

    start: int
    end: int
    number: int
    mark: Mark
    last: bool


def marked(text: str, marks: Sequence[Mark]) -> Markup:
    """A text with its marks. Marks that cross each other are cut at the crossing, so that elements always nest."""
    spans = [
        (start, end, mark, number == len(mark.spans) - 1)
        for mark in marks
        for number, (start, end) in enumerate(mark.spans)
        if start < end
    ]
    spans.sort(key=lambda span: (span[0], -span[1]))
    parts = [_Part(start, end, number, mark, last) for number, (start, end, mark, last) in enumerate(spans)]
    return Markup("").join(_pieces(text, parts))


def _pieces(text: str, parts: Sequence[_Part]) -> Iterator[Markup]:
    """The text between two bounds, and what closes and opens there: always the same parts in the same order."""
    bounds = sorted({0, len(text), *(bound for part in parts for bound in (part.start, part.end))})
    stack: list[_Part] = []
    following = 0
    for bound, end in zip(bounds, [*bounds[1:], len(text)], strict=True):
        kept = next((depth for depth, part in enumerate(stack) if part.end <= bound), len(stack))
        reopened = [part for part in stack[kept:] if part.end > bound]
        for part in reversed(stack[kept:]):
            yield _closed(part, bound)
        del stack[kept:]
        while following < len(parts) and parts[following].start == bound:
            reopened.append(parts[following])
            following += 1
        for part in reopened:
            yield _opened(part)
            stack.append(part)
        yield escape(text[bound:end])


def _opened(part: _Part) -> Markup:
    mark = part.mark
    split = " split" if len(mark.spans) > 1 else ""
    item = Markup(' data-item="{}"').format(mark.item) if mark.item else Markup("")
    return Markup('<mark class="{}{}"{}>').format(mark.style, split, item)


def _closed(part: _Part, bound: int) -> Markup:
    label = part.mark.label
    if not label or part.end > bound:
        return Markup("</mark>")
    if not part.last:
        return Markup('<span class="tag" aria-hidden="true">…</span></mark>')
    return Markup('<span class="tag">{}</span></mark>').format(label)
