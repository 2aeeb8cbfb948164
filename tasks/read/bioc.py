"""BioC XML: documents of passages, with annotations whose offsets count from the document's first character.

The passages are joined by one blank each; an annotation keeps its place within its passage, whatever the gaps between
the offsets of the passages are.
"""

import re
from collections.abc import Iterator

from lxml import etree

from schemas.formats import BioC
from schemas.records import Argument, Document, Entity, Link, Reject, Relation
from tasks.read import Files, Found, plain, read
from tasks.read.xml import parse


@read.register
def _(options: BioC, files: Files) -> Found:
    for member in plain(files):
        for number, element in enumerate(parse(member).iter("document")):
            id_ = (element.findtext("id") or "").strip()
            try:
                yield _document(options, id_, element)
            except (ValueError, TypeError, KeyError) as error:
                yield Reject(id_ or f"{member.name}#{number}", "malformed document", f"{member.name}: {error}")


def _document(options: BioC, id_: str, element: etree._Element) -> Document:
    if not id_:
        raise ValueError("a document has no <id>")
    text = ""
    entities: list[Entity] = []
    for passage in _passages(element):
        text += " " if text else ""
        shift = len(text) - int(passage.findtext("offset") or 0)
        text += passage.findtext("text") or ""
        entities += [_entity(options, found, shift, len(entities)) for found in passage.iterfind("annotation")]
    texts = {entity.id: entity.text for entity in entities}
    return Document(id_, text, tuple(entities), tuple(_relations(options, element, texts)))


def _passages(element: etree._Element) -> Iterator[etree._Element]:
    for passage in element.iterfind("passage"):
        sentences = passage.findall("sentence")
        yield from sentences if sentences and passage.find("text") is None else [passage]


def _entity(options: BioC, element: etree._Element, shift: int, number: int) -> Entity:
    infons = _infons(element)
    spans = sorted(
        (start := int(place.attrib["offset"]) + shift, start + int(place.attrib["length"]))
        for place in element.iterfind("location")
    )
    return Entity(
        id=element.get("id") or f"T{number + 1}",
        type=infons[options.type_key],
        spans=tuple(spans),
        text=element.findtext("text") or "",
        links=tuple(_links(options, infons)),
    )


def _infons(element: etree._Element) -> dict[str, str]:
    return {infon.attrib["key"]: (infon.text or "").strip() for infon in element.iterfind("infon")}


def _links(options: BioC, infons: dict[str, str]) -> Iterator[Link]:
    for key, database in options.links.items():
        for identifier in re.split(f"[{re.escape(options.separators)}]", infons.get(key, "")):
            if identifier.strip() not in options.nothing and identifier.strip():
                yield Link(database, identifier.strip())


def _relations(options: BioC, element: etree._Element, texts: dict[str, str]) -> Iterator[Relation]:
    for number, found in enumerate(element.iter("relation"), 1):
        arguments = tuple(
            Argument(
                node.get("role") or f"Arg{place}",
                node.attrib["refid"],
                "entity",
                texts.get(node.attrib["refid"], ""),
            )
            for place, node in enumerate(found.iterfind("node"), 1)
        )
        yield Relation(found.get("id") or f"R{number}", _infons(found)[options.type_key], arguments)
