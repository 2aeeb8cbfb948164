"""Conflicts: one input with several answers in a task, and what the policy of its answer form makes of that."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from schemas.receipts import Rendered, Tally
from schemas.task import Ned, Qa, Sts, Te
from sources import tasks as declared
from tasks.base.store.hashing import digest
from tasks.base.store.normal import normalised
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.build.deduplicate.conflicts import POLICIES, Policy, mean, merged, policy
from tasks.build.deduplicate.decide import Decided, decide
from tasks.build.deduplicate.published import CONFLICTS, published
from tasks.build.deduplicate.stage import deduplicate_task
from tasks.model.draw.samples import Samples

Row = tuple[str, str, str]
"""Id, input, output."""


def keyed(rows: Sequence[Row]) -> pl.LazyFrame:
    frame = pl.DataFrame(rows, schema=["id", "input", "output"], orient="row").lazy()
    return frame.with_columns(
        input_key=digest(normalised(pl.col("input"))),
        output_key=digest(normalised(pl.col("output"))),
        fault=pl.lit(None, dtype=pl.String),
    )


def decided(how: Policy, **splits: Sequence[Row]) -> Decided:
    return decide({split: keyed(rows) for split, rows in splits.items()}, how)


def lost(found: Decided) -> dict[str, tuple[str, str]]:
    """Id -> reason and twin."""
    return {id_: (reason, twin) for id_, reason, twin in found.dropped.select("id", "reason", "twin").iter_rows()}


def test_every_task_has_a_policy() -> None:
    found = {name: policy(task) for name, (_, task) in declared().items()}
    assert set(found.values()) == set(POLICIES)
    assert {found[name] for name, (_, task) in declared().items() if isinstance(task, Sts)} == {"mean"}
    assert found["TwADR-L-NED"] == found["AskAPatient-NED"] == "merge"
    assert found["BC5CDR-NED"] == "majority", "concepts of a whole text are one judgement"


@pytest.mark.parametrize(
    ("task", "how"),
    [
        (Ned(name="T", databases=("UMLS",), per="phrase"), "merge"),
        (Sts(name="T", scale=(0, 4)), "mean"),
        (Te(name="T", first="A", second="B", classes={"x": "x", "y": "y"}), "majority"),
        (Qa(name="T", choices=("yes", "no")), "majority"),
        (Qa(name="T"), "alternatives"),
    ],
)
def test_the_policy_follows_from_the_form(task, how) -> None:
    assert policy(task) == how


def test_the_identifiers_of_a_phrase_are_merged() -> None:
    assert merged(["[sad <U/1>]", "[Sad <U/2>]", "[sad <U/1>], [sad <U/3>]"]) == [
        "[sad <U/1>], [sad <U/2>], [sad <U/3>]",
        "[Sad <U/1>], [Sad <U/2>], [Sad <U/3>]",
        "[sad <U/1>], [sad <U/2>], [sad <U/3>]",
    ]
    rows = [("a", "sad", "[sad <U/1>]"), ("b", "Sad", "[Sad <U/2>]"), ("c", "glad", "[glad <U/9>]")]
    found = decided("merge", train=rows)
    assert lost(found) == {"b": ("merged answer", "a")}
    assert set(found.amended.iter_rows()) == {
        ("train", "a", "[sad <U/1>], [sad <U/2>]"),
        ("train", "b", "[Sad <U/1>], [Sad <U/2>]"),
    }


def test_a_test_has_the_identifiers_that_training_samples_give_its_phrase() -> None:
    found = decided("merge", train=[("a", "sad", "[sad <U/2>]")], test=[("b", "sad", "[sad <U/1>]")])
    assert lost(found) == {"a": ("test text", "b")}
    assert found.amended.rows() == [("test", "b", "[sad <U/1>], [sad <U/2>]")]


@pytest.mark.parametrize(
    ("scores", "expected"), [("12", "2"), ("112", "1"), ("05", "3"), ("003", "1"), ("555", "5"), ("0001", "0")]
)
def test_the_mean_is_rounded_half_up(scores: str, expected: str) -> None:
    assert mean(list(scores)) == [expected] * len(scores)


def test_scores_are_averaged_once_for_each_pair() -> None:
    found = decided("mean", train=[("a", "p", "1"), ("b", "p", "2"), ("c", "p", "2"), ("d", "q", "5")])
    assert lost(found) == {"b": ("merged answer", "a"), "c": ("merged answer", "a")}
    assert found.amended.rows() == [("train", "a", "2")], "1.67; the others say 2 already"


def test_the_majority_wins_and_ties_are_left_out() -> None:
    rows = [("a", "p", "no"), ("b", "p", "yes"), ("c", "p", "yes"), ("d", "q", "no"), ("e", "q", "yes")]
    found = decided("majority", train=rows)
    assert lost(found) == {
        "a": ("conflict", "b"),
        "c": ("duplicate", "b"),
        "d": ("conflict", ""),
        "e": ("conflict", ""),
    }
    assert found.amended.is_empty()
    columns = ("samples", "answers", "splits", "policy", "done", "id")
    assert found.conflicts.select(columns).rows() == [
        (3, 2, "train", "majority", "the majority is kept", "b"),
        (2, 2, "train", "majority", "left out: no majority", "d"),
    ]


def test_free_answers_are_alternatives_and_only_repeats_are_left_out() -> None:
    rows = [("a", "why", "so"), ("b", "why", "thus"), ("c", "why", "SO")]
    found = decided("alternatives", train=rows)
    assert lost(found) == {"c": ("duplicate", "a")}
    assert found.conflicts["done"].to_list() == ["all answers are kept"]


@pytest.mark.parametrize("how", sorted(POLICIES))
def test_no_training_sample_has_the_input_of_a_test_or_dev_sample(how: Policy) -> None:
    answers = {"merge": ("[p <U/1>]", "[p <U/2>]"), "mean": ("1", "4")}.get(how, ("x", "y"))
    train = [("a", "p", answers[0]), ("b", "q", answers[1]), ("c", "free", answers[0])]
    found = decided(how, train=train, dev=[("d", "Q", answers[0])], test=[("e", "P", answers[1])])
    assert lost(found) == {"a": ("test text", "e"), "b": ("dev text", "d")}


def test_a_test_row_is_not_outvoted_by_training_rows() -> None:
    found = decided("majority", train=[("a", "p", "no"), ("b", "p", "no")], test=[("c", "p", "yes")])
    assert lost(found) == {"a": ("test text", "c"), "b": ("test text", "c")}
    assert found.conflicts["done"].to_list() == ["the answer in test is kept"]


def test_training_rows_of_a_test_without_an_agreed_answer_go_too() -> None:
    found = decided("majority", train=[("a", "p", "no")], test=[("c", "p", "yes"), ("d", "p", "no")])
    assert lost(found) == {"a": ("test text", ""), "c": ("conflict", ""), "d": ("conflict", "")}


def rendered(root: Root, task: str, **splits: Sequence[Row]) -> Rendered:
    place = f"samples/{task}/mark"
    for split, rows in splits.items():
        with root.writing(f"{place}/{split}.parquet") as path:
            constant = {name: pl.lit("") for name in ("instruction", "category", "language", "licence", "document")}
            whole = keyed(rows).with_columns(record_id="id", task=pl.lit(task), source=pl.lit("tea"), **constant)
            whole.collect().write_parquet(path)
    tallies = {split: Tally(read=len(rows), kept=len(rows), rejected=0) for split, rows in splits.items()}
    return Rendered(task=task, source="tea", fingerprint="mark", place=place, splits=tallies)


def test_everyone_reads_the_new_answer(tmp_path: Path) -> None:
    root = Root(str(tmp_path))
    test = [("a", "sad", "[sad <U/1>]"), ("b", "sad", "[sad <U/2>]"), ("c", "glad", "[glad <U/9>]")]
    train = [("d", "sad", "[sad <U/3>]"), ("e", "ill", "[ill <U/4>]"), ("f", "ill", "[ill <U/5>]")]
    task = rendered(root, "TwADR-L-NED", test=test, train=train)
    kept = deduplicate_task(task, root)
    assert kept.splits["test"] == Tally(read=3, kept=2, rejected=1)
    assert kept.splits["train"] == Tally(read=3, kept=1, rejected=2)
    out = published(task.files("test"), kept.place, "test", root).select("id", "output").collect()
    whole = "[sad <U/1>], [sad <U/2>], [sad <U/3>]"
    assert out.rows() == [("a", whole), ("c", "[glad <U/9>]")]
    samples = Samples(task, kept, root)
    assert samples.training().select("id", "output").collect().rows() == [("e", "[ill <U/4>], [ill <U/5>]")]
    repeated = samples.every(("test",)).select("id", "output").collect().rows()
    assert repeated == [("a", whole), ("b", whole), ("c", "[glad <U/9>]")], "a published test set keeps its repeats"
    table = pl.read_parquet(root.local(f"{kept.place}/{CONFLICTS}"))
    assert table.select("task", "samples", "answers", "splits", "done").rows() == [
        ("TwADR-L-NED", 3, 3, "test, train", "merged"),
        ("TwADR-L-NED", 2, 2, "train", "merged"),
    ]
    rejects = pl.read_parquet(root.local(rejects_place("deduplicate", "TwADR-L-NED", kept.fingerprint)))
    assert dict(rejects.select("id", "detail").iter_rows()) == {
        "b": "one of 3 answers to this input, merged into that of a",
        "d": "same input as a in test, another answer",
        "f": "one of 2 answers to this input, merged into that of e",
    }


def test_a_benchmark_test_has_no_contradicted_rows(tmp_path: Path) -> None:
    root = Root(str(tmp_path))
    rows = [("a", "p", "yes"), ("b", "p", "no"), ("c", "q", "yes"), ("d", "q", "yes")]
    task = rendered(root, "SciFact", dev=rows)
    samples = Samples(task, deduplicate_task(task, root), root)
    assert samples.every(("dev",)).select("id").collect()["id"].to_list() == ["c", "d"]
