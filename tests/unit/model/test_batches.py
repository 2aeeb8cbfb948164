"""Batches: questions written as requests, replies of any order and state read back, and what failed asked again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import EvaluationError
from schemas.evaluation import Asking
from tasks.base.predictions.files import RUN
from tasks.base.predictions.log import Log, read
from tasks.base.store.root import Root
from tasks.build.builds.state import save_state
from tasks.model.benchmark.write import write_benchmark
from tasks.model.evaluate import batch_requests
from tasks.model.evaluate.batch_replies import replies
from tasks.model.evaluate.batch_requests import write_requests
from tasks.model.evaluate.endpoint import Endpoint
from tasks.model.evaluate.plan import Plan, make_plan, save_run
from tests.support.gathering import gather
from tests.support.places import DEMO

pytestmark = pytest.mark.heavy

Json = dict[str, Any]
ASKING = Asking(model="m", seed=3)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Root:
    folder = tmp_path_factory.mktemp("root")
    state = gather(folder, DEMO, ["biosses", "pubmedqa"])
    save_state(state)
    write_benchmark(state, "local")
    return Root(str(folder))


@pytest.fixture
def plan(root: Root, tmp_path: Path) -> Plan:
    return make_plan(ASKING, root, limit=5, out=tmp_path / "evaluations")


def requests(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def completion(text: str, **choice: Any) -> Json:
    message = {"message": {"role": "assistant", "content": text}, "finish_reason": "stop", **choice}
    return {"id": "c", "choices": [message], "usage": {"prompt_tokens": 7, "completion_tokens": 2}}


def openai(key: str, body: Json, status: int = 200) -> Json:
    response = {"status_code": status, "request_id": "r", "body": body}
    return {"id": f"batch_req_{key}", "custom_id": key, "response": response, "error": None}


def answer(key: str, text: str = "yes") -> Json:
    return openai(key, completion(text))


def write(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


def test_a_run_that_is_refused_does_not_change_what_was_asked(plan: Plan, tmp_path: Path) -> None:
    with Log(plan.predictions):
        save_run(plan)
        before = (plan.folder / RUN).read_bytes()
        larger = plan._replace(asked={task: rows + 1 for task, rows in plan.asked.items()})
        with pytest.raises(EvaluationError, match="another run is writing it"):
            write_requests([larger], tmp_path / "requests.jsonl")
        assert (plan.folder / RUN).read_bytes() == before


def take(plan: Plan, *paths: Path) -> tuple[dict[str, int], list[str]]:
    """Read replies into the log; what failed, and what was said of single rows."""
    found = replies([plan], plan.asking, paths)
    with Log(plan.predictions) as log, found.opened(log):
        for task in plan.asked:
            found.ask(plan.questions(task))
    return found.progress.failed, found.notes


@pytest.fixture
def keys(plan: Plan, tmp_path: Path) -> list[str]:
    write_requests([plan], tmp_path / "ask.jsonl")
    return [row["custom_id"] for row in requests(tmp_path / "ask.jsonl")]


def test_a_file_has_the_requests_that_an_endpoint_would_get(plan, tmp_path):
    path = tmp_path / "new" / "ask.jsonl"
    assert write_requests([plan], path) == {path: sum(plan.asked.values())}
    endpoint = Endpoint("http://localhost/v1", "", plan.asking, 1)
    asked = [question for task in plan.asked for question in plan.questions(task)]
    for row, question in zip(requests(path), asked, strict=True):
        assert list(row) == ["custom_id", "method", "url", "body"]
        assert (row["custom_id"], row["method"], row["url"]) == (question.key, "POST", "/v1/chat/completions")
        assert row["body"] == json.loads(endpoint.request(question))
        assert row["body"]["seed"] == 3


@pytest.mark.parametrize("limit", [{"MOST": 3}, {"LARGEST": 6_000}], ids=str)
def test_too_many_requests_are_spread_over_numbered_files(limit, plan, tmp_path, monkeypatch):
    for name, value in limit.items():
        monkeypatch.setattr(batch_requests, name, value)
    written = write_requests([plan], tmp_path / "ask.jsonl")
    assert [path.name for path in written] == [f"ask-{n:03}.jsonl" for n in range(1, len(written) + 1)]
    assert len(written) > 1
    assert sum(written.values()) == sum(plan.asked.values())
    keys = [row["custom_id"] for path in written for row in requests(path)]
    assert len(set(keys)) == len(keys) == sum(written.values())
    assert all(count <= limit.get("MOST", 99) for count in written.values())
    assert all(path.stat().st_size <= limit.get("LARGEST", 10**9) for path in written)
    assert sorted(path.name for path in tmp_path.glob("*.jsonl")) == [path.name for path in written]
    with pytest.raises(EvaluationError, match=r"ask-001\.jsonl is there already"):
        write_requests([plan], tmp_path / "ask.jsonl")


def test_requests_are_never_written_over(plan, tmp_path):
    path = write(tmp_path / "ask.jsonl", [{}])
    with pytest.raises(EvaluationError, match=r"ask\.jsonl is there already.*--batch-out"):
        write_requests([plan], path)
    assert requests(path) == [{}]


def test_replies_in_any_order_are_all_kept(plan, keys, tmp_path):
    rows = [answer(key, f"<think>hm</think>no {n}") for n, key in enumerate(keys)]
    failed, notes = take(plan, write(tmp_path / "replies.jsonl", rows[::-1]))
    assert (failed, notes) == ({}, [])
    found = {each.key: each for each in read(plan.predictions)}
    assert {key: found[key].prediction for key in keys} == {key: f"no {n}" for n, key in enumerate(keys)}
    assert {each.reasoning for each in found.values()} == {"hm"}
    assert {each.prompt_tokens for each in found.values()} == {7}
    assert write_requests([plan], tmp_path / "rest.jsonl") == {}
    assert not (tmp_path / "rest.jsonl").exists()


FAULTS: dict[str, Callable[[str], Json | None]] = {
    "an error of the batch": lambda key: {
        "id": "b", "custom_id": key, "response": None, "error": {"code": "batch_expired", "message": "too late"}
    },
    "a status of the server": lambda key: openai(key, {"error": {"message": "too late"}}, 500),
    "an error as vllm has it": lambda key: {
        "id": "vllm-1", "custom_id": key,
        "response": {"status_code": 400, "request_id": "r", "body": None},
        "error": {"object": "error", "message": "too late", "type": "BadRequestError", "code": 400},
    },
    "a wrong key": lambda key: openai(key, {"error": {"message": "too late: invalid api key"}}, 401),
    "no completion": lambda key: openai(key, {"note": "too late"}),
    "an answer that broke off": lambda key: openai(
        key, {"choices": [{"message": {"content": "ye"}, "error": {"message": "too late"}}]}
    ),
    "no body": lambda key: openai(key, None),  # type: ignore[arg-type]
    "nothing": lambda key: {"custom_id": key},
    "no row": lambda key: None,
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_failed_stays_unanswered_and_a_second_file_asks_only_that(fault, plan, keys, tmp_path):
    bad = keys[1::3]
    rows = [FAULTS[fault](key) if key in bad else answer(key) for key in keys]
    failed, _ = take(plan, write(tmp_path / "replies.jsonl", [row for row in rows if row]))
    assert sum(failed.values()) == len(bad)
    assert len(failed) == 1
    if fault not in ("no body", "nothing", "no row"):
        assert "too late" in next(iter(failed))
    assert {each.key for each in read(plan.predictions)} == set(keys) - set(bad)
    assert sum(write_requests([plan], tmp_path / "again.jsonl").values()) == len(bad)
    again = requests(tmp_path / "again.jsonl")
    assert [row["custom_id"] for row in again] == bad
    assert [row["body"] for row in again] == [row["body"] for row in requests(tmp_path / "ask.jsonl")][1::3]
    failed, _ = take(plan, write(tmp_path / "more.jsonl", [answer(key, "at last") for key in bad]))
    assert failed == {}
    assert {each.key: each.prediction for each in read(plan.predictions)} == {
        key: "at last" if key in bad else "yes" for key in keys
    }


def test_a_body_without_a_status_is_read_too(plan, keys, tmp_path):
    rows = [{"custom_id": key, "response": completion("maybe")} for key in keys]
    assert take(plan, write(tmp_path / "replies.jsonl", rows)) == ({}, [])
    assert {each.prediction for each in read(plan.predictions)} == {"maybe"}


def test_rows_twice_rows_of_others_and_broken_rows_are_told(plan, keys, tmp_path):
    rows: list[Any] = [answer(keys[0], "first"), answer(keys[0], "second"), answer("0" * 32), "{", '{"custom_id": 7}']
    failed, notes = take(plan, write(tmp_path / "replies.jsonl", rows))
    path = tmp_path / "replies.jsonl"
    assert notes == [
        f"2 × no JSON object with a custom_id: cut off or changed ({path}, line 4; {path}, line 5)",
        f"1 × reply to none of these questions, left out ({path}, line 3)",
        f"1 × second reply to a question; the first answer counts ({path}, line 2)",
    ]
    assert failed == {"no reply in the file": len(keys) - 1}
    assert [each.prediction for each in read(plan.predictions)] == ["first"]


def test_an_answer_counts_though_an_earlier_row_failed(plan, keys, tmp_path):
    errors = write(tmp_path / "errors.jsonl", [openai(keys[0], {"error": {"message": "busy"}}, 500)])
    whole = write(tmp_path / "replies.jsonl", [answer(key) for key in keys])
    failed, notes = take(plan, errors, whole)
    assert failed == {}
    assert notes == [f"1 × second reply to a question; the first answer counts ({whole}, line 1)"]


def test_a_file_that_was_cut_off_gives_what_it_has(plan, keys, tmp_path):
    path = write(tmp_path / "replies.jsonl", [answer(key) for key in keys])
    path.write_bytes(path.read_bytes()[:-30])
    failed, notes = take(plan, path)
    assert failed == {"no reply in the file": 1}
    assert notes == [f"1 × no JSON object with a custom_id: cut off or changed ({path}, line {len(keys)})"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([answer("0" * 32)], r"none of 1 replies answers a question.*replies\.jsonl, line 1 answers another question"),
        ([], "none of 0 replies.*no row has a custom_id.*--batch-out"),
        (["<html>"], "no row has a custom_id"),
        ([{"custom_id": "k", "method": "POST", "url": "/v1", "body": {}}], r"holds requests \(line 1\), not the repl"),
    ],
)
def test_files_that_are_no_replies_to_this_batch_are_refused(rows, words, plan, keys, tmp_path):
    with pytest.raises(EvaluationError, match=words):
        take(plan, write(tmp_path / "replies.jsonl", rows))
    assert list(read(plan.predictions)) == []


def test_replies_to_other_options_are_refused(root, plan, keys, tmp_path):
    path = write(tmp_path / "replies.jsonl", [answer(key) for key in keys])
    other = make_plan(Asking(model="m", seed=4), root, limit=5, out=tmp_path / "evaluations")
    with pytest.raises(EvaluationError, match=r"answers another question.*Pass the options"):
        replies([other], other.asking, [path])
    with pytest.raises(EvaluationError, match="is not there"):
        replies([plan], plan.asking, [tmp_path / "none.jsonl"])
