"""`medinst baseline` on miniatures: trained, answered, scored and compared like every other model."""

import json
from pathlib import Path

import polars as pl
import pytest

from schemas.baseline import Receipt
from schemas.errors import EvaluationError
from tasks.base.predictions.files import load
from tasks.base.predictions.log import read
from tasks.base.store.root import Root
from tasks.build.audit import LEAKS
from tasks.build.builds.state import save_state
from tasks.model.baseline import choice
from tasks.model.baseline.choice import choose, refuse_missing
from tasks.model.baseline.prepare import prepare
from tasks.model.baseline.receipt import CARD, RECEIPT
from tasks.model.benchmark.write import write_benchmark
from tests.support.gathering import as_published, gather
from tests.support.medinst import run_medinst
from tests.support.places import DEMO

TESTS = ("NCBI-disease", "BioNLP-2011-ID", "Hallmarks-of-Cancer")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of a few miniatures with its benchmark."""
    folder = tmp_path_factory.mktemp("baseline")
    sources = ["ncbi_disease", "bionlp_2011_id", "hallmarks_of_cancer", "covert", "scifact", "biosses"]
    state = gather(folder, DEMO, sources)
    save_state(state)
    as_published(state)
    write_benchmark(state, "local")
    return folder


def answers(folder: Path) -> dict[str, str]:
    return {each.key: each.prediction for each in read(folder / "predictions.jsonl")}


@pytest.mark.slow
def test_baselines_are_trained_scored_and_compared(root: Path, prefect_server: dict[str, str]) -> None:
    options = ["baseline", *TESTS, "--kind", "linear", "--seed", "0-1"]
    done = run_medinst(prefect_server, root, *options)
    assert done.returncode == 0, done.stderr
    assert "Spread over 2 variants: random numbers of the training" in done.stdout
    one, other = sorted((root / "evaluations").glob("*/linear-baseline-*"))
    assert other.name == f"{one.name}-seed1"
    for seed, folder in enumerate((one, other)):
        receipt = Receipt.model_validate_json((folder / RECEIPT).read_bytes())
        assert (receipt.seed, set(receipt.tests)) == (seed, set(TESTS))
        assert all(each.samples and each.held and each.parameters for each in receipt.tests.values())
        card = (folder / CARD).read_text()
        assert all(f"| {test} |" in card for test in TESTS)
        assert "miniatures" in card
    scored = json.loads(run_medinst(prefect_server, root, "score", str(one), "--against", str(other), "--json").stdout)
    assert (scored["missing"], scored["unchecked"]) == ([], "")
    assert {each["task"] for each in scored["scores"]} == {each["task"] for each in scored["differences"]} == set(TESTS)
    assert all(each["unread"] == 0 for each in scored["scores"]), "each answer is in the grammar"
    page = (one.parent / "leaderboard.html").read_text()
    assert one.name in page
    assert "trained on each test" in page

    before = answers(one)
    lines = (one / "predictions.jsonl").read_bytes()
    (one / "predictions.jsonl").write_bytes(lines[: len(lines) // 2])  # as a killed run leaves it
    (one / RECEIPT).write_text("{")
    again = run_medinst(prefect_server, root, *options)
    assert again.returncode == 0, again.stderr
    assert answers(one) == before
    assert load(one).tasks.keys() == set(TESTS)


@pytest.mark.parametrize(
    ("test", "why"),
    [
        ("CoVERt", "it has no training split"),
        ("SciFact", "its training split is part of the test"),
        ("BIOSSES", "its answers are of the form `score`"),
        ("NCBI-disese", r"not one of its tests \(did you mean `NCBI-disease`"),
    ],
)
def test_tests_that_cannot_be_trained_for_are_refused_with_those_that_can(root: Path, test: str, why: str) -> None:
    with pytest.raises(EvaluationError, match=f"{why}.*BioNLP-2011-ID, Hallmarks-of-Cancer, NCBI-disease"):
        choose([test], Root(str(root)))


def test_samples_that_leak_into_the_test_are_left_out(root: Path) -> None:
    chosen = choose(["NCBI-disease"], Root(str(root)))
    whole = prepare("NCBI-disease", chosen).training
    audit = chosen.build.state.audit
    assert audit is not None
    path = root / audit.place / LEAKS
    kept = path.read_bytes()
    ids = chosen.samples["NCBI-disease"].training().select("id").collect()["id"].head(2)
    constant = {"test_task": "NCBI-disease", "test_id": "x", "train_task": "NCBI-disease", "kind": "text"}
    new = pl.DataFrame({"train_id": ids}).with_columns(pl.lit(value).alias(name) for name, value in constant.items())
    found = pl.read_parquet(path)
    pl.concat([found, new.with_columns(evidence=pl.lit("")).select(found.columns)]).write_parquet(path)
    try:
        left = prepare("NCBI-disease", chosen).training
    finally:
        path.write_bytes(kept)
    assert left.leaking["train"] == whole.leaking["train"] + 2
    assert len(left.rows.texts) == len(whole.rows.texts) - 2
    assert set(left.rows.texts) < set(whole.rows.texts)


def test_a_benchmark_of_another_build_and_a_machine_without_torch_are_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = choose(["NCBI-disease"], Root(str(root)))
    other = choose(["BioNLP-2011-ID"], Root(str(root))).samples["BioNLP-2011-ID"]
    with pytest.raises(EvaluationError, match=r"are not in the build of release .*medinst benchmark"):
        prepare("NCBI-disease", chosen._replace(samples={"NCBI-disease": other}))
    monkeypatch.setattr(choice.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EvaluationError, match=r"needs torch.*--kind linear"):
        refuse_missing("encoder")
    refuse_missing("linear")
