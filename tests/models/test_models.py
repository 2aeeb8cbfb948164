"""What needs torch: a local model that is asked, lm-evaluation-harness, BERTScore. Run by `make test-models`."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="no torch here; make test-models brings it")
transformers = pytest.importorskip("transformers", reason="no transformers here; make test-models brings it")

from medinst_eval.metrics.overlap import bert_score  # noqa: E402
from schemas.errors import EvaluationError  # noqa: E402
from schemas.evaluation import Asking, Question  # noqa: E402
from tasks.base.predictions.files import load  # noqa: E402
from tasks.base.predictions.log import Log, read  # noqa: E402
from tasks.base.store.root import Root  # noqa: E402
from tasks.model.benchmark.harness import export_tasks  # noqa: E402
from tasks.model.benchmark.place import find  # noqa: E402
from tasks.model.evaluate import local  # noqa: E402
from tasks.model.evaluate.backends import backend, refuse_unusable  # noqa: E402
from tasks.model.evaluate.local import Local  # noqa: E402
from tasks.model.evaluate.plan import make_plan, save_run  # noqa: E402
from tasks.model.score.scoring import score  # noqa: E402
from tests.support.places import CHECKOUT  # noqa: E402

TEXTS = [
    "[Velt fever <disease>], [otter <species>]",
    "Answer with the label alone.",
    "yes no maybe 0 1 2 3 4 5",
    "none",
]


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    made = Tokenizer(models.BPE(unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    special = ["<unk>", "<s>", "</s>", "<pad>", "<mask>"]
    letters = pre_tokenizers.ByteLevel.alphabet()
    made.train_from_iterator(
        TEXTS, trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=letters)
    )
    names = {
        "unk_token": "<unk>",
        "bos_token": "<s>",
        "eos_token": "</s>",
        "pad_token": "<pad>",
        "mask_token": "<mask>",
    }
    return transformers.PreTrainedTokenizerFast(tokenizer_object=made, **names, cls_token="<s>", sep_token="</s>")


@pytest.fixture(scope="module")
def model(tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny decoder with random weights."""
    torch.manual_seed(1)
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=8192,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=3,
    )
    folder = tmp_path_factory.mktemp("model") / "tiny"
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def asked(root: Root, asking: Asking, tasks: tuple[str, ...], limit: int, out: Path):
    plan = make_plan(asking, root, tasks, limit, out)
    save_run(plan)
    answering = backend(asking, None, 1)
    assert answering.together
    with Log(plan.predictions) as log, answering.opened(log):
        found = answering.ask(question for task in plan.asked for question in plan.questions(task))
    assert (answering.progress.answered, answering.progress.there) == (found.answered, found.there)
    return plan, found.answered, found.there


def test_a_local_model_is_asked_and_goes_on_where_it_stopped(root, model, tmp_path):
    asking = Asking(model=str(model), backend="transformers", max_tokens=8)
    tasks = ("AnEM", "BIOSSES")
    plan, answered, there = asked(root, asking, tasks, 3, tmp_path / "a")
    assert (answered, there) == (6, 0)
    whole = {each.id: each.prediction for each in read(plan.predictions)}
    assert {each.task for each in read(plan.predictions)} == set(tasks)
    lines = plan.predictions.read_text().splitlines(keepends=True)
    plan.predictions.write_text("".join(lines[:2]) + lines[2][:30])
    _, answered, there = asked(root, asking, tasks, 3, tmp_path / "a")
    assert (answered, there) == (4, 2)
    assert {each.id: each.prediction for each in read(plan.predictions)}.keys() == whole.keys()
    assert {each.task for each in score(load(plan.folder))} == set(tasks)


def test_an_answer_that_ends_is_not_cut_off_where_its_end_is_the_last_token_allowed(model, monkeypatch):
    """Whether a token ends it or a string that was asked for, which the model is told."""
    local = backend(Asking(model=str(model), backend="transformers", max_tokens=3, stop=("no",)), None, 1)
    assert isinstance(local, Local)
    given: list[object] = []
    said = iter((["yes", "maybe", "</s>"], ["yes", "no", "maybe"], ["yes", "maybe", "yes"]))

    def generate(input_ids, stop_strings=None, **_):
        given.append(stop_strings)
        ids = [local.tokenizer.convert_tokens_to_ids(each) for each in next(said)]
        return torch.cat([input_ids, torch.tensor([ids])], dim=1)

    monkeypatch.setattr(local.model, "generate", generate)
    question = Question(key="k", id="i", task="PubMedQA-labeled", prompt="p", target="yes", turns=())
    found = [local._answer([question])[0] for _ in range(3)]
    assert [each.outcome for each in found] == ["answer", "answer", "length"]
    assert given == [["no"]] * 3


def test_a_folder_without_a_model_is_one_sentence(tmp_path):
    asking = Asking(model=str(tmp_path), backend="transformers")
    with pytest.raises(EvaluationError, match=r"has no config\.json, so it holds no model"):
        refuse_unusable(asking, None)
    (tmp_path / "config.json").write_text("{}")
    refuse_unusable(asking, None)
    with pytest.raises(EvaluationError, match=r"the model cannot be loaded: .* Fetch or copy it again"):
        backend(asking, None, 1)


def test_a_question_that_the_context_has_no_room_for_is_not_asked(root, tokenizer, tmp_path):
    """The model has a vector for each position, so that it would fail beyond them."""
    config = transformers.GPT2Config(
        vocab_size=len(tokenizer), n_embd=32, n_layer=1, n_head=2, n_positions=400, eos_token_id=2, pad_token_id=3
    )
    transformers.GPT2LMHeadModel(config).save_pretrained(tmp_path / "short")
    tokenizer.save_pretrained(tmp_path / "short")
    asking = Asking(model=str(tmp_path / "short"), backend="transformers", max_tokens=8, shots=False)
    plan, answered, _ = asked(root, asking, ("PubMedQA-labeled", "BIOSSES"), 8, tmp_path / "a")
    found = list(read(plan.predictions))
    assert len(found) == answered == sum(plan.asked.values())
    long = [each for each in found if each.outcome == "too long"]
    assert 0 < len(long) < answered
    assert {each.prediction for each in long} == {""}
    assert all((each.prompt_tokens + 8 > 400) == (each in long) for each in found)
    assert len(score(load(plan.folder))) > 0


def test_batches_by_length_answer_as_one_question_at_a_time(root, model, tmp_path, monkeypatch):
    tasks = ("AnEM", "BIOSSES", "PubMedQA-labeled", "SciFact")
    asking = Asking(model=str(model), backend="transformers", max_tokens=12)
    sizes: list[list[int]] = []
    answer = local.Local._answer

    def watched(self, batch):
        found = answer(self, batch)
        sizes.append([each.prompt_tokens for each in found])
        return found

    monkeypatch.setattr(local.Local, "_answer", watched)
    monkeypatch.setattr(local, "BATCH", 3)
    plan, answered, _ = asked(root, asking, tasks, 8, tmp_path / "together")
    together = {each.id: (each.prediction, each.prompt_tokens) for each in read(plan.predictions)}
    assert answered == len(together) > 20
    found = [each.prompt_tokens for each in read(plan.predictions)]
    assert found == sorted(found, reverse=True)
    order = [each.task for each in read(plan.predictions)]
    assert order != sorted(order, key=tasks.index), "the questions of a batch are of any tasks"
    padded = sum(max(batch) * len(batch) for batch in sizes)
    assert padded <= 1.25 * sum(map(sum, sizes))
    assert all(max(batch) <= 2 * min(batch) for batch in sizes), "a question is padded to more than twice its length"
    monkeypatch.setattr(local, "BATCH", 1)
    plan, _, _ = asked(root, asking, tasks, 8, tmp_path / "alone")
    assert {each.id: (each.prediction, each.prompt_tokens) for each in read(plan.predictions)} == together
    assert len({text for text, _ in together.values()}) >= 3, "a model that says one thing would prove nothing"


def test_a_local_model_with_random_weights_obeys_the_grammar(root, model, tmp_path):
    pytest.importorskip("llguidance")
    tasks = ("AnEM", "BIOSSES", "PubMedQA-labeled", "ParaMed")
    asking = Asking(model=str(model), backend="transformers", max_tokens=40, constrain="llguidance")
    plan, _, _ = asked(root, asking, tasks, 4, tmp_path / "a")
    found = list(read(plan.predictions))
    for each in found:
        if each.task == "BIOSSES":
            assert each.prediction in {"0", "1", "2", "3", "4", "5"}
        if each.task == "PubMedQA-labeled":
            assert each.prediction in {"yes", "no", "maybe"}
        if each.task == "AnEM":
            assert each.prediction == "none" or each.prediction[0] == "["
    assert {each.outcome for each in found if each.task in ("BIOSSES", "PubMedQA-labeled")} == {"answer"}
    free, _, _ = asked(root, asking.model_copy(update={"constrain": ""}), tasks, 4, tmp_path / "b")
    assert not {each.prediction for each in read(free.predictions) if each.task != "ParaMed"} & {"0", "yes", "none"}


@pytest.mark.parametrize(
    ("template", "written", "kept"),
    [
        ("", "<think>[otter <species>]</think>yes</s>", ("[otter <species>]", "yes", "answer")),
        ("", "[otter <species>]<mask></s>", ("", "[otter <species>]", "answer")),
        ("", "[THINK]no[/THINK]yes</s>", ("no", "yes", "answer")),
        ("", "<think>yes no</s>", ("yes no", "", "length")),
        ("<think>\n", "no</think>yes</s>", ("no", "yes", "answer")),
        ("<think>\n", "no maybe", ("no maybe", "", "length")),
        ("<think>\n\n</think>\n", "yes</s>", ("", "yes", "answer")),
    ],
    ids=str,
)
def test_a_local_model_thinks_apart(template, written, kept, model, monkeypatch, tmp_path):
    """Also where its markers are special tokens, which a decoder would leave out, or stand in the template."""
    from tokenizers import decoders

    folder = shutil.copytree(model, tmp_path / "model")
    thinker = transformers.AutoTokenizer.from_pretrained(folder)
    thinker.add_special_tokens({"additional_special_tokens": ["[THINK]", "[/THINK]"]})
    thinker.backend_tokenizer.decoder = decoders.ByteLevel()
    thinker.chat_template = "{{ messages[0].content }}" + template
    thinker.save_pretrained(folder)
    local = backend(Asking(model=str(folder), backend="transformers", max_tokens=60), None, 1)
    assert isinstance(local, Local)
    tokens = local.tokenizer(written, add_special_tokens=False, return_tensors="pt")["input_ids"]

    def generate(input_ids, **_):
        return torch.cat([input_ids, tokens], dim=1)

    monkeypatch.setattr(local.model, "generate", generate)
    asked_ = Question(key="k", id="i", task="T", turns=(), prompt="Which?", target="yes")
    (found,) = local._answer([asked_])
    assert (found.reasoning, found.prediction, found.outcome) == kept
    assert found.answer_tokens == tokens.shape[1]
    assert (found.reasoning_tokens > 0) == bool(kept[0])


def test_a_folder_that_is_none_is_refused(root, tmp_path):
    from schemas.errors import ModelError

    with pytest.raises(ModelError, match=r"Unknown model .*medinst model fetch"):
        backend(Asking(model=str(tmp_path / "nothing"), backend="transformers"), None, 1)


def test_the_harness_loads_our_tasks_and_scores_them_by_our_metrics_wherever_they_were_moved(root, tmp_path):
    shutil.copytree(root.local(""), tmp_path / "here")
    made = find(Root(str(tmp_path / "here")))
    place = export_tasks(made, tmp_path / "here" / "lm-eval" / made.version).relative_to(tmp_path / "here")
    (tmp_path / "here").rename(tmp_path / "there")
    folder = tmp_path / "there" / place
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_CACHE": str(tmp_path / "cache"),
        "PYTHONPATH": str(CHECKOUT),
    }
    command = [sys.executable, "-m", "lm_eval", "--model", "dummy", "--include_path", str(folder)]
    command += ["--tasks", "medinst32,medinst32_zs", "--limit", "2", "--output_path", str(tmp_path / "results")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stderr[-3000:]
    (results,) = (tmp_path / "results").rglob("results_*.json")
    said = json.loads(results.read_text())["results"]
    tests = made.manifest.tasks
    names = {f"medinst32_{task.replace('-', '_').lower()}{suffix}" for task in tests for suffix in ("", "_zs")}
    assert names <= set(said)
    for name in names:
        assert {"strict,none", "paper,none", "unread,none"} <= set(said[name]), said[name]
    assert said["medinst32_biosses"]["paper,none"] == 25.0, "an answer without a number is wrong by 5"


def test_bert_score_with_a_model_of_ones_own(tokenizer, tmp_path, monkeypatch):
    torch.manual_seed(1)
    config = transformers.RobertaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=130,
        pad_token_id=3,
        bos_token_id=1,
        eos_token_id=2,
    )
    transformers.RobertaModel(config).save_pretrained(tmp_path / "roberta")
    tokenizer.model_max_length = 128
    tokenizer.save_pretrained(tmp_path / "roberta")
    assert bert_score(["a"], ["a"]) is None
    monkeypatch.setenv("MEDINST_BERTSCORE_MODEL", str(tmp_path / "roberta"))
    monkeypatch.setenv("MEDINST_BERTSCORE_LAYER", "2")
    same = bert_score(["velt fever", "an otter"], ["velt fever", "an otter"])
    other = bert_score(["velt fever", "an otter"], ["no label", "five 5"])
    assert same is not None
    assert other is not None
    assert same.value == pytest.approx(1.0, abs=1e-4)
    assert other.value < same.value
