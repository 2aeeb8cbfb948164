"""Exports as trl trains on them and transformers renders them; lengths by a tokenizer. Run by `make test-models`."""

from pathlib import Path

import polars as pl
import pytest

pytest.importorskip("trl", reason="no trl here; make test-models brings it")

import datasets
import transformers
import trl
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from schemas.errors import ExportError, MixtureError
from schemas.manifest import Dataset
from tasks.base.store.root import Root
from tasks.base.versions.find import Found
from tasks.model.export.dataset import find_dataset
from tasks.model.export.write import Options, export
from tasks.model.mixture.counting import counted, counter
from tasks.model.mixture.recipe import load
from tasks.model.mixture.write import write_mixture
from tests.support.gathering import gather
from tests.support.places import DEMO

TEMPLATE = (
    "{% for m in messages %}<|{{ m.role }}|>\n{% generation %}{{ m.content }}</s>\n{% endgeneration %}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Tokenizer(models.BPE(unk_token="<unk>"))
    made.pre_tokenizer, made.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    letters = pre_tokenizers.ByteLevel.alphabet()
    special = ["<unk>", "</s>", "<pad>"]
    made.train_from_iterator(
        ["the cells of the otter"],
        trainers.BpeTrainer(vocab_size=300, special_tokens=special, initial_alphabet=letters),
    )
    whole = transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, unk_token="<unk>", eos_token="</s>", pad_token="<pad>", chat_template=TEMPLATE
    )
    folder = tmp_path_factory.mktemp("tokenizer") / "tiny"
    whole.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def model(tokenizer: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    config = transformers.LlamaConfig(
        vocab_size=400,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        eos_token_id=1,
        pad_token_id=2,
    )
    folder = tmp_path_factory.mktemp("model") / "tiny"
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    transformers.AutoTokenizer.from_pretrained(tokenizer).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory):
    return gather(tmp_path_factory.mktemp("exports"), DEMO, ["biosses", "scifact", "mqp", "meqsum"])


@pytest.fixture(scope="module")
def dataset(state) -> Found[Dataset]:
    release = write_mixture(state, load("merged_train_100k", ["rows=16", "few_shot=0.5"]))
    return find_dataset(release.version, Root(state.order.root))


def loaded(dataset: Found[Dataset], options: Options, tmp_path: Path) -> datasets.Dataset:
    made = export(dataset, options, dataset.root)
    return datasets.load_dataset(made.uri, split="train", cache_dir=str(tmp_path))  # pyright: ignore[reportReturnType]


def original(dataset: Found[Dataset]) -> dict[str, dict]:
    (path,) = Path(dataset.uri).glob("data/*/train.parquet")
    return {row["id"]: row for row in pl.read_parquet(path).to_dicts()}


@pytest.mark.parametrize("form", ["messages", "prompt-completion"])
@pytest.mark.parametrize("rendered", [False, True])
def test_trl_trains_on_it(form, rendered, dataset, model, tokenizer, tmp_path):
    rows = loaded(dataset, Options(form, chat_template=str(tokenizer) if rendered else None), tmp_path)
    trainer = trl.SFTTrainer(
        model=str(model),
        train_dataset=rows,
        args=trl.SFTConfig(
            output_dir=str(tmp_path / "out"),
            max_steps=2,
            per_device_train_batch_size=4,
            max_length=4096,
            report_to=[],
            use_cpu=True,
            bf16=False,
            activation_checkpointing=False,
            save_strategy="no",
        ),
    )
    assert len(trainer.train_dataset) == rows.num_rows == 16
    assert trainer.train().training_loss > 0


def test_a_chat_template_renders_what_transformers_renders(dataset, tokenizer, tmp_path):
    own = transformers.AutoTokenizer.from_pretrained(tokenizer)
    texts = loaded(dataset, Options("messages", chat_template=str(tokenizer)), tmp_path / "text")
    messages = loaded(dataset, Options("messages"), tmp_path / "messages")
    whole = {row["id"]: own.apply_chat_template(row["messages"], tokenize=False) for row in messages}
    assert {row["id"]: row["text"] for row in texts} == whole
    pairs = loaded(dataset, Options("prompt-completion", chat_template=str(tokenizer)), tmp_path / "pairs")
    answers = original(dataset)
    for row in pairs:
        assert row["prompt"] + row["completion"] == whole[row["id"]]
        assert row["completion"] == f"{answers[row['id']]['output']}</s>\n"
    parquet = loaded(dataset, Options("parquet", chat_template=str(tokenizer)), tmp_path / "parquet")
    assert {row["id"]: row["text"] for row in parquet} == whole


def test_a_template_that_is_not_there_or_refuses_is_said(dataset, tokenizer, tmp_path):
    own = transformers.AutoTokenizer.from_pretrained(tokenizer)
    own.chat_template = "{{ raise_exception('no system prompt here') }}"
    own.save_pretrained(tmp_path / "strict")
    with pytest.raises(ExportError, match="no system prompt here"):
        export(dataset, Options("messages", chat_template=str(tmp_path / "strict")), dataset.root)
    own.chat_template = None
    own.save_pretrained(tmp_path / "none")
    with pytest.raises(ExportError, match="has no chat template"):
        export(dataset, Options("messages", chat_template=str(tmp_path / "none")), dataset.root)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ExportError, match="finds no tokenizer"):
        export(dataset, Options("messages", chat_template=str(tmp_path / "empty")), dataset.root)


def test_lengths_are_those_of_the_tokenizer(state, tokenizer):
    own = transformers.AutoTokenizer.from_pretrained(tokenizer)
    every = find_dataset(write_mixture(state, load("merged_train_100k_paper")).uri, Root(state.order.root))
    known = counted(pl.DataFrame(list(original(every).values())), counter(str(tokenizer)))["tokens"]
    longest = int(known.median())  # pyright: ignore[reportArgumentType]
    recipe = load("merged_train_100k_paper", [f"tokenizer={tokenizer}", f"max_tokens={longest}"])
    release = write_mixture(state, recipe)
    made = find_dataset(release.version, Root(state.order.root))
    rows = list(original(made).values())
    lengths = [
        len(own(f"{row['instruction']}\n{row['input']}\n{row['output']}", add_special_tokens=False)["input_ids"])
        for row in rows
    ]
    assert max(lengths) <= longest
    assert sum(lengths) == made.manifest.tokens
    assert made.manifest.counted == "tokens of tiny"
    assert str(tokenizer) not in (Path(made.uri) / "manifest.json").read_text()
    assert len(rows) == (known <= longest).sum() < len(known)
    frame = counted(pl.DataFrame(rows), counter(str(tokenizer)))
    assert frame["tokens"].to_list() == lengths


def test_a_broken_tokenizer_is_said(tmp_path):
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(MixtureError, match="is not a tokenizer that `tokenizers` can read"):
        counter(str(tmp_path))
