"""Samples of rows: questions, pairs, labelled texts, translations and summaries."""

import polars as pl

from medinst_eval.grammar import plain
from medinst_eval.grammar.answers import Form
from medinst_eval.grammar.plain import FreeText
from schemas.task import Classes, PairClasses, Qa, Sts, Sum, Transl, TxtClass
from tasks.build.render import finish, form, render

SEPARATORS = {"commas": ", ", "semicolons": "; "}
"""Between several answers to a question."""

EMPTY = "empty text"
"""The fault of a sample one of whose texts is empty."""


@form.register
def _(task: Classes) -> Form:
    return plain.Classes(task.labels, task.multiple)


@form.register
def _(task: Qa) -> Form:
    if task.choices:
        return plain.Classes(task.choices)
    return FreeText(f"Answer with the list only, its items separated by {task.several}." if task.several else "")


@form.register
def _(task: Sts) -> Form:
    return plain.Score(task.scores)


@form.register
def _(task: Transl) -> Form:
    return FreeText("Answer with the translation only.")


@form.register
def _(task: Sum) -> Form:
    return FreeText("Write nothing else.")


@render.register
def _(task: PairClasses, records: pl.LazyFrame) -> pl.LazyFrame:
    named = pl.col("label").replace_strict(task.classes, default=None)
    texts = ("first", "second") if task.first else ("second",)
    return _finish(records, _two(task.first, task.second), named, pl.col("label"), texts)


@render.register
def _(task: TxtClass, records: pl.LazyFrame) -> pl.LazyFrame:
    named = pl.col("labels").list.eval(pl.element().replace_strict(task.classes, default=None))
    declared = pl.Enum(task.labels)
    ordered = named.list.eval(pl.element().cast(declared).sort().cast(pl.String))
    output = pl.when(named.list.eval(pl.element().is_not_null()).list.all()).then(ordered.list.join(", "))
    return _finish(records, pl.col("text"), output, pl.col("labels").list.join(", "), ("text",))


@render.register
def _(task: Sts, records: pl.LazyFrame) -> pl.LazyFrame:
    lowest, highest = task.scale
    exact = (pl.col("label").cast(pl.Float64, strict=False) - lowest) / (highest - lowest) * 5
    score = exact.round(9)  # binary fractions fall a little short of the halves
    integer = (score + 0.5).floor().cast(pl.Int64, strict=False)
    output = pl.when(score.is_between(0, 5) & integer.is_in(task.scores)).then(integer.cast(pl.String))
    return _finish(records, _two(task.first, task.second), output, pl.col("label"), ("first", "second"))


@render.register
def _(task: Qa, records: pl.LazyFrame) -> pl.LazyFrame:
    context = pl.when(pl.col("context") != "").then(pl.format("\nContext: {}", pl.col("context"))).otherwise(pl.lit(""))
    choices = (
        pl.when(pl.col("choices").list.len() > 0)
        .then(pl.format("\nOptions:\n- {}", pl.col("choices").list.join("\n- ")))
        .otherwise(pl.lit(""))
    )
    answer = pl.col("answers").list.join(SEPARATORS.get(task.several or "", ", "))
    output = pl.when(answer.is_in(task.choices)).then(answer) if task.choices else answer
    return _finish(records, pl.format("Question: {}{}{}", "text", context, choices), output, answer, ("text",))


@render.register
def _(task: Transl, records: pl.LazyFrame) -> pl.LazyFrame:
    return _finish(records, pl.col("text"), pl.col("translation"), pl.lit(""), ("text",))


@render.register
def _(task: Sum, records: pl.LazyFrame) -> pl.LazyFrame:
    return _finish(records, pl.col("text"), pl.col("summary"), pl.lit(""), ("text",))


def _two(first: str | None, second: str) -> pl.Expr:
    if first is None:
        return pl.concat_str(pl.lit(f"{second}: "), "second")
    return pl.concat_str(pl.lit(f"{first}: "), "first", pl.lit(f"\n{second}: "), "second")


def _finish(
    records: pl.LazyFrame, input_: pl.Expr, output: pl.Expr, label: pl.Expr, texts: tuple[str, ...]
) -> pl.LazyFrame:
    undeclared = pl.when(pl.col("output").is_null())
    empty = pl.any_horizontal(pl.col(name).str.strip_chars() == "" for name in texts)
    return finish(
        records.select(
            record_id="id",
            document="document",
            input=input_,
            output=output,
            detail=label,
            fault=pl.when(empty).then(pl.lit(EMPTY)),
        ).with_columns(reason=undeclared.then(pl.lit("undeclared label")), detail=undeclared.then(pl.col("detail")))
    )
