"""Means of the leaderboard: each says how many tasks it averages, and none counts what it does not average."""

import pytest

from schemas.evaluation import Score
from tasks.model.leaderboard.means import ALL, COMMON, ONCE, groups, ordered, uncounted
from tests.support.manifests import TIER, held_out_test

ERROR = "mean squared error"


def model(error: float | None = None, **values: float) -> dict[str, Score]:
    """The main scores of a model; BIOSSES has an error."""
    metrics = {task: ("micro F1", value) for task, value in values.items()}
    if error is not None:
        metrics["BIOSSES"] = (ERROR, error)
    return {
        task: Score(
            task=task, category="NER", kind="strict", metric=metric, main=True, value=value, low=0, high=1, samples=1,
            unread=0,
        )
        for task, (metric, value) in metrics.items()
    }  # fmt: skip


def held(repeats: str | None = None, tier: str = "new", category: str = "NER"):
    return held_out_test(category=category, repeats=repeats, tier=TIER.model_copy(update={"name": tier}))


TESTS = {"A": held(), "B": held("A"), "BIOSSES": held(category="STS"), "C": held(tier="form")}


def test_a_mean_counts_what_it_averages() -> None:
    models = [model(A=1.0, B=1.0, C=0.25, error=4.0)]
    assert uncounted(models) == {"BIOSSES": ERROR}
    found = {group.name: group for group in groups(TESTS, models)}
    assert found[ALL].tasks == ("A", "B", "C"), "an error has no place in it, nor in the number of tasks"
    assert found[ALL].means == [(0.75, 3)]
    assert (found[ONCE].tasks, found[ONCE].means) == (("A", "C"), [(0.625, 2)])
    assert found["tier form"].means == [(0.25, 1)]
    assert "semantic textual similarity" not in found, "a group of errors alone has no mean"
    assert COMMON not in found


def test_a_model_that_lacks_tasks_is_told_apart_and_compared_on_what_all_have() -> None:
    models = [model(A=1.0, B=0.5, C=0.0), model(A=0.5, error=1.0), model()]
    found = {group.name: group for group in groups(TESTS, models[:2])}
    assert found[ALL].tasks == ("A", "B", "C")
    assert found[ALL].means == [(0.5, 3), (0.5, 1)]
    assert (found[COMMON].tasks, found[COMMON].means) == (("A",), [(1.0, 1), (0.5, 1)])
    assert found["tier form"].means == [(0.0, 1), (None, 0)]
    assert COMMON not in {group.name for group in groups(TESTS, models)}, "no task was answered by all models"


@pytest.mark.parametrize("models", [[], [model()]])
def test_without_answers_there_are_no_means(models: list[dict[str, Score]]) -> None:
    assert groups(TESTS, models) == []


def test_tasks_come_in_the_order_of_the_benchmark_and_unknown_ones_last() -> None:
    assert ordered(TESTS, [model(Z=1, C=1), model(A=1)]) == ["A", "C", "Z"]
    assert groups({}, [model(Z=1.0)])[0].means == [(1.0, 1)]
