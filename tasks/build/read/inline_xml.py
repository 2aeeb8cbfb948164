"""XML with the entities marked in the text."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, partial

from lxml import etree

from schemas.formats import InlineXml
from schemas.records import Document, Entity, Reject
from tasks.build.read import Files, Found, by_place, fault, plain, read
from tasks.build.read.each import each_file
from tasks.build.read.xml import inner_text, parse, within
from tasks.build.unpack import Member

_Marked = tuple[int, int, str]
"""Where an entity begins and ends, and its type."""

_Type = Callable[[str], str]
"""The type of an entity, from what its attribute says."""


@read.register
def _(options: InlineXml, files: Files) -> Found:
    known: Counter[str] = Counter()
    type_of = cache(partial(_type, options))
    yield from each_file(plain(files), partial(_documents, options, type_of, known))


def _documents(options: InlineXml, type_of: _Type, known: Counter[str], member: Member) -> Found:
    for number, element in enumerate(parse(member).iter(options.document)):
        id_ = (element.findtext(options.id) or "").strip()
        known[id_] += 1
        try:
            if not id_:
                raise ValueError(f"a <{options.document}> has no `{options.id}`")
            yield _document(options, type_of, id_ if known[id_] == 1 else f"{id_}-{known[id_]}", element)
        except ValueError as error:
            place = f"{member.name}, line {element.sourceline}"
            yield Reject(id_ or f"{member.name}#{number}", "malformed document", f"{place}: {fault(error)}")


def _document(options: InlineXml, type_of: _Type, id_: str, element: etree._Element) -> Document:
    text = ""
    marked: dict[_Marked, None] = {}
    for path in options.texts:
        for place in element.iterfind(path):
            for sentence in _sentences(options, place):
                if not (whole := inner_text(sentence)).strip():
                    continue
                text += "\n" if text else ""
                marked |= dict.fromkeys(_marked(options, type_of, sentence, len(text)))
                text += whole
    entities = [
        Entity(f"T{number}", type_, ((start, end),), text[start:end])
        for number, (start, end, type_) in enumerate(marked, 1)
    ]
    return Document(id_, text, tuple(sorted(entities, key=by_place)))


def _sentences(options: InlineXml, place: etree._Element) -> list[etree._Element]:
    """The sentences of a piece of text, which is one itself where it has none.

    Raises:
        ValueError: text stands beside them.
    """
    sentences = place.findall(options.sentence)
    if not sentences:
        return [place]
    beside = (place.text, *(child.tail for child in place))
    if len(sentences) < len(place) or any((text or "").strip() for text in beside):
        raise ValueError(f"text stands outside of the sentences of <{place.tag}>")
    return sentences


def _marked(options: InlineXml, type_of: _Type, sentence: etree._Element, start: int) -> Iterator[_Marked]:
    """The entities of a sentence that begins at `start`, outer ones before those within them."""
    for begin, end, element in within(sentence, start):
        if element.tag == options.entity and (written := element.get(options.type_key)):
            yield begin, end, type_of(written)


def _type(options: InlineXml, written: str) -> str:
    """The type of an entity, or the one that all its parts share.

    Raises:
        ValueError: the parts have different types.
    """
    names = {written}
    if written.startswith("("):
        names = {name for name in re.split(r"[()\s]+", written) if name.startswith(options.prefix) and name}
    if len(names) != 1:
        raise ValueError(f"the parts of an entity have one type, found {written!r}")
    return names.pop().removeprefix(options.prefix)
