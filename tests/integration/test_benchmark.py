"""MedINST32 from the miniatures: as `datasets` loads it, as a model is asked it, as it is scored and shown."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import yaml

from schemas.evaluation import Asking
from schemas.task import WORDINGS
from sources import tasks as declared
from tasks.base.paper.held_out import held_out
from tasks.base.store.root import Root
from tasks.build.builds.state import save_state
from tasks.build.render import form
from tasks.model.benchmark.place import find
from tasks.model.benchmark.tests import NO_EXAMPLES
from tasks.model.benchmark.training import MIXTURES, TRAINING
from tasks.model.benchmark.write import write_benchmark
from tasks.model.evaluate.plan import make_plan
from tests.support.chat_server import chat, said
from tests.support.gathering import gather
from tests.support.medinst import run_medinst, tree
from tests.support.places import CHECKOUT, DEMO

SOURCES = sorted({declared()[name][0].id for name in held_out()} | {"mqp", "meqsum", "iepa", "healthver", "osiris"})
"""Those of the held-out tasks, and a few to train on."""

Rows = Callable[..., pl.DataFrame]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with a build and its benchmark."""
    folder = tmp_path_factory.mktemp("benchmark")
    state = gather(folder, DEMO, SOURCES)
    save_state(state)
    write_benchmark(state, "local")
    return folder


@pytest.fixture(scope="module")
def made(root: Path):
    return find(Root(str(root)))


@pytest.fixture(scope="module")
def folder(root: Path, made) -> Path:
    return root / made.folder


@pytest.fixture(scope="module")
def rows(folder: Path) -> Rows:
    return lambda configuration, split="test": pl.read_parquet(folder / "data" / configuration / f"{split}.parquet")


def test_all_32_are_there_with_and_without_examples(made, rows):
    assert set(made.manifest.tasks) == set(held_out())
    assert made.manifest.withheld == {}
    for task, about in made.manifest.tasks.items():
        full, bare = rows(task), rows(f"{task}-zs")
        assert full.height == about.rows == about.drawn_from > 0
        assert full.drop("history").equals(bare.drop("history"))
        assert bare["history"].list.len().sum() == 0


def test_examples_come_from_training_sets(made, rows):
    for task, about in made.manifest.tasks.items():
        for row in rows(task).iter_rows(named=True):
            assert (1 <= len(row["history"]) <= 2) if about.examples else not row["history"], (task, row["id"])
            for user, assistant in row["history"]:
                assert user.split("\n", 1)[1] != row["input"]
                assert assistant
        for name in about.examples:
            here, there = declared()[task][1], declared()[name][1]
            assert set(there.labels) == set(here.labels), "an example has the labels of the test"
            assert (there.category, form(there).name) == (here.category, form(here).name)
        if not {"train"} & set(about.splits) and rows_of_train(made, task):
            assert set(about.examples) == {task}
    assert "tmVar-v3" not in made.manifest.tasks["tmVar-v3"].examples
    bare = [task for task, about in made.manifest.tasks.items() if not about.examples]
    assert bare
    assert len(bare) < len(held_out()) / 2
    card = (Path(made.uri) / "README.md").read_text()
    for task in bare:
        assert re.search(rf"^\| {task} \|.*\| {NO_EXAMPLES} \|$", card, re.MULTILINE), task


def test_samples_in_several_tests_are_told(made, rows):
    keys = {task: rows(task).select("input", "output") for task in made.manifest.tasks}
    for task, about in made.manifest.tasks.items():
        common = {
            other: keys[task].join(there.unique(), on=["input", "output"], how="semi").height
            for other, there in keys.items()
            if other != task
        }
        assert about.shares == {other: count for other, count in common.items() if count}
        if about.repeats:
            assert 2 * about.shares[about.repeats] > about.rows <= made.manifest.tasks[about.repeats].rows


def test_its_training_sets_hold_no_text_of_a_test(made):
    overlaps = [made.manifest.overlap, *(each.overlap for each in made.manifest.mixtures.values())]
    assert len(overlaps) == 3
    for found in overlaps:
        assert set(held_out()) <= set(found)
        assert {(each.texts, each.rows) for each in found.values()} == {(0, 0)}
    assert made.manifest.leaking > 0


def rows_of_train(made, task: str) -> bool:
    return task in made.manifest.mixtures[MIXTURES[0]].held


def test_the_training_sets_leave_the_held_out_tasks_out(made, rows):
    unseen = rows(TRAINING, "train")
    assert not set(unseen["task"]) & set(held_out())
    assert set(unseen["task"]) == set(made.manifest.training)
    merged, drawn = (rows(name, "train") for name in MIXTURES)
    assert set(drawn["task"]) <= set(unseen["task"]) < set(merged["task"])
    assert made.manifest.mixtures[MIXTURES[0]].tokens > 1000


def test_it_is_the_same_wherever_it_is_made(root, made, folder, tmp_path):
    state = gather(tmp_path, DEMO, SOURCES)
    again = write_benchmark(state, "local")
    assert again.version == made.version
    assert tree(Path(again.uri)) == tree(folder)


def test_a_narrower_profile_leaves_tests_out_visibly(root):
    state = gather(root, DEMO, SOURCES)
    release = write_benchmark(state, "open")
    said = json.loads((Path(release.uri) / "manifest.json").read_text())
    assert "MeDAL" in said["tasks"]
    assert "profile `open`" in said["withheld"]["MedDialog"]
    card = (Path(release.uri) / "README.md").read_text()
    assert "- MedDialog: profile `open`" in card
    write_benchmark(state, "local")  # what benchmark/latest.json names for the other tests


def test_datasets_loads_it_offline(folder, tmp_path):
    script = (
        "import sys; from datasets import load_dataset\n"
        "path = sys.argv[1]\n"
        "full, bare = (load_dataset(path, name)['test'] for name in ('AnEM', 'AnEM-zs'))\n"
        "print(len(full), len(full[0]['history']), bare[0]['history'], sorted(full[0])[:3])\n"
        "for turn in full[0]['history']: assert len(turn) == 2\n"
        "print(len(load_dataset(path, 'merged_train_100k')['train']), load_dataset(path, 'unseen_train'))\n"
    )
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path), "HF_DATASETS_CACHE": str(tmp_path)}
    command = [sys.executable, "-W", "ignore", "-c", script, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("4 2 [] ['category', 'document', 'history']")


def test_the_hub_learns_its_languages_and_size(folder):
    front = yaml.safe_load((folder / "README.md").read_text().split("---\n")[1])
    assert "en" in front["language"]
    assert front["size_categories"] == ["n<1K"]


@pytest.mark.heavy
def test_croissant_describes_it(folder):
    import mlcroissant

    described = mlcroissant.Dataset(jsonld=f"{folder}/croissant.json")
    assert not described.metadata.ctx.issues.errors
    record = next(iter(described.records("BIOSSES")))
    assert record["BIOSSES/task"] == b"BIOSSES"
    assert record["BIOSSES/split"] == b"test"


def test_every_question_and_example_can_be_asked_in_another_wording(root, made):
    asked = {wording: make_plan(Asking(model="m", wording=wording), Root(str(root))) for wording in WORDINGS}
    assert len({plan.folder for plan in asked.values()}) == len(WORDINGS)
    for task in made.manifest.tasks:
        both = [list(asked[wording].questions(task)) for wording in ("standard", "guideline")]
        for one, other in zip(*both, strict=True):
            assert (one.id, one.target) == (other.id, other.target)
            assert one.key != other.key
            prompts = zip([one.prompt, *dict(one.turns)], [other.prompt, *dict(other.turns)], strict=True)
            for mine, yours in prompts:
                assert mine.partition("\n")[0] != yours.partition("\n")[0]
                assert mine.partition("\n")[2] == yours.partition("\n")[2]


def right_or_wrong(body, _before):
    """Half of the answers are those of the first example."""
    content = body["messages"][-1]["content"]
    return said(body["messages"][1]["content"] if len(content) % 2 and len(body["messages"]) > 2 else "none")


def test_a_model_is_asked_scored_and_shown(root, made, prefect_server):
    with chat(right_or_wrong) as server:
        options = ["--model", "mock/one", "--base-url", server.url, "--concurrency", "8"]
        done = run_medinst(prefect_server, root, "evaluate", *options)
        assert done.returncode == 0, done.stderr
        assert sum(server.seen.values()) == made.manifest.samples
        again = run_medinst(prefect_server, root, "evaluate", *options, "--tasks", "BIOSSES,AnEM")
        assert again.returncode == 0
        assert sum(server.seen.values()) == made.manifest.samples, "nothing is asked twice"
    (folder,) = (root / "evaluations" / made.version).glob("one-*")
    shown = run_medinst(prefect_server, root, "score", str(folder), "--json")
    found = json.loads(shown.stdout)
    assert {each["task"] for each in found["scores"]} == set(held_out())
    assert (found["missing"], found["unchecked"]) == ([], "")
    page = (folder.parent / "leaderboard.html").read_text()
    assert "one-" in page
    assert "Reported by Han et al." in page
    asked = run_medinst(prefect_server, root, "sql", "--json", "SELECT count(DISTINCT task) AS n FROM scores")
    assert json.loads(asked.stdout) == [{"n": 32}]
    asked = run_medinst(prefect_server, root, "sql", "--json", "SELECT count(*) AS n FROM predictions")
    assert json.loads(asked.stdout) == [{"n": made.manifest.samples}]


ASK = """
import sys
from pathlib import Path
from schemas.evaluation import Asking
from tasks.model.evaluate.backends import backend
from tasks.base.predictions.log import Log
from tasks.model.evaluate.plan import (make_plan, save_run)
from tasks.base.predictions.record import (keep_scores)
from tasks.base.predictions.files import load
from tasks.model.score.scoring import score
from tasks.base.store.root import Root
plan = make_plan(Asking(model="m"), Root(sys.argv[1]), (), None, Path(sys.argv[3]))
save_run(plan)
asked = backend(plan.asking, sys.argv[2], 8)
with Log(plan.predictions) as log, asked.opened(log):
    for task in plan.asked:
        asked.ask(plan.questions(task))
keep_scores(plan.folder, score(load(plan.folder)))
"""


@pytest.mark.slow
def test_killed_ten_times_the_report_is_the_same_and_little_is_asked_twice(root, made, tmp_path):
    dice = random.Random(7)
    with chat(right_or_wrong, delay=0.04) as server:
        command = [sys.executable, "-c", ASK, str(root), server.url]
        subprocess.run([*command, str(tmp_path / "quiet")], cwd=CHECKOUT, check=True, timeout=120)
        server.seen.clear()
        killed = 0
        while killed < 10:
            process = subprocess.Popen([*command, str(tmp_path / "killed")], cwd=CHECKOUT, start_new_session=True)
            before = sum(server.seen.values())
            wanted = before + dice.randrange(1, 25)
            while process.poll() is None and sum(server.seen.values()) < min(wanted, made.manifest.samples - 1):
                time.sleep(0.002)
            if process.poll() is not None:
                break
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
        subprocess.run([*command, str(tmp_path / "killed")], cwd=CHECKOUT, check=True, timeout=120)
        twice = sum(server.seen.values()) - made.manifest.samples
    assert killed == 10
    assert 0 <= twice <= killed * 8, "only what was in flight is asked again"
    quiet, after = (next((tmp_path / name).glob("*/m-*")) for name in ("quiet", "killed"))
    assert (quiet / "scores.json").read_bytes() == (after / "scores.json").read_bytes()
    assert sorted((quiet / "predictions.jsonl").read_text().splitlines()) == sorted(
        (after / "predictions.jsonl").read_text().splitlines()
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace('"target":"', '"target":"x', 1), "has another gold answer there"),
        (lambda text: text[: text.index("\n") + 20], r"predictions\.jsonl: line \d+ is not a prediction"),
        (lambda text: "\n".join(text.splitlines()[:5]) + "\n", None),
    ],
)
def test_changed_cut_and_missing_predictions_are_said(change, words, root, made, tmp_path, prefect_server):
    plan = make_plan(Asking(model="m"), Root(str(root)), ("BIOSSES", "AnEM"), None, tmp_path)
    with chat(right_or_wrong) as server:
        command = [sys.executable, "-c", ASK, str(root), server.url, str(tmp_path)]
        subprocess.run(command, cwd=CHECKOUT, check=True, timeout=120)
    plan.predictions.write_text(change(plan.predictions.read_text()))
    done = run_medinst(prefect_server, root, "score", str(plan.folder))
    assert done.returncode == 1
    if words is None:
        assert "samples have an answer" in done.stdout
    else:
        assert re.search(words, done.stderr), done.stderr


def test_without_a_build_or_a_benchmark_the_next_command_is_named(tmp_path, prefect_server):
    done = run_medinst(prefect_server, tmp_path, "benchmark")
    assert (done.returncode, "medinst build" in done.stderr) == (1, True)
    done = run_medinst(prefect_server, tmp_path, "evaluate", "--model", "m", "--base-url", "http://127.0.0.1:9/v1")
    assert (done.returncode, "medinst benchmark" in done.stderr) == (1, True)
    done = run_medinst(prefect_server, tmp_path, "score", str(tmp_path / "nothing.jsonl"))
    assert (done.returncode, "medinst evaluate" in done.stderr) == (1, True)
