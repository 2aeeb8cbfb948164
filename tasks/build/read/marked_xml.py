"""XML in whose texts each mention is an element: its name is the type, its attributes name the concept.

    <Article><Pmid>7</Pmid><Title>Of <gene g_id="42">xyl1</gene></Title><Abstract>…</Abstract></Article>

The texts of a document are joined by line breaks. Spaces at the ends of a mention are not part of it.
"""

from functools import partial

from lxml import etree

from schemas.formats import MarkedXml
from schemas.records import Document, Entity, Link, Reject
from tasks.build.read import Files, Found, fault, plain, read
from tasks.build.read.concepts import concepts
from tasks.build.read.each import each_file
from tasks.build.read.xml import inner_text, parse, within
from tasks.build.unpack import Member


@read.register
def _(options: MarkedXml, files: Files) -> Found:
    yield from each_file(plain(files), partial(_documents, options))


def _documents(options: MarkedXml, member: Member) -> Found:
    for number, element in enumerate(parse(member).iter(options.document)):
        id_ = (element.findtext(options.id) or "").strip()
        try:
            if not id_:
                raise ValueError(f"a <{options.document}> has no <{options.id}>")
            yield _document(options, id_, element)
        except ValueError as error:
            place = f"{member.name}, line {element.sourceline}"
            yield Reject(id_ or f"{member.name}#{number}", "malformed document", f"{place}: {fault(error)}")


def _document(options: MarkedXml, id_: str, element: etree._Element) -> Document:
    text = ""
    entities: list[Entity] = []
    for name in options.texts:
        for child in element.iterfind(name):
            text += "\n" if text else ""
            before = len(text)
            text += inner_text(child)
            for start, end, marked in within(child, before):
                entities.append(_entity(options, start, text[start:end], marked, len(entities) + 1))
    return Document(id_, text, tuple(entities))


def _entity(options: MarkedXml, start: int, text: str, element: etree._Element, number: int) -> Entity:
    """An entity.

    Raises:
        ValueError: the element is not one of those that mark mentions.
    """
    if element.tag not in options.links:
        raise ValueError(f"<{element.tag}> stands in a text; mentions are {list(options.links)}")
    mention = text.strip()
    start += len(text) - len(text.lstrip())
    return Entity(f"T{number}", str(element.tag), ((start, start + len(mention)),), mention, _links(options, element))


def _links(options: MarkedXml, element: etree._Element) -> tuple[Link, ...]:
    for database, attribute in options.links[str(element.tag)].items():
        if found := concepts(element.get(attribute, ""), database, nothing=options.nothing):
            return found
    return ()
