"""Samples of annotated documents: entities, concepts, relations and events."""

import polars as pl

from medinst_eval.grammar.answers import (
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
from medinst_eval.grammar.brackets import TRIPLE, TYPE
from schemas.records import MARKED
from schemas.task import Coref, Ee, Ned, Ner, Re
from tasks.build.render import finish, form, render
from tasks.build.render.annotations import ITEM, entities_of, exploded, once, samples, undeclared
from tasks.build.render.ends import between
from tasks.build.render.expressions import bracketed, quoted, triple


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
    entities = entities_of(records)
    unknown = undeclared(entities, task, pl.col("type"))
    type_ = pl.col("type").replace_strict(task.types, default=None)
    written = entities.filter(pl.col("type").is_in(task.types)).with_columns(
        item=bracketed(quoted(pl.col("text")), type_)
    )
    return samples(records, once(written, "place"), unknown, "no entity", always=task.keep == "all")


@render.register
def _(task: Ned, records: pl.LazyFrame) -> pl.LazyFrame:
    if task.per != "document":
        return _one_mention(task, records)
    links = entities_of(records).explode("links", empty_as_null=False).unnest("links")
    other = pl.col("database").is_in(task.databases).not_()
    unknown = links.filter(other).group_by("row").agg(detail=pl.col("database").unique().sort().str.join(", "))
    concept = quoted(pl.concat_str("database", pl.lit("/"), "identifier"), TYPE)
    written = links.filter(~other).with_columns(item=bracketed(quoted(pl.col("text")), concept))
    return samples(records, once(written, "place"), unknown, "no normalised entity")


@render.register
def _(task: Re, records: pl.LazyFrame) -> pl.LazyFrame:
    relations = exploded(records, "relations")
    unknown = undeclared(relations, task, pl.col("type"))
    asked = relations.filter(pl.col("type").is_in(task.types)).with_columns(
        name=pl.col("type").replace_strict(task.types, default=None)
    )
    ends = between(asked, entities_of(records), task.symmetric)
    written = ends.with_columns(
        item=triple(quoted(pl.col("first"), TRIPLE), pl.col("name"), quoted(pl.col("second"), TRIPLE))
    )
    return samples(records, once(written, "first_place", "second_place"), unknown, "no relation")


@render.register
def _(task: Ee, records: pl.LazyFrame) -> pl.LazyFrame:
    events = exploded(records, "events").sort("row", "start", maintain_order=True)
    unknown = undeclared(events, task, pl.col("type"))
    argument = pl.col("arguments").struct
    themes = (
        events.filter(pl.col("type").is_in(task.types))
        .explode("arguments", empty_as_null=False)
        .filter(argument.field("role").str.contains(r"^Theme\d*$") & (argument.field("kind") == "entity"))
        .with_columns(target=argument.field("target"), theme=argument.field("text"))
    )
    places = entities_of(records).select("row", "place", target="id")
    themes = themes.join(places, on=["row", "target"], how="left", maintain_order="left")
    themes = themes.with_columns(pl.col("place").fill_null(pl.col("target")))
    type_ = pl.col("type").replace_strict(task.types, default=None)
    written = themes.with_columns(
        item=triple(type_, quoted(pl.col("trigger"), TRIPLE), quoted(pl.col("theme"), TRIPLE))
    )
    return samples(records, once(written, "start", "place"), unknown, "no event with an entity as its theme")


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
    fitting = (
        pl.format(f"{database}/{{}}", ITEM.str.extract(f"^(?:{pattern})$"))
        for pattern, database in task.patterns.items()
    )
    other = pl.format(f"{task.databases[0]}/{{}}", ITEM.replace("", None))
    concepts = pl.col("labels").list.eval(quoted(pl.coalesce(*fitting, other), TYPE))
    joined = concepts.list.join(pl.concat_str(pl.lit(">], ["), mention, pl.lit(" <")), ignore_nulls=False)
    written = pl.concat_str(pl.lit("["), mention, pl.lit(" <"), joined, pl.lit(">]"))
    output = pl.when(pl.col("labels").list.len() > 0).then(written)
    return finish(
        records.select(record_id="id", document="document", input=text.str.strip_chars(), output=output).with_columns(
            reason=pl.when(pl.col("output").is_null()).then(pl.lit("no normalised entity"))
        )
    )
