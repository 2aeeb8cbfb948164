"""BioC XML: documents of passages, with annotations whose offsets count from the document's first character.

The passages are joined by one blank each; an annotation keeps its place within its passage, whatever the gaps between
the offsets of the passages are.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial

from lxml import etree

from schemas.formats import BioC
from schemas.records import Argument, Document, Entity, Link, Reject, Relation
from tasks.read import Files, Found, identifiers, plain, read
from tasks.read.xml import exact_text, parse
from tasks.unpack import Member

_Links = Callable[[str, str], tuple[Link, ...]]


@read.register
def _(options: BioC, files: Files) -> Found:
    links = cache(partial(_links, options))
    for member in plain(files):
        for number, element in enumerate(parse(member).iter("document")):
            yield _document(options, links, element, member, number)


def _document(options: BioC, links: _Links, element: etree._Element, member: Member, number: int) -> Document | Reject:
    id_ = (element.findtext("id") or "").strip()
    try:
        if not id_:
            raise ValueError("a document has no <id>")
        text, entities = _passages(options, links, element)
        mentions = {entity.id: entity.text for entity in entities}
        return Document(id_, text, tuple(entities), tuple(_relations(options, element, mentions)))
    except (ValueError, KeyError) as error:
        fault = f"no {error}" if isinstance(error, KeyError) else str(error)
        return Reject(id_ or f"{member.name}#{number}", "malformed document", f"{member.name}: {fault}")


def _passages(options: BioC, links: _Links, element: etree._Element) -> tuple[str, list[Entity]]:
    """The joined text, and the annotations moved to where it has their passage."""
    text = ""
    entities: list[Entity] = []
    for passage in _texts(element):
        text += " " if text else ""
        shift = len(text) - int(passage.findtext("offset") or 0)
        text += exact_text(passage.find("text"))
        for found in passage.iterfind("annotation"):
            entities.append(_entity(options, links, found, shift, len(entities) + 1))
    if len(entities) != sum(1 for _ in element.iter("annotation")):
        raise ValueError("an annotation stands neither in a passage with a text nor in a sentence")
    return text, entities


def _texts(element: etree._Element) -> Iterator[etree._Element]:
    for passage in element.iterfind("passage"):
        sentences = passage.findall("sentence")
        yield from sentences if sentences and passage.find("text") is None else [passage]


def _entity(options: BioC, links: _Links, element: etree._Element, shift: int, number: int) -> Entity:
    infons: dict[str, str] = {}
    spans: list[tuple[int, int]] = []
    text = ""
    for child in element:
        match child.tag:
            case "infon":
                infons[child.attrib["key"]] = (child.text or "").strip()
            case "location":
                start = int(child.attrib["offset"]) + shift
                spans.append((start, start + int(child.attrib["length"])))
            case "text":
                text = exact_text(child)
            case _:
                pass
    found = [link for key in options.links if key in infons for link in links(key, infons[key])]
    return Entity(element.get("id") or f"T{number}", infons[options.type_key], tuple(spans), text, tuple(found))


def _links(options: BioC, key: str, cell: str) -> tuple[Link, ...]:
    return tuple(Link(options.links[key], name) for name in identifiers(options, cell))


def _relations(options: BioC, element: etree._Element, mentions: dict[str, str]) -> Iterator[Relation]:
    for number, found in enumerate(element.iter("relation"), 1):
        infons = {infon.attrib["key"]: (infon.text or "").strip() for infon in found.iterfind("infon")}
        arguments = tuple(
            Argument(node.get("role") or f"Arg{place}", ref := node.attrib["refid"], "entity", mentions.get(ref, ""))
            for place, node in enumerate(found.iterfind("node"), 1)
        )
        yield Relation(found.get("id") or f"R{number}", infons[options.type_key], arguments)
