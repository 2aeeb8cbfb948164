"""Samples of coreference chains: the first mention is given, with its place, and the others are the answer."""

import polars as pl

from schemas.records import MARKS
from schemas.task import Coref
from tasks.build.render import finish, render
from tasks.build.render.annotations import ITEM, entities_of
from tasks.build.render.expressions import on_one_line, quoted_list

AROUND = 40
"""Characters shown on each side of the given mention: in the real files enough to tell its place from any other."""

LETTER = r"\p{L}"


@render.register
def _(task: Coref, records: pl.LazyFrame) -> pl.LazyFrame:
    chains = (
        records.select("id", "document", "text", chain="chains")
        .with_row_index("row")
        .with_columns(unit=pl.int_ranges(pl.col("chain").list.len()).cast(pl.List(pl.String)))
        .explode("chain", "unit", empty_as_null=True)
        .with_columns(mentions=pl.col("chain").list.eval(ITEM.struct.field("text")))
        .with_columns(entity=pl.col("chain").list.first().struct.field("entity"))
    )
    places = entities_of(records).select("row", "start", "end", entity="id")
    chains = chains.join(places, on=["row", "entity"], how="left", maintain_order="left")
    mentions = pl.col("mentions")
    others = quoted_list(mentions.list.slice(1)).list.eval(pl.format("[{}]", ITEM))
    single = pl.when(mentions.list.len() < 2).then(pl.lit("chain of one mention"))
    nameless = mentions.list.eval(~ITEM.str.contains(LETTER)).list.any()
    return finish(
        chains.select(
            record_id="id",
            document="document",
            unit=pl.col("unit").fill_null(""),
            input=pl.concat_str(pl.col("text").str.strip_chars(), _given(on_one_line(mentions.list.first()))),
            output=others.list.join(", "),
            reason=pl.when(mentions.is_null()).then(pl.lit("no coreference chain")).otherwise(single),
            fault=pl.when(nameless)
            .then(pl.lit("mention without a letter"))
            .when(pl.col("start").is_null())
            .then(pl.lit("mention without a place")),
        )
    )


def _given(mention: pl.Expr) -> pl.Expr:
    """The given mention, and below it the same with the words around it, as it may stand in the text several times."""
    text, start, end = pl.col("text"), pl.col("start"), pl.col("end")
    first = pl.max_horizontal(start - AROUND, pl.lit(0))
    before = text.str.slice(first, start - first)
    after = text.str.slice(end, AROUND)
    opened = pl.when(first > 0).then(before.str.replace(r"^\S*", "…")).otherwise(before)
    closed = pl.when(end + AROUND < text.str.len_chars()).then(after.str.replace(r"\S*$", "…")).otherwise(after)
    here = pl.concat_str(opened, pl.lit(MARKS[0]), text.str.slice(start, end - start), pl.lit(MARKS[1]), closed)
    context = pl.format("\nIn context: {}", on_one_line(here)).fill_null("")
    return pl.concat_str(pl.lit("\n\nMention: "), mention, context)
