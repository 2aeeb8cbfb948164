"""The document that a sample's text comes from, so that the samples of one publication are found across sources."""

import polars as pl

from schemas.source import Namespace, Source

_SHAPES: dict[Namespace, tuple[str, str]] = {
    "pmid": ("pmid:", r"^0*([1-9]\d{0,7})$"),
    "pmcid": ("pmcid:PMC", r"^0*([1-9]\d{0,7})$"),
    "doi": ("doi:", r"^(10\.\d+/\S+)$"),
}
"""Public namespace -> prefix of its identifiers, and the pattern they match; anything else is not one of them."""


def patterns(source: Source, part: str) -> list[tuple[str, Namespace]]:
    """What names the documents of a part's records, in the order in which it is tried; nothing where nothing does."""
    declared = source.documents_of(part)
    return list(declared.items()) if isinstance(declared, dict) else []


def document(source: Source, part: str) -> pl.Expr:
    """The documents of a part's records, by the columns `id` and `origin`; empty where none is known."""
    origin = pl.col("origin").cast(pl.String)
    name = pl.when(origin != "").then(origin).otherwise(pl.col("id"))
    found = (_named(name, pattern, namespace, source.id) for pattern, namespace in patterns(source, part))
    return pl.coalesce(*found, pl.lit(""))


def _named(name: pl.Expr, pattern: str, namespace: Namespace, source: str) -> pl.Expr:
    before, shape = _SHAPES.get(namespace, (f"{source}:", "^(.+)$"))
    identifier = name.str.extract(f"^(?:{pattern})$").str.extract(shape)
    return pl.concat_str(pl.lit(before), identifier.str.to_lowercase() if namespace == "doi" else identifier)
