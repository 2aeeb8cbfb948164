"""Options of every file format that a reader understands. Data only: a reader is found by the option's type."""

import dataclasses
import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, SerializeAsAny, model_validator

from schemas.base import Model
from schemas.records import KINDS, Reject

Encoding = Literal["utf-8", "cp1252", "latin-1", "mac-roman", "ascii"]


def _with_group(pattern: str) -> str:
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
    if groups < 1:
        raise ValueError(f"{pattern!r} has no group; put what is to be taken in brackets")
    return pattern


Pattern = Annotated[str, AfterValidator(_with_group)]
"""A regular expression for a whole text, of which the first group is taken."""


class Format(Model):
    """Base of all format options.

    Attributes:
        encoding: the encoding of the text; a byte order mark of UTF-8 is skipped.
    """

    encoding: Encoding = "utf-8"
    parsed_in_python: ClassVar[bool] = True
    """Whether a reader of this format is Python (and best run in a process of its own) or native code."""

    @property
    def kind(self) -> str:
        """The name of the record type that a reader of this format yields."""
        return "Document"


class PubTator(Format):
    """PubTator text: `id|t|title`, `id|a|abstract`, then tab-separated mentions and relations.

    Attributes:
        vocabulary: database of each entity type's identifiers; one name if it is the same for all types. Identifiers
            of other types count only where a prefix or a pattern names their database.
        prefixes: beginning of an identifier that names another database -> that database; it is not part of the
            identifier.
        patterns: what a whole identifier looks like, as a regular expression -> its database; its first group is the
            identifier. They come before the prefixes.
        separators: characters that part several identifiers of one mention; by type where types differ.
        nothing: identifiers that mean "no concept".
        columns: numbers of the columns, from 0, that hold identifiers.
    """

    vocabulary: str | dict[str, str]
    prefixes: dict[str, str] = Field(default_factory=dict)
    patterns: dict[Pattern, str] = Field(default_factory=dict)
    separators: str | dict[str, str] = "|"
    nothing: tuple[str, ...] = ("-1", "-", "")
    columns: tuple[int, ...] = (5,)


class Standoff(Format):
    """Standoff files of brat and the BioNLP shared tasks, one `.txt` a document.

    Attributes:
        annotations: suffixes of the files that together annotate a document; a missing one counts as empty.
        texts: `beside`: each text is a `.txt` file beside its annotations. `apart`: they are in other folders, and the
            names of the files alone say what belongs together. `lines`: the file of the role `texts` has one text a
            line, the document's id before it and a tab between.
        skip: how lines begin that are left out, such as groups that mean no coreference.
        wrapped: whether a mention with line breaks goes on in the next lines; else it is written on one.
        databases: database in `N` lines -> its name, where that is another.
    """

    annotations: tuple[str, ...] = (".a1", ".a2")
    texts: Literal["beside", "apart", "lines"] = "beside"
    skip: tuple[str, ...] = ()
    wrapped: bool = False
    databases: dict[str, str] = Field(default_factory=dict)


class Agreed(Standoff):
    """Standoff files of two annotators; what both say becomes the record.

    Entities agree if they overlap and have one type, and the longer counts; relations, events and coreference chains
    agree if they are of one type and between the same such entities, events if their triggers overlap too.

    Attributes:
        annotations: suffixes of the files of the first annotator.
        second: suffixes of the files of the second.
    """

    annotations: tuple[str, ...] = (".ann",)
    second: tuple[str, ...] = (".ann2",)


class BioC(Format):
    """BioC XML.

    Attributes:
        type_key: the infon that holds an annotation's type.
        relation_key: the infon that holds a relation's type.
        links: infon key of the identifiers -> name of the database.
        patterns: what a whole identifier looks like, as a regular expression -> its database; its first group is the
            identifier. Others belong to the database of their infon.
        separators: characters that part several identifiers in one infon.
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


class BioCTable(Format):
    """BioC XML whose annotations stand in a CSV table, as concepts of a place and without a type of their own.

    The roles of the files are `texts` and `annotations`. A document is known in the table by some of its infons; their
    values, parted by blanks, are its id. Offsets count the code points of the document's text.

    Attributes:
        documents: column of the table -> infon of the document that has the same value.
        start: column of the offset at which a mention starts.
        end: column of the offset at which it ends.
        text: column of the mention itself.
        concept: column of its identifiers.
        patterns: what a whole identifier looks like, as a regular expression -> its database; its first group is the
            identifier. One that fits none is no concept.
        separators: characters that part several identifiers of one mention.
        type: the type of all mentions.
    """

    documents: dict[str, str] = Field(min_length=1)
    start: str
    end: str
    text: str
    concept: str
    patterns: dict[Pattern, str]
    separators: str = "|"
    type: str


class MarkedXml(Format):
    """XML with one element a document, in whose texts each mention is an element with its identifiers as attributes.

    Attributes:
        document: name of the element that is a document.
        id: name of the child with its id.
        texts: names of the children with its texts, which are joined by one blank each.
        links: name of a mention's element, which is its type -> database -> the attribute that holds its identifier.
            Of several databases the first whose attribute holds an identifier counts.
        nothing: identifiers that mean "no concept".
    """

    document: str
    id: str
    texts: tuple[str, ...] = Field(min_length=1)
    links: dict[str, dict[str, str]] = Field(min_length=1)
    nothing: tuple[str, ...] = ("",)


class PlacedTokens(Format):
    """A token, its place, the mention that begins there and its tag a line, parted by tabs; documents begin with `###`.

    A tag is `|O`, `|B-<type>` or `|I-<type>`. Where the file has no token the text has a blank, or what a mention says
    that stands there. A mention that begins with a blank begins one character too early, and so does a word that stands
    close behind another and has two blanks behind it. A mention whose token has the tag `|O` has the type `O`.

    Attributes:
        unit: what the offsets count: characters, or the bytes of the declared encoding, which may then be parted.
    """

    unit: Literal["characters", "bytes"] = "characters"


class JsonClusters(Format):
    """JSON: a list of texts, in which each entity has all its names, and each name the places of its mentions.

    Entities with several mentions are coreference chains. Interactions are between entities, whatever their names.

    Attributes:
        databases: what the address of an entity's grounding looks like, as a regular expression -> its database; the
            first group is the identifier.
        keys: key of the grounding that holds an identifier -> its database; they come before the address.
        nothing: identifiers that mean "no concept".
        origin: key of a text that says which document it comes from; none if empty.
    """

    databases: dict[Pattern, str]
    origin: str = ""
    keys: dict[str, str] = Field(default_factory=dict)
    nothing: tuple[str, ...] = ("",)


class Iob(Format):
    """One token and its tag a line, parted by a tab; an empty line ends a sentence.

    Attributes:
        document: the token of lines that mark where a document begins; they are no words of a sentence.
    """

    parsed_in_python: ClassVar[bool] = False

    document: str | None = None

    @property
    def kind(self) -> str:
        """IOB files hold sentences."""
        return "Sentence"


class Tagged(Format):
    """One token and its tag a line, as in `Iob`; a sentence becomes a document, its tokens joined by blanks."""


class InteractionXml(Format):
    """The unified XML of protein interaction corpora: sentences with entities and pairs.

    Attributes:
        relation: the type of an interaction that names none.
        inclusive: whether the end of an offset is the last character itself, not the one after it.
        per: what makes a record: each `<sentence>`, or each `<document>` with its sentences, one a line.
        links: type of an entity -> name of the database of its identifiers (attribute `origId`, parted by commas).
        entity: the type of every entity, where the attribute `type` is missing or says something else.
        numbers: name of the database whose identifiers are the entities' own ids without that of their document.
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
    that all the parts share; the parts themselves, which have none, are no entities. Of entities that agree in place
    and type there is one.

    Attributes:
        document: name of the element that is a record.
        id: path from there to the record's id; a record whose id came before gets a number behind it.
        texts: paths from there to the pieces of its text.
        sentence: name of the elements in those; the text has each on a line of its own.
        entity: name of the element that marks an entity.
        type_key: its attribute that holds the type.
        prefix: what all types begin with, and is no part of their name.
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

    The text is the tokens, joined by blanks.

    Attributes:
        links: attribute of a concept that holds the identifier -> name of the database.
    """

    links: dict[str, str] = Field(default_factory=lambda: {})


class StandoffTables(Format):
    """Three tables a split: abstracts (id, title, text), entities and relations.

    The roles of the files are `abstracts`, `entities` and `relations`.

    Attributes:
        relation: number of the column, from 0, that names a relation's type; its arguments are the last two columns.
    """

    relation: int = 1


class MentionTable(Format):
    """Text files, and one TSV with the mentions of all of them.

    The roles of the files are `texts`, one file a document, and `mentions`. Lines that begin with `#` are comments.

    Attributes:
        type: the type of all mentions.
        document: number of the column, from 0, that holds the name of the text file without its suffix.
        start: the column of the offset at which a mention starts.
        end: the column of the offset at which it ends.
        text: the column of the mention itself.
        link: the column of the identifier of its concept.
        databases: beginning of an identifier, which is no part of it -> name of the database.
        nothing: identifiers, without that beginning, that mean "no concept".
    """

    type: str
    document: int
    start: int
    end: int
    text: int
    link: int
    databases: dict[str, str]
    nothing: tuple[str, ...] = ()


class LabelledSentences(Format):
    """Files with one sentence a line, and files of the same names with the labels of their sentences.

    The roles of the files are `texts`, `labels` and `documents`: the list of the files that belong to the split, their
    names parted by commas or line ends.

    Attributes:
        begins: what begins the labels of each sentence.
        between: what parts several labels of one sentence.
        deeper: what parts a label from those below it in their hierarchy, which are left out.
        nothing: labels that mean none.
        none: the label of a sentence without any.
    """

    begins: str
    between: str
    deeper: str
    nothing: tuple[str, ...] = ("",)
    none: str = "none"

    @property
    def kind(self) -> str:
        """A sentence is a text."""
        return "Text"


class TokenLabels(Format):
    """Files with one token a line, and for each layer of annotation files with one code a line, 0 for none.

    The roles of the files are `tokens` and the names of the layers. What a file is called up to its first dot is the
    document's id. A document belongs to the split if one of the layers has a file of it. Its text is its tokens joined
    by blanks; tokens with the same code that stand side by side are one entity.

    Attributes:
        types: layer -> code -> type of the entity.
        folder: folder of the files that hold codes; files in others only say what belongs to the split.
    """

    types: dict[str, dict[str, str]]
    folder: str


class TokenVotes(Format):
    """JSON objects of sentences, and for each layer of annotation what several people said of each token, 1 or 0.

    The roles of the files are `sentences`, their texts by id, and the names of the layers. Tokens are what blanks part.
    Those that more than half of the people chose and that stand side by side are one entity.

    Attributes:
        types: layer -> type of its entities.
        votes: key of the lists of ones and zeros, one list a person.
    """

    types: dict[str, str]
    votes: str


class TokenSpans(Format):
    """Sentences of tokens, one a line, and a table of mentions that gives the numbers of their tokens.

    The roles of the files are `sentences` (`@@id token/TAG token/TAG …`) and `mentions` (`@@id|first last|mention`, the
    numbers from 0 and both inclusive). A sentence's text is its tokens joined by blanks.

    Attributes:
        type: the type of all mentions.
    """

    type: str


class PubMedTables(Format):
    """A table of annotations for each of some PubMed articles, which stand in PubMed's XML.

    The role `annotations` has one file an article, named by its PMID; all other roles are XML. Offsets count in title,
    a blank, abstract; what annotators marked and what they agreed on alike are read.
    """


class Rows(Format):
    """Base of formats that hold one row a record.

    Attributes:
        record: name of the record type.
        fields: field of the record -> where its value stands in a row (the concrete format says how it is written).
    """

    record: str
    fields: dict[str, Any] = Field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The declared record type."""
        return self.record

    @model_validator(mode="after")
    def _fields_exist(self) -> Self:
        if self.record not in KINDS:
            raise ValueError(f"there is no record type {self.record!r}; there are {sorted(KINDS)}")
        known = {field.name for field in dataclasses.fields(KINDS[self.record])}
        if extra := sorted(set(self.fields) - known):
            raise ValueError(f"{self.record} has no field {extra}; it has {sorted(known)}")
        return self


class Adapted(Rows):
    """Base of formats whose rows a function of the declaration can turn into records.

    Attributes:
        index: role of a further file -> the key by which its rows are looked up.
        adapt: a function of the source's module that makes rows of the record's fields from a row, for what a mapping
            cannot say: `adapt(row, tables)`, where `tables` holds the further files by role and key. In place of a row
            it may give a `Reject`; an error rejects the row.
    """

    index: dict[str, str] = Field(default_factory=dict)
    adapt: Callable[..., Iterable[dict[str, Any] | Reject]] | None = None


class JsonRows(Adapted):
    """JSON: a list of rows, an object of rows by id, or one row a line; read in bounded memory, whatever the size.

    A place is a key path (`a.b`). A list of texts becomes one text with its items joined by blanks where the record
    wants one text.

    Attributes:
        lines: one JSON value a line (JSONL).
        rows: key path of the list or object that holds the rows, where that is not the whole file.
        where: key path -> the value that a row must have there; the other rows belong to other parts.
    """

    lines: bool = False
    rows: str = ""
    where: dict[str, str] = Field(default_factory=dict)


class JoinedTables(Adapted):
    """CSV tables that belong together: rows of the first, looked up in the others.

    A place is a column's name. The rows of an indexed table are looked up as lists, in the order of the file.

    Attributes:
        separator: what parts the columns.
        within: role of a list, one entry a line -> the column of which only the listed values belong to the split.
    """

    separator: str = ","
    within: dict[str, str] = Field(default_factory=dict)


class XmlRows(Adapted):
    """XML: one element a record. A place is a child's name, or `@name` for an attribute.

    What `adapt` gets is the element, as lxml has it. A run of white space in a text is one blank.

    Attributes:
        row: name of the element that is a record.
    """

    row: str


class XmlClaims(Format):
    """XML: one element a claim, its text the element's. A record is a pair of claims, its label how they stand.

    Two claims that answer one question `agree` or `contradict`. Claims on different questions make `neutral` pairs;
    they are so many that some are drawn, always the same: those of the lowest hashes of their texts. The first text of
    a pair begins with the question that the first claim answers.

    Attributes:
        row: name of the element.
        question: its attribute that says which question the claim answers.
        answer: its attribute that says how.
        neutral: how many neutral pairs are drawn. Questions that have a claim in common ask the same; they make none.
    """

    row: str
    question: str
    answer: str
    neutral: int = Field(default=0, ge=0)

    @property
    def kind(self) -> str:
        """Claims come in pairs."""
        return "Pair"


class Delimited(Rows):
    """CSV or TSV. A place is a column's name, or its number from 0 where there is no header.

    Attributes:
        separator: what parts the columns.
        quote: the quoting character; None where quotes are ordinary characters.
        header: whether the first line names the columns.
        mean: fields that are the mean of several columns (the place is then a list).
        joined: fields that are several columns joined by blanks (the place is then a list); empty ones are left out.
        several: field that is a list -> what parts its values in the cell.
        leading: whether rows may have further columns before those that the header names, as an index that it forgets.
            Only without a quoting character.
        unwrap: whether a cell that stands in double quotes loses them (or the first, where the rest of the cell is
            lost), two quotes within becoming one; twice, if it still does. Only without a quoting character: for files
            that were written with one, and where it fails.
        mark: field -> the place of the number, from 0, of the one of its words that is asked about, words being what
            single blanks part. The word is put between `schemas.records.MARKS`.
    """

    parsed_in_python: ClassVar[bool] = False

    separator: str = ","
    quote: str | None = '"'
    header: bool = True
    mean: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    several: dict[str, str] = Field(default_factory=dict)
    leading: bool = False
    unwrap: bool = False
    mark: dict[str, str | int] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _without_quotes(self) -> Self:
        if self.quote and (self.leading or self.unwrap):
            raise ValueError("`leading` and `unwrap` are for tables without a quoting character: say `quote=None`")
        return self


class Excel(Rows):
    """One sheet of an Excel workbook. A place is the name of a column in the first row."""

    parsed_in_python: ClassVar[bool] = False

    sheet: int = 0


class ParallelText(Format):
    """Two text files, line n of the one being the translation of line n of the other.

    The roles of the files are `source` and `target`.
    """

    parsed_in_python: ClassVar[bool] = False

    @property
    def kind(self) -> str:
        """Parallel texts hold translations."""
        return "Translation"


class PairedTexts(Format):
    """Two folders of text files, those that are called alike being translations of each other.

    Attributes:
        suffixes: role (`source` and `target`) -> how the names of its files end; what stands before is the record's id.
    """

    suffixes: dict[Literal["source", "target"], str]

    @property
    def kind(self) -> str:
        """Paired texts are translations."""
        return "Translation"


AnyFormat = SerializeAsAny[Format]
"""A format field that keeps the options of the concrete format when it is written as JSON."""
