"""Options of every file format that a reader understands, by family.

Data only: a reader is found by the type of its options.

Where an option names the database of identifiers, what follows a slash (`dbSNP/rs`) is how they begin: it is put before
those that lack it, so that a database has one convention whatever the files have.
"""

from schemas.formats.annotations import (
    Agreed,
    BioCTable,
    JsonClusters,
    JsonSpans,
    MentionTable,
    PubMedTables,
    PubTator,
    Standoff,
    StandoffTables,
)
from schemas.formats.base import AnyFormat, Encoding, Format, Pattern
from schemas.formats.parquet import ParquetDocuments, ParquetRows, ParquetTokens, ParquetTwice
from schemas.formats.rows import (
    Adapted,
    Delimited,
    Excel,
    JoinedTables,
    JsonRows,
    PairedTexts,
    ParallelText,
    Rows,
    XmlClaims,
    XmlRows,
)
from schemas.formats.tokens import (
    Iob,
    JsonTags,
    LabelledSentences,
    PlacedTokens,
    Tagged,
    TokenLabels,
    TokenSpans,
    TokenVotes,
)
from schemas.formats.xml import BioC, InlineXml, InteractionXml, MarkedXml, SectionXml, TokenXml

__all__ = [
    "Adapted",
    "Agreed",
    "AnyFormat",
    "BioC",
    "BioCTable",
    "Delimited",
    "Encoding",
    "Excel",
    "Format",
    "InlineXml",
    "InteractionXml",
    "Iob",
    "JoinedTables",
    "JsonClusters",
    "JsonRows",
    "JsonSpans",
    "JsonTags",
    "LabelledSentences",
    "MarkedXml",
    "MentionTable",
    "PairedTexts",
    "ParallelText",
    "ParquetDocuments",
    "ParquetRows",
    "ParquetTokens",
    "ParquetTwice",
    "Pattern",
    "PlacedTokens",
    "PubMedTables",
    "PubTator",
    "Rows",
    "SectionXml",
    "Standoff",
    "StandoffTables",
    "Tagged",
    "TokenLabels",
    "TokenSpans",
    "TokenVotes",
    "TokenXml",
    "XmlClaims",
    "XmlRows",
]
