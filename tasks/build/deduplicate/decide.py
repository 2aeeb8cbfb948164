"""Which samples of a task are left out, and whose answers change: repeats first, then conflicts.

Samples with the same input are a group. The rows of its first split, test before dev before train, decide; those of the
other splits are left out whatever their answer, so that no training sample has the input of a test. Of equal samples
the first is kept. Where several answers are left, the policy of the task decides.
"""

from typing import NamedTuple

import polars as pl

from schemas.sample import INPUT_KEY_COLUMN, OUTPUT_KEY_COLUMN
from schemas.task import SPLITS, Split
from tasks.build.deduplicate.conflicts import COMBINES, Policy, combined
from tasks.build.deduplicate.published import NEW_ANSWER
from tasks.build.render.stage import FAULT_COLUMN

PRECEDENCE: tuple[Split, ...] = ("test", "dev", "train")
"""Of two samples with the same input in different splits the one in the earlier split of this list is kept."""

_SAMPLE = {"id": pl.String, INPUT_KEY_COLUMN: pl.Binary, OUTPUT_KEY_COLUMN: pl.Binary, FAULT_COLUMN: pl.String}
_SAME = "same input and output as {} in {}"
_OTHER = "same input as {} in {}, another answer"


class Decided(NamedTuple):
    """What is decided about the samples of a task.

    Attributes:
        dropped: one row a sample left out: `split`, `id`, `reason`, `detail`, `twin` (id of the sample kept instead).
        amended: one row a sample whose answer changes: `split`, `id`, `output`.
        conflicts: one row an input with several answers, with the columns of `CONFLICT` but `task`.
    """

    dropped: pl.DataFrame
    amended: pl.DataFrame
    conflicts: pl.DataFrame


def decide(samples: dict[Split, pl.LazyFrame], how: Policy) -> Decided:
    """Decide which samples are left out, and whose answers change.

    Args:
        samples: the samples by split, each with `id`, `output`, `input_key`, `output_key` and `fault`.
        how: the policy of the task.
    """
    frames = [
        samples[split].select(*_SAMPLE, split=pl.lit(split)).with_columns(pl.col("id").cast(pl.String))
        for split in PRECEDENCE
        if split in samples
    ]
    rows = pl.concat(frames) if frames else pl.LazyFrame(schema={**_SAMPLE, "split": pl.String})
    faulty = rows.filter(pl.col(FAULT_COLUMN).is_not_null()).collect()
    sound = alike(rows.filter(pl.col(FAULT_COLUMN).is_null()), INPUT_KEY_COLUMN).collect()
    judged = _judged(sound.rename({INPUT_KEY_COLUMN: "group"}), how)
    dropped = pl.concat(
        [
            faulty.select("split", "id", reason=FAULT_COLUMN, detail=pl.lit(""), twin=pl.lit("")),
            judged.filter((pl.col("id") != pl.col("kept")) | (pl.col("split") != pl.col("first"))).select(
                "split", "id", reason=_reason(how), detail=_detail(how), twin="kept"
            ),
        ]
    )
    return Decided(dropped, _amended(judged, samples, how), _conflicts(judged, how))


def _judged(sound: pl.DataFrame, how: Policy) -> pl.DataFrame:
    """Samples with what decides about them.

    Returns:
        the samples with `first` (the split of their group that decides), `own` (id of the first sample there with the
        same answer; null if none has it), `kept` (id of the sample that is kept in place of this one, its own if it is
        kept itself; empty if none is), `answers` (different ones in `first`) and `every` (in all splits).
    """
    here = pl.col("split") == pl.col("first")
    known = sound.with_columns(first=pl.col("split").first().over("group")).with_columns(
        own=pl.col("id").filter(here).first().over("group", OUTPUT_KEY_COLUMN),
        votes=here.sum().over("group", OUTPUT_KEY_COLUMN),
        answers=pl.col(OUTPUT_KEY_COLUMN).filter(here).n_unique().over("group"),
        every=pl.col(OUTPUT_KEY_COLUMN).n_unique().over("group"),
    )
    winner = pl.col("own").first().over("group")
    if how == "majority":
        most = here & (pl.col("votes") == pl.col("votes").max().over("group"))
        leading = pl.col("own").filter(most)
        alone = leading.n_unique().over("group") == 1
        winner = pl.when(alone).then(leading.first().over("group")).otherwise(pl.lit(""))
    kept = pl.coalesce("own", winner) if how == "alternatives" else winner
    return known.with_columns(kept=kept, winner=winner)


def _reason(how: Policy) -> pl.Expr:
    same = pl.col("own").is_not_null() & (pl.col("own") == pl.col("kept"))
    elsewhere = pl.col("split") != pl.col("first")
    return (
        pl.when(elsewhere, pl.col("first") == "test")
        .then(pl.lit("test text"))
        .when(same)
        .then(pl.lit("duplicate"))
        .when(elsewhere)
        .then(pl.lit("dev text"))
        .otherwise(pl.lit("merged answer" if how in COMBINES else "conflict"))
    )


def _detail(how: Policy) -> pl.Expr:
    """What was found about a sample that is left out."""
    same = pl.col("own").is_not_null() & (pl.col("own") == pl.col("kept"))
    said = {
        "merge": "one of {} answers to this input, merged into that of {}",
        "mean": "one of {} scores of this input; the answer of {} is their mean",
        "majority": "one of {} answers to this input; that of {} is more frequent",
        "alternatives": "one of {} answers to this input, as {} is",
    }
    return (
        pl.when(same)
        .then(pl.format(_SAME, "kept", "first"))
        .when(pl.col("kept") == "")
        .then(pl.format("one of {} answers to this input, none of which is the most frequent", "every"))
        .when(pl.col("split") != pl.col("first"))
        .then(pl.format(_OTHER, "kept", "first"))
        .otherwise(pl.format(said[how], "every", "kept"))
    )


def _amended(judged: pl.DataFrame, samples: dict[Split, pl.LazyFrame], how: Policy) -> pl.DataFrame:
    """The answers that change, which are made of those of all splits.

    All samples of the split that decides get them, also those left out: the benchmark's test sets keep their repeats.
    """
    wanted = judged.filter(pl.col("every") > 1)
    if how not in COMBINES or wanted.is_empty():
        return pl.DataFrame(schema=NEW_ANSWER)
    answers = [
        samples[split]
        .select(pl.col("id").cast(pl.String), pl.col("output").cast(pl.String), split=pl.lit(split))
        .filter(pl.col("id").is_in(wanted.filter(pl.col("split") == split)["id"].implode()))
        .collect()
        for split in SPLITS
        if split in samples
    ]
    named = wanted.join(pl.concat(answers), on=["split", "id"], how="left", maintain_order="left")
    deciding = wanted.filter(pl.col("split") == pl.col("first"))
    return combined(named, how).join(deciding, on=["split", "id"], how="semi", maintain_order="left")


def _conflicts(judged: pl.DataFrame, how: Policy) -> pl.DataFrame:
    done = (
        pl.when((pl.col("answers") == 1) & (how not in COMBINES))
        .then(pl.format("the answer in {} is kept", "first"))
        .when(pl.col("winner") == "")
        .then(pl.lit("left out: no majority"))
        .otherwise(pl.lit(_DONE[how]))
    )
    groups = judged.filter(pl.col("every") > 1).group_by("group", maintain_order=True)
    found = groups.agg(
        pl.len().alias("samples"),
        pl.col("every").first().alias("answers_"),
        pl.col("split").unique(maintain_order=True).str.join(", ").alias("splits"),
        done.first().alias("done"),
        pl.when(pl.col("winner") == "").then(pl.col("id")).otherwise(pl.col("winner")).first().alias("id"),
    )
    return found.select(
        pl.col("group").bin.encode("hex").alias("input"),
        pl.col("samples").cast(pl.Int64),
        pl.col("answers_").cast(pl.Int64).alias("answers"),
        "splits",
        pl.lit(how).alias("policy"),
        "done",
        "id",
    )


_DONE: dict[Policy, str] = {
    "merge": "merged",
    "mean": "mean of the scores",
    "majority": "the majority is kept",
    "alternatives": "all answers are kept",
}


def alike(rows: pl.LazyFrame, column: str) -> pl.LazyFrame:
    """The rows whose value of a column another row has too, and few more, in their order.

    Numbers that stand for the values are compared first, so that millions of rows need little memory. They are equal
    for equal values, and seldom for others: to be sure, compare the values of what is left.
    """
    numbered = rows.with_row_index()
    hashes = numbered.select(pl.col(column).hash()).collect().to_series()
    ordered = hashes.sort()
    twice = ordered.filter(ordered == ordered.shift())
    return numbered.filter(pl.col("index").is_in(hashes.is_in(twice.implode()).arg_true().implode())).drop("index")
