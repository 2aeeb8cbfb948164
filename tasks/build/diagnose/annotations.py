"""What the records of a task are annotated with: items that are labelled, and mentions in the text.

All of it is the annotation as read, before samples are rendered and deduplicated.
"""

from functools import singledispatch
from typing import NamedTuple

import polars as pl

from schemas.records import MARKED
from schemas.task import Classes, Coref, Ee, Ned, Ner, Qa, Re, Task
from tasks.build.render.annotations import ITEM, entities_of, exploded

SPANS = pl.List(pl.Struct({"start": pl.Int32, "end": pl.Int32}))
MENTION = {
    "row": pl.UInt32,
    "text": pl.String,
    "label": pl.String,
    "spans": SPANS,
    "concepts": pl.List(pl.String),
}
"""Columns of mentions: the number of the record, the surface, the label, the fragments (null without a place), and the
concepts as `database/identifier`."""

ITEMS = {"row": pl.UInt32, "label": pl.String}
"""Columns of items: the number of the record and the label."""


class Annotations(NamedTuple):
    """The annotations of records that are numbered from 0.

    Attributes:
        items: what an answer lists (mentions, links, relations, events, chains or labels), with the columns of `ITEMS`.
        mentions: with the columns of `MENTION`; None of tasks about whole texts.
        complete: whether every mention of a kind should be annotated, so that one that is not is an inconsistency.
    """

    items: pl.LazyFrame
    mentions: pl.LazyFrame | None = None
    complete: bool = False


@singledispatch
def annotations(task: Task, records: pl.LazyFrame) -> Annotations:  # noqa: ARG001
    """The annotations of a task's records; a task with free answers has none."""
    return Annotations(pl.LazyFrame(schema=ITEMS))


@annotations.register
def _(task: Classes, records: pl.LazyFrame) -> Annotations:
    column = "labels" if "labels" in records.collect_schema() else "label"
    return Annotations(_labels(records, column, pl.col("label").replace_strict(task.classes, default=None)))


@annotations.register
def _(task: Qa, records: pl.LazyFrame) -> Annotations:
    named = pl.when(pl.col("label").is_in(list(task.choices))).then("label")
    return Annotations(_labels(records, "answers", named))


def _labels(records: pl.LazyFrame, column: str, label: pl.Expr) -> pl.LazyFrame:
    rows = records.select(label=column).with_row_index("row")
    if isinstance(rows.collect_schema()["label"], pl.List):
        rows = rows.explode("label", empty_as_null=False)
    return rows.select("row", label=label).drop_nulls()


@annotations.register
def _(task: Ner, records: pl.LazyFrame) -> Annotations:
    found = _tagged(records) if task.answer == "bio" else entities_of(records)
    label = pl.col("type").replace_strict(task.types, default=None)
    mentions = _mentions(found.filter(pl.col("type").is_in(task.types)), label=label)
    return Annotations(mentions.select(*ITEMS), mentions, complete=True)


@annotations.register
def _(task: Ned, records: pl.LazyFrame) -> Annotations:
    if task.per != "document":
        return _one_mention(task, records)
    database, identifier = (ITEM.struct.field(name) for name in ("database", "identifier"))
    asked = pl.col("links").list.eval(ITEM.filter(database.is_in(task.databases)))
    found = entities_of(records).with_columns(links=asked).filter(pl.col("links").list.len() > 0)
    concepts = pl.col("links").list.eval(pl.concat_str(database, pl.lit("/"), identifier))
    items = found.select("row", label=pl.col("links").list.eval(database)).explode("label")
    return Annotations(items, _mentions(found, concepts=concepts), complete=True)


def _one_mention(task: Ned, records: pl.LazyFrame) -> Annotations:
    """Texts that consist of or mark one mention each."""
    rows = records.select("text", "labels").with_row_index("row").filter(pl.col("labels").list.len() > 0)
    if task.per == "mark":
        rows = rows.with_columns(pl.col("text").str.extract(MARKED))
    known = (pl.when(ITEM.str.contains(f"^(?:{each})$")).then(pl.lit(name)) for each, name in task.patterns.items())
    database = pl.coalesce(*known, pl.lit(task.databases[0]))
    concepts = pl.col("labels").list.eval(pl.concat_str(database, pl.lit("/"), ITEM))
    items = rows.select("row", label=pl.col("labels").list.eval(database)).explode("label")
    return Annotations(items, _mentions(rows.with_columns(spans=pl.lit(None, SPANS)), concepts=concepts))


@annotations.register
def _(task: Re, records: pl.LazyFrame) -> Annotations:
    relations = exploded(records, "relations").filter(pl.col("type").is_in(task.types))
    ends = relations.select("row", "arguments").explode("arguments", empty_as_null=False).unnest("arguments")
    ends = ends.filter(pl.col("kind").is_in(["entity", "concept"])).unique(["row", "target"], maintain_order=True)
    placed = ends.join(_places(records), on=["row", "target"], how="left", maintain_order="left")
    return Annotations(_items(relations, task.types), _mentions(placed))


@annotations.register
def _(task: Ee, records: pl.LazyFrame) -> Annotations:
    events = exploded(records, "events").filter(pl.col("type").is_in(task.types))
    end = pl.col("start") + pl.col("trigger").str.len_chars().cast(pl.Int32)
    triggers = events.unique(["row", "type", "start", "trigger"], maintain_order=True).select(
        "row", "type", text="trigger", spans=pl.concat_list(pl.struct(start="start", end=end))
    )
    label = pl.col("type").replace_strict(task.types, default=None)
    return Annotations(_items(events, task.types), _mentions(triggers, label=label), complete=True)


@annotations.register
def _(task: Coref, records: pl.LazyFrame) -> Annotations:  # noqa: ARG001
    chains = records.select("chains").with_row_index("row").explode("chains", empty_as_null=False)
    members = chains.explode("chains", empty_as_null=False).unnest("chains").rename({"entity": "target"})
    placed = members.join(_places(records), on=["row", "target"], how="left", maintain_order="left")
    return Annotations(chains.select("row", label=pl.lit(None, pl.String)), _mentions(placed))


def _items(rows: pl.LazyFrame, types: dict[str, str]) -> pl.LazyFrame:
    return rows.select("row", label=pl.col("type").replace_strict(types, default=None))


def _places(records: pl.LazyFrame) -> pl.LazyFrame:
    """The fragments of each entity."""
    return entities_of(records).select("row", "spans", target="id").unique(["row", "target"], maintain_order=True)


def _mentions(found: pl.LazyFrame, label: pl.Expr | None = None, concepts: pl.Expr | None = None) -> pl.LazyFrame:
    columns = {
        "label": pl.lit(None) if label is None else label,
        "concepts": pl.lit([], pl.List(pl.String)) if concepts is None else concepts,
    }
    return found.select("row", "text", "spans", **columns).select(
        pl.col(name).cast(dtype) for name, dtype in MENTION.items()
    )


def _tagged(records: pl.LazyFrame) -> pl.LazyFrame:
    """The entities of tokenised sentences, whose text is their tokens with a space in between."""
    kind, place = pl.col("tags").str.slice(2), pl.col("tags").str.slice(0, 1)
    words = (
        records.select("tokens", "tags")
        .with_row_index("row")
        .explode("tokens", "tags", empty_as_null=False)
        .with_columns(type=kind, length=pl.col("tokens").str.len_chars().cast(pl.Int32) + 1)
        .with_columns(end=pl.col("length").cum_sum().over("row") - 1)
    )
    goes_on = (place == "I") & (pl.col("type") == pl.col("type").shift().over("row"))
    return (
        words.with_columns(begins=(~goes_on.fill_null(False)).cast(pl.UInt32))
        .with_columns(mention=pl.col("begins").cum_sum())
        .filter(place.is_in(["B", "I"]))
        .group_by("mention", maintain_order=True)
        .agg(
            pl.col("row", "type").first(),
            text=pl.col("tokens").str.join(" "),
            start=(pl.col("end") - pl.col("length") + 1).first(),
            end=pl.col("end").last(),
        )
        .with_columns(spans=pl.concat_list(pl.struct("start", "end")))
    )
