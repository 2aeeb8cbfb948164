"""All readers: importing this module registers them; a new format adds its module here."""

from schemas.formats import Format
from tasks.build.read import (
    agreed,
    bioc,
    delimited,
    excel,
    inline_xml,
    interaction_xml,
    iob,
    joined_tables,
    json_clusters,
    json_rows,
    json_spans,
    json_tags,
    labelled_sentences,
    marked_xml,
    mention_table,
    paired_texts,
    parallel_text,
    placed_tokens,
    pubmed_tables,
    pubtator,
    read,
    section_xml,
    standoff,
    standoff_tables,
    tagged,
    token_labels,
    token_spans,
    token_xml,
    xml_claims,
    xml_rows,
)

__all__ = [
    "agreed",
    "bioc",
    "delimited",
    "excel",
    "inline_xml",
    "interaction_xml",
    "iob",
    "joined_tables",
    "json_clusters",
    "json_rows",
    "json_spans",
    "json_tags",
    "labelled_sentences",
    "marked_xml",
    "mention_table",
    "modules",
    "paired_texts",
    "parallel_text",
    "placed_tokens",
    "pubmed_tables",
    "pubtator",
    "section_xml",
    "standoff",
    "standoff_tables",
    "tagged",
    "token_labels",
    "token_spans",
    "token_xml",
    "xml_claims",
    "xml_rows",
]


def modules(options: Format) -> tuple[str, ...]:
    """The modules of the readers that read files with these options."""
    kinds = (kind for kind in type(options).__mro__ if issubclass(kind, Format))
    return tuple(dict.fromkeys(read.dispatch(kind).__module__ for kind in kinds))
