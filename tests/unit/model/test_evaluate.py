"""Asking a model over HTTP: what becomes of every kind of answer, and that nothing is asked twice."""

import hashlib
import json
import socket
import time

import pytest
from aiohttp import web

from schemas.errors import DeclarationError, EvaluationError
from schemas.evaluation import AXES, Asking, Prediction
from schemas.task import WORDINGS
from tasks.base.predictions.log import Log
from tasks.model.evaluate import endpoint
from tasks.model.evaluate.endpoint import Endpoint
from tasks.model.evaluate.engine import FAILURES_IN_A_ROW
from tasks.model.evaluate.options import asking
from tasks.model.evaluate.plan import name_of
from tasks.model.evaluate.questions import messages, question
from tasks.model.evaluate.tally import listen
from tasks.model.evaluate.variation import Variation
from tests.support.asked import MODEL, SECRET, ask
from tests.support.chat_server import chat, failed, said

pytestmark = pytest.mark.usefixtures("quick")


def test_answers_are_kept_with_all_that_belongs_to_them(log):
    with chat(lambda body, _: said("  yes \n")) as server:
        progress, found = ask(server, log, 30)
    assert (progress.answered, progress.failures, progress.prompt_tokens, progress.answer_tokens) == (30, 0, 330, 90)
    assert found["i7"] == Prediction(
        key="k7", id="i7", task="T", prediction="yes", target="yes", prompt_tokens=11, answer_tokens=3
    )
    assert set(server.seen.values()) == {1}
    assert server.bodies[0]["messages"][:2] == [{"role": "user", "content": "u"}, {"role": "assistant", "content": "a"}]
    assert {name: server.bodies[0][name] for name in ("model", "temperature", "max_tokens")} == {
        "model": "m",
        "temperature": 0.0,
        "max_tokens": 1024,
    }


@pytest.mark.parametrize(
    ("answer", "prediction", "reasoning", "outcome"),
    [
        (said("<think>hm\nhm</think>\n\nyes"), "yes", "hm\nhm", "answer"),
        (said("<think>it never ends", finish="length"), "", "it never ends", "length"),
        (said("yes", reasoning_content="so it is"), "yes", "so it is", "answer"),
        (said("cut of", finish="length"), "cut of", "", "length"),
        (said(""), "", "", "empty"),
        (said(None), "", "", "empty"),
        (said(None, refusal="I cannot"), "", "", "refusal"),
        (said("…", finish="content_filter"), "…", "", "refusal"),
        ({"choices": [{"message": {"content": "no usage"}}]}, "no usage", "", "answer"),
    ],
)
def test_every_outcome_is_told_apart(answer, prediction, reasoning, outcome, log):
    with chat(lambda body, _: answer) as server:
        _, found = ask(server, log)
    assert (found["i0"].prediction, found["i0"].reasoning, found["i0"].outcome) == (prediction, reasoning, outcome)


@pytest.mark.parametrize(
    "trouble",
    [
        failed(500),
        failed(503),
        failed(429, Retry_After="0.05"),
        failed(408),
        web.Response(text="<html>gateway</html>", status=502),
        web.Response(text="not JSON"),
        web.json_response([1]),
        web.json_response({"choices": []}),
        web.json_response({"choices": [{"message": {"content": 7}}]}),
    ],
    ids=str,
)
def test_what_may_pass_is_tried_again(trouble, log):
    def behave(body, before):
        return (
            said("yes")
            if before >= 2
            else web.Response(body=trouble.body, status=trouble.status, headers=trouble.headers)
        )

    with chat(behave) as server:
        progress, found = ask(server, log)
    assert progress.answered == 1
    assert found["i0"].prediction == "yes"
    assert server.seen["question 0"] == 3


def test_an_endpoint_that_asks_to_wait_is_left_alone(log):
    times = []

    def behave(body, before):
        times.append(time.monotonic())
        return failed(429, Retry_After="0.6") if len(times) == 1 else said("yes")

    with chat(behave) as server:
        ask(server, log, 6, concurrency=1)
    assert times[1] - times[0] >= 0.55


def test_a_question_that_is_never_answered_fails_alone(log):
    def behave(body, _):
        too_long = body["messages"][-1]["content"] == "question 3"
        return failed(400, "maximum context length is 8 tokens") if too_long else said("yes")

    with chat(behave) as server:
        progress, found = ask(server, log, 6)
        assert server.seen["question 3"] == 1
    assert progress.failed == {"status 400: maximum context length is 8 tokens": 1}
    assert set(found) == {"i0", "i1", "i2", "i4", "i5"}


def test_a_slow_answer_is_given_up(log, monkeypatch):
    monkeypatch.setattr(endpoint, "ATTEMPTS", 2)
    with chat(lambda body, _: said("yes"), delay=0.5) as server:
        progress, _ = ask(server, log, 1, timeout=0.05)
    assert progress.failed == {"no answer within 0.05 s": 1}


def test_an_endpoint_that_is_not_there_ends_the_run(log, monkeypatch):
    monkeypatch.setattr(endpoint, "ATTEMPTS", 2)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
    with pytest.raises(
        EvaluationError, match=r"in a row have no answer.*cannot be reached.*run the same command again"
    ):
        ask(url, log, 50)


def test_a_dead_endpoint_is_not_asked_for_ever(log, monkeypatch):
    monkeypatch.setattr(endpoint, "ATTEMPTS", 2)
    with chat(lambda body, _: failed(500)) as server, pytest.raises(EvaluationError, match="status 500"):
        ask(server, log, 500, concurrency=16)
    assert len(server.seen) <= FAILURES_IN_A_ROW + 16


@pytest.mark.parametrize(
    ("status", "words"), [(401, "refuses the key"), (403, "refuses the key"), (404, "no such model")]
)
def test_a_wrong_key_or_model_ends_the_run_at_once(status, words, log):
    with chat(lambda body, _: failed(status, f"bad {SECRET}")) as server:
        with pytest.raises(EvaluationError, match=words) as caught:
            ask(server, log, 50)
        assert sum(server.seen.values()) <= 4
    assert SECRET not in str(caught.value)


def test_the_key_goes_to_the_endpoint_and_nowhere_else(log):
    with chat(lambda body, _: said(f"you sent {body['model']}")) as server:
        ask(server, log, 3)
        assert server.keys == {f"Bearer {SECRET}"}
    assert all(SECRET not in path.read_text() for path in log.parent.iterdir())


@pytest.mark.parametrize(
    ("url", "error", "words"),
    [
        ("localhost:8000", EvaluationError, "is not the address of an endpoint"),
        ("ftp://x/v1", EvaluationError, "is not the address of an endpoint"),
        ("http://me:secret@localhost/v1", DeclarationError, "expected no credentials"),
    ],
)
def test_an_address_that_cannot_be_is_refused(url, error, words):
    with pytest.raises(error, match=words) as caught:
        Endpoint(url, "", MODEL, 1)
    assert type(caught.value) is error
    assert "secret@" not in str(caught.value)


def test_no_more_requests_at_once_than_agreed(log):
    with chat(lambda body, _: said("yes"), delay=0.02) as server:
        ask(server, log, 60, concurrency=7)
    assert server.at_once == 7


def test_a_second_run_asks_only_for_what_is_missing(log):
    with chat(lambda body, _: said("yes")) as server:
        ask(server, log, 10)
        progress, found = ask(server, log, 25)
    assert (progress.there, progress.answered) == (10, 15)
    assert set(server.seen.values()) == {1}
    assert len(found) == 25


def test_a_line_that_a_kill_cut_off_is_asked_again(log):
    with chat(lambda body, _: said("yes")) as server:
        ask(server, log, 5)
        data = log.read_bytes()
        log.write_bytes(data[:-20])
        progress, found = ask(server, log, 5)
    assert (progress.there, progress.answered, len(found)) == (4, 1, 5)
    assert all(json.loads(line) for line in log.read_text().splitlines())


def test_two_runs_do_not_write_one_log(log):
    with Log(log), pytest.raises(EvaluationError, match="another run is writing it"), Log(log):
        pass
    with Log(log):
        pass


def test_a_broken_log_names_the_line(log):
    log.parent.mkdir()
    log.write_text('{"key": "k", "id": "i", "task": "T", "prediction": "p", "target": "t"}\n{"key": 1}\n')
    with pytest.raises(EvaluationError, match=r"predictions\.jsonl: line 2 is not a prediction"), Log(log):
        pass


def test_listeners_hear_of_every_question(log):
    heard = []
    stop = listen(lambda progress: heard.append(progress.answered))
    try:
        with chat(lambda body, _: said("yes")) as server:
            ask(server, log, 5)
    finally:
        stop()
    assert sorted(heard) == [1, 2, 3, 4, 5]


# Questions and their keys

SAMPLE = {
    "id": "s1",
    "task": "T",
    "instruction": "Do it.",
    "input": "text",
    "output": "yes",
    "history": [["u1", "a1"], ["u2", "a2"]],
}


def test_the_prompt_is_the_papers():
    asked = question(SAMPLE, MODEL)
    assert [turn["content"] for turn in messages(asked, "")] == ["u1", "a1", "u2", "a2", "Do it.\ntext"]
    assert messages(asked, "Be brief.")[0] == {"role": "system", "content": "Be brief."}
    assert question(SAMPLE, Asking(model="m", shots=False)).turns == ()


@pytest.mark.parametrize(
    "other",
    [
        {"model": "n"},
        {"temperature": 0.5},
        {"shots": False},
        {"system": "s"},
        {"max_tokens": 5},
        {"seed": 1},
        {"stop": ("x",)},
        {"reasoning": ""},
        {"extra": {"top_k": 1}},
        {"top_p": 0.5},
        {"wording": "short"},
        {"constrain": "vllm"},
        {"options_seed": 1},
        {"shots_seed": 1},
    ],
    ids=str,
)
def test_whatever_shapes_the_answer_is_in_the_key(other):
    assert question(SAMPLE, MODEL).key != question(SAMPLE, Asking(**{"model": "m", **other})).key


OTHER = Variation(reworded={"Do it.": "Just do it.", "u1": "Short one."})


def test_another_wording_is_asked_in_the_question_and_its_examples():
    sample = SAMPLE | {"history": [["Do it.\nfirst\nDo it.", "a1"], ["u1\nDo it.", "a2"]]}
    asked = question(sample, Asking(model="m", wording="short"), OTHER)
    assert asked.prompt == "Just do it.\ntext"
    assert asked.turns == (("Just do it.\nfirst\nDo it.", "a1"), ("Short one.\nDo it.", "a2"))
    assert question(sample, Asking(model="m", wording="short", shots=False), OTHER).turns == ()


def test_a_wording_that_the_benchmark_does_not_list_is_never_asked_as_another():
    with pytest.raises(EvaluationError, match=r"lists no other wordings of 'Do it\.'.*medinst benchmark"):
        question({**SAMPLE, "history": []}, Asking(model="m", wording="short"), Variation({"Do that.": "That."}))


def test_each_variant_has_an_evaluation_of_its_own_beside_the_usual_one_which_keeps_its_name():
    usual = Asking(model="org/m")
    before = usual.model_dump(mode="json", exclude={*AXES, "constrain", "precision"})
    mark = hashlib.sha256(json.dumps(before, sort_keys=True).encode()).hexdigest()[:8]
    assert name_of(usual) == f"m-{mark}"
    names = [name_of(usual.model_copy(update={"wording": wording})) for wording in WORDINGS]
    assert names == [f"m-{mark}", f"m-{mark}-short", f"m-{mark}-guideline"]
    assert name_of(Asking(model="org/m", options_seed=1, shots_seed=12)) == f"m-{mark}-options1-shots12"
    assert not name_of(Asking(model="org/m", temperature=0.5)).startswith(f"m-{mark}")


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("models/lora-1f2e/at-25", "lora-1f2e-at-25"),
        ("models/lora-1f2e/at-12.5/", "lora-1f2e-at-12.5"),
        ("/runs/my run/checkpoint-500", "my-run-checkpoint-500"),
        ("checkpoint-500", "checkpoint-500"),
        ("org/model-at-25", "model-at-25"),
        ("org/step", "step"),
    ],
)
def test_a_checkpoint_is_named_after_its_training(model: str, name: str) -> None:
    assert name_of(Asking(model=model)).rsplit("-", 1)[0] == name


def test_the_sample_is_in_the_key():
    for change in ({"id": "s2"}, {"input": "other"}, {"instruction": "Other."}, {"history": []}):
        assert question({**SAMPLE, **change}, MODEL).key != question(SAMPLE, MODEL).key


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"extra": "{"}, "--extra '{' is not JSON"),
        ({"extra": "[1]"}, "--extra"),
        ({"reasoning": "("}, "is not a regular expression"),
        ({"reasoning": "<think>.*"}, "has 0 groups"),
        ({"backend": "magic"}, "--backend"),
    ],
)
def test_options_that_make_no_sense_are_explained(options, words):
    with pytest.raises(EvaluationError, match=words.replace("(", r"\(").replace("{", r"\{")):
        asking(**{"extra": "{}", "reasoning": None, "model": "m", **options})
