"""Annotated documents as XML."""

from typing import Literal

from pydantic import Field

from schemas.formats.base import Format, Pattern


class BioC(Format):
    """BioC XML.

    Attributes:
        type_key: the infon that holds an annotation's type.
        relation_key: the infon that holds a relation's type.
        links: infon key of the identifiers -> name of the database.
        patterns: what a whole identifier looks like, as a regular expression -> its database; its first group is the
            identifier. Others belong to the database of their infon.
        separators: characters that separate several identifiers in one infon.
        nothing: identifiers that mean "no concept".
        placeless: types of annotations that say something of the document and have no place in it; they are not read.
        slack: by how many characters an offset or a length may be wrong: a mention that is not at its place but begins
            so near it is moved there.
    """

    type_key: str = "type"
    relation_key: str = "type"
    links: dict[str, str] = Field(default_factory=dict)
    patterns: dict[Pattern, str] = Field(default_factory=dict)
    separators: str = ",;|"
    nothing: tuple[str, ...] = ("-", "-1", "")
    placeless: tuple[str, ...] = ()
    slack: int = 0


class MarkedXml(Format):
    """XML with one element a document, in whose texts each mention is an element with its identifiers as attributes.

    Attributes:
        document: name of the element that is a document.
        id: name of the child with its id.
        texts: names of the children with its texts, which are joined by line breaks.
        links: name of a mention's element, which is its type -> database -> the attribute that holds its identifier.
            Of several databases the first whose attribute holds an identifier counts.
        nothing: identifiers that mean "no concept".
    """

    document: str
    id: str
    texts: tuple[str, ...] = Field(min_length=1)
    links: dict[str, dict[str, str]] = Field(min_length=1)
    nothing: tuple[str, ...] = ("",)


class InteractionXml(Format):
    """The unified XML of protein interaction corpora: sentences with entities and pairs.

    Attributes:
        relation: the type of an interaction that names none.
        inclusive: whether the end of an offset is the last character itself, not the one after it.
        per: what makes a record: each `<sentence>`, or each `<document>` with its sentences, one a line.
        links: type of an entity -> name of the database of its identifiers (attribute `origId`, separated by commas).
        entity: the type of every entity, where the attribute `type` is missing or says something else.
        numbers: name of the database whose identifiers are the places of entities: `s2.e1` is the second entity of the
            third sentence. Both numbers count from 0 in the order of the text, whatever the file has.
        origin: the attribute of `<document>` that says which document it is elsewhere; none if empty.
    """

    relation: str = "interaction"
    inclusive: bool = False
    per: Literal["sentence", "document"] = "sentence"
    links: dict[str, str] = Field(default_factory=dict)
    entity: str = ""
    numbers: str = ""
    origin: str = ""


class InlineXml(Format):
    """XML with the entities marked in the text: `<sentence>The <cons sem="protein">Xyl1</cons> gene</sentence>`.

    An entity within another is one too. One whose type is a list of the types of its parts (`(AND a a)`) has the type
    that all the parts share; the parts themselves, which have none, are not entities. Of entities that agree in place
    and type there is one.

    Attributes:
        document: name of the element that is a record.
        id: path from there to the record's id; a record whose id came before gets a number behind it.
        texts: paths from there to the pieces of its text.
        sentence: name of the elements in those; the text has each on a line of its own.
        entity: name of the element that marks an entity.
        type_key: its attribute that holds the type.
        prefix: prefix of all types, not part of their names.
    """

    document: str
    id: str
    texts: tuple[str, ...]
    sentence: str = "sentence"
    entity: str
    type_key: str
    prefix: str = ""


class SectionXml(Format):
    """XML of labels: sections of text, mentions with offsets into them, relations, and the concepts of reactions.

    The sections are joined by empty lines. A mention has the concepts of the reaction that is written like it, whatever
    the case of the letters.

    Attributes:
        links: attribute of a normalisation that holds the identifier -> name of the database.
    """

    links: dict[str, str] = Field(default_factory=lambda: {})


class TokenXml(Format):
    """XML of tokenised sentences with terms, each from one token to another, their concepts, and relations of those.

    The text is the tokens, joined by spaces.

    Attributes:
        links: attribute of a concept that holds the identifier -> name of the database.
    """

    links: dict[str, str] = Field(default_factory=lambda: {})
