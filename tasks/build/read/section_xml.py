"""XML of labels: sections of text, mentions with offsets into them, relations, and the concepts of reactions.

The sections come in the order of the numbers of their ids. Offsets count within a section; a mention in several parts
has several starts and lengths, separated by commas.
"""

from functools import partial

from lxml import etree

from schemas.formats import SectionXml
from schemas.records import Argument, Document, Entity, Link, Reject, Relation
from tasks.build.read import Files, Found, by_place, fault, plain, read
from tasks.build.read.check import in_text
from tasks.build.read.concepts import concepts
from tasks.build.read.each import each_file
from tasks.build.read.xml import exact_text, in_order, parse
from tasks.build.unpack import Member


@read.register
def _(options: SectionXml, files: Files) -> Found:
    yield from each_file(plain(files), partial(_label, options))


def _label(options: SectionXml, member: Member) -> Found:
    label = parse(member)
    id_ = label.get("drug") or member.name
    try:
        yield _document(options, id_, label)
    except (ValueError, KeyError) as error:
        yield Reject(id_, "malformed document", f"{member.name}: {fault(error)}")


def _document(options: SectionXml, id_: str, label: etree._Element) -> Document:
    text = ""
    starts: dict[str, int] = {}
    for section in in_order(label.findall("Text/Section"), "id"):
        text += "\n\n" if text else ""
        starts[section.attrib["id"]] = len(text)
        text += exact_text(section)
    if not starts:
        raise ValueError(f"<{label.tag}> has no Text/Section")
    links = _links(options, label)
    entities = [in_text(text, _entity(mention, starts, links)) for mention in label.iterfind("Mentions/Mention")]
    texts = {entity.id: entity.text for entity in entities}
    relations = tuple(_relation(element, texts) for element in label.iterfind("Relations/Relation"))
    return Document(id_, text, tuple(sorted(entities, key=by_place)), relations)


def _links(options: SectionXml, label: etree._Element) -> dict[str, tuple[Link, ...]]:
    """The concepts of each reaction, by its name in small letters."""
    found: dict[str, dict[Link, None]] = {}
    for reaction in label.iterfind("Reactions/Reaction"):
        links = found.setdefault(_plain(reaction.attrib["str"]), {})
        for normalisation in reaction.iterfind("Normalization"):
            for key, name in options.links.items():
                links |= dict.fromkeys(concepts(normalisation.get(key, ""), name))
    return {name: tuple(links) for name, links in found.items()}


def _entity(mention: etree._Element, starts: dict[str, int], links: dict[str, tuple[Link, ...]]) -> Entity:
    first = starts[mention.attrib["section"]]
    pieces = zip(mention.attrib["start"].split(","), mention.attrib["len"].split(","), strict=True)
    spans = tuple((first + int(start), first + int(start) + int(length)) for start, length in pieces)
    text = mention.attrib["str"]
    return Entity(mention.attrib["id"], mention.attrib["type"], spans, text, links.get(_plain(text), ()))


def _relation(element: etree._Element, texts: dict[str, str]) -> Relation:
    arguments = tuple(
        Argument(f"Arg{place}", element.attrib[end], "entity", texts[element.attrib[end]])
        for place, end in enumerate(("arg1", "arg2"), 1)
    )
    return Relation(element.attrib["id"], element.attrib["type"], arguments)


def _plain(name: str) -> str:
    return " ".join(name.lower().split())
