"""Profiles: each measure counts what it says, and names rows to look at."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from schemas.formats import Iob
from schemas.profile import SampleProfile
from schemas.receipts import Batch, Kept, Rendered, Tally
from schemas.source import Part
from schemas.task import Coref, Ner, Qa, Re, Sts, Sum, Task, Transl, TxtClass
from tasks.base.store.root import Root
from tasks.build.deduplicate.published import write_decisions
from tasks.build.judge import profile as profiling
from tasks.build.judge import samples as measuring
from tasks.build.judge.answers import Answers
from tasks.build.judge.profile import profile_records, profile_task
from tasks.build.judge.published import duplicate_ids
from tests.support.declared import source

NER = Ner(name="T", types={"X": "thing"})
SOURCE = source(parts={"main": Part(train="a"), "more": Part(train="a", format=Iob())}, tasks=(NER,))

Sample = dict[str, str | None]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Root:
    for module in (profiling, measuring):
        monkeypatch.setattr(module, "instruction", lambda task: "Find each thing.")
    return Root(str(tmp_path))


def sample(id_: str, **changes: str | None) -> Sample:
    return {"id": id_, "record_id": id_, "input": f"text {id_}", "output": "[tea <thing>]", "licence": "mit", **changes}


def state(root: Root, samples: list[Sample], dropped: tuple[str, ...] = (), task: Task = NER, mark: str = "m") -> Any:
    """What rendering and deduplication left of one split."""
    place = f"samples/{task.name}/{mark}"
    with root.writing(f"{place}/train.parquet") as path:
        pl.DataFrame(
            samples, schema=dict.fromkeys(("id", "record_id", "input", "output", "licence"), pl.String)
        ).write_parquet(path)
    lost = pl.DataFrame({"id": list(dropped)}, schema={"id": pl.String})
    constant = {"split": pl.lit("train"), "twin": pl.lit(""), "reason": pl.lit("duplicate")}
    write_decisions(place, root, dropped=lost.with_columns(**constant))
    size, lost = len(samples), len(dropped)
    rendered = Rendered(
        task=task.name,
        source="tea",
        fingerprint=mark,
        place=place,
        splits={"train": Tally(read=size + 2, kept=size, rejected=2)},
    )
    kept = Kept(
        task=task.name,
        source="tea",
        fingerprint=mark,
        place=place,
        splits={"train": Tally(read=size, kept=size - lost, rejected=lost)},
    )
    return rendered, kept


def profile(
    root: Root,
    samples: list[Sample],
    dropped: tuple[str, ...] = (),
    task: Task = NER,
    expected: int | None = None,
    mark: str = "m",
) -> SampleProfile:
    rendered, kept = state(root, samples, dropped, task, mark)
    batch = Batch(
        source="tea",
        part="main",
        fingerprint="r",
        place="",
        splits={"train": Tally(read=12, kept=10, rejected=2), "test": Tally(read=99, kept=99, rejected=0)},
    )
    wanted = {} if expected is None else {"train": expected}
    (found,) = profile_task(SOURCE, task, [batch], rendered, kept, wanted, root)
    return found


def test_a_sound_split_has_no_findings(root: Root) -> None:
    found = profile(root, [sample("1"), sample("2")])
    assert (found.records, found.rendered, found.rejected, found.kept, found.unbalanced) == (10, 2, 0, 2, 0)
    assert (found.candidates, found.refused, found.lost_candidates, found.lost_records) == (4, 2, 0, 8)
    findings = found.model_dump(
        include={
            "empty_inputs",
            "empty_outputs",
            "missing_licences",
            "unparsable",
            "undeclared_labels",
            "unlisted_labels",
            "duplicate_ids",
            "surplus",
        }
    )
    assert set(findings.values()) == {0}
    assert found.examples == {}
    assert (found.task, found.category, found.source, found.split, found.licence) == ("T", "NER", "tea", "train", "mit")


def test_what_deduplication_left_out_is_not_measured(root: Root) -> None:
    found = profile(root, [sample("1"), sample("2", output=""), sample("3")], dropped=("2",))
    assert (found.rendered, found.rejected, found.kept, found.unbalanced) == (3, 1, 2, 0)
    assert found.empty_outputs == 0


def test_a_sample_that_goes_missing_is_a_silent_loss(root: Root) -> None:
    """Two rows of one id: the list names it once and takes both away."""
    found = profile(root, [sample("1"), sample("1"), sample("2")], dropped=("1",))
    assert (found.rejected, found.kept, found.unbalanced) == (1, 1, 1)


@pytest.mark.parametrize(
    ("measure", "changes"),
    [
        ("empty_inputs", {"input": " \n"}),
        ("empty_inputs", {"input": None}),
        ("empty_outputs", {"output": " "}),
        ("missing_licences", {"licence": ""}),
        ("missing_licences", {"licence": None}),
        ("unparsable", {"output": "tea"}),
        ("unparsable", {"output": "[tea <thing>"}),
        ("undeclared_labels", {"output": "[tea <thing>], [mug <vessel>]"}),
    ],
)
def test_each_measure_counts_its_rows_and_names_them(root: Root, measure: str, changes: Sample) -> None:
    samples = [sample("1"), sample("2", **changes), sample("3"), sample("4", **changes)]
    found = profile(root, samples)
    assert getattr(found, measure) == 2
    assert found.examples[measure] == ("2", "4")
    others = {"empty_inputs", "missing_licences", "undeclared_labels"} - {measure}
    assert all(getattr(found, other) == 0 for other in others)


def test_five_rows_are_enough_to_look_at(root: Root) -> None:
    found = profile(root, [sample(f"{n:02}", output=f"bad {n % 3}", input="") for n in range(12)])
    assert (found.empty_inputs, found.unparsable) == (12, 12)
    assert {measure: len(ids) for measure, ids in found.examples.items()} == {"empty_inputs": 5, "unparsable": 5}


@pytest.mark.parametrize(
    ("expected", "missing", "surplus"),
    [(None, 0.0, 0), (4, 0.0, 0), (5, 0.2, 0), (3, 0.0, 1), (0, 0.0, 4), (12, 0.666667, 0)],
)
def test_rendered_samples_are_held_against_the_expected(
    root: Root, expected: int | None, missing: float, surplus: int
) -> None:
    found = profile(root, [sample(str(n)) for n in range(4)], dropped=("0",), expected=expected)
    assert (found.expected, found.missing, found.surplus) == (expected, missing, surplus)


def test_an_expectation_that_changes_needs_no_new_measurement(root: Root) -> None:
    assert profile(root, [sample("1")], expected=1).missing == 0
    assert profile(root, [sample("1")], expected=2).missing == 0.5


def test_lengths_are_counted_in_characters(root: Root) -> None:
    samples = [sample(str(n), input="🐌" * n, output=f"[{'a' * n} <thing>]") for n in range(1, 101)]
    found = profile(root, samples)
    assert (found.input_chars_min, found.input_chars_median, found.input_chars_max) == (1, 50.5, 100)
    assert 94 <= found.input_chars_p95 <= 96
    assert (found.output_chars_min, found.output_chars_median, found.output_chars_max) == (11, 60.5, 110)


def test_an_empty_split_has_lengths_of_nothing(root: Root) -> None:
    found = profile(root, [])
    assert (found.kept, found.input_chars_max, found.output_chars_median, found.labels) == (0, 0, 0, {})


def test_labels_are_counted_by_answer_the_most_frequent_first(root: Root) -> None:
    task = Ner(name="T", types={letter: letter for letter in "abc"})
    outputs = ["[x <b>], [y <b>], [z <a>]", "[x <b>], [y <b>], [z <a>]", "[x <c>]"]
    found = profile(root, [sample(str(n), output=output) for n, output in enumerate(outputs)], task=task)
    assert list(found.labels.items()) == [("b", 4), ("a", 2), ("c", 1)]


def test_only_the_most_frequent_labels_are_named(root: Root) -> None:
    task = Ner(name="T", types={f"t{n:02}": f"t{n:02}" for n in range(30)})
    found = profile(root, [sample(f"{n}", output=f"[x <t{n:02}>]") for n in range(30)], task=task)
    assert list(found.labels) == [f"t{n:02}" for n in range(20)]


def test_labels_that_the_instruction_does_not_name_are_counted(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    task = Ner(name="T", types={"X": "thing", "V": "vessel", "W": "water"})
    assert profile(root, [sample("1")], task=task, mark="a").unlisted_labels == 2
    monkeypatch.setattr(profiling, "instruction", lambda task: "Find each thing, vessel and water.")
    assert profile(root, [sample("1")], task=task, mark="a").unlisted_labels == 0


READABLE = [
    (NER, "none", "a, b"),
    (Ner(name="T", answer="bio", types={"X": "thing"}), "green [B] tea [I] . [O]", "green [B] tea"),
    (Re(name="T", types={"X": "binds"}), "[<a> <binds> <b>]", "[<a> <b>]"),
    (Coref(name="T"), "[it], [that]", "it"),
    (Qa(name="T", choices=("yes", "no")), "yes", ""),
    (Qa(name="T"), "any words", " "),
    (Sts(name="T", scale=(0, 1)), "5", "6"),
    (TxtClass(name="T", classes={"a": "air", "b": "bath"}, multiple=True), "air, bath", "air, "),
    (Transl(name="T"), "[not <an entity>", "\n"),
    (Sum(name="T"), "short", ""),
]


@pytest.mark.parametrize(("task", "good", "bad"), READABLE)
def test_answers_are_read_with_the_form_of_the_task(task: Task, good: str, bad: str) -> None:
    rows = pl.LazyFrame({"id": ["1", "2", "3"], "output": [good, bad, bad]})
    answers = Answers(task)
    answers.look(answers.to_look_at(rows).collect())
    assert answers.counts == {"unparsable": 2, "undeclared_labels": 0}
    assert answers.examples == {"unparsable": ["2", "3"], "undeclared_labels": []}


@pytest.mark.parametrize(
    ("task", "odd"),
    [
        (NER, "[tea <drink>]"),
        (Re(name="T", types={"X": "binds"}), "[<a> <meets> <b>]"),
        (Qa(name="T", choices=("yes", "no")), "perhaps"),
        (TxtClass(name="T", classes={"a": "air", "b": "bath"}), "air, bath?"),
    ],
)
def test_a_label_that_is_not_declared_is_found(task: Task, odd: str) -> None:
    answers = Answers(task)
    answers.look(answers.to_look_at(pl.LazyFrame({"id": ["1"], "output": [odd]})).collect())
    assert answers.counts == {"unparsable": 0, "undeclared_labels": 1}
    assert answers.examples["undeclared_labels"] == ["1"]


def test_an_id_of_two_tasks_is_counted_in_both(root: Root) -> None:
    other = NER.model_copy(update={"name": "U"})
    built = {
        "T": state(root, [sample("1"), sample("2"), sample("3"), sample("4")], dropped=("4",)),
        "U": state(root, [sample("2"), sample("4"), sample("5")], task=other),
        "V": state(root, [sample("9")], task=NER.model_copy(update={"name": "V"})),
    }
    profiles = [profile(root, [], task=NER.model_copy(update={"name": name}), mark="x") for name in built]
    found = duplicate_ids(profiles, built, root)
    assert [each.duplicate_ids for each in found] == [1, 1, 0]
    assert [each.examples.get("duplicate_ids") for each in found] == [("2",), ("2",), None]
    assert duplicate_ids([], {}, root) == []


def test_an_id_twice_in_one_split_is_counted_twice(root: Root) -> None:
    built = {"T": state(root, [sample("1"), sample("1"), sample("2")])}
    (found,) = duplicate_ids([profile(root, [], mark="x")], built, root)
    assert found.duplicate_ids == 2


def test_records_are_profiled_by_part_and_split() -> None:
    batch = Batch(
        source="tea",
        part="main",
        fingerprint="r",
        place="",
        splits={"train": Tally(read=8, kept=6, rejected=2), "test": Tally(read=0, kept=0, rejected=0)},
        mismatches={"train": 1},
    )
    train, test = profile_records([batch])
    assert (train.split, train.read, train.kept, train.rejected) == ("train", 8, 6, 2)
    assert (train.mismatches, train.lost_share) == (1, 0.25)
    assert (test.split, test.mismatches, test.lost_share) == ("test", 0, 0.0)


def test_a_loss_that_the_part_declares_is_none() -> None:
    tally = Tally(read=100, kept=65, rejected=35)
    (declared,) = profile_records(
        [Batch(source="muchmore", part="pairs", fingerprint="", place="", splits={"train": tally})]
    )
    undeclared_batch = Batch(source="mqp", part="main", fingerprint="", place="", splits={"train": tally})
    (undeclared,) = profile_records([undeclared_batch])
    assert (round(declared.lost_share, 6), undeclared.lost_share) == (0.03, 0.35)
