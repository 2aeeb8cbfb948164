"""The diagnosis of one task, from the records of its parts."""

from typing import NamedTuple

import polars as pl

from schemas.task import Task
from tasks.build.diagnose.annotations import Annotations, annotations
from tasks.build.diagnose.consistency import KINDS, PLACES, consistency
from tasks.build.diagnose.labels import labels
from tasks.build.diagnose.long import ALL, IN_MEMORY, MEASURES, as_measures, long, share, with_all
from tasks.build.diagnose.names import AMBIGUITY, most, named, names, unseen
from tasks.build.diagnose.places import nesting
from tasks.build.diagnose.texts import Texts
from tasks.build.diagnose.tokens import WORD
from tasks.build.diagnose.years import years

WORST = 20
"""Names that are listed for each task as annotated here and not there."""

CONSISTENCY = {"name": pl.String, **dict.fromkeys(KINDS, pl.UInt32), "share": pl.Float64}
"""Columns of the table of names that are not annotated everywhere; `share` is that of `tagged` in `tagged` and
`untagged`."""

VOCABULARY = {"kind": pl.String, "split": pl.String, "value": pl.String}
"""Columns of the different names and concepts of each split."""


class Diagnosis(NamedTuple):
    """What is found of one task: tables with the columns of `MEASURES`, `AMBIGUITY`, `CONSISTENCY` and `VOCABULARY`."""

    diagnostics: pl.DataFrame
    ambiguity: pl.DataFrame = pl.DataFrame(schema=AMBIGUITY)
    consistency: pl.DataFrame = pl.DataFrame(schema=CONSISTENCY)
    vocabulary: pl.DataFrame = pl.DataFrame(schema=VOCABULARY)


def diagnose(task: Task, texts: Texts, table: pl.DataFrame | None = None) -> Diagnosis:
    """Diagnose a task.

    Args:
        task: the task.
        texts: the records of its parts.
        table: the first PMID of each year, if known.
    """
    found = annotations(task, texts.records)
    sizes = pl.concat([texts.sizes, texts.diversity, years(texts.documents, table)])
    if found.mentions is None:
        items = found.items.join(texts.splits.lazy(), on="row", how="left", maintain_order="left")
        return Diagnosis(pl.concat([sizes, labels(items)]))
    items, mentions = (
        frame.join(texts.splits, on="row", how="left", maintain_order="left")
        for frame in pl.collect_all([found.items, named(found.mentions)], **IN_MEMORY)
    )
    frame = mentions.lazy()
    places = _places(found, mentions, texts)
    measures = [
        sizes,
        _density(items, mentions, texts),
        labels(items.lazy()),
        names(frame),
        unseen(mentions),
        nesting(frame),
        _consistent(places),
    ]
    return Diagnosis(pl.concat(measures), most(frame), _worst(places), _vocabulary(frame))


def _density(items: pl.DataFrame, mentions: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Measures of how many items and mentions the records have, and how long mentions are."""
    counts = [frame.group_by("row").len(name) for name, frame in (("items", items), ("mentions", mentions))]
    rows = texts.words
    for count in counts:
        rows = rows.join(count, on="row", how="left")
    per_record = with_all(rows.with_columns(pl.col("items", "mentions").fill_null(0)).lazy())
    words = pl.col("text").str.count_matches(WORD)
    return pl.concat(
        [
            long(
                per_record,
                items=pl.col("items").sum(),
                items_per_record=pl.col("items").mean(),
                mentions=pl.col("mentions").sum(),
                mentions_per_record=pl.col("mentions").mean(),
                mentions_per_100_words=share(100 * pl.col("mentions").sum(), pl.col("words").sum()),
            ),
            long(with_all(mentions.lazy()), words_per_mention=words.mean()),
        ]
    )


def _places(found: Annotations, mentions: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """The places of known mentions, without splits of which no annotations are published."""
    if not found.complete or mentions.is_empty():
        return pl.DataFrame(schema=PLACES)
    places = consistency(texts.tokens, mentions, texts.splits["split"])
    return places.filter(pl.col("split").is_in(mentions["split"].unique().implode()))


def _consistent(places: pl.DataFrame) -> pl.DataFrame:
    """The share of places of known names that are annotated, of those that are not part of something longer."""
    tagged, untagged = pl.col("tagged"), pl.col("untagged")
    by_name = with_all(places.lazy()).group_by("split", "name").agg(pl.col(*KINDS).sum())
    free = by_name.filter(tagged + untagged > 0)
    return long(
        free,
        consistency=tagged.sum() / (tagged.sum() + untagged.sum()),
        mixed_names=((tagged > 0) & (untagged > 0)).mean(),
    )


def _worst(places: pl.DataFrame) -> pl.DataFrame:
    """The names with the most places of the rarer kind, annotated or not."""
    tagged, untagged = pl.col("tagged"), pl.col("untagged")
    rarer = pl.min_horizontal(tagged, untagged)
    found = places.group_by("name").agg(pl.col(*KINDS).sum()).filter(rarer > 0).sort(-rarer.cast(pl.Int64), "name")
    shares = found.head(WORST).with_columns(share=tagged / (tagged + untagged))
    return shares.select(pl.col(name).cast(dtype) for name, dtype in CONSISTENCY.items())


def _vocabulary(mentions: pl.LazyFrame) -> pl.DataFrame:
    """The different names and concepts of each split, sorted."""
    concepts = mentions.select("split", value="concepts").explode("value", empty_as_null=False)
    parts = {"names": mentions.select("split", value="name"), "concepts": concepts}
    each = [rows.unique().select(pl.lit(kind).alias("kind"), "split", "value") for kind, rows in parts.items()]
    return pl.concat(each).sort("kind", "split", "value").collect(**IN_MEMORY)


def conflicting(conflicts: pl.DataFrame, rendered: int) -> pl.DataFrame:
    """Measures of the inputs of a task that have several answers, of so many samples rendered."""
    samples = int(conflicts["samples"].sum())
    found = {"conflicts": conflicts.height, "conflicting_samples": samples / rendered if rendered else None}
    rows = [(ALL, measure, value) for measure, value in found.items()]
    return as_measures(pl.DataFrame(rows, schema=[*MEASURES], orient="row", strict=False))
