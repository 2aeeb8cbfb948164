"""Small invented corpora."""

import polars as pl

from schemas.records import Document, Entity, Link
from schemas.task import Split
from tasks.build.diagnose.texts import Texts
from tasks.build.read.records import batch

Marked = tuple[str, str, str]
"""A mention in a text: its words, its type, and the identifiers of its concepts with a blank in between."""


def document(name: str, text: str, *marked: Marked) -> Document:
    """A document with mentions: each is looked for from the start of the one before; after a `>`, from its end."""
    entities: list[Entity] = []
    at = 0
    for number, (said, type_, concepts) in enumerate(marked):
        words = said.removeprefix(">")
        at = text.index(words, at + len(entities[-1].text) if words != said else at)
        links = tuple(Link("DB", concept) for concept in concepts.split())
        entities.append(Entity(f"T{number}", type_, ((at, at + len(words)),), words, links))
    return Document(name, text, tuple(entities))


def corpus(**splits: list[Document]) -> Texts:
    """The texts of documents by split."""
    return texts({split: pl.DataFrame(batch(documents)) for split, documents in splits.items()})  # pyright: ignore[reportArgumentType]


def texts(frames: dict[Split, pl.DataFrame]) -> Texts:
    """The texts of records by split."""
    each = [
        frame.lazy().with_columns(split=pl.lit(split), document=pl.concat_str(pl.lit("pmid:"), "id"))
        for split, frame in frames.items()
    ]
    return Texts(pl.concat(each))


def values(diagnostics: pl.DataFrame, split: str = "all") -> dict[str, float]:
    """Measures of a split by name."""
    rows = diagnostics.filter(pl.col("split") == split)
    assert rows["measure"].is_unique().all()
    return dict(rows.select("measure", "value").iter_rows())
