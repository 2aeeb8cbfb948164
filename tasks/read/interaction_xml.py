"""The unified XML of protein interaction corpora: sentences with entities and the interactions between them.

Interactions are `<interaction>` elements, or `<pair>` elements marked true or false by their attribute `interaction`.

Each sentence is a document. Offsets are `start-end`, several parted by commas.
"""

from collections.abc import Iterator

from lxml import etree

from schemas.formats import InteractionXml
from schemas.records import Argument, Document, Entity, Reject, Relation
from tasks.read import Files, Found, by_place, plain, read
from tasks.read.xml import parse


@read.register
def _(options: InteractionXml, files: Files) -> Found:
    for member in plain(files):
        for number, sentence in enumerate(parse(member).iter("sentence")):
            id_ = sentence.get("id") or f"{member.name}#{number}"
            try:
                yield _document(options, id_, sentence)
            except (ValueError, KeyError) as error:
                fault = f"no {error}" if isinstance(error, KeyError) else str(error)
                yield Reject(id_, "malformed sentence", f"{member.name}: {fault}")


def _document(options: InteractionXml, id_: str, sentence: etree._Element) -> Document:
    entities = [_entity(options, element) for element in sentence.iterfind("entity")]
    texts = {entity.id: entity.text for entity in entities}
    pairs = [pair for pair in sentence.iterfind("pair") if pair.attrib["interaction"].lower() == "true"]
    pairs += sentence.findall("interaction")
    entities.sort(key=by_place)
    return Document(id_, sentence.attrib["text"], tuple(entities), tuple(_relations(options, pairs, texts)))


def _entity(options: InteractionXml, element: etree._Element) -> Entity:
    spans = tuple(
        (int(first), int(last) + options.inclusive)
        for first, _, last in (span.partition("-") for span in element.attrib["charOffset"].split(","))
    )
    return Entity(element.attrib["id"], element.attrib["type"], spans, element.attrib["text"])


def _relations(options: InteractionXml, pairs: list[etree._Element], texts: dict[str, str]) -> Iterator[Relation]:
    for pair in pairs:
        arguments = tuple(
            Argument(f"Arg{place}", pair.attrib[end], "entity", texts[pair.attrib[end]])
            for place, end in enumerate(("e1", "e2"), 1)
        )
        yield Relation(pair.attrib["id"], pair.get("type") or options.relation, arguments)
