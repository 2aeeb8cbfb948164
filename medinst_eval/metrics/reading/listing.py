"""Items of a list: in the brackets that were asked for, as JSON, or one a line."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, TypeAlias

from medinst_eval.grammar.answers import Form, Relations
from medinst_eval.grammar.brackets import Unparsable
from medinst_eval.metrics.reading.objects import by_roles, empty, in_values
from medinst_eval.metrics.reading.shapes import UNREAD, Item, Shape, shape_of
from medinst_eval.metrics.reading.texts import canonical, nothing, unlisted
from medinst_eval.metrics.reading.unwrap import concluded, unwrapped, without_asides

Found: TypeAlias = tuple[list[Item], bool]
"""Items in canonical form, and whether an answer could be read at all."""

_RELATIONS = Relations()
_SIGNS = re.compile(r"\\.|[\[\]]", re.DOTALL)
_ESCAPED = re.compile(r"\\(?=[\[\]<>])")
_OUTSIDE = re.compile(r"\]\s{0,3}(<[^<>\[\]]{1,80}>|\([^()\[\]]{1,80}\))")
_BETWEEN = re.compile(r"(?<=[>)])\s{0,9}[,;]\s{0,9}(?=[\w<(\"'*“`])|\s{0,9};\s{1,9}")
_QUOTED = re.compile(r"[\"“„«`]([^\"“”„«»`\n]{1,100})[\"”“»`]")
_TALK = re.compile(r"\b(?:i|i'm|sorry|unable|cannot|can't|not|is|are|was|were|there|please|you)\b", re.IGNORECASE)
_CITED = re.compile(r"[\d\s,–-]*")
_RULE = re.compile(r"[|\s:-]+")
_LONGEST = 300
"""Characters of an answer that has only words."""
_NESTED = 3
"""Levels of brackets: a list of lists of items has three."""


def items(form: Form[Any], answer: str, names: Collection[str] = ()) -> Found:
    """The items of an answer.

    Args:
        form: the form that was asked for.
        answer: the answer.
        names: the types, databases, relations or event types that an item may have. Only items that are written in
            another form than that asked for need them: `aspirin (chemical)`.

    Returns:
        the items in canonical form, and whether the answer could be read at all. What stands in the place of an item
        and is none is kept as one that equals no other.
    """
    shape = shape_of(form, names)
    whole = answer.strip()
    if not whole:
        return [], False
    try:
        labels = form.parse(whole)
    except (Unparsable, ValueError):
        return _lenient(shape, whole)
    if any(map(shape.suspect, labels)):
        return _lenient(shape, whole)
    return [shape.cleaned(label) for label in labels], True


def names_of(form: Form[Any], lists: Iterable[Sequence[Item]], declared: Iterable[str]) -> frozenset[str]:
    """The names that an item may have: those that are declared, and those of gold items.

    Args:
        form: the form of the items.
        lists: gold items.
        declared: types, databases, relations or event types.
    """
    named = shape_of(form, ()).named
    used = {item[named].partition("/")[0] for items in lists for item in items} if named is not None else set()
    return frozenset({canonical(name) for name in declared} | used)


def relations(symmetric: Sequence[str], answer: str, names: Collection[str] = ()) -> Found:
    """The relations of an answer, as `items` gives them; the ends of a symmetric one in an order of their own."""
    undirected = {canonical(name) for name in symmetric}
    found, read = items(_RELATIONS, answer, names or symmetric)
    return [_undirected(item) if len(item) == 3 and item[1] in undirected else item for item in found], read


def _undirected(item: Item) -> Item:
    first, name, second = item
    return (min(first, second), name, max(first, second))


def _lenient(shape: Shape, answer: str) -> Found:
    text = unwrapped(answer)
    for part in dict.fromkeys((concluded(text), text)):
        for way in (in_values, _of_brackets, _of_lines, _of_words):
            found = way(shape, without_asides(part))
            if any(item[0] != UNREAD for item in found):
                return found, True
        if nothing(part) or empty(part):
            return [], True
    return (found, True) if (found := _of_brackets(shape, text)) else ([], False)


def _of_brackets(shape: Shape, text: str) -> list[Item]:
    """The items in brackets; prose between them is skipped, one that never closes takes nothing with it."""
    if "[" not in _ESCAPED.sub("", text):
        return []
    plain = text if re.search(r"(?<!\\)\[", text) else _ESCAPED.sub("", text)
    found = list(_opened(shape, plain, _NESTED))
    if any(item[0] != UNREAD for item in found):
        return found
    if shape.outside:
        return list(_opened(shape, _OUTSIDE.sub(r" \1]", plain), _NESTED))
    return shape.in_threes(list(brackets(plain))) or found


def _opened(shape: Shape, text: str, levels: int) -> Iterator[Item]:
    """The items in the outermost brackets, and in those within them where they hold nothing but items."""
    for inner in brackets(text):
        item = shape.of_text(inner)
        if levels > 1 and inner.lstrip().startswith("[") and (item is None or _is_list(inner)):
            deeper = list(_opened(shape, inner, levels - 1))
            yield from deeper if deeper or item is None else [item]
        elif several := _several(shape, inner):
            yield from several
        elif item is not None:
            yield item
        elif inner.strip() and not _CITED.fullmatch(inner):
            yield (UNREAD, inner)


def _several(shape: Shape, inner: str) -> list[Item]:
    """The items that one bracket holds, if it holds several: `[aspirin <chemical>, gastric ulcer <disease>]`."""
    parts = _BETWEEN.split(inner) if len(shape.keys) > 1 and len(inner) <= _LONGEST * 100 else []
    found = [item for part in parts if (item := shape.of_text(part))]
    return found if len(found) == len(parts) > 1 else []


def _is_list(inner: str) -> bool:
    """Whether the content of a bracket is bracketed items and nothing else."""
    rest, end = [], 0
    for start, stop in _outermost(inner):
        rest.append(inner[end:start])
        end = stop + 1
    return not "".join([*rest, inner[end:]]).strip(" ,;\n")


def brackets(text: str) -> Iterator[str]:
    """The contents of the outermost brackets that are closed; one that never is takes nothing with it."""
    return (text[start + 1 : end] for start, end in _outermost(text))


def _outermost(text: str) -> Iterator[tuple[int, int]]:
    closing: dict[int, int] = {}
    opened: list[int] = []
    for match in _SIGNS.finditer(text):
        sign = match.group()
        if sign == "[":
            opened.append(match.start())
        elif sign == "]" and opened:
            closing[opened.pop()] = match.start()
    end = -1
    for start in sorted(closing):
        if start > end:
            end = closing[start]
            yield start, end


def _of_lines(shape: Shape, text: str) -> list[Item]:
    """One item a line, after a bullet or number or in a table; or several, each with its own signs or under a type."""
    found = shape.marked(text)
    heading = ""
    for line, listed in _lines(text):
        name, under = shape.under(line)
        name = name or ("" if listed else shape.heading(line))
        heading = name if name and not listed else heading
        if name or (listed and heading and nothing(line)) or (under := by_roles(shape, line)):
            found += under
            continue
        for part in _BETWEEN.split(line):
            item = shape.of_line(part, listed) or (shape.typed(part, heading) if listed and heading else None)
            if item is not None or listed:
                found.append(item or (UNREAD, part))
    return found


def _of_words(shape: Shape, text: str) -> list[Item]:
    """Mentions that stand in quotes, or are all that a line says."""
    if len(shape.keys) > 1 or "\n" in text or len(text) > _LONGEST:
        return []
    parts = _QUOTED.findall(text) or ([] if _TALK.search(text) else re.split(r"[,;]\s", text.rstrip(".")))
    return [] if nothing(text) else [item for part in parts if (item := shape.of_text(part))]


def _lines(text: str) -> Iterable[tuple[str, bool]]:
    """The lines without the signs of a list, and whether they had any; without the head of a table."""
    lines = text.splitlines()
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        row, listed = unlisted(line)
        if row.startswith("|"):
            ruled = _RULE.fullmatch(row) or _RULE.fullmatch(following.strip() or "x")
            if not ruled:
                yield row.strip("| "), True
        elif row:
            yield row, listed
