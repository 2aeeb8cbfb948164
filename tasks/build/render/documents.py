"""Samples of annotated documents: entities, concepts, relations, chains and events."""

import polars as pl

from schemas.records import MARKED
from schemas.task import Coref, Ee, Ned, Ner, Re, Typed
from tasks.build.render import finish, form, render
from tasks.build.render.answers import (
    Concepts,
    Entities,
    Events,
    Form,
    MarkedConcepts,
    Mentions,
    PhraseConcepts,
    Relations,
    Tags,
)
from tasks.build.render.brackets import NOTHING, TRIPLE, TYPE
from tasks.build.render.expressions import bracketed, on_one_line, quoted, quoted_list, triple

ITEM = pl.element()


@form.register
def _(task: Ner) -> Form:
    return Tags() if task.answer == "bio" else Entities(task.discontinuous, nothing=task.keep == "all")


@form.register
def _(task: Ned) -> Form:
    forms = {"document": Concepts, "phrase": PhraseConcepts, "mark": MarkedConcepts}
    return forms[task.per](task.discontinuous)


@form.register
def _(task: Re) -> Form:
    return Relations(task.discontinuous, task.symmetric, task.labels)


@form.register
def _(task: Coref) -> Form:
    return Mentions(task.discontinuous)


@form.register
def _(task: Ee) -> Form:
    return Events(task.discontinuous)


@render.register
def _(task: Ner, records: pl.LazyFrame) -> pl.LazyFrame:
    if task.answer == "bio":
        return _tags(task, records)
    entities = _in_text_order(_exploded(records, "entities"))
    undeclared = _undeclared(entities, task, pl.col("type"))
    written = entities.filter(pl.col("type").is_in(task.types)).select(
        "row",
        item=bracketed(quoted(pl.col("text")), pl.col("type").replace_strict(task.types, default=None)),
    )
    return _samples(records, written, undeclared, "no entity", always=task.keep == "all")


@render.register
def _(task: Ned, records: pl.LazyFrame) -> pl.LazyFrame:
    if task.per != "document":
        return _one_mention(task, records)
    links = _in_text_order(_exploded(records, "entities")).explode("links", empty_as_null=False).unnest("links")
    other = pl.col("database").is_in(task.databases).not_()
    undeclared = links.filter(other).group_by("row").agg(detail=pl.col("database").unique().sort().str.join(", "))
    concept = quoted(pl.concat_str("database", pl.lit("/"), "identifier"), TYPE)
    written = links.filter(~other).select("row", item=bracketed(quoted(pl.col("text")), concept))
    return _samples(records, written, undeclared, "no normalised entity")


@render.register
def _(task: Re, records: pl.LazyFrame) -> pl.LazyFrame:
    relations = _exploded(records, "relations").with_columns(
        between=pl.col("arguments").list.eval(ITEM.struct.field("kind").is_in(["entity", "concept"])).list.all(),
        texts=pl.col("arguments").list.eval(ITEM.struct.field("text")),
    )
    undeclared = _undeclared(relations, task, pl.col("type"))
    ends = [quoted(pl.col("texts").list.get(place, null_on_oob=True), TRIPLE) for place in (0, 1)]
    written = relations.filter(pl.col("between") & pl.col("type").is_in(task.types)).select(
        "row",
        item=pl.when(pl.col("texts").list.len() == 2).then(
            triple(ends[0], pl.col("type").replace_strict(task.types, default=None), ends[1])
        ),
        mention=pl.col("arguments").list.first().struct.field("kind") != "concept",
    )
    # Two concepts may have the same first mention; relations between mentions are all listed.
    repeated = ~pl.struct("row", "item").is_first_distinct() & ~pl.col("mention")
    written = written.filter(~repeated).select("row", "item")
    return _samples(records, written, undeclared, "no relation")


@render.register
def _(task: Coref, records: pl.LazyFrame) -> pl.LazyFrame:
    chains = (
        records.select("id", "document", "text", chain="chains")
        .with_columns(unit=pl.int_ranges(pl.col("chain").list.len()).cast(pl.List(pl.String)))
        .explode("chain", "unit", empty_as_null=True)
        .with_columns(mentions=pl.col("chain").list.eval(ITEM.struct.field("text")))
    )
    first = on_one_line(pl.col("mentions").list.first())
    others = quoted_list(pl.col("mentions").list.slice(1))
    single = pl.when(pl.col("mentions").list.len() < 2).then(pl.lit("chain of one mention"))
    return finish(
        chains.select(
            record_id="id",
            document="document",
            unit=pl.col("unit").fill_null(""),
            input=pl.format("{}\n\nMention: {}", pl.col("text").str.strip_chars(), first),
            output=others.list.eval(pl.format("[{}]", ITEM)).list.join(", "),
            reason=pl.when(pl.col("mentions").is_null()).then(pl.lit("no coreference chain")).otherwise(single),
        )
    )


@render.register
def _(task: Ee, records: pl.LazyFrame) -> pl.LazyFrame:
    events = _exploded(records, "events").sort("row", "start", maintain_order=True)
    undeclared = _undeclared(events, task, pl.col("type"))
    themes = (
        events.filter(pl.col("type").is_in(task.types))
        .explode("arguments", empty_as_null=False)
        .with_columns(argument=pl.col("arguments"))
        .filter(
            pl.col("argument").struct.field("role").str.contains(r"^Theme\d*$")
            & (pl.col("argument").struct.field("kind") == "entity")
        )
    )
    type_ = pl.col("type").replace_strict(task.types, default=None)
    theme = pl.col("argument").struct.field("text")
    written = themes.select("row", item=triple(type_, quoted(pl.col("trigger"), TRIPLE), quoted(theme, TRIPLE)))
    return _samples(records, written, undeclared, "no event with an entity as its theme")


def _tags(task: Ner, records: pl.LazyFrame) -> pl.LazyFrame:
    """Tokenised sentences; words of an entity whose type the task does not ask for are tagged `O`."""
    declared = ["O", *(f"{place}-{type_}" for type_ in (*task.types, *task.ignore) for place in "BI")]
    words = records.with_row_index("row").explode("tokens", "tags")
    kind = pl.when(pl.col("tags").str.slice(2).is_in([*task.types])).then(pl.col("tags").str.slice(0, 1))
    return finish(
        words.group_by("row", maintain_order=True)
        .agg(
            record_id=pl.col("id").first(),
            document=pl.col("document").first(),
            input=pl.col("tokens").str.join(" "),
            output=pl.concat_str("tokens", pl.lit(" ["), kind.fill_null("O"), pl.lit("]")).str.join(" "),
            detail=pl.col("tags").filter(~pl.col("tags").is_in(declared)).unique().sort().str.join(", "),
            entity=kind.is_not_null().any(),
        )
        .with_columns(
            reason=pl.when(pl.col("detail") != "")
            .then(pl.lit("undeclared type"))
            .when(~pl.col("entity") & (task.keep == "annotated"))
            .then(pl.lit("no entity"))
        )
    )


def _one_mention(task: Ned, records: pl.LazyFrame) -> pl.LazyFrame:
    """Texts that consist of or mark one mention each, with the identifiers of its concepts as labels."""
    text = pl.col("text")
    mention = quoted(text if task.per == "phrase" else text.str.extract(MARKED))
    concepts = pl.col("labels").list.eval(
        quoted(pl.concat_str(pl.lit(f"{task.databases[0]}/"), ITEM.replace("", None)), TYPE)
    )
    joined = concepts.list.join(pl.concat_str(pl.lit(">], ["), mention, pl.lit(" <")), ignore_nulls=False)
    written = pl.concat_str(pl.lit("["), mention, pl.lit(" <"), joined, pl.lit(">]"))
    output = pl.when(pl.col("labels").list.len() > 0).then(written)
    return finish(
        records.select(record_id="id", document="document", input=text.str.strip_chars(), output=output).with_columns(
            reason=pl.when(pl.col("output").is_null()).then(pl.lit("no normalised entity"))
        )
    )


def _exploded(records: pl.LazyFrame, column: str) -> pl.LazyFrame:
    """One row for each annotation, with the number of its record."""
    rows = records.select(column).with_row_index("row")
    return rows.explode(column, empty_as_null=False).unnest(column)


def _in_text_order(entities: pl.LazyFrame) -> pl.LazyFrame:
    spans = pl.col("spans")
    return entities.sort(
        "row",
        spans.list.first().struct.field("start"),
        spans.list.last().struct.field("end"),
        maintain_order=True,
    )


def _undeclared(rows: pl.LazyFrame, task: Typed, type_: pl.Expr) -> pl.LazyFrame:
    known = [*task.types, *task.ignore]
    return rows.filter(~type_.is_in(known)).group_by("row").agg(detail=type_.unique().sort().str.join(", "))


def _samples(
    records: pl.LazyFrame,
    written: pl.LazyFrame,
    undeclared: pl.LazyFrame | None,
    nothing: str,
    always: bool = False,
) -> pl.LazyFrame:
    """Join the items of each record; a record without items, or with undeclared types, gives no sample."""
    items = pl.col("item")
    answers = written.group_by("row", maintain_order=True).agg(
        output=items.str.join(", "), broken=items.is_null().any()
    )
    rows = records.select("id", "document", "text").with_row_index("row")
    rows = rows.join(answers, on="row", how="left", maintain_order="left")
    if undeclared is None:
        rows = rows.with_columns(detail=pl.lit(None, pl.String))
    else:
        rows = rows.join(undeclared, on="row", how="left", maintain_order="left")
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
