"""Experiments: which rows there are, what is refused before anything is trained, and the figures by hand."""

from collections.abc import Mapping
from itertools import product
from math import isnan
from pathlib import Path
from typing import Any

import pytest
import yaml

from medinst_eval.measure import Kind
from medinst_eval.metrics.statistics import Metric, mean
from schemas.errors import FinetuneError
from schemas.experiment import RowResult
from tasks.model.experiment.declared import EXPERIMENTS, load
from tasks.model.experiment.losses import answer_losses, mean_loss
from tasks.model.experiment.measure import Measured, comparisons, figures
from tasks.model.experiment.plan import Plan, Row, chosen
from tasks.model.experiment.write import keep_row

DECLARED: dict[str, Any] = {
    "about": "Which is better?",
    "model": "m",
    "seeds": [1, 2],
    "systems": {"base": {"title": "base"}, "tuned": {"title": "tuned", "recipe": "smollm2_135m_lora"}},
    "exam": {"limit": 2},
}


def declared(tmp_path: Path, **changes: Any) -> str:
    path = tmp_path / "mine.yml"
    path.write_text(yaml.safe_dump(DECLARED | changes))
    return str(path)


def plan(tmp_path: Path, **changes: Any) -> Plan:
    return Plan(load(declared(tmp_path, **changes)), None, tmp_path, None)  # pyright: ignore[reportArgumentType]


def test_ready_made_experiments_name_recipes_and_fields_that_exist() -> None:
    for name in EXPERIMENTS.ready():
        made = Plan(load(name), None, Path(), None)  # pyright: ignore[reportArgumentType]
        recipes = [made.recipe(row) for row in made.rows if row.seed is not None]
        assert recipes
        assert {recipe.evaluation for recipe in recipes} == {None}
        budgets = {(recipe.max_steps, recipe.tokens_per_step) for recipe in recipes}
        assert len(budgets) == 1, "systems are compared at equal tokens"


def test_one_seed_of_all_systems_comes_before_the_next_seed(tmp_path: Path) -> None:
    made = plan(tmp_path, snapshots=[0.25, 0.5], curve=["tuned"])
    assert made.rows == [
        Row("base"), Row("tuned", 1), Row("tuned", 2), Row("tuned", 1, 0.25), Row("tuned", 1, 0.5)
    ]  # fmt: skip
    assert [row.name for row in made.rows] == [
        "base",
        "tuned-seed-1",
        "tuned-seed-2",
        "tuned-seed-1-at-25",
        "tuned-seed-1-at-50",
    ]
    assert [made.recipe(row).snapshots for row in made.rows[1:3]] == [(0.25, 0.5), ()]
    assert [made.recipe(row).seed for row in made.rows[1:3]] == [1, 2]
    assert chosen(made, ["tuned-seed-2", "base"]) == [Row("base"), Row("tuned", 2)]
    assert len(chosen(made, ["tuned"])) == 4
    with pytest.raises(FinetuneError, match=r"no row `tunde` \(did you mean `tuned`\?\)|`tunde`"):
        chosen(made, ["tunde"])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"seeds": [1, 1]}, "a seed is there twice"),
        ({"seeds": []}, "seeds"),
        ({"curve": ["tuned"]}, "`curve` and `snapshots` need each other"),
        ({"curve": ["other"], "snapshots": [0.5]}, "`curve` names other"),
        ({"compare": [["tuned", "others"]]}, "`compare` names others"),
        ({"systems": {"a": {"title": "a", "recipe": "tiny_cpu"}, "b": {"title": "b"}}}, "the first system"),
        ({"systems": {"a": {"title": "a", "settings": {"seed": 1}}, "b": {"title": "b"}}}, "there is no `recipe`"),
        ({"exams": {}}, "there is no field `exams`"),
    ],
)
def test_a_declaration_that_makes_no_sense_is_refused(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(FinetuneError, match=said):
        load(declared(tmp_path, **changes))


def test_a_field_that_a_recipe_does_not_have_is_found_before_anything_is_trained(tmp_path: Path) -> None:
    with pytest.raises(FinetuneError, match="there is no field `max_step`"):
        plan(tmp_path, settings={"max_step": 1}).recipe(Row("tuned", 1))


def measured(row: Row, seen: tuple[str, ...], **tests: list[float]) -> Measured:
    metrics: dict[str, Mapping[Kind, Metric]] = {
        test: {"paper": mean("accuracy", values), "strict": mean("accuracy", values)} for test, values in tests.items()
    }
    losses = {test: None if isnan(sum(values)) else sum(values) for test, values in tests.items()}
    result = RowResult(system=row.system, model="m", evaluation="e", seen=seen, answer_loss=losses, samples={})
    return Measured(row, result, metrics)


def test_figures_tell_samples_and_seeds_apart(tmp_path: Path) -> None:
    made = plan(tmp_path)
    rows = [
        measured(Row("base"), (), A=[0, 0, 0, 0], B=[1, 0, 1, 0]),
        measured(Row("tuned", 1), ("B",), A=[1, 1, 0, 0], B=[1, 1, 1, 0]),
        measured(Row("tuned", 2), ("B",), A=[1, 1, 1, 1], B=[1, 0, 1, 0]),
        measured(Row("tuned", 1, 0.5), ("B",), A=[0, 0, 0, 0], B=[0, 0, 0, 0]),
    ]
    found = {(each.system, each.group): each for each in figures(made, rows) if each.kind == "strict"}
    assert set(found) == {*product(("base", "tuned"), ("all", "unseen by all")), ("tuned", "seen")}
    assert found["base", "all"].value == 0.25
    every = found["tuned", "all"]
    assert (every.tests, every.value) == (2, pytest.approx((0.5 + 0.75 + 1 + 0.5) / 4))
    assert every.gain.seeds == (pytest.approx(0.375), pytest.approx(0.5))
    assert every.gain.value == pytest.approx(0.4375)
    assert every.gain.deviation == pytest.approx(0.125 / 2**0.5)
    assert every.gain.low < every.gain.value < every.gain.high
    unseen = found["tuned", "unseen by all"]
    assert (unseen.tests, unseen.gain.seeds) == (1, (0.5, 1.0))
    assert found["tuned", "seen"].gain.deviation == pytest.approx(0.25 / 2**0.5)


def test_systems_are_compared_on_tests_that_none_has_seen(tmp_path: Path) -> None:
    """Else the gain of one on all tests would stand beside that of another on the harder ones."""
    adapters = {"title": "adapters", "recipe": "smollm2_135m_lora"}
    made = plan(tmp_path, systems={"base": {"title": "as it is"}, "wide": adapters, "narrow": {**adapters}})
    rows = [
        measured(Row("base"), (), A=[0], B=[0], C=[1]),
        measured(Row("wide", 1), ("B",), A=[1], B=[1], C=[1]),
        measured(Row("narrow", 1), (), A=[1], B=[0], C=[1]),
    ]
    found = {(each.system, each.group): each.tests for each in figures(made, rows) if each.kind == "paper"}
    assert found == {
        ("base", "all"): 3,
        ("base", "unseen by all"): 2,
        ("wide", "all"): 3,
        ("wide", "seen"): 1,
        ("wide", "unseen by all"): 2,
        ("narrow", "unseen"): 3,
        ("narrow", "unseen by all"): 2,
    }


def test_two_systems_are_compared_seed_by_seed_on_what_neither_has_seen(tmp_path: Path) -> None:
    adapters = {"title": "adapters", "recipe": "smollm2_135m_lora"}
    systems = {"base": {"title": "as it is"}, "wide": adapters, "narrow": {**adapters}}
    made = plan(tmp_path, systems=systems, compare=[["narrow", "wide"], ["wide", "base"], ["base", "narrow"]])
    rows = [
        measured(Row("base"), (), A=[0], B=[0], C=[1]),
        measured(Row("wide", 1), ("B",), A=[1], B=[1], C=[0]),
        measured(Row("wide", 2), ("B",), A=[0], B=[1], C=[0]),
        measured(Row("narrow", 2), (), A=[1], B=[0], C=[1]),
    ]
    found = {(each.system, each.other): each for each in comparisons(made, rows) if each.kind == "paper"}
    assert found["narrow", "wide"].tests == 2
    assert found["narrow", "wide"].gain.seeds == (1.0,), "seed 1 has no partner"
    assert found["wide", "base"].gain.seeds == (0.0, -0.5)
    assert found["base", "narrow"].tests == 3
    assert comparisons(made, rows[:1]) == []


def test_the_loss_of_gold_answers_is_told_by_group_and_seed(tmp_path: Path) -> None:
    rows = [
        measured(Row("base"), (), A=[4.0], B=[2.0], C=[float("nan")]),
        measured(Row("tuned", 1), ("B",), A=[3.0], B=[1.0], C=[1.0]),
        measured(Row("tuned", 2), ("B",), A=[1.0], B=[1.0], C=[1.0]),
    ]
    found = {(each.system, each.group): each for each in answer_losses(plan(tmp_path), rows)}
    assert found["base", "all"][2:4] == (2, 3.0), "a test without a loss does not count"
    assert found["tuned", "unseen by all"][2:5] == (1, 2.0, (-1.0, -3.0))
    assert found["tuned", "seen"][2:5] == (1, 1.0, (-1.0, -1.0))
    assert found["tuned", "unseen by all"].deviation == pytest.approx(2**0.5)
    assert mean_loss(rows[0].result) == 3.0


def test_a_row_whose_questions_fit_into_no_context_can_be_read_again(tmp_path: Path) -> None:
    made, row = plan(tmp_path), Row("base")
    result = measured(row, (), A=[float("nan")], B=[2.0]).result
    keep_row(made, row, result)
    assert made.result(row) == result
    assert result.answer_loss == {"A": None, "B": 2.0}
    assert mean_loss(result.model_copy(update={"answer_loss": {"A": None}})) is None


def test_without_the_first_system_nothing_is_compared(tmp_path: Path) -> None:
    rows = [measured(Row("tuned", 1), (), A=[1.0])]
    assert figures(plan(tmp_path), rows) == []
    assert answer_losses(plan(tmp_path), rows) == []
