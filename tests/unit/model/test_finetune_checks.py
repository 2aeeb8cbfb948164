"""Models that cannot be trained are refused before anything is loaded; what a folder lacks is named."""

import errno
import json
import shutil
from pathlib import Path

import pytest

from schemas.errors import FinetuneError
from tasks.model.finetune.base import Base, find
from tasks.model.finetune.checks import check, has_template
from tasks.model.finetune.disk import check_room, writing
from tasks.model.finetune.mixture import Mixture
from tasks.model.finetune.recipe import load

CONFIG = {"architectures": ["LlamaForCausalLM"], "max_position_embeddings": 1024}


@pytest.fixture
def model(tmp_path: Path) -> Base:
    """A folder with all that a check looks for."""
    folder = tmp_path / "own"
    folder.mkdir()
    put(folder, "config.json", CONFIG)
    put(folder, "tokenizer.json", {})
    (folder / "model.safetensors").write_bytes(b"weights")
    return Base("own", folder, "abc")


def put(folder: Path, name: str, content: object) -> None:
    (folder / name).write_text(json.dumps(content))


def checked(base: Base, *changes: str) -> None:
    check(base, load("tiny_cpu", [f"model={base.folder}", "scratch=null", *changes]))


def test_a_decoder_that_has_everything_is_accepted(model: Base) -> None:
    checked(model)
    put(model.folder, "config.json", {"architectures": ["GPT2LMHeadModel"], "n_positions": 1024})
    checked(model)
    put(model.folder, "config.json", {"model_type": "llama"})  # what it does not say is not held against it
    checked(model)
    shutil.rmtree(model.folder)
    check(model, load("tiny_cpu"))  # random weights are not there yet


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"architectures": ["BertForMaskedLM"]}, "expected a decoder of text .*, found BertForMaskedLM"),
        ({"architectures": ["ViTForImageClassification"]}, "found ViTForImageClassification in config.json. Name anot"),
        ({**CONFIG, "quantization_config": {"quant_method": "awq"}}, r"quantized \(awq\)"),
        ({**CONFIG, "max_position_embeddings": 512}, r"max_length is 1,024 .* has 512 .*: --set max_length=512"),
        ({**CONFIG, "max_position_embeddings": 1023}, "--set max_length=1023"),
        ([], "expected an object of JSON, found list"),
    ],
)
def test_a_configuration_that_does_not_suit_is_refused(model: Base, config: object, said: str) -> None:
    put(model.folder, "config.json", config)
    with pytest.raises(FinetuneError, match=said):
        checked(model)


def test_a_shorter_sequence_fits_a_shorter_context(model: Base) -> None:
    put(model.folder, "config.json", {**CONFIG, "max_position_embeddings": 512})
    checked(model, "max_length=512")


def test_adapters_are_known_by_their_model_and_their_tokenizer_until_they_are_merged(model: Base) -> None:
    """What is to be merged is not there yet, and was said to have neither shape nor chat template."""
    adapters = model.folder.with_name("adapters")
    adapters.mkdir()
    put(adapters, "adapter_config.json", {"base_model_name_or_path": str(model.folder)})
    (adapters / "chat_template.jinja").write_text("{{ messages }}")
    nothing = Mixture("none", "", "", ())
    base = find(load("tiny_cpu", [f"model={adapters}", "scratch=null"]), nothing, adapters.parent)
    assert (base.name, base.is_there, base.shape) == ("adapters", False, model.folder)
    assert has_template(base.tokenizer)
    checked(base)
    with pytest.raises(FinetuneError, match="adapters: the recipe's max_length is 2,048 tokens"):
        checked(base, "max_length=2048", "tokens_at_once=2048")
    base.folder.mkdir()
    put(base.folder, "config.json", CONFIG)
    assert (base.is_there, base.shape, base.tokenizer) == (True, base.folder, base.folder)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_missing_file_is_named_with_what_brings_it(model: Base, name: str) -> None:
    (model.folder / name).unlink()
    with pytest.raises(FinetuneError, match=rf"{name.partition('.')[2]}.*(Copy|fetch)"):
        checked(model)
    with pytest.raises(FinetuneError, match=r"hf download big/own --revision abc|fetch the model again"):
        checked(model._replace(name="big/own"))


def test_weights_in_parts_are_all_there_or_it_is_said_which_are_not(model: Base) -> None:
    parts = {"a": "model-1.safetensors", "b": "model-2.safetensors"}
    put(model.folder, "model.safetensors.index.json", {"weight_map": parts})
    (model.folder / "model-1.safetensors").write_bytes(b"weights")
    with pytest.raises(FinetuneError, match=r"1 of 2 files of weights are missing: model-2\.safetensors\. Copy"):
        checked(model)
    (model.folder / "model-2.safetensors").write_bytes(b"weights")
    checked(model)


def test_weights_that_are_empty_are_none(model: Base) -> None:
    (model.folder / "model.safetensors").write_bytes(b"")
    with pytest.raises(FinetuneError, match="has no weights"):
        checked(model)


def test_a_chat_template_is_found_where_tokenizers_keep_it(model: Base) -> None:
    assert not has_template(model.folder)
    put(model.folder, "tokenizer_config.json", {"chat_template": "{{ messages }}"})
    assert has_template(model.folder)
    put(model.folder, "tokenizer_config.json", {})
    assert not has_template(model.folder)
    (model.folder / "chat_template.jinja").touch()
    assert has_template(model.folder)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        RuntimeError("[enforce fail at inline_container.cc] . unexpected pos 64 vs 0"),
        RuntimeError("PytorchStreamWriter failed: file write failed"),
        Exception("Error while serializing: I/O error: No space left on device (os error 28)"),
    ],
)
def test_a_failed_write_is_told_whichever_library_reports_it(tmp_path: Path, error: Exception) -> None:
    told = "The last good checkpoint is c. Make room, then run the same command again"
    with pytest.raises(FinetuneError, match=told), writing(tmp_path, lambda: "The last good checkpoint is c."):
        raise error
    with pytest.raises(KeyError), writing(tmp_path):
        raise KeyError("another")


def test_a_disk_that_is_too_small_is_told_before_the_training(tmp_path: Path) -> None:
    check_room(tmp_path, 1)
    with pytest.raises(FinetuneError, match=r"need 1,000,000\.0 GB at least, and .* are free\. Make room"):
        check_room(tmp_path, 10**15)
