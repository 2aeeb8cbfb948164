"""Ctrl-C, SIGTERM and SIGHUP end every command with one line, and a command that is killed leaves nothing behind."""

import json
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from sources import tasks as declared
from tasks.base.paper.held_out import held_out
from tasks.base.store.root import Root
from tasks.build.builds.state import save_state
from tasks.build.pipeline.finish import refresh
from tasks.model.benchmark.write import write_benchmark
from tests.support.chat_server import chat, said
from tests.support.gathering import as_published, gather
from tests.support.medinst import free_port, run_python
from tests.support.places import DEMO
from tests.support.terminal import Ended, Sight, interrupt

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

BUILD = ["build", "mqp", "scifact", "bc5cdr", "ncbi_disease", "--mirror", "demo"]
LONG = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range + b.range = 3"

Moment = Callable[[Path, Sight], bool]


def importing(_: Path, sight: Sight) -> bool:
    return sight.seconds > 0.15


def starting(_: Path, sight: Sight) -> bool:
    return any("flows.prefect_api" in command for command in sight.commands)


def reading(root: Path, _: Sight) -> bool:
    return any((root / "records").glob("*/*/_done.json"))


def judging(root: Path, _: Sight) -> bool:
    return (root / "catalogue" / "build.json").exists()


def asking(root: Path, _: Sight) -> bool:
    return any(path.stat().st_size for path in root.glob("evaluations/*/*/predictions.jsonl"))


def drawing(_: Path, sight: Sight) -> bool:
    return "draw" in sight.output or "audit" in sight.output


def computing(_: Path, sight: Sight) -> bool:
    return sight.seconds > 3


def serving(_: Path, sight: Sight) -> bool:
    return "Prefect's UI" in sight.output


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """No Prefect server is configured, so that each command starts its own, and temporary files have a folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "MEDINST_"))}
    folders = {name: str(tmp_path_factory.mktemp(name.lower())) for name in ("PREFECT_HOME", "TMPDIR")}
    return {**kept, **folders, "DO_NOT_TRACK": "1", "COLUMNS": "200"}


def _temporary(environment: dict[str, str]) -> Path:
    return Path(environment["TMPDIR"])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    state = gather(folder, DEMO, sorted({declared()[name][0].id for name in held_out()} | {"mqp", "meqsum"}))
    save_state(state)
    as_published(state)
    write_benchmark(state, "local")
    refresh(Root(str(folder)))
    return folder


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with chat(lambda *_: said("[]"), delay=1.0) as server:
        yield server.url


def _refuse_noise(ended: Ended) -> None:
    assert "Traceback" not in ended.words, ended.words
    assert ended.left == []
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", ended.words).strip().splitlines()
    assert plain[-1].strip().startswith("Stopped. "), ended.words


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=["ctrl-c", "sigterm", "terminal closed"]
)
@pytest.mark.parametrize("moment", [starting, reading, judging], ids=lambda moment: moment.__name__)
def test_a_build_ends_and_says_how_to_continue(moment: Moment, number: int, environment, tmp_path):
    root = tmp_path / "root"
    ended = interrupt([*BUILD, "--root", str(root)], environment, lambda sight: moment(root, sight), number)
    assert ended.code == 128 + number, ended.words
    _refuse_noise(ended)
    assert f"Continue with: medinst {' '.join(BUILD)} --root {root}" in ended.words
    assert not list(_temporary(environment).glob("medinst-scratch-*"))
    states = {json.loads(run.read_text())["state"] for run in (root / "catalogue" / "runs").glob("*.json")}
    assert states <= {"cancelled", "running"}, "a run that could not even record its end is marked by the next build"


@pytest.mark.parametrize(
    ("arguments", "moment"),
    [
        (["sql", LONG], computing),
        (["sources"], importing),
        (["mix", "unseen_train_100k", "--set", "rows=20"], starting),
        (["mix", "unseen_train_100k", "--set", "rows=20"], drawing),
        (["benchmark"], starting),
        (["publish", "--profile", "local"], starting),
        (["publish", "--profile", "local"], drawing),
    ],
    ids=lambda value: value.__name__ if callable(value) else value[0],
)
def test_every_command_ends(arguments: list[str], moment: Moment, environment, built: Path, tmp_path):
    root = shutil.copytree(built, tmp_path / "root")
    given = [*arguments, "--root", str(root)]
    ended = interrupt(given, environment, lambda sight: moment(root, sight), signal.SIGINT)
    assert ended.code == 130, ended.words
    _refuse_noise(ended)


def test_an_evaluation_keeps_its_answers(environment, built: Path, endpoint: str, tmp_path):
    root = shutil.copytree(built, tmp_path / "root")
    given = ["evaluate", "--model", "m", "--base-url", endpoint, "--root", str(root)]
    ended = interrupt(given, environment, lambda sight: asking(root, sight), signal.SIGINT)
    assert ended.code == 130, ended.words
    _refuse_noise(ended)
    assert "Answers are kept in " in ended.words
    (log,) = root.glob("evaluations/*/*/predictions.jsonl")
    assert all(json.loads(line)["prediction"] == "[]" for line in log.read_text().splitlines())


def widen(root: Path, task: str, rows: int) -> None:
    """Give a test of the benchmark more samples: its own again, under other ids."""
    (manifest,) = root.glob("benchmark/*/manifest.json")
    said_, path = json.loads(manifest.read_text()), manifest.parent / "data" / task / "test.parquet"
    few = pl.read_parquet(path)
    more = pl.concat([few] * (rows // few.height + 1)).head(rows)
    more.with_columns(id=pl.Series([f"{place:032x}" for place in range(rows)])).write_parquet(path)
    said_["tasks"][task]["rows"] = rows
    manifest.write_text(json.dumps(said_))


def test_sixty_four_questions_on_their_way_end_and_nothing_is_lost(environment, built: Path, tmp_path):
    """The server answers forty questions, and those that came meanwhile, then takes a minute for each."""
    root, quick, asked = shutil.copytree(built, tmp_path / "root"), 40, 200
    widen(root, "BIOSSES", asked)
    answered: list[str] = []

    def answer(body, _):
        answered.append(body["messages"][-1]["content"])
        if len(answered) >= quick:
            server.delay = 60.0
        return said("3")

    def full(*_: object) -> bool:
        return server.now >= 64 and server.delay == 60

    with chat(answer, delay=0.05) as server:
        given = ["evaluate", "--model", "m", "--base-url", server.url, "--tasks", "BIOSSES", "--root", str(root)]
        given += ["--concurrency", "64"]
        ended = interrupt(given, environment, full, signal.SIGINT)
        assert ended.code == 130, ended.words
        assert ended.took < 10
        _refuse_noise(ended)
        assert f"Continue with: medinst {' '.join(given)}" in ended.words
        (log,) = root.glob("evaluations/*/*/predictions.jsonl")
        assert len(log.read_text().splitlines()) == len(answered) >= quick
        server.delay, server.behaviour, server.at_once = 0.0, lambda *_: said("3"), 0
        before = server.seen.total()
        again = run_python(environment, root, *given)
        assert again.returncode == 0, again.stderr
        assert server.seen.total() - before == asked - len(answered)
        assert len({json.loads(line)["key"] for line in log.read_text().splitlines()}) == asked


def test_the_site_ends_with_all_its_processes(environment, tmp_path):
    given = ["serve", "--port", str(free_port()), "--root", str(tmp_path / "root")]
    ended = interrupt(given, environment, lambda sight: serving(tmp_path, sight), signal.SIGINT)
    assert ended.code == 130, ended.words
    assert "Traceback" not in ended.words
    assert ended.left == []


def test_a_second_ctrl_c_ends_it_at_once(environment, tmp_path):
    root = tmp_path / "root"
    given = [*BUILD, "--root", str(root)]
    ended = interrupt(given, environment, lambda sight: reading(root, sight), signal.SIGINT, signal.SIGINT)
    assert ended.code == 130, ended.words
    _refuse_noise(ended)


@pytest.mark.parametrize("moment", [starting, reading], ids=lambda moment: moment.__name__)
def test_a_build_that_is_killed_leaves_no_process(moment: Moment, environment, tmp_path):
    root = tmp_path / "root"
    given = [*BUILD, "--root", str(root)]
    ended = interrupt(given, environment, lambda sight: moment(root, sight), signal.SIGKILL)
    assert ended.code == -signal.SIGKILL
    assert ended.left == []
    again = run_python(environment, root, *BUILD)
    assert again.returncode == 0, again.stderr
    assert not list(_temporary(environment).glob("medinst-scratch-*"))
    assert not [path for path in root.rglob("*") if path.name.startswith(".") and path.name != ".lock"]
