"""What licences ask for is met, not mentioned: in a release, a mixture, an export and the card of a model."""

from pathlib import Path

import pytest

import sources
from schemas.finetune import Recipe as Training
from schemas.licence import Licence, together
from schemas.source import Source
from schemas.state import State
from schemas.trained import Batch, Encoded, Trained
from tasks.base.licences import duties
from tasks.base.licences.duties import FOLDER, Notice, Owned, notices
from tasks.base.store.root import Root
from tasks.build.builds.runs import Run, now
from tasks.build.builds.state import save_state
from tasks.build.pipeline.finish import finish
from tasks.model.benchmark.write import write_benchmark
from tasks.model.export.dataset import find_dataset
from tasks.model.export.write import Options, export
from tasks.model.finetune import card as model_card
from tasks.model.finetune.recipe import load as load_training
from tasks.model.mixture.recipe import load
from tasks.model.mixture.write import write_mixture
from tests.support.gathering import gather
from tests.support.places import DEMO

TEXTS = Path(duties.__file__).parent / "texts"
pytestmark = pytest.mark.heavy


def asks(source: Source) -> set[str]:
    """What a source asks for beside what its licence always does: licences with texts or lines, credits, files."""
    wanted = {licence.value for licence in source.licences() if licence.terms.copy or licence.terms.says}
    said = (source.evidence, *source.also)
    return wanted | {each.credit for each in said if each.credit} | {name for each in said for name in each.enclosed}


def asking() -> list[str]:
    """Sources that together ask for everything that any source asks for."""
    chosen: list[str] = []
    met: set[str] = set()
    for source in sources.registry().values():
        if asks(source) - met:
            chosen.append(source.id)
            met |= asks(source)
    return chosen


SOURCES = asking()


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> State:
    made = gather(tmp_path_factory.mktemp("duties"), DEMO, SOURCES)
    save_state(made)
    return made


@pytest.fixture(scope="module")
def release(state: State) -> Path:
    published = finish(state, Run(run="one", name="build", started=now(), profile="local")).release
    assert published is not None
    return Path(published.uri)


def told(tasks: set[str], splits: tuple = ("train", "dev", "test")) -> list[Notice]:
    known = sources.tasks()
    return notices(
        {task: Owned(known[task][0].id, together(known[task][0].licences(known[task][1], *splits))) for task in tasks}
    )


def check(folder: Path, page: str, expected: list[Notice]) -> None:
    """Every line, text and duty of the sources is in a folder and on its page."""
    assert expected
    text = (folder / page).read_text(encoding="utf-8")
    for notice in expected:
        for words in (*notice.says, *notice.duties, *(licence.terms.title for licence in notice.licences)):
            assert words in text, f"{page}: {notice.source.id} asks for: {words}"
        for name in notice.files:
            assert (folder / FOLDER / name).read_bytes() == (TEXTS / name).read_bytes()
            assert f"{FOLDER}/{name}" in text
    wanted = {name for notice in expected for name in notice.files}
    assert {path.name for path in (folder / FOLDER).iterdir()} == wanted


def tasks_of(state: State) -> set[str]:
    return {task.task for built in state.sources for task in built.kept}


def test_all_that_is_declared_is_tried() -> None:
    """The sources here cover each licence with a text or a line, each credit and each file."""
    every = set().union(*(asks(source) for source in sources.registry().values()))
    assert set().union(*(asks(sources.find(name)) for name in SOURCES)) == every
    assert {"genia", "mit", "isc", "nlm", "gpl-3.0", "apache-2.0", "bionlp-st-2011"} <= every
    assert {licence for licence in Licence if licence.terms.copy} <= {Licence(each) for each in every if known(each)}


def known(name: str) -> bool:
    return name in {licence.value for licence in Licence}


def test_a_release_meets_them(state: State, release: Path) -> None:
    check(release, "NOTICE.md", told(tasks_of(state)))
    assert "Corpus annotations (c) GENIA Project" in (release / "NOTICE.md").read_text()
    assert f"`{FOLDER}`" in (release / "README.md").read_text()


def test_a_mixture_meets_them_and_so_does_its_export(state: State, release: Path, tmp_path: Path) -> None:
    recipe = load("merged_train_100k", ["profile=local", "samples=all", "few_shot=0"])
    made = find_dataset(write_mixture(state, recipe).uri, Root(state.order.root))
    expected = told(set(made.manifest.tasks), ("train",))
    check(Path(made.uri), "NOTICE.md", expected)
    exported = export(made, Options("alpaca"), Root(str(tmp_path)))
    check(Path(exported.uri), "NOTICE.md", expected)


def test_the_export_of_a_release_meets_them(state: State, release: Path, tmp_path: Path) -> None:
    found = find_dataset("latest", Root(state.order.root))
    assert found.uri == str(release)
    exported = export(found, Options("alpaca"), Root(str(tmp_path)))
    check(Path(exported.uri), "NOTICE.md", told(tasks_of(state)))


def test_a_benchmark_meets_them(state: State) -> None:
    made = Path(write_benchmark(state, "local").uri)
    assert (made / FOLDER / "genia.txt").read_bytes() == (TEXTS / "genia.txt").read_bytes()
    check(made, "NOTICE.md", told(tasks_of(state)))


def test_a_model_meets_them(state: State, tmp_path: Path) -> None:
    known = sources.tasks()
    licences = {task: together(known[task][0].licences(known[task][1], "train")) for task in tasks_of(state)}
    model_card.write_notices(trained(load_training("tiny_cpu"), licences), lambda name, data: put(tmp_path, name, data))
    (tmp_path / "README.md").write_text(model_card.card("m", trained(load_training("tiny_cpu"), licences), None))
    check(tmp_path, "README.md", told(set(licences), ("train",)))


def put(folder: Path, name: str, data: bytes) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)


def trained(recipe: Training, licences: dict[str, str]) -> Trained:
    data = Encoded(
        samples=1, tokens=1, answer_tokens=1, longest=1, too_long={}, tasks=dict.fromkeys(licences, 1),
        licences=licences,
    )  # fmt: skip
    return Trained(
        recipe=recipe, mixture="m", mixture_version="v", base="random weights", revision="r", device="CPU",
        batch=Batch(sequences=1, accumulated=1), data=data, parameters=1, trained_parameters=1, steps=1, tokens=1,
        first_loss=1.0, last_loss=1.0, versions={},
    )  # fmt: skip
