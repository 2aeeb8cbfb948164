"""Parquet, as the Hugging Face Hub converts data sets to it: a record is a row, whose cells may hold structures."""

from typing import ClassVar

from pydantic import Field

from schemas.formats.base import Encoding, Format
from schemas.formats.rows import Adapted
from schemas.formats.tokens import PlacedTokens


class ParquetRows(Adapted):
    """Parquet with one row a record, read batch by batch, whatever the size.

    A place is a column's name, or a path into its structure (`a.b`). White space around a text is left out, and a list
    of texts becomes one text with its items joined by spaces where the record wants one text.
    """

    has_lines: ClassVar[bool] = False


class ParquetDocuments(Format):
    """Parquet in the layout `bigbio_kb`: one row a document, its passages, entities and relations in lists.

    The passages of a document stand at their offsets in its text, with spaces between them. Offsets count code points.
    An entity has one pair of offsets and one text for each of its fragments; a relation has two arguments.

    Attributes:
        databases: database of a normalised entity -> its name, where that is another.
    """

    has_lines: ClassVar[bool] = False

    databases: dict[str, str] = Field(default_factory=dict)


class ParquetTokens(PlacedTokens):
    """Parquet that a loader of BigBIO made of lines with placed tokens: one row a document, its tokens and mentions.

    The loader kept the tokens and their offsets as the lines have them, so that the lines can be told from them. Its
    texts and places of mentions are wrong where offsets count bytes, and are not read.

    Attributes:
        taken: the encoding as which the loader took the bytes of the lines.
    """

    has_lines: ClassVar[bool] = False

    taken: Encoding = "utf-8"


class ParquetTwice(Format):
    """Parquet that a loader of BigBIO made of standoff files: one row a document, what one annotator said of it.

    The roles of the files are `first` and `second`, the annotators. What both say becomes the record, as in `Agreed`;
    triggers of events are no entities.
    """

    has_lines: ClassVar[bool] = False
