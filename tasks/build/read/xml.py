"""XML without its dangers: no entities, no external DTD, no network."""

import codecs

from lxml import etree

from schemas.errors import FormatError
from tasks.build.unpack import Member


def parse(member: Member, encoding: str | None = None) -> etree._Element:
    """The root element of a file.

    Args:
        member: the file.
        encoding: the encoding of the file, whatever it says; None for what it says itself, else UTF-8.

    Raises:
        FormatError: the file is not well-formed, or has entities of its own; the message names the line.
    """
    parser = etree.XMLParser(
        encoding=encoding and codecs.lookup(encoding).name,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(member.path.read_bytes(), parser)
    except etree.XMLSyntaxError as error:
        raise FormatError(
            f"`{member.name}` is not well-formed XML: {error.msg}.", file=member.name, line=error.lineno
        ) from error
    if (entity := next(root.iter(etree.Entity), None)) is not None:
        raise FormatError(
            f"`{member.name}`, line {entity.sourceline}: {entity.text} is an entity that the file declares itself; "
            "such entities are not resolved, because they can name other files.",
            file=member.name,
            line=entity.sourceline,
        )
    return root


def text_of(element: etree._Element | None) -> str:
    """All text in an element, runs of white space (the indentation of the file) as one space."""
    return "" if element is None else " ".join("".join(element.itertext()).split())  # pyright: ignore[reportArgumentType]


def exact_text(element: etree._Element | None) -> str:
    """The text of an element to which offsets refer; none if it is not there.

    Raises:
        ValueError: elements stand within the text.
    """
    if element is None:
        return ""
    if len(element):
        raise ValueError(f"line {element.sourceline}: elements stand within the text of <{element.tag}>")
    return element.text or ""
