"""XML without its dangers: no entities, no external DTD, no network."""

from lxml import etree

from schemas.errors import FormatError
from tasks.unpack import Member


def parse(member: Member) -> etree._Element:
    """The root element of a file.

    Raises:
        FormatError: the file is not well-formed; the message names line and column.
    """
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True)
    try:
        return etree.parse(str(member.path), parser).getroot()
    except etree.XMLSyntaxError as error:
        raise FormatError(
            f"`{member.name}` is not well-formed XML: {error.msg}.", file=member.name, line=error.lineno
        ) from error


def text_of(element: etree._Element | None) -> str:
    """All text in an element, runs of white space (the indentation of the file) as one blank."""
    return "" if element is None else " ".join("".join(element.itertext()).split())  # pyright: ignore[reportArgumentType]
