"""The unified XML of protein interaction corpora: sentences with entities and the interactions between them.

Interactions are `<interaction>` elements, or `<pair>` elements marked true or false by their attribute `interaction`.

Each sentence is a document, or the sentences of a `<document>` together are one, each on a line of its own. Offsets
count within the sentence and are `start-end`, several separated by commas or semicolons.
"""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from schemas.formats import InteractionXml
from schemas.records import Argument, Document, Entity, Link, Reject, Relation
from tasks.build.read import Files, Found, by_place, fault, plain, read
from tasks.build.read.xml import parse


@read.register
def _(options: InteractionXml, files: Files) -> Found:
    for member in plain(files):
        for number, element in enumerate(parse(member).iter(options.per)):
            id_ = element.get("id") or f"{member.name}#{number}"
            try:
                yield _document(options, id_, element)
            except (ValueError, KeyError) as error:
                yield Reject(id_, f"malformed {options.per}", f"{member.name}: {fault(error)}")


def _document(options: InteractionXml, id_: str, element: etree._Element) -> Document:
    sentences = [element] if options.per == "sentence" else element.findall("sentence")
    entities: list[Entity] = []
    pairs: list[etree._Element] = []
    text = ""
    for sentence in sentences:
        text += "\n" if text and sentence.attrib["text"] else ""
        entities += [_entity(options, id_, len(text), found) for found in sentence.iterfind("entity")]
        pairs += [pair for pair in sentence.iterfind("pair") if pair.attrib["interaction"].lower() == "true"]
        pairs += sentence.findall("interaction")
        text += sentence.attrib["text"]
    texts = {entity.id: entity.text for entity in entities}
    entities.sort(key=by_place)
    return Document(
        id_, text, tuple(entities), tuple(_relations(options, pairs, texts)), origin=_origin(options, element)
    )


def _origin(options: InteractionXml, element: etree._Element) -> str:
    document = next(element.iterancestors("document"), element)
    return document.get(options.origin, "") if options.origin else ""


def _entity(options: InteractionXml, document: str, start: int, element: etree._Element) -> Entity:
    spans = tuple(
        (start + int(first), start + int(last) + options.inclusive)
        for first, _, last in (span.partition("-") for span in re.split("[,;]", element.attrib["charOffset"]))
    )
    id_, type_ = element.attrib["id"], options.entity or element.attrib["type"]
    links = tuple(
        Link(options.links[type_], name)
        for name in map(str.strip, element.get("origId", "").split(","))
        if name and type_ in options.links
    )
    if options.numbers:
        links += (Link(options.numbers, id_.removeprefix(f"{document}.")),)
    return Entity(id_, type_, spans, element.attrib["text"], links)


def _relations(options: InteractionXml, pairs: Iterable[etree._Element], texts: dict[str, str]) -> Iterator[Relation]:
    for pair in pairs:
        arguments = tuple(
            Argument(f"Arg{place}", pair.attrib[end], "entity", texts[pair.attrib[end]])
            for place, end in enumerate(("e1", "e2"), 1)
        )
        yield Relation(pair.attrib["id"], pair.get("type") or options.relation, arguments)
