"""An experiment from its declaration to its tables: rows resume, seeds are told apart, answers can be scored again."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="no torch here; make test-models brings it")

from schemas.evaluation import Asking
from schemas.manifest import ExperimentManifest
from tasks.base.predictions.files import load as answers
from tasks.base.store.root import Root
from tasks.model.evaluate.answer_loss import answer_loss
from tasks.model.evaluate.local import Local
from tasks.model.evaluate.plan import make_plan as plan_evaluation
from tasks.model.experiment.declared import load
from tasks.model.experiment.plan import Plan, Row, make_plan
from tasks.model.experiment.turns import taken
from tasks.model.finetune import base
from tasks.model.finetune.plan import make_plan as plan_training
from tasks.model.finetune.recipe import load as load_recipe
from tasks.model.score.scoring import score
from tests.models.test_finetune import TINY
from tests.support.places import CHECKOUT

pytestmark = pytest.mark.filterwarnings("default")

DECLARED = """
about: Does a tiny model learn anything in four steps?
model: {model}
seeds: [1, 2]
settings: {{max_length: 1024, tokens_per_step: 2048, tokens_at_once: 1024, max_steps: 4, log_every: 10,
  checkpoint_every: 10, precision: fp32, mixture: merged_train_100k}}
systems:
  base: {{title: as it is}}
  lora: {{title: adapters, recipe: smollm2_135m_lora}}
exam: {{limit: 2, max_tokens: 4, tests: [AnEM, SciFact]}}
loss_samples: 2
snapshots: [0.5]
curve: [lora]
"""


@pytest.fixture(scope="module")
def scratch(root: Root, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny model."""
    out = tmp_path_factory.mktemp("scratch")
    plan = plan_training(load_recipe("tiny_cpu", TINY), root, out)
    base.make(plan.base, plan.recipe, plan.mixture)
    return plan.base.folder


def test_its_name_depends_on_what_its_recipes_and_its_model_hold(root: Root, scratch: Path, tmp_path: Path) -> None:
    """Rows of another recipe, mixture or model of the same name do not stand in one table."""
    recipe, model, file = tmp_path / "mine.yml", tmp_path / "model", tmp_path / "tiny.yml"
    shutil.copytree(scratch, model)
    recipe.write_text((CHECKOUT / "tasks/model/finetune/recipes/smollm2_135m_lora.yml").read_text())
    file.write_text(DECLARED.format(model=model).replace("recipe: smollm2_135m_lora", f"recipe: {recipe}"))

    def name() -> str:
        return make_plan(load(str(file)), root).folder.name

    first = name()
    assert name() == first
    recipe.write_text(recipe.read_text().replace("learning_rate:", "learning_rate: 0.5 #"))
    second = name()
    (model / "config.json").write_text((model / "config.json").read_text() + " ")
    assert len({first, second, name()}) == 3


def run(plan: Plan, file: Path, tmp_path: Path, *only: str) -> str:
    environment = {**os.environ, "PREFECT_HOME": str(tmp_path / "prefect"), "PYTHONPATH": str(CHECKOUT)}
    options = [word for row in only for word in ("--only", row)]
    call = [sys.executable, "-m", "flows", "experiment", str(file), "--root", plan.root.url, *options]
    done = subprocess.run(call, cwd=CHECKOUT, env=environment, check=False, timeout=400, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "deprecated" not in done.stderr, "what libraries say to each other's authors"
    return done.stdout


@pytest.mark.timeout(900)
def test_rows_are_run_once_and_told_apart_by_seed_and_share(root: Root, scratch: Path, tmp_path: Path) -> None:
    file = tmp_path / "tiny.yml"
    file.write_text(DECLARED.format(model=scratch))
    plan = make_plan(load(str(file)), root)
    assert plan.rows == [Row("base"), Row("lora", 1), Row("lora", 2), Row("lora", 1, 0.5)]

    with taken(plan, Row("lora", 1)) as mine, taken(plan, Row("lora", 1, 0.5)) as again:
        assert (mine, again) == (True, False), "both are taken from one training"
        assert "With other processes: lora-seed-1, lora-seed-1-at-50" in run(plan, file, tmp_path)
    assert [row for row, _ in plan.results()] == [Row("base"), Row("lora", 2)]
    assert "Not done yet: lora-seed-1, lora-seed-1-at-50" in (plan.folder / "README.md").read_text()
    before = plan.path(Row("base")).stat().st_mtime_ns

    assert "4 rows, 2 of them done" in run(plan, file, tmp_path)
    assert plan.path(Row("base")).stat().st_mtime_ns == before, "a row that was done was run again"
    results = dict(plan.results())
    assert list(results) == plan.rows
    trained = [results[row] for row in plan.rows[1:]]
    assert [result.steps for result in trained] == [4, 4, 2]
    assert trained[0].tokens > trained[2].tokens > 0
    assert len({result.evaluation for result in results.values()}) == 4

    manifest = ExperimentManifest.model_validate_json((plan.folder / "manifest.json").read_bytes())
    assert manifest.rows == [row.name for row in plan.rows]
    assert not manifest.original, "the benchmark is of miniatures"
    assert results[Row("lora", 1)].evaluation + "/predictions.jsonl" in manifest.files

    with (plan.folder / "results.csv").open() as table:
        rows = list(csv.DictReader(table))
    for row, result in results.items():
        scores = {
            (each.task, each.kind): each.value for each in score(answers(plan.folder / result.evaluation)) if each.main
        }
        told = {
            (each["task"], each["set"]): float(each["value"])
            for each in rows
            if (each["system"], each["seed"], float(each["share"])) == (row.system, str(row.seed or ""), row.share)
        }
        assert told == pytest.approx(scores, abs=1e-6)


def test_the_loss_of_answers_is_that_of_the_answers_alone(root: Root, scratch: Path) -> None:
    """Compared with the model's own loss where everything but the answer is masked."""
    asking = Asking(model=str(scratch), backend="transformers", shots=False)
    local = Local(asking)
    asked = list(plan_evaluation(asking, root, ["AnEM"], 3).questions("AnEM"))
    total = tokens = 0
    for question in asked:
        prompt, whole = (
            local.tokens([local.prompt(question, answered=done)])["input_ids"][0] for done in (False, True)
        )
        ids = local.torch.tensor([whole])
        labels = ids.clone()
        labels[:, : len(prompt)] = -100
        with local.torch.no_grad():
            loss = float(local.model(ids, labels=labels).loss)
        total, tokens = total + loss * (len(whole) - len(prompt)), tokens + len(whole) - len(prompt)
    assert answer_loss(local, asked) == pytest.approx(total / tokens, rel=1e-4)
