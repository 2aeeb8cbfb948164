"""The GRPO recipe of the documentation, on rows as `medinst export --format rl` writes them: the reward rises."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("trl", reason="no trl here; make test-models brings it")

import datasets
import transformers

from medinst_eval.rewards import Verifier, reward
from medinst_eval.rewards.verifier import read
from tasks.base.store.root import Root
from tasks.model.export.dataset import find_dataset
from tasks.model.export.write import Options, export
from tasks.model.mixture.recipe import load
from tasks.model.mixture.write import write_mixture
from tests.support.gathering import gather
from tests.support.guesser import make_guesser
from tests.support.places import CHECKOUT, DEMO

pytestmark = pytest.mark.filterwarnings("default")  # the libraries warn about themselves and each other

SOURCES = ["covert", "healthver", "mediqa_rqe", "pubmedqa", "scicite", "scifact", "scitail"]
SEEDS = (1, 2)
STEPS, LAST = 40, 8
LONGEST = 125
"""Tokens of the longest prompt: a CPU has to read them."""
COLUMNS = ("prompt", "messages", "ground_truth", "verifier", "task", "source", "licence", "id")


@pytest.fixture(scope="module")
def recipe() -> ModuleType:
    """The script, as a module."""
    place = CHECKOUT / "docs" / "examples" / "grpo.py"
    spec = importlib.util.spec_from_file_location("grpo", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows of tasks whose answers are labels, from the miniatures."""
    state = gather(tmp_path_factory.mktemp("rows"), DEMO, SOURCES)
    drawn = write_mixture(state, load("merged_train_100k", ["rows=60", "limits={}"]))
    root = Root(state.order.root)
    return Path(export(find_dataset(drawn.version, root), Options("rl"), root).uri)


@pytest.fixture(scope="module")
def model(rows: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that has learned to answer with a label, but not with which: each of its examples has one by chance."""
    folder = tmp_path_factory.mktemp("model")
    asked = datasets.load_dataset(str(rows), split="train")
    make_guesser([(row["prompt"][0]["content"], row["verifier"]) for row in asked], folder, longest=LONGEST)
    return folder


def test_rows_load_with_their_verifiers_and_their_answers_earn_everything(rows: Path) -> None:
    found = datasets.load_dataset(str(rows), split="train")
    assert {"prompt", "messages", "ground_truth", "verifier", "task", "source", "licence", "id"} == set(
        found.column_names
    )
    for row in found:
        assert row["prompt"] == row["messages"]
        assert [turn["role"] for turn in row["prompt"]] == ["user"]
        assert isinstance(read(row["verifier"]), Verifier)
        assert reward(row["ground_truth"], row) == 1


@pytest.fixture(scope="module")
def questions(rows: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first row of each task: so few that a tiny model can learn their answers."""
    found = {row["task"]: row for row in list(datasets.load_dataset(str(rows), split="train"))[::-1]}
    assert len(found) >= 6
    folder = tmp_path_factory.mktemp("questions")
    lines = (json.dumps(row) + "\n" for row in found.values())
    (folder / "train.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_reward_rises(seed: int, recipe: ModuleType, questions: Path, model: Path, tmp_path: Path) -> None:
    options = f"--steps {STEPS} --no-lora --seed {seed} --learning-rate 2e-3 --max-answer 8 --max-prompt 150"
    log = recipe.main([str(model), str(questions), "--out", str(tmp_path), *options.split()])
    first, last = (sum(step["reward"] for step in part) / LAST for part in (log[:LAST], log[-LAST:]))
    print(f"seed {seed}: {first:.3f} -> {last:.3f}")
    assert 0.1 < first < 0.7, "the model knows the form of the answers, and guesses"
    assert last > first + 0.15
    assert sum(step["empty"] + step["unread"] + step["padded"] for step in log[-LAST:]) / LAST < 0.2
    assert (tmp_path / recipe.LOG).read_text().count("\n") == STEPS
    transformers.AutoModelForCausalLM.from_pretrained(tmp_path)
