"""What of fine-tuning needs no torch: mixtures, models, plans, the judged loss, checkpoints, gains, cards."""

import math
from pathlib import Path

import polars as pl
import pytest

from schemas.errors import EvaluationError, FinetuneError
from tasks.base.store.root import Root
from tasks.model.finetune import accelerated, base, checkpoints, loss, mixture, plan, report
from tasks.model.finetune.base import Base
from tasks.model.finetune.loss import Curve, Point
from tasks.model.finetune.plan import make_plan
from tasks.model.finetune.recipe import load
from tests.support import manifests

pytestmark = pytest.mark.usefixtures("scorers")

ROWS = {"instruction": ["Say."] * 9, "input": list("abcdefghi"), "output": ["yes"] * 9, "task": ["T"] * 9}


def write(path: Path, rows: dict[str, list[str]] = ROWS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows).write_parquet(path)
    return path


def point(step: int, loss: float, **more: float) -> Point:
    return Point(step, 0.1, loss, 0.5, 1.0, 1e-3, 100 * step, 0.0)._replace(**more)


# Mixtures


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """A root with a mixture of two versions, and a benchmark with a training set."""
    made = Root(str(tmp_path / "root"))
    for version in ("v1", "v2"):
        write(tmp_path / "root" / "mixtures" / "small" / version / "data" / "part-0.parquet")
        manifests.put(made, f"mixtures/small/{version}", manifests.mixture(version))
    write(tmp_path / "root" / "benchmark" / "b1" / "data" / "unseen_train" / "train.parquet")
    write(tmp_path / "root" / "benchmark" / "b1" / "data" / "AnEM" / "test.parquet")
    manifests.put(made, "benchmark/b1", manifests.benchmark())
    return made


def test_a_mixture_is_found_by_name_or_path(root: Root, tmp_path: Path) -> None:
    small = mixture.find("small", root)
    assert (small.version, small.rows, len(small.files)) == ("v2", 9, 1)
    assert mixture.find("unseen_train", root).version == "b1"
    at = write(tmp_path / "own" / "rows.parquet")
    for path in (at, at.parent):
        found = mixture.find(str(path), root)
        assert (found.version, found.rows, found.manifest) == (found.mark, 9, None)
    assert small.manifest is not None
    inside = mixture.find(str(small.files[0]), root)
    assert inside.manifest == small.manifest, "rows of a version are known by their path, too"
    assert mixture.find(str(at), root).mark == small.mark, "equal bytes, equal mark"
    write(at, {**ROWS, "output": ["no"] * 9})
    assert mixture.find(str(at), root).mark != small.mark


def test_a_release_is_trained_on_without_its_other_splits_and_tables(root: Root, tmp_path: Path) -> None:
    for split in ("train", "dev", "test"):
        write(tmp_path / "release" / "data" / "T" / f"{split}.parquet")
    write(tmp_path / "release" / "catalogue" / "instructions.parquet", {"task": ["T"], "instruction": ["Say."]})
    assert [path.name for path in mixture.find(str(tmp_path / "release"), root).files] == ["train.parquet"]


def test_some_samples_are_drawn_from_all(root: Root) -> None:
    found = mixture.find("small", root)
    drawn = [sample["input"] for sample in found.samples(4, seed=3)]
    assert len(drawn) == 4
    assert drawn == sorted(drawn) == [sample["input"] for sample in found.samples(4, seed=3)]
    assert any([sample["input"] for sample in found.samples(4, seed=seed)] != drawn for seed in range(5))
    assert len(list(found.samples(100))) == 9


def test_a_mixture_that_is_not_there_is_met_with_the_nearest(root: Root, tmp_path: Path) -> None:
    with pytest.raises(FinetuneError, match=r"no mixture `smal` .*did you mean `small`.* The root has small, unseen_t"):
        mixture.find("smal", root)
    with pytest.raises(FinetuneError, match="The root has none; make one with `medinst mix`"):
        mixture.find("smal", Root(str(tmp_path / "empty")))
    with pytest.raises(FinetuneError, match="output is not among instruction, input"):
        mixture.find(str(write(tmp_path / "x.parquet", {"instruction": ["a"], "input": ["b"]})), root)
    (tmp_path / "text.parquet").write_text("text")
    with pytest.raises(FinetuneError, match="this is not a Parquet file"):
        mixture.find(str(tmp_path / "text.parquet"), root)
    with pytest.raises(FinetuneError, match="has no rows"):
        mixture.find(str(write(tmp_path / "none.parquet", {name: [] for name in ROWS})), root)


# Models


def found(root: Root, *settings: str) -> Base:
    return base.find(load("tiny_cpu", settings), mixture.find("small", root), Path(root.uri("models")))


def test_random_weights_are_named_by_what_shapes_them(root: Root) -> None:
    one = found(root)
    assert not one.is_there
    assert found(root, "learning_rate=1").folder == one.folder, "runs share what they begin with"
    assert {found(root, change).folder for change in ("seed=1", "scratch.layers=5", "samples=3")} & {
        one.folder
    } == set()


def test_a_model_in_a_folder_is_known_by_its_bytes(root: Root, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    with pytest.raises(FinetuneError, match=r"has no config\.json"):
        found(root, f"model={folder}", "scratch=null")
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"one")
    one = found(root, f"model={folder}", "scratch=null")
    (folder / "README.md").write_text("of no account")
    assert found(root, f"model={folder}", "scratch=null") == one
    (folder / "model.safetensors").write_bytes(b"two")
    assert found(root, f"model={folder}", "scratch=null").revision != one.revision


def test_a_name_on_the_hub_is_looked_for_in_the_cache_alone(root: Root, tmp_path: Path, monkeypatch) -> None:
    from huggingface_hub import constants

    commit = "0123456789abcdef0123456789abcdef01234567"
    snapshot = tmp_path / "hub" / "models--big--model" / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (snapshot / "config.json").write_text("{}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    here = found(root, "model=big/model", f"revision={commit}", "scratch=null")
    assert (here.folder, here.revision) == (snapshot, commit)
    with pytest.raises(FinetuneError, match=r"no model `big/modle`.*hf download big/modle --revision abc"):
        found(root, "model=big/modle", "revision=abc", "scratch=null")
    with pytest.raises(FinetuneError, match="not a folder, not a fetched model, and not in the local cache"):
        found(root, "model=/not/there/at/all", "scratch=null")


# Plans


def test_a_plan_needs_the_extra(root: Root, monkeypatch) -> None:
    recipe = load("tiny_cpu", ["mixture=small", "evaluation=null"])
    monkeypatch.setattr(plan, "find_spec", lambda name: None if name in ("torch", "trl") else object())
    with pytest.raises(FinetuneError, match=r"extra `models`, and torch, trl cannot be imported"):
        make_plan(recipe, root)
    monkeypatch.setattr(plan, "find_spec", lambda name: object())
    made = make_plan(recipe, root)
    assert made.folder.parent == Path(root.uri("models"))
    assert made.evaluations == Path(root.uri("evaluations"))
    assert make_plan(load("tiny_cpu", ["mixture=small", "evaluation=null", "log_every=1"]), root).folder == made.folder
    for other in ("seed=1", "mixture=unseen_train", "max_steps=7"):
        changed = load("tiny_cpu", ["mixture=small", "evaluation=null", other])
        assert make_plan(changed, root).folder != made.folder or other == "mixture=unseen_train"


def test_a_plan_needs_the_benchmark_that_the_recipe_asks_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.model.finetune.plan.require_extra", lambda: None)
    rows = write(tmp_path / "rows.parquet")
    with pytest.raises(EvaluationError, match="has no benchmark yet"):
        make_plan(load("tiny_cpu", [f"mixture={rows}"]), Root(str(tmp_path / "root")))


def test_one_process_trains_a_model(tmp_path: Path) -> None:
    with (
        plan.alone(tmp_path / "model"),
        pytest.raises(FinetuneError, match="another process trains this model"),
        plan.alone(tmp_path / "model"),
    ):
        pass
    with plan.alone(tmp_path / "model"):
        pass


# Loss and checkpoints


def test_the_loss_log_goes_on_from_the_checkpoint(tmp_path: Path) -> None:
    log = tmp_path / loss.LOG
    first = Curve(log, 0)
    for step in (1, 2, 3):
        first.add(point(step, 5.0))
    with log.open("a") as file:
        file.write('{"step": 4, "ep')
    second = Curve(log, 2)
    added = second.add(point(3, 4.0, tokens=100))
    assert [each.step for each in loss.read(log)] == [1, 2, 3]
    assert loss.read(log)[-1] == added
    assert added.tokens == 300, "tokens of both sessions"
    assert added.seconds >= loss.read(log)[1].seconds
    assert loss.read(tmp_path / "none.jsonl") == []


def test_a_loss_is_judged() -> None:
    calm = [point(step, 5.0 - step / 10) for step in range(1, 16)]
    assert loss.judge(calm, 1.0) == ("", True)
    assert loss.judge([*calm, point(16, 6.0)], 1.0) == ("", False), "one high loss only keeps weights from being saved"
    rising = [*calm, *(point(16 + step, 9.0) for step in range(10))]
    assert (
        "at step 25 the mean of the last 10 losses, 9.000, is more than 1 above the lowest"
        in loss.judge(rising, 1.0).stop
    )
    assert loss.judge(rising, 20.0) == ("", True)
    for bad in (point(16, math.nan), point(16, math.inf), point(16, 1.0, gradient=math.nan)):
        assert "at step 16" in loss.judge([*calm, bad], 1.0).stop
    assert loss.judge([point(1, 8.0)], 1.0) == ("", True)


@pytest.mark.parametrize(("number", "expected"), [(1, (0, 0)), (5, (0.5, 3.5)), (20, (4.5, 14.5)), (40, (4.5, 34.5))])
def test_a_training_is_told_by_its_first_and_last_losses(number: int, expected: tuple[float, float]) -> None:
    assert loss.ends([loss.Point(step, 0, step, 0, 0, 0, 0, 0) for step in range(number)]) == expected


def test_half_written_checkpoints_are_passed_over(tmp_path: Path) -> None:
    assert checkpoints.last_whole(tmp_path) is None
    for step in (9, 10, 11, 12):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        (folder / "model.safetensors").write_bytes(b"weights")
        if step < 12:
            checkpoints.mark(folder)
    (tmp_path / "checkpoint-11" / "model.safetensors").write_bytes(b"weig")
    last = checkpoints.last_whole(tmp_path)
    assert last is not None
    assert (last.name, checkpoints.step(last)) == ("checkpoint-10", 10)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint-10", "checkpoint-9"]
    checkpoints.remove_all(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_page_of_the_loss_stands_alone() -> None:
    html = report.page("model <1>", [point(step, 5.0 - step) for step in range(3)])
    assert "model &lt;1&gt;" in html
    assert "default-src 'none'" in html
    assert '"y":[5.0,4.0,3.0]' in html


def test_rewards_are_trained_on_in_one_process() -> None:
    with pytest.raises(FinetuneError, match=r"two\.yaml: smollm2_grpo trains on rewards.*Leave --accelerate out"):
        accelerated.refuse_alone(load("smollm2_grpo", ["model=m", "mixture=x"]), "two.yaml")
    accelerated.refuse_alone(load("tiny_cpu", []), "two.yaml")
