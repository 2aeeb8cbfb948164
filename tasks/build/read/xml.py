"""XML without its dangers: no entities, no external DTD, no network."""

import codecs
import re
from collections.abc import Sequence
from operator import itemgetter

from lxml import etree

from schemas.errors import FormatError
from tasks.build.read.bounds import refuse_large
from tasks.build.unpack import Member


def parse(member: Member, encoding: str | None = None) -> etree._Element:
    """The root element of a file.

    Args:
        member: the file.
        encoding: the encoding of the file, whatever it says; None for what it says itself, else UTF-8.

    Raises:
        FormatError: the file is not well-formed, has entities of its own, or is too large; the message names the line.
    """
    parser = etree.XMLParser(
        encoding=encoding and codecs.lookup(encoding).name,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    refuse_large(member)
    data = member.read()
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise FormatError(f"`{member.name}` {_fault(data, error)}.", file=member.name, line=error.lineno) from error
    if (entity := next(root.iter(etree.Entity), None)) is not None:
        raise FormatError(
            f"`{member.name}`, line {entity.sourceline}: {entity.text} is an entity that the file declares itself; "
            "such entities are not resolved, because they can name other files.",
            file=member.name,
            line=entity.sourceline,
        )
    return root


def _fault(data: bytes, error: etree.XMLSyntaxError) -> str:
    """What is wrong with a file that cannot be parsed."""
    begins = data.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if begins in (b"{", b"["):
        return f"is not XML: expected `<` first, found {begins.decode()!r} as in JSON, which is another format"
    if "XML_PARSE_HUGE" in (error.msg or ""):
        return (
            f"is more than the parser takes, at line {error.lineno}: expected at most 10,000,000 bytes in one text and "
            "256 elements one within the other"
        )
    return f"is not well-formed XML: {error.msg}"


def in_order(elements: Sequence[etree._Element], key: str) -> Sequence[etree._Element]:
    """Elements in the order of the number that their attribute ends with, where each has its own; else as they are."""
    numbers = [_LAST_NUMBER.search(element.get(key, "")) for element in elements]
    order = [int(found[1]) for found in numbers if found]
    if len(set(order)) < len(elements) or order == sorted(order):
        return elements
    return [element for _, element in sorted(zip(order, elements, strict=True), key=itemgetter(0))]


_LAST_NUMBER = re.compile(r"(\d{1,18})$", re.ASCII)


Placed = tuple[int, int, etree._Element]
"""Where the text of an element begins and ends, and the element."""


def within(element: etree._Element, start: int) -> list[Placed]:
    """The elements within one whose text begins at `start`, outer ones before those within them."""
    found: list[Placed] = []

    def place(parent: etree._Element, end: int) -> int:
        """Place what is in an element; returns where its text ends."""
        end += len(parent.text or "")
        for child in parent:
            number, begin = len(found), end
            found.append((begin, end, child))
            end = place(child, end)
            found[number] = (begin, end, child)
            end += len(child.tail or "")
        return end

    place(element, start)
    return found


def inner_text(element: etree._Element) -> str:
    """All text in an element as it stands there, of which libxml2 makes one faster than Python joins the pieces."""
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)


def text_of(element: etree._Element | None) -> str:
    """All text in an element, runs of white space (the indentation of the file) as one space."""
    return "" if element is None else " ".join(inner_text(element).split())


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
