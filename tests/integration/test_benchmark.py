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
from schemas.guard import MEDINST32
from schemas.licence import apart, refusal
from schemas.task import WORDINGS
from sources import tasks as declared
from tasks.base.paper.held_out import held_out
from tasks.base.predictions.log import read
from tasks.base.predictions.record import SPREADS, STRATA
from tasks.base.predictions.record import read as beside
from tasks.base.store.root import Root
from tasks.build.builds.state import save_state
from tasks.build.render import form
from tasks.model.benchmark.examples import EXAMPLES
from tasks.model.benchmark.facts import facts
from tasks.model.benchmark.place import find
from tasks.model.benchmark.tests import NO_EXAMPLES
from tasks.model.benchmark.training import MIXTURES, TRAINING
from tasks.model.benchmark.write import write_benchmark
from tasks.model.evaluate.batch_requests import write_requests
from tasks.model.evaluate.constrain import constraint_of
from tasks.model.evaluate.plan import make_plan
from tasks.model.evaluate.variants import variants
from tasks.tools.guard.guard import guard, training
from tasks.tools.guard.known import tests as guarded
from tests.support.chat_server import chat, said
from tests.support.gathering import gather
from tests.support.medinst import run_medinst, tree
from tests.support.obeying import obeys
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


def test_labels_and_options_in_another_order_ask_the_same(root, made):
    plan = make_plan(Asking(model="m", options_seed=1), Root(str(root)))
    usual = make_plan(Asking(model="m"), Root(str(root)))
    assert plan.folder.name == f"{usual.folder.name}-options1"
    assert {*plan.asked, *plan.same} == set(made.manifest.tasks)
    assert {"MedQA", "PubMedQA-labeled", "Hallmarks-of-Cancer", "AnEM"} <= set(plan.asked)
    assert {"ParaMed", "BIOSSES", "BC5CDR-RE"} <= set(plan.same)
    for task in plan.asked:
        for one, other in zip(usual.questions(task), plan.questions(task), strict=True):
            assert (one.id, one.target) == (other.id, other.target)
            assert one.key != other.key
            assert sorted(one.prompt) == sorted(other.prompt)
            assert one.prompt != other.prompt
            for mine, yours in zip(one.turns, other.turns, strict=True):
                assert [sorted(text) for text in mine] == [sorted(text) for text in yours]


def test_other_examples_come_from_the_pool_of_the_test(root, made, rows):
    plan = make_plan(Asking(model="m", shots_seed=1), Root(str(root)))
    assert set(plan.same) >= {task for task, test in made.manifest.tasks.items() if not test.examples}
    pools = pl.read_parquet(made.local(EXAMPLES))
    changed = 0
    for task in plan.asked:
        pool = pools.filter(test=task).with_columns(user=pl.concat_str("instruction", "input", separator="\n"))
        known = set(pool.select("user", "output").iter_rows())
        for question, (history,) in zip(plan.questions(task), rows(task).select("history").iter_rows(), strict=True):
            assert len(question.turns) == len(history)
            assert set(question.turns) <= known
            changed += question.turns != tuple(map(tuple, history))
        assert pool["task"].value_counts().height == len(made.manifest.tasks[task].examples)
    assert changed > 20


def test_what_is_known_of_samples_is_written_down(made, rows):
    known = facts(made)
    assert set(known.samples) == set(held_out())
    for task in held_out():
        samples, test = known.samples[task], rows(task)
        assert samples["id"].to_list() == test["id"].to_list()
        assert samples["length"].to_list() == test["input"].str.len_chars().to_list()
        assert samples["year"].null_count() == 0
    assert known.samples["AnEM"]["items"].to_list() == rows("AnEM")["output"].str.count_matches(r"\[").to_list()
    assert known.samples["BIOSSES"]["items"].null_count() == known.samples["BIOSSES"].height
    nested = {task for task, samples in known.samples.items() if samples["nested"].null_count() < samples.height}
    assert nested == {
        name for name in held_out() if form(declared()[name][1]).name in ("entities", "concepts") and name != "MeDAL"
    }
    assert {"AnEM", "BC5CDR", "BC5CDR-RE", "MLEE-EE", TRAINING} <= set(known.seen)
    assert "tmVar-v3" not in known.seen, "its training split is that of no task"


@pytest.mark.heavy
def test_a_model_is_asked_in_variants_and_their_spread_is_shown(root, made, prefect_server, tmp_path):
    tasks = ("AnEM", "BIOSSES", "CoVERt", "Hallmarks-of-Cancer")
    options = ["--model", "m", "--out", str(tmp_path), "--tasks", ",".join(tasks)]
    with chat(right_or_wrong) as server:
        named = ["--wording", "standard,short", "--shuffle-options", "0,1", "--base-url", server.url]
        done = run_medinst(prefect_server, root, "evaluate", *options, *named)
    assert done.returncode == 0, done.stderr
    assert "Spread over 4 variants: all together" in done.stdout
    ways = variants(Asking(model="m"), wording="standard,short", options_seed="0,1")
    plans = [make_plan(each, Root(str(root)), tasks, None, tmp_path) for each in ways]
    mark = plans[0].folder.name
    assert [plan.folder.name for plan in plans] == [
        mark, f"{mark}-options1", f"{mark}-short", f"{mark}-short-options1",
    ]  # fmt: skip
    for plan in plans:
        asked = {question.key for task in plan.asked for question in plan.questions(task)}
        assert {answer.key for answer in read(plan.predictions)} == asked, "each is kept, and would not be asked again"
    spreads, parts = beside(plans[0].folder, SPREADS), beside(plans[0].folder, STRATA)
    assert {each.axis for each in spreads} == {"wording", "options_seed", "all"}
    assert {each.stratum for each in parts} >= {"seen", "length", "nested", "items", "year"}
    page = (plans[0].folder.parent / "leaderboard.html").read_text()
    assert "Spread over variants" in page
    assert "BIOSSES does not (mean squared error)" in page
    assert page.count("<li><strong>") == 1, "variants stand with the model that they are variants of"


def test_every_gold_answer_obeys_the_constraint_of_its_task(made, rows):
    for task in made.manifest.tasks:
        if (found := constraint_of(task)) is not None:
            assert [text for text in rows(task)["output"] if not obeys(found, text)] == [], task


@pytest.mark.slow
def test_a_batch_is_written_answered_elsewhere_and_read(root, prefect_server, tmp_path):
    options = ["--model", "org/far", "--tasks", "AnEM,BIOSSES,PubMedQA-labeled", "--limit", "3", "--constrain", "vllm"]
    options += ["--out", str(tmp_path / "evaluations")]
    ask, replies = tmp_path / "ask.jsonl", tmp_path / "replies.jsonl"

    def answer(path: Path, lost: int) -> None:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][lost:]
        kept = [
            {"custom_id": row["custom_id"], "response": {"status_code": 200, "body": said("yes")}, "error": None}
            for row in reversed(rows)
        ]
        replies.write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")

    done = run_medinst(prefect_server, root, "evaluate", *options, "--batch-out", str(ask))
    assert (done.returncode, "9 requests" in done.stdout, "--batch-in" in done.stdout) == (0, True, True), done.stderr
    answer(ask, lost=2)
    done = run_medinst(prefect_server, root, "evaluate", *options, "--batch-in", str(replies))
    assert (done.returncode, "2 without an answer: no reply in the file" in done.stdout) == (1, True), done.stderr
    asking = Asking(model="org/far", constrain="vllm")
    plan = make_plan(asking, Root(str(root)), ("AnEM", "BIOSSES", "PubMedQA-labeled"), 3, tmp_path / "evaluations")
    assert write_requests([plan], tmp_path / "rest.jsonl") == {tmp_path / "rest.jsonl": 2}
    answer(tmp_path / "rest.jsonl", lost=0)
    done = run_medinst(prefect_server, root, "evaluate", *options, "--batch-in", str(replies))
    assert (done.returncode, "7 were there" in done.stdout) == (0, True), done.stderr
    (folder,) = (tmp_path / "evaluations").glob("*/far-*")
    assert len(list(read(folder / "predictions.jsonl"))) == 9
    assert "far-" in (folder.parent / "leaderboard.html").read_text(encoding="utf-8")


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
from schemas.guard import MEDINST32
from schemas.licence import apart, refusal
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


def test_guard_finds_its_tests_in_a_training_set_and_none_in_its_own(root, made, folder, tmp_path):
    tests = guarded(MEDINST32, Root(str(root)), ())
    assert tests.about.rows == made.manifest.samples
    assert tests.unquoted == {
        name for name, test in made.manifest.tasks.items() if refusal("open", apart(test.licence), "open")
    }
    assert tests.unquoted
    clean = guard(training("unseen", folder / "data" / TRAINING / "train.parquet", ()), [tests])
    assert (clean.report.clean, clean.report.data.rows) == (True, sum(made.manifest.training.values()))
    leaky = tmp_path / "leaky.parquet"
    pl.read_parquet(folder / "data" / "BC5CDR-RE" / "test.parquet").drop("id", "document").write_parquet(leaky)
    found = guard(training("leaky", leaky, ()), [tests])
    about = {test.name: test for test in found.report.tests}["BC5CDR-RE"]
    assert about.touched == about.samples == made.manifest.tasks["BC5CDR-RE"].rows
    assert found.report.unclean == found.report.data.rows
