"""What the renderers of annotated documents have in common: items one by one, in text order, and joined to samples."""

import polars as pl

from medinst_eval.grammar.brackets import NOTHING
from schemas.task import Typed
from tasks.build.render import finish

ITEM = pl.element()


def exploded(records: pl.LazyFrame, column: str) -> pl.LazyFrame:
    """One row for each annotation, with the number of its record."""
    rows = records.select(column).with_row_index("row")
    return rows.explode(column, empty_as_null=False).unnest(column)


def entities_of(records: pl.LazyFrame) -> pl.LazyFrame:
    """The entities of all records in text order, with `start` and `end`, and `place`, which tells their spans apart."""
    spans = pl.col("spans")
    parts = spans.list.eval(pl.format("{}-{}", ITEM.struct.field("start"), ITEM.struct.field("end")))
    return (
        exploded(records, "entities")
        .with_columns(
            start=spans.list.first().struct.field("start"),
            end=spans.list.last().struct.field("end"),
            place=parts.list.join(" "),
        )
        .sort("row", "start", "end", maintain_order=True)
    )


def once(items: pl.LazyFrame, *place: str) -> pl.LazyFrame:
    """Of equal items of a record that come from one place, the first: nobody could see why there are several."""
    return items.unique(subset=["row", "item", *place], keep="first", maintain_order=True).select("row", "item")


def undeclared(rows: pl.LazyFrame, task: Typed, type_: pl.Expr) -> pl.LazyFrame:
    """The types of each record that the task does not know."""
    known = [*task.types, *task.ignore]
    return rows.filter(~type_.is_in(known)).group_by("row").agg(detail=type_.unique().sort().str.join(", "))


def samples(
    records: pl.LazyFrame, items: pl.LazyFrame, unknown: pl.LazyFrame, nothing: str, always: bool = False
) -> pl.LazyFrame:
    """Join the items of each record; a record without items, or with undeclared types, gives no sample.

    Args:
        records: the records.
        items: their items by the number of the record; null where an item cannot be written.
        unknown: their undeclared types.
        nothing: why a record without items gives no sample.
        always: whether it gives one all the same.
    """
    item = pl.col("item")
    answers = items.group_by("row", maintain_order=True).agg(output=item.str.join(", "), broken=item.is_null().any())
    rows = records.select("id", "document", "text").with_row_index("row")
    rows = rows.join(answers, on="row", how="left", maintain_order="left")
    rows = rows.join(unknown, on="row", how="left", maintain_order="left")
    empty = pl.lit(None, pl.String) if always else pl.when(pl.col("output").is_null()).then(pl.lit(nothing))
    return finish(
        rows.select(
            record_id="id",
            document="document",
            input=pl.col("text").str.strip_chars(),
            output=pl.col("output").fill_null(NOTHING),
            reason=pl.when(pl.col("detail").is_not_null())
            .then(pl.lit("undeclared type"))
            .when(pl.col("broken").fill_null(False))
            .then(pl.lit("argument without a mention"))
            .otherwise(empty),
            detail="detail",
        )
    )
