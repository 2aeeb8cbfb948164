"""Rows for reinforcement learning: what is written, what is left out and why."""

import json
from pathlib import Path

import polars as pl
import pytest

from medinst_eval.rewards import reward
from schemas.errors import ExportError
from schemas.manifest import ReleaseManifest
from schemas.state import State
from tasks.base.store.root import Root
from tasks.base.versions.find import Found
from tasks.model.export.dataset import find_dataset
from tasks.model.export.verifiable import CONFLICT, LEAK, UNVERIFIED, Sieve
from tasks.model.export.write import Options, export
from tasks.model.mixture.recipe import load
from tasks.model.mixture.write import write_mixture
from tests.support import manifests
from tests.support.gathering import gather
from tests.support.places import DEMO

SAMPLES = [
    ("kept", "BIOSSES", "a b", "3"),
    ("leaking", "BIOSSES", "c d", "4"),
    ("one answer", "SciFact", "e", "support"),
    ("another answer", "SciFact", "E ", "contradict"),
    ("of another task", "MQP", "e", "5"),
    ("partly answerable", "FEVER", "f", "SUPPORTS"),
    ("not answerable", "CPI-NED", "g", "[g <UniProt/P1>]"),
    ("not a score", "BIOSSES", "h", "three"),
    ("not read", "AnEM", "i", "liver"),
    ("not tagged", "BC5CDR", "j", "liver"),
]
WHY = {
    LEAK: 1,
    CONFLICT: 2,
    UNVERIFIED: 3,
    "its task is only partly answerable": 1,
    "its task is not answerable": 1,
}


def released(folder: Path, audited: bool = True) -> Found[ReleaseManifest]:
    """A release with these samples, of which one leaks."""
    names = ["id", "task", "input", "output"]
    for split in ("train", "test"):
        (folder / "r" / "data").mkdir(parents=True, exist_ok=True)
        pl.DataFrame(SAMPLES, names, orient="row").write_parquet(folder / "r" / "data" / f"{split}.parquet")
    (folder / "r" / "audit").mkdir()
    pl.DataFrame({"task": ["BIOSSES"], "id": ["leaking"]}).write_parquet(folder / "r" / "audit" / "unclean.parquet")
    files = {"audit/unclean.parquet": None} if audited else {}
    return Found(Root(str(folder)), "r", ReleaseManifest.model_construct(kind="release", files=files), "")


def test_what_cannot_be_verified_is_left_out_and_counted(tmp_path: Path) -> None:
    dataset = released(tmp_path)
    sieve = Sieve(dataset, {"train": ["data/train.parquet"]})
    kept = sieve.keep(pl.read_parquet(dataset.local("data/train.parquet")), "train")
    assert kept["id"].to_list() == ["kept", "of another task"]
    assert sieve.left_out == WHY
    assert json.loads(kept["verifier"][0]) == {"kind": "score", "labels": [*"012345"], "symmetric": []}
    assert "key" not in kept.columns


def test_only_training_samples_leak(tmp_path: Path) -> None:
    dataset = released(tmp_path)
    sieve = Sieve(dataset, {"test": ["data/test.parquet"]})
    assert "leaking" in sieve.keep(pl.read_parquet(dataset.local("data/test.parquet")), "test")["id"]
    assert LEAK not in sieve.left_out


def test_a_release_that_does_not_say_what_leaks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"has no audit/unclean\.parquet, so what leaks into tests is not known"):
        Sieve(released(tmp_path, audited=False), {"train": ["data/train.parquet"]})


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> State:
    return gather(tmp_path_factory.mktemp("rl"), DEMO, ["anem", "biosses", "scifact", "fever"])


@pytest.mark.heavy
def test_a_mixture_is_written_as_rows_that_verify_themselves(state: State) -> None:
    root = Root(state.order.root)
    drawn = find_dataset(write_mixture(state, load("merged_train_100k", ["rows=30", "few_shot=0.5"])).version, root)
    made = export(drawn, Options("rl", system="Be brief."), root)
    manifests.check(made.uri, "export")
    (path,) = Path(made.uri).glob("train/*.jsonl")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]
    left_out = made.manifest.left_out
    assert rows
    assert left_out["its task is only partly answerable"] > 0, "FEVER"
    assert len(rows) + sum(left_out.values()) == drawn.manifest.samples
    assert f"| its task is only partly answerable | {left_out['its task is only partly answerable']} |" in (
        Path(made.uri, "README.md").read_text(encoding="utf-8")
    )
    for row in rows:
        assert list(row) == [
            *("id", "task", "source", "licence", "prompt", "messages", "ground_truth", "verifier"),
        ]
        assert row["prompt"] == row["messages"]
        assert [turn["role"] for turn in row["prompt"]][:: len(row["prompt"]) - 1] == ["system", "user"]
        assert reward(row["ground_truth"], row) == 1
        assert reward("", row) == 0
    assert {len(row["prompt"]) for row in rows} > {2}, "some have examples"
    with pytest.raises(ExportError, match="what reads `rl` applies the template itself"):
        export(drawn, Options("rl", chat_template="x"), root)


@pytest.mark.heavy
def test_a_mixture_with_leaks_is_refused(state: State) -> None:
    root = Root(state.order.root)
    drawn = find_dataset(write_mixture(state, load("merged_train_100k", ["rows=5", "samples=all"])).version, root)
    with pytest.raises(ExportError, match=r"leak into tests\. .*: medinst mix merged_train_100k --set samples=clean"):
        export(drawn, Options("rl"), root)
