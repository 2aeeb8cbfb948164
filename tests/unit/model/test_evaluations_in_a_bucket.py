"""Evaluations in a bucket: answers go there while a run lasts, a killed one goes on, and scores are read from there."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.errors import BucketError, EvaluationError
from schemas.evaluation import Asking, Prediction, Score
from tasks.base.predictions import bucket
from tasks.base.predictions.bucket import address, here
from tasks.base.predictions.files import load
from tasks.base.predictions.log import Log, read
from tasks.base.predictions.record import keep_scores, kept, kept_scores
from tasks.base.store.root import Root
from tasks.build.builds.state import save_state
from tasks.model.benchmark.write import write_benchmark
from tasks.model.evaluate.plan import Plan, make_plan, save_run
from tasks.model.leaderboard.write import leaderboard
from tests.support.buckets import Store, running_store
from tests.support.gathering import gather
from tests.support.places import DEMO

pytestmark = pytest.mark.heavy

BUCKET = "medinst-evaluations"


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with running_store(BUCKET) as store:
        yield store


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Root:
    folder = tmp_path_factory.mktemp("root")
    state = gather(folder, DEMO, ["biosses"])
    save_state(state)
    write_benchmark(state, "local")
    return Root(str(folder))


@pytest.fixture
def out(store: Store, request: pytest.FixtureRequest) -> str:
    return f"s3://{BUCKET}/{request.node.name}"


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "EVERY", 0.05)


def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on, as on another machine: nothing has been copied yet."""
    folder = tmp_path / f"copies-{len(list(tmp_path.iterdir()))}"
    folder.mkdir()
    monkeypatch.setattr(bucket, "_copies", lambda: folder)
    monkeypatch.setattr(bucket, "_addresses", {})
    monkeypatch.setattr(bucket, "_stamps", {})
    Root(f"s3://{BUCKET}").fs.invalidate_cache()


def planned(root: Root, out: str, model: str = "m") -> Plan:
    plan = make_plan(Asking(model=model), root, limit=6, out=out)
    save_run(plan)
    return plan


def answers(plan: Plan) -> list[Prediction]:
    (task,) = plan.asked
    return [
        Prediction(key=each.key, id=each.id, task=task, prediction="3", target=each.target)
        for each in plan.questions(task)
    ]


def names(plan: Plan) -> list[str]:
    place = Root(address(plan.folder))
    place.fs.invalidate_cache()
    base = str(place.fs._strip_protocol(place.url))
    found = sorted(str(path).removeprefix(base + "/") for path in place.fs.find(place.url))
    place.fs.invalidate_cache()
    return [name for name in found if name != ".lock"]


def address_of(out: str, plan: Plan) -> str:
    return f"{out}/{plan.benchmark.version}/{plan.folder.name}"


def there(plan: Plan) -> bool:
    return any(name.startswith("predictions/") for name in names(plan))


def until(condition, patience: float = 20.0) -> None:
    waiting = threading.Event()
    for _ in range(int(patience / 0.05)):
        if condition():
            return
        waiting.wait(0.05)
    raise AssertionError("it never came")


def one_score() -> list[Score]:
    facts = {"task": "BIOSSES", "category": "STS", "kind": "strict", "metric": "mean squared error", "main": True}
    return [Score(**facts, value=1, low=0, high=2, samples=6, unread=0)]


def test_answers_go_into_parts_and_become_one_file_at_the_end(root, out, tmp_path, monkeypatch):
    plan = planned(root, out)
    assert address(plan.folder) == f"{out}/{plan.benchmark.version}/{plan.folder.name}"
    with Log(plan.predictions) as log:
        for each in answers(plan)[:2]:
            log.append(each)
        until(lambda: "predictions/000001.jsonl" in names(plan))
        log.append(answers(plan)[2])
        until(lambda: "predictions/000002.jsonl" in names(plan))
    assert names(plan) == ["predictions.jsonl", "run.json"]
    elsewhere(tmp_path, monkeypatch)
    found = load(here(address_of(out, plan)))
    assert found.tasks["BIOSSES"].predictions == ["3"] * 3
    assert found.evaluation is not None
    assert found.evaluation.asked == plan.asked


RUN = """
import sys, time
from schemas.evaluation import Prediction
from tasks.base.predictions import bucket
from tasks.base.predictions.log import Log
bucket.EVERY = 0.05
log = Log(bucket.here(sys.argv[1]) / "predictions.jsonl").__enter__()
log.append(Prediction.model_validate_json(sys.argv[2]))
time.sleep(60)
"""


def test_a_killed_run_goes_on_from_its_parts(root, out, tmp_path, monkeypatch):
    plan = planned(root, out)
    run = subprocess.Popen([sys.executable, "-c", RUN, address_of(out, plan), answers(plan)[0].model_dump_json()])
    try:
        until(lambda: there(plan))
    finally:
        run.kill()
        run.wait(20)
    elsewhere(tmp_path, monkeypatch)
    assert load(here(address_of(out, plan))).tasks["BIOSSES"].ids == [answers(plan)[0].id]
    again = planned(root, out)
    assert again.predictions != plan.predictions
    with Log(again.predictions) as other:
        assert other.known == {answers(plan)[0].key}
        for each in answers(again)[1:]:
            other.append(each)
    assert names(again) == ["predictions.jsonl", "run.json"]
    assert {each.key for each in read(again.predictions)} == {each.key for each in answers(again)}


def test_lines_that_two_writes_left_twice_are_read_once(root, out, tmp_path, monkeypatch):
    plan = planned(root, out)
    with Log(plan.predictions) as log:
        log.append(answers(plan)[0])
    place = Root(address(plan.folder))
    place.write_bytes("predictions/000001.jsonl", plan.predictions.read_bytes())
    elsewhere(tmp_path, monkeypatch)
    copy = here(address_of(out, plan))
    load(copy)
    assert len(list(read(copy / "predictions.jsonl"))) == 1


def test_two_runs_do_not_write_one_evaluation(root, out, tmp_path, monkeypatch):
    plan = planned(root, out)
    with Log(plan.predictions):
        elsewhere(tmp_path, monkeypatch)
        other = planned(root, out)
        with pytest.raises(EvaluationError, match=r"s3://.*another run is writing the answers"), Log(other.predictions):
            pass
    with Log(other.predictions):
        pass


def test_an_error_keeps_what_was_answered(root, out):
    plan = planned(root, out)

    def fail() -> None:
        with Log(plan.predictions) as log:
            log.append(answers(plan)[0])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert names(plan) == ["predictions/000001.jsonl", "run.json"]
    with Log(plan.predictions) as log:
        assert len(log.known) == 1


def test_no_more_is_asked_when_the_store_takes_no_answers(root, out, monkeypatch):
    plan = planned(root, out)

    def refuse(self, place, data):
        raise BucketError("no room")

    def fill(log: Log) -> None:
        for each in answers(plan) * 400:
            log.append(each)
            threading.Event().wait(0.01)

    def ask() -> None:
        with Log(plan.predictions) as log, monkeypatch.context() as broken:
            broken.setattr(Root, "write_bytes", refuse)
            fill(log)

    with pytest.raises(BucketError, match="no room"):
        ask()
    with Log(plan.predictions) as log:
        assert log.known, "what was still here went along at the end"


def test_scores_and_leaderboard_are_in_the_bucket(root, out, tmp_path, monkeypatch):
    for model in ("one", "two"):
        plan = planned(root, out, model)
        with Log(plan.predictions) as log:
            for each in answers(plan):
                log.append(each)
        keep_scores(plan.folder, one_score())
        elsewhere(tmp_path, monkeypatch)
    place = here(out)
    found = kept(place, plan.benchmark.version)
    assert [each.evaluation.asking.model for each in found] == ["one", "two"]
    assert kept_scores(found[0].folder) == one_score()
    page = leaderboard(root, place, plan.benchmark.version)
    assert address(page) == f"{out}/{plan.benchmark.version}/leaderboard.html"
    sent = Root(out).read_bytes(f"{plan.benchmark.version}/leaderboard.html").decode()
    assert sent == page.read_text(encoding="utf-8")
    assert all(each.evaluation.name in sent for each in found)


def test_a_folder_here_stays_what_it_is(tmp_path):
    assert here(tmp_path) == tmp_path
    assert here(f"file://{tmp_path}") == tmp_path
    assert address(tmp_path / "a") == str(tmp_path / "a")
