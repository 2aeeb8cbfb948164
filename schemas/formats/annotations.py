"""Annotations in files beside the texts, or in lines and tables below them."""

from typing import Literal

from pydantic import Field

from schemas.formats.base import Format, Pattern


class PubTator(Format):
    """PubTator text: `id|t|title`, `id|a|abstract`, then tab-separated mentions and relations.

    Attributes:
        vocabulary: database of each entity type's identifiers; one name if it is the same for all types. Identifiers
            of other types count only where a prefix or a pattern names their database.
        prefixes: beginning of an identifier that names another database -> that database; it is not part of the
            identifier.
        patterns: what a whole identifier looks like, as a regular expression -> its database; its first group is the
            identifier. They come before the prefixes.
        separators: characters that separate several identifiers of one mention; by type where types differ.
        nothing: identifiers that mean "no concept".
        columns: numbers of the columns, from 0, that hold identifiers.
        related: types of the entities whose concepts relations name; empty: all.
        skip: how the last column of lines begins that say something else and are not read.
    """

    vocabulary: str | dict[str, str]
    prefixes: dict[str, str] = Field(default_factory=dict)
    patterns: dict[Pattern, str] = Field(default_factory=dict)
    separators: str | dict[str, str] = "|"
    nothing: tuple[str, ...] = ("-1", "-", "")
    columns: tuple[int, ...] = (5,)
    related: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()


class Standoff(Format):
    """Standoff files of brat and the BioNLP shared tasks, one `.txt` a document.

    Attributes:
        annotations: suffixes of the files that together annotate a document. One that no text of the split has counts
            as empty; a text without one that others have is rejected.
        texts: `beside`: each text is a `.txt` file beside its annotations. `apart`: they are in other folders, and the
            names of the files alone say what belongs together. `lines`: the file of the role `texts` has one text a
            line, the document's id before it and a tab between.
        skip: how lines begin that are left out, such as groups that mean no coreference.
        wrapped: whether a mention with line breaks goes on in the next lines; else it is written on one.
        databases: database in `N` lines -> its name, where that is another.
        groups: names of `*` lines that mean a relation of this type between each two of their members.
        roles: roles of arguments without numbers, in the order in which relations have them.
    """

    annotations: tuple[str, ...] = (".a1", ".a2")
    texts: Literal["beside", "apart", "lines"] = "beside"
    skip: tuple[str, ...] = ()
    wrapped: bool = False
    databases: dict[str, str] = Field(default_factory=dict)
    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


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
        databases: prefix of an identifier, not part of it -> name of the database.
        separators: characters that separate several identifiers of one mention.
        nothing: identifiers, without that beginning, that mean "no concept".
    """

    type: str
    document: int
    start: int
    end: int
    text: int
    link: int
    databases: dict[str, str]
    separators: str = "|"
    nothing: tuple[str, ...] = ()


class PubMedTables(Format):
    """A table of annotations for each of some PubMed articles, which stand in PubMed's XML.

    The role `annotations` has one file an article, named by its PMID; all other roles are XML. Offsets count in title,
    a space, abstract; what annotators marked and what they agreed on alike are read.
    """


class BioCTable(Format):
    """BioC XML whose annotations stand in a CSV table, as concepts of a place and without a type of their own.

    The roles of the files are `texts` and `annotations`. A document is known in the table by some of its infons; their
    values, separated by blanks, are its id. Offsets count the code points of the document's text.

    Attributes:
        documents: column of the table -> infon of the document that has the same value.
        start: column of the offset at which a mention starts.
        end: column of the offset at which it ends.
        text: column of the mention itself.
        concept: column of its identifiers.
        patterns: what a whole identifier looks like, as a regular expression -> its database; its first group is the
            identifier. One that fits none is not a concept.
        separators: characters that separate several identifiers of one mention.
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


class JsonSpans(Format):
    """JSON: a list of texts, or one in each line, with the places of their entities. Offsets count code points.

    Attributes:
        lines: whether each line is a text; else the file is one list.
        id: key of a text's id; empty: they have none, and are numbered after the name of their file.
        text: key of the text.
        entities: key of the list of its entities.
        start: in an entity, key of the offset at which it starts.
        end: key of the offset at which it ends.
        mention: key of its text; empty: it is what stands at its place.
        type: key of its type.
    """

    lines: bool = False
    id: str = "id"
    text: str = "text"
    entities: str = "entities"
    start: str = "start"
    end: str = "end"
    mention: str = "text"
    type: str = "type"


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
