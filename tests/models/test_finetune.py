"""From a mixture to a model to its scores: tokens as trl makes them, training that survives kill -9, bad input."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

torch = pytest.importorskip("torch", reason="no torch here; make test-models brings it")
transformers = pytest.importorskip("transformers", reason="no transformers here; make test-models brings it")

from schemas.errors import FinetuneError  # noqa: E402
from schemas.manifest import ModelManifest  # noqa: E402
from schemas.mixture import Recipe as Drawn  # noqa: E402
from schemas.trained import Comparison, Encoded  # noqa: E402
from tasks.base.store.root import Root  # noqa: E402
from tasks.base.versions.find import MANIFEST  # noqa: E402
from tasks.build.builds.state import newest  # noqa: E402
from tasks.model.evaluate.backends import backend  # noqa: E402
from tasks.model.evaluate.questions import as_text, messages, questions  # noqa: E402
from tasks.model.finetune import base, card, checkpoints, data, loss, mixture  # noqa: E402
from tasks.model.finetune.plan import Plan, make_plan  # noqa: E402
from tasks.model.finetune.recipe import load  # noqa: E402
from tasks.model.finetune.train import train  # noqa: E402
from tasks.model.mixture.write import write_mixture  # noqa: E402
from tests.support.places import CHECKOUT  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")  # the libraries warn about themselves and each other

TINY = (
    "scratch.vocabulary=300",
    "scratch.layers=1",
    "scratch.width=32",
    "scratch.heads=2",
    "scratch.feed_forward=64",
    "tokens_per_step=2048",
    "tokens_at_once=1024",
    "max_length=1024",
    "log_every=1",
    "checkpoint_every=5",
    "max_steps=10",
    "evaluation={limit: 2, shots: false, max_tokens: 4, tests: [AnEM, BIOSSES]}",
)
WEIGHTS = "model.safetensors"


def planned(root: Root, out: Path, *settings: str) -> Plan:
    plan = make_plan(load("tiny_cpu", (*TINY, *settings)), root, out)
    base.make(plan.base, plan.recipe, plan.mixture)
    plan.folder.mkdir(exist_ok=True)
    return plan


@pytest.fixture(scope="module")
def scratch(root: Root, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights and a tokenizer of the mixture."""
    return planned(root, tmp_path_factory.mktemp("scratch")).base.folder


def tokens(path: Path) -> list[dict[str, list[int]]]:
    with pa.OSFile(str(path)) as file:
        return pa.ipc.open_stream(file).read_all().to_pylist()


# Kill and resume


def command(root: Root, out: Path, settings: Sequence[str]) -> list[str]:
    options = [word for setting in (*TINY, *settings) for word in ("--set", setting)]
    return [sys.executable, "-m", "flows", "finetune", "tiny_cpu", "--root", root.url, "--out", str(out), *options]


def until(condition, process: subprocess.Popen[bytes], patience: float = 400.0) -> None:
    end = time.monotonic() + patience
    while not condition():
        assert process.poll() is None, "it ended before its time"
        if time.monotonic() > end:
            os.killpg(process.pid, signal.SIGKILL)
            pytest.fail("it takes too long")
        time.sleep(0.01)


@pytest.mark.timeout(900)  # two commands with Prefect's server, and a training of its own to compare with
def test_a_killed_training_goes_on_and_ends_as_one_that_was_not(root: Root, tmp_path: Path) -> None:
    rows = pl.read_parquet(mixture.find("merged_train_100k", root).files).filter(pl.col("task") != "BIOSSES")
    rows.write_parquet(tmp_path / "rows.parquet")
    settings = (f"mixture={tmp_path / 'rows.parquet'}", "max_steps=100")
    killed = planned(root, tmp_path / "killed", *settings)
    environment = {**os.environ, "PREFECT_HOME": str(tmp_path / "prefect"), "PYTHONPATH": str(CHECKOUT)}
    call = command(root, tmp_path / "killed", settings)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    with subprocess.Popen(call, cwd=CHECKOUT, env=environment, **quiet) as process:
        until((killed.folder / "checkpoint-10" / checkpoints.MARK).exists, process)
        os.killpg(process.pid, signal.SIGKILL)
    assert killed.trained is None, "it ended before it could be killed"
    torn = killed.folder / "checkpoint-9999"
    torn.mkdir()
    (torn / WEIGHTS).write_bytes(b"half")

    done = subprocess.run(call, cwd=CHECKOUT, env=environment, check=False, timeout=400, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "before" in done.stdout
    assert "after" in done.stdout
    assert [point.step for point in loss.read(killed.folder / loss.LOG)] == list(range(1, 101))
    assert not list(killed.folder.glob("checkpoint-*"))

    comparison = Comparison.model_validate_json((killed.folder / "comparison.json").read_bytes())
    assert {gain.task for gain in comparison.gains} == {"AnEM", "BIOSSES"}
    assert {gain.tier for gain in comparison.gains} == {"seen", "unseen"}, "the mixture has no BIOSSES"
    assert "license" in (killed.folder / "README.md").read_text()

    whole = planned(root, tmp_path / "whole", *settings)
    trained = train(whole)
    assert trained == killed.trained.model_copy(  # pyright: ignore[reportOptionalMemberAccess]
        update={"device": trained.device}
    )
    assert (whole.folder / WEIGHTS).read_bytes() == (killed.folder / WEIGHTS).read_bytes()


def test_a_training_that_ended_is_not_repeated(root: Root, tmp_path: Path) -> None:
    plan = planned(root, tmp_path)
    trained = train(plan)
    assert (trained.steps, len(loss.read(plan.folder / loss.LOG))) == (10, 10)
    assert trained.last_loss < 5.75 < loss.read(plan.folder / loss.LOG)[0].loss + 0.5
    (plan.folder / WEIGHTS).unlink()
    assert train(plan) == trained
    assert not (plan.folder / WEIGHTS).exists()


def test_a_training_that_was_killed_after_its_last_step_takes_no_further_one(
    root: Root, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(root, tmp_path)
    monkeypatch.setattr(checkpoints, "remove_all", lambda _: None)
    trained, weights = train(plan), (plan.folder / WEIGHTS).read_bytes()
    for name in ("trained.json", WEIGHTS):
        (plan.folder / name).unlink()
    assert train(plan) == trained
    assert (plan.folder / WEIGHTS).read_bytes() == weights


def test_equal_versions_of_a_model_are_equal_bytes(root: Root, tmp_path: Path) -> None:
    sealed = []
    for place in ("one", "other"):
        plan = planned(root, tmp_path / place)
        card.keep(plan, train(plan), None)
        sealed.append((plan.folder / MANIFEST).read_bytes())
        assert plan.cost.seconds > 0
    assert sealed[0] == sealed[1]
    files = ModelManifest.model_validate_json(sealed[0]).files
    assert {WEIGHTS, "trained.json", "README.md"} <= files.keys()


def test_random_weights_and_their_tokenizer_come_out_equal(root: Root, scratch: Path, tmp_path: Path) -> None:
    other = planned(root, tmp_path)
    for name in (WEIGHTS, "tokenizer.json", "config.json"):
        assert (other.base.folder / name).read_bytes() == (scratch / name).read_bytes(), name
    model = transformers.AutoModelForCausalLM.from_pretrained(scratch)
    assert other.recipe.scratch is not None
    assert sum(weight.numel() for weight in model.parameters()) == other.recipe.scratch.parameters


# Tokens


TEMPLATE = (
    "{% for turn in messages %}[{{ turn.role }}]{{ turn.content }}<end>{% endfor %}"
    "{% if add_generation_prompt %}[assistant]{% endif %}"
)


@pytest.mark.parametrize("template", [None, TEMPLATE])
@pytest.mark.parametrize("answer_only", [True, False])
def test_tokens_are_those_that_trl_makes_of_prompts_and_answers(
    root: Root, scratch: Path, tmp_path: Path, template: str | None, answer_only: bool
) -> None:
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    recipe = load("tiny_cpu", (*TINY, "packing=false", f"answer_only={answer_only}", "max_length=4096",
                               "tokens_at_once=4096", "tokens_per_step=4096"))  # fmt: skip
    tokenizer = transformers.AutoTokenizer.from_pretrained(scratch)
    tokenizer.chat_template = template
    found = mixture.find("merged_train_100k", root)
    counted = data.encode(found, tokenizer, recipe, tmp_path / "samples.arrow")
    samples = list(found.samples())
    assert counted.samples == len(samples)

    prompts = [f"{sample['instruction']}\n{sample['input']}" for sample in samples]
    answers = [sample["output"] for sample in samples]
    if template:
        rows = {
            "prompt": [[{"role": "user", "content": prompt}] for prompt in prompts],
            "completion": [[{"role": "assistant", "content": answer}] for answer in answers],
        }
    else:
        rows = {"prompt": [prompt + "\n" for prompt in prompts], "completion": answers}
    options = {
        "output_dir": str(tmp_path),
        "completion_only_loss": answer_only,
        "max_length": None,
        "report_to": "none",
    }

    def prepared(dataset: Dataset) -> list[dict[str, list[int]]]:
        model = transformers.AutoModelForCausalLM.from_pretrained(scratch)
        config = SFTConfig(**options, bf16=False, activation_checkpointing=False)
        made = SFTTrainer(model=model, args=config, train_dataset=dataset, processing_class=tokenizer).train_dataset
        return [{name: row[name] for name in ("input_ids", "labels")} for row in made]

    theirs = prepared(Dataset.from_dict(rows))
    assert prepared(Dataset.from_file(str(tmp_path / "samples.arrow"))) == theirs
    assert any(label == -100 for row in theirs for label in row["labels"]) == answer_only


def test_a_mixture_with_examples_is_trained_on_as_it_is_asked(root: Root, tmp_path: Path) -> None:
    state = newest(root)
    recipe = Drawn(name="exemplary", samples="all", rows=40, few_shot=1.0, examples=2)
    made = write_mixture(state, recipe)
    roomy = ("max_length=4096", "tokens_at_once=4096", "tokens_per_step=4096")
    plan = planned(root, tmp_path, "mixture=exemplary", *roomy)
    assert (plan.mixture.version, plan.mixture.rows) == (made.version, 40)
    tokenizer = transformers.AutoTokenizer.from_pretrained(plan.base.folder)
    counted = data.encode(plan.mixture, tokenizer, plan.recipe, tmp_path / "samples.arrow")
    assert (counted.samples, counted.too_long) == (40, {})
    asking = plan.asking(plan.base.folder).model_copy(update={"shots": True})
    asked = list(questions(plan.mixture.files[0], asking))
    assert [len(each.turns) for each in asked] == [2] * 40
    only = plan.recipe.model_copy(update={"answer_only": True})
    data.encode(plan.mixture, tokenizer, only, tmp_path / "answers.arrow")
    rows = zip(tokens(tmp_path / "samples.arrow"), tokens(tmp_path / "answers.arrow"), strict=True)
    for each, (row, masked) in zip(asked, rows, strict=True):
        prompt, ending = as_text(messages(each, "")), f"{each.target}{tokenizer.eos_token}"
        assert tokenizer.decode(row["input_ids"]) == prompt + ending
        assert row["labels"] == row["input_ids"] == masked["input_ids"], "the recipe's loss is that of all tokens"
        assert tokenizer.decode([label for label in masked["labels"] if label != data.IGNORED]) == ending
    assert train(plan).mixture_version == made.version


def test_long_samples_are_left_out_whole_and_counted(root: Root, scratch: Path, tmp_path: Path) -> None:
    from datasets import Dataset
    from trl import pack_dataset

    tokenizer = transformers.AutoTokenizer.from_pretrained(scratch)
    found = mixture.find("merged_train_100k", root)
    every = data.encode(found, tokenizer, load("tiny_cpu", TINY), tmp_path / "all.arrow")
    lengths = sorted(len(row["input_ids"]) for row in tokens(tmp_path / "all.arrow"))
    limit = lengths[-1] - 1
    shorter = load("tiny_cpu", (*TINY, f"max_length={limit}"))
    kept = data.encode(found, tokenizer, shorter, tmp_path / "kept.arrow")
    assert kept.samples == sum(length <= limit for length in lengths) < every.samples
    assert kept.samples + sum(kept.too_long.values()) == found.rows
    assert (kept.longest, kept.tokens) == (lengths[-1], sum(length for length in lengths if length <= limit))
    answers = load("tiny_cpu", (*TINY, f"max_length={limit}", "answer_only=true"))
    assert data.encode(found, tokenizer, answers, tmp_path / "kept.arrow") == kept
    labels = [label for row in tokens(tmp_path / "kept.arrow") for label in row["labels"]]
    assert kept.answer_tokens == sum(label != data.IGNORED for label in labels)
    packed = pack_dataset(Dataset.from_file(str(tmp_path / "kept.arrow")).select_columns(["input_ids"]), limit)
    whole = sorted(length for row in packed["seq_lengths"] for length in row)
    assert whole == [length for length in lengths if length <= limit], "packing cuts a sample"
    assert len(packed) < kept.samples
    with pytest.raises(FinetuneError, match=rf"longer than max_length, 5 tokens; the longest has {lengths[-1]}"):
        data.encode(found, tokenizer, load("tiny_cpu", (*TINY, "max_length=5")), tmp_path / "none.arrow")


def test_a_packed_sample_does_not_see_its_neighbours(scratch: Path) -> None:
    model = transformers.AutoModelForCausalLM.from_pretrained(scratch, attn_implementation="sdpa").eval()
    one, other = torch.arange(20, 30)[None], torch.arange(40, 57)[None]
    places = torch.cat([torch.arange(10), torch.arange(17)])[None]
    with torch.no_grad():
        packed = model(input_ids=torch.cat([one, other], dim=1), position_ids=places, use_cache=False).logits
        apart = torch.cat([model(input_ids=ids).logits for ids in (one, other)], dim=1)
    assert torch.allclose(packed, apart, atol=1e-5)


def test_a_step_has_as_many_tokens_as_asked_for() -> None:
    counted = Encoded(
        samples=100, tokens=5_000, answer_tokens=500, longest=90, too_long={}, tasks={"T": 100}, licences={}
    )
    packed = data.batch(load("tiny_cpu", TINY), counted)
    assert packed.sequences * packed.accumulated * 1024 == 2048
    loose = data.batch(load("tiny_cpu", (*TINY, "packing=false")), counted)
    assert loose.sequences * loose.accumulated * 50 == pytest.approx(2048, rel=0.05)


# Adapters


def test_the_last_step_is_logged_whatever_comes_after_every_so_many(root: Root, tmp_path: Path) -> None:
    plan = planned(root, tmp_path, "max_steps=5", "log_every=3", "checkpoint_every=3")
    trained = train(plan)
    points = loss.read(plan.folder / loss.LOG)
    assert [point.step for point in points] == [3, 5]
    assert (trained.tokens, trained.first_loss, trained.last_loss) == (points[1].tokens, points[0].loss, points[1].loss)


def test_adapters_are_trained_saved_and_asked(root: Root, scratch: Path, tmp_path: Path) -> None:
    before = (scratch / WEIGHTS).read_bytes()
    settings = (f"model={scratch}", "scratch=null", "lora={rank: 4, dropout: 0.1}", "answer_only=true")
    trained = train(plan := planned(root, tmp_path, *settings))
    assert 0 < trained.trained_parameters < trained.parameters / 4
    assert (plan.folder / "adapter_model.safetensors").exists()
    assert not (plan.folder / WEIGHTS).exists()
    assert (scratch / WEIGHTS).read_bytes() == before
    adapted = backend(plan.asking(plan.folder), None, 1)
    names = [name for name, _ in adapted.model.named_parameters()]  # pyright: ignore[reportAttributeAccessIssue]
    assert any("lora_A" in name for name in names)


# What goes wrong


def test_a_diverging_loss_ends_the_training_and_leaves_the_last_good_checkpoint(root: Root, tmp_path: Path) -> None:
    wild = ("learning_rate=30", "schedule=constant", "warm_up=0.4", "max_steps=60", "checkpoint_every=1")
    plan = planned(root, tmp_path, *wild)
    with pytest.raises(FinetuneError, match=r"the loss diverges: .* The last good checkpoint is checkpoint-\d+\."):
        train(plan)
    points = loss.read(plan.folder / loss.LOG)
    assert points[-1].step < 60
    last = checkpoints.last_whole(plan.folder)
    assert last is not None
    lowest = min(point.loss for point in points)
    assert next(point.loss for point in points if point.step == checkpoints.step(last)) < lowest + 2
    assert not (plan.folder / WEIGHTS).exists()
    assert plan.trained is None


def test_a_full_disk_is_said_and_the_next_run_goes_on(root: Root, tmp_path: Path) -> None:
    plan = planned(root, tmp_path, "samples=20")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((plan.base.folder / WEIGHTS).stat().st_size * 3 // 2, hard))
    try:
        with pytest.raises(FinetuneError, match=r"cannot be written.* There is no checkpoint yet\. Make room"):
            train(plan)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert train(plan).steps == 10


def test_a_folder_without_weights_is_refused(root: Root, tmp_path: Path) -> None:
    (tmp_path / "hollow").mkdir()
    (tmp_path / "hollow" / "config.json").write_text(json.dumps({"model_type": "llama"}))
    with pytest.raises(FinetuneError, match=r"hollow has no weights"):
        planned(root, tmp_path, f"model={tmp_path / 'hollow'}", "scratch=null")


def own(scratch: Path, tmp_path: Path) -> tuple[Path, tuple[str, str]]:
    """A copy of a model, and the changes of a recipe that name it."""
    folder = tmp_path / "own"
    shutil.copytree(scratch, folder)
    return folder, (f"model={folder}", "scratch=null")


def test_weights_that_are_cut_off_are_refused(root: Root, scratch: Path, tmp_path: Path) -> None:
    folder, changes = own(scratch, tmp_path)
    whole = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FinetuneError, match=r"own: the model cannot be loaded: .* Fetch or copy it again"):
        train(planned(root, tmp_path, *changes))


def test_a_tokenizer_of_another_model_is_refused(root: Root, scratch: Path, tmp_path: Path) -> None:
    folder, changes = own(scratch, tmp_path)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    tokenizer.add_tokens(["<new>"])
    tokenizer.save_pretrained(folder)
    with pytest.raises(FinetuneError, match=r"the tokenizer has 301 tokens, the model 300"):
        train(planned(root, tmp_path, *changes))


def test_weights_that_are_no_numbers_end_the_training_at_its_first_loss(
    root: Root, scratch: Path, tmp_path: Path
) -> None:
    folder, changes = own(scratch, tmp_path)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder)
    torch.nn.init.constant_(model.model.norm.weight, float("nan"))
    model.save_pretrained(folder)
    with pytest.raises(FinetuneError, match=r"cannot begin: the loss is nan, .* at step 1\. The base model's weights"):
        train(planned(root, tmp_path, *changes))


def test_rows_without_a_licence_have_an_unknown_one(scratch: Path, tmp_path: Path) -> None:
    rows = pa.table({"instruction": ["Say yes."], "input": ["a"], "output": ["yes"]})
    pq.write_table(rows, tmp_path / "own.parquet")
    found = mixture.find(str(tmp_path / "own.parquet"), Root(str(tmp_path)))
    tokenizer = transformers.AutoTokenizer.from_pretrained(scratch)
    counted = data.encode(found, tokenizer, load("tiny_cpu", TINY), tmp_path / "samples.arrow")
    assert counted.licences == {"unknown": "unknown"}
