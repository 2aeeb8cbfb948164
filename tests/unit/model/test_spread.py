"""The spread over variants: paired, by what they differ in, and told apart from what other samples would change."""

import statistics
from pathlib import Path

import numpy as np
import pytest

from schemas.errors import EvaluationError
from schemas.evaluation import ALL, Asking, Evaluation, Score, Spread
from tasks.base.predictions.files import Answered, Predictions
from tasks.base.predictions.record import Kept, families
from tasks.model.score.scoring import score
from tasks.model.score.spread import spread

TASKS = {"PubMedQA-labeled": ("yes", "no"), "SciFact": ("support", "contradict"), "BIOSSES": ("1", "2")}
ROWS = 60


def answered(task: str, right: int, first: int = 0) -> Answered:
    """Answers of which the first so many are right."""
    gold = [TASKS[task][number % 2] for number in range(first, ROWS)]
    wrong = [TASKS[task][(number + 1) % 2] for number in range(first, ROWS)]
    given = [gold[place] if place < right else wrong[place] for place in range(len(gold))]
    return Answered([f"{number:03}" for number in range(first, ROWS)], given, gold, len(gold))


def variant(name: str, right: dict[str, int], first: int = 0, **axes: object) -> Predictions:
    asking = Asking.model_validate({"model": "m"} | axes)
    run = Evaluation(name=name, asking=asking, benchmark="b", profile="local", original=False, asked={})
    return Predictions(name, "b", {task: answered(task, count, first) for task, count in right.items()}, run)


def of(found: list[Spread], axis: str, task: str, kind: str = "strict") -> Spread:
    (row,) = [each for each in found if (each.axis, each.task, each.kind) == (axis, task, kind)]
    return row


USUAL = variant("m", {"PubMedQA-labeled": 30, "SciFact": 60, "BIOSSES": 60})
SHORT = variant("m-short", {"PubMedQA-labeled": 45, "SciFact": 60, "BIOSSES": 30}, wording="short")
LONG = variant("m-guideline", {"PubMedQA-labeled": 60, "SciFact": 60, "BIOSSES": 0}, wording="guideline")
ORDER = variant("m-options1", {"PubMedQA-labeled": 30, "SciFact": 0}, options_seed=1)
BOTH = variant("m-short-options1", {"PubMedQA-labeled": 0}, wording="short", options_seed=1)


@pytest.mark.heavy
def test_values_are_those_that_score_gives_and_their_spread_follows_from_them() -> None:
    variants = [USUAL, SHORT, LONG]
    found = spread(variants)
    for task in TASKS:
        for kind in ("strict", "paper"):
            row = of(found, "wording", task, kind)
            values = {
                each.name: next(s.value for s in score(each) if (s.task, s.kind, s.main) == (task, kind, True))
                for each in variants
            }
            assert row.variants == pytest.approx(values)
            assert row.deviation == pytest.approx(statistics.stdev(values.values()))
            assert (row.lowest, row.highest) == (min(row.variants.values()), max(row.variants.values()))
            assert row.low <= row.mean <= row.high
            assert row.samples == ROWS
    changed = {task: of(found, "wording", task).changed for task in TASKS}
    assert changed == {"PubMedQA-labeled": 0.5, "SciFact": 0.0, "BIOSSES": 1.0}


def test_the_mean_over_tasks_counts_what_can_be_averaged_and_is_that_of_each_variant() -> None:
    found = spread([USUAL, SHORT, LONG])
    mean = of(found, "wording", ALL)
    assert mean.tasks == 2, "an error has no place in it"
    for name, value in mean.variants.items():
        tasks = [of(found, "wording", task).variants[name] for task in ("PubMedQA-labeled", "SciFact")]
        assert value == pytest.approx(np.mean(tasks))
    assert mean.samples == 2 * ROWS


def test_without_a_difference_the_deviation_is_none_though_the_interval_is_wide() -> None:
    same = variant("m-short", {"PubMedQA-labeled": 30}, wording="short")
    row = of(spread([USUAL, same]), "wording", "PubMedQA-labeled")
    assert (row.deviation, row.changed) == (0, 0)
    assert row.high - row.low > 0.1


def test_variants_are_told_apart_by_what_they_differ_in() -> None:
    found = spread([USUAL, SHORT, LONG, ORDER, BOTH])
    assert list(dict.fromkeys(row.axis for row in found)) == ["wording", "options_seed", ALL]
    assert set(of(found, "wording", "SciFact").variants) == {"m", "m-short", "m-guideline"}
    assert set(of(found, "options_seed", "SciFact").variants) == {"m", "m-options1"}
    assert len(of(found, ALL, "PubMedQA-labeled").variants) == 5
    assert not [row for row in found if (row.axis, row.task) == ("options_seed", "BIOSSES")], "one variant has it"
    assert not [row for row in found if (row.axis, row.task) == (ALL, ALL)], "only one task is in all variants"


def test_only_samples_that_all_variants_answered_are_compared() -> None:
    late = variant("m-short", {"PubMedQA-labeled": 50}, first=10, wording="short")
    row = of(spread([USUAL, late]), "wording", "PubMedQA-labeled")
    assert row.samples == 50
    assert row.variants["m-short"] == 1.0
    assert row.variants["m"] < 0.5, "of those from the eleventh on, 20 of 50 are right"


def test_an_unfinished_variant_takes_no_samples_from_axes_that_it_is_not_on() -> None:
    begun = variant("m-options1", {"PubMedQA-labeled": 2}, first=ROWS - 2, options_seed=1)
    found = spread([USUAL, SHORT, begun])
    assert of(found, "wording", "PubMedQA-labeled").samples == ROWS
    assert of(found, "options_seed", "PubMedQA-labeled").samples == 2


def test_one_variant_has_no_spread_and_what_names_no_evaluation_is_no_variant() -> None:
    assert spread([USUAL]) == []
    with pytest.raises(EvaluationError, match="cannot be compared with variants"):
        spread([USUAL, USUAL._replace(evaluation=None)])


def kept(predictions: Predictions, samples: int = 5) -> Kept:
    facts = {"task": "T", "category": "QA", "kind": "strict", "metric": "x", "main": True, "value": 1, "unread": 0}
    result = Score.model_validate(facts | {"low": 0, "high": 1, "samples": samples})
    assert predictions.evaluation
    return Kept(Path(predictions.name), predictions.evaluation, (result,))


def test_evaluations_belong_together_if_they_differ_in_nothing_else() -> None:
    other = variant("n", {}, temperature=0.5)
    old = variant("m-short-1a2b3c4d", {}, wording="short")
    found = families([kept(BOTH), kept(SHORT), kept(old, samples=4), kept(other), kept(USUAL)])
    assert [[str(each.folder) for each in family] for family in found] == [["m", "m-short", "m-short-options1"], ["n"]]
    (fuller,) = families([kept(SHORT, samples=1), kept(old, samples=2)])
    assert [str(each.folder) for each in fuller] == ["m-short-1a2b3c4d"]
