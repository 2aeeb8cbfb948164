"""Names and concepts: ambiguity, variation, and what training has not seen.

A name is the surface of a mention in lower case with single spaces. What a mention is linked to is its reading: one
concept, or several together where it names several ("breast and ovarian cancer").
"""

import polars as pl

from schemas.task import SPLITS
from tasks.build.diagnose.long import IN_MEMORY, MEASURES, long, share, with_all

MOST = 20
"""Names, and concepts, that are listed for each task, the most ambiguous first."""

LISTED = 10
"""Readings of a name, or names of a concept, that are listed with it, the most frequent first."""

AMBIGUITY = {
    "kind": pl.String,
    "subject": pl.String,
    "mentions": pl.UInt32,
    "different": pl.UInt32,
    "others": pl.List(pl.String),
}
"""Columns of the table of ambiguous names and varied concepts."""

KINDS = {"concepts": ("name", "reading"), "labels": ("name", "label"), "names": ("concept", "name")}
"""What is listed: of names their concepts and their labels, of concepts their names -> the columns of each side."""


def named(mentions: pl.LazyFrame) -> pl.LazyFrame:
    """Mentions with the columns `name`, `reading` and `concept` (the reading if that is a single concept)."""
    concepts = pl.col("concepts").list.unique().list.sort()
    return mentions.with_columns(
        name=pl.col("text").str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars(),
        reading=pl.when(concepts.list.len() > 0).then(concepts.list.join(" | ")),
        concept=pl.when(concepts.list.len() == 1).then(concepts.list.first()),
    )


def names(mentions: pl.LazyFrame) -> pl.DataFrame:
    """Measures of the names and concepts of mentions with the columns of `named` and `split`."""
    frame = with_all(mentions)
    concepts = frame.select("split", concept="concepts").explode("concept", empty_as_null=False)
    of_name, with_label, of_concept = (_different(frame, *columns) for columns in KINDS.values())
    several = pl.col("different") > 1
    counted = pl.col("mentions")
    return pl.concat(
        [
            long(frame, names=pl.col("name").n_unique(), mentions_per_name=pl.len() / pl.col("name").n_unique()),
            long(concepts, concepts=pl.col("concept").n_unique()),
            long(
                of_name,
                ambiguity=pl.col("different").mean(),
                ambiguous_names=several.mean(),
                ambiguous_mentions=share(counted.filter(several).sum(), counted.sum()),
            ),
            long(with_label, label_ambiguous_names=several.mean()),
            long(of_concept, variation=pl.col("different").mean(), varied_concepts=several.mean()),
        ]
    )


def _different(frame: pl.LazyFrame, subject: str, other: str) -> pl.LazyFrame:
    """How many others each subject has in each split, and in how many mentions."""
    known = frame.drop_nulls([subject, other])
    return known.group_by("split", subject).agg(different=pl.col(other).n_unique(), mentions=pl.len())


def most(mentions: pl.LazyFrame) -> pl.DataFrame:
    """The most ambiguous names and most varied concepts of all splits, as rows of `AMBIGUITY`, sorted."""
    return pl.concat([_most(mentions, kind, *columns) for kind, columns in KINDS.items()]).collect(**IN_MEMORY)


def _most(mentions: pl.LazyFrame, kind: str, subject: str, other: str) -> pl.LazyFrame:
    pairs = mentions.drop_nulls([subject, other]).group_by(subject, other).len("mentions")
    found = (
        pairs.sort("mentions", other, descending=[True, False])
        .group_by(subject, maintain_order=True)
        .agg(pl.col("mentions").sum(), different=pl.len(), others=pl.col(other).head(LISTED))
        .filter(pl.col("different") > 1)
        .sort("different", "mentions", subject, descending=[True, True, False])
        .head(MOST)
        .with_columns(kind=pl.lit(kind))
        .rename({subject: "subject"})
    )
    return found.select(pl.col(column).cast(dtype) for column, dtype in AMBIGUITY.items())


def unseen(mentions: pl.DataFrame) -> pl.DataFrame:
    """Shares of the mentions, names, links and concepts of `dev` and `test` that `train` does not have.

    Returns:
        measures; none of a task without a training split, or without mentions there.
    """
    train = pl.col("split") == SPLITS[0]
    known, later = mentions.filter(train), mentions.filter(~train)
    if known.is_empty():
        return pl.DataFrame(schema=MEASURES)
    concepts = later.select("split", concept="concepts").explode("concept", empty_as_null=False)
    return pl.concat(
        [
            _new(later, "name", known["name"], "unseen_mentions", "unseen_names"),
            _new(
                concepts, "concept", known["concepts"].explode(empty_as_null=False), "unseen_links", "unseen_concepts"
            ),
        ]
    )


def _new(rows: pl.DataFrame, column: str, known: pl.Series, each: str, distinct: str) -> pl.DataFrame:
    """Shares of rows, and of the distinct values among them, whose value is not known."""
    new = ~pl.col(column).is_in(known.unique().implode())
    return pl.concat(
        [
            long(rows.lazy(), **{each: new.mean()}),
            long(rows.unique(["split", column]).lazy(), **{distinct: new.mean()}),
        ]
    )
