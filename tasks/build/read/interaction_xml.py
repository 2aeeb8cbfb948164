"""The unified XML of protein interaction corpora: sentences with entities and the interactions between them.

Interactions are `<interaction>` elements, or `<pair>` elements marked true or false by their attribute `interaction`.

Each sentence is a document, or the sentences of a `<document>` together are one, each on a line of its own and in the
order of the numbers that their `origId` ends with, where they have one, which need not be that of the file. Offsets
count within the sentence and are `start-end`, several separated by commas or semicolons.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from lxml import etree

from schemas.formats import InteractionXml
from schemas.records import Argument, Document, Entity, Link, Reject, Relation
from tasks.build.read import Files, Found, by_place, fault, plain, read
from tasks.build.read.check import in_text
from tasks.build.read.concepts import concepts
from tasks.build.read.each import each_file
from tasks.build.read.xml import in_order, parse
from tasks.build.unpack import Member


@read.register
def _(options: InteractionXml, files: Files) -> Found:
    yield from each_file(plain(files), partial(_documents, options))


def _documents(options: InteractionXml, member: Member) -> Found:
    for number, element in enumerate(parse(member).iter(options.per)):
        id_ = element.get("id") or f"{member.name}#{number}"
        try:
            yield _document(options, id_, element)
        except (ValueError, KeyError) as error:
            yield Reject(id_, f"malformed {options.per}", f"{member.name}: {fault(error)}")


def _document(options: InteractionXml, id_: str, element: etree._Element) -> Document:
    sentences = [element] if options.per == "sentence" else in_order(element.findall("sentence"), "origId")
    entities: list[Entity] = []
    pairs: list[etree._Element] = []
    text = ""
    number = 0
    for sentence in sentences:
        text += "\n" if text and sentence.attrib["text"] else ""
        start = len(text)
        text += sentence.attrib["text"]
        found = [in_text(text, _entity(options, start, element)) for element in sentence.iterfind("entity")]
        entities += _numbered(options.numbers, number, found) if options.numbers else found
        number += bool(sentence.attrib["text"])
        pairs += [pair for pair in sentence.iterfind("pair") if pair.attrib["interaction"].lower() == "true"]
        pairs += sentence.findall("interaction")
    texts = {entity.id: entity.text for entity in entities}
    entities.sort(key=by_place)
    return Document(
        id_, text, tuple(entities), tuple(_relations(options, pairs, texts)), origin=_origin(options, element)
    )


def _origin(options: InteractionXml, element: etree._Element) -> str:
    document = next(element.iterancestors("document"), element)
    return document.get(options.origin, "") if options.origin else ""


def _numbered(database: str, sentence: int, entities: list[Entity]) -> list[Entity]:
    """The entities of a sentence with their places as concepts; of two that start together the shorter comes first."""
    ordered = enumerate(sorted(entities, key=lambda entity: (entity.spans[0][0], entity.spans[-1][1])))
    return [each._replace(links=(*each.links, Link(database, f"s{sentence}.e{place}"))) for place, each in ordered]


def _entity(options: InteractionXml, start: int, element: etree._Element) -> Entity:
    spans = tuple(
        (start + int(first), start + int(last) + options.inclusive)
        for first, _, last in (span.partition("-") for span in re.split("[,;]", element.attrib["charOffset"]))
    )
    id_, type_ = element.attrib["id"], options.entity or element.attrib["type"]
    links = concepts(element.get("origId", ""), options.links.get(type_), separators=",") if options.links else ()
    return Entity(id_, type_, spans, element.attrib["text"], links)


def _relations(options: InteractionXml, pairs: Iterable[etree._Element], texts: dict[str, str]) -> Iterator[Relation]:
    for pair in pairs:
        arguments = tuple(
            Argument(f"Arg{place}", pair.attrib[end], "entity", texts[pair.attrib[end]])
            for place, end in enumerate(("e1", "e2"), 1)
        )
        yield Relation(pair.attrib["id"], pair.get("type") or options.relation, arguments)
