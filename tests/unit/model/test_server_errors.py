"""Errors of servers: those that pass are tried again, those of one question skip it, and the rest end with the cure."""

import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from schemas.errors import EvaluationError
from schemas.evaluation import Asking
from tasks.model.evaluate import endpoint
from tasks.model.evaluate.engine import FAILURES_IN_A_ROW
from tasks.model.evaluate.failures import Passing
from tests.support.asked import SECRET, ask, completion, reading
from tests.support.chat_server import chat, failed, said

DEEP = 100_000
pytestmark = pytest.mark.usefixtures("quick")


# Errors that may pass

UNREADABLE = [
    ("not JSON", b"not JSON", "not JSON"),
    ("html", b"<html>Log in</html>", "Log in"),
    ("nothing", b"", "it said nothing"),
    ("stream", b'data: {"choices": []}', "data:"),
    ("deep", b"[" * DEEP + b"]" * DEEP, "[[["),
    ("utf-16 cut off", b"\xff\xfe{\0", ""),
    ("number", b"7", "7"),
    ("long number", b'{"choices": 1%s}' % (b"0" * 5000), ""),
    ("list", b"[1]", "1"),
    ("null", b"null", "it said nothing"),
    ("choices null", {"choices": None, "detail": "worker died"}, "worker died"),
    ("choices empty", {"choices": [], "message": "worker died"}, "worker died"),
    ("choices object", {"choices": {"0": 1}}, "not a chat completion"),
    ("choice text", {"choices": ["worker died"]}, "worker died"),
    ("no message", {"choices": [{"text": "yes"}]}, "not a chat completion"),
    ("message text", {"choices": [{"message": "worker died"}]}, "worker died"),
    ("content number", completion({"content": 7}), "its content is 7"),
    ("error", {"error": {"message": "worker died", "code": 502}}, "status 502: worker died"),
    ("error text", {"error": "worker died"}, "worker died"),
    ("error beside null choices", {"error": {"message": "worker died"}, "choices": None}, "worker died"),
    ("error of vLLM", {"object": "error", "message": "worker died", "code": 500}, "status 500: worker died"),
    ("error of FastAPI", {"detail": [{"msg": "worker died", "loc": ["a"]}], "choices": []}, "worker died"),
    (
        "routed",
        {"error": {"message": "Provider returned error", "code": 502, "metadata": {"raw": "worker died"}}},
        "Provider returned error: worker died",
    ),
    ("choice error", completion({"content": "ye"}, error={"message": "worker died", "code": 502}), "worker died"),
    ("choice error alone", {"choices": [{"message": {"content": ""}, "error": "worker died"}]}, "worker died"),
    (
        "error beside an answer",
        completion({"content": "ye"}) | {"error": {"message": "worker died", "code": 502}},
        "broke off its answer: status 502: worker died",
    ),
    ("finish error", completion({"content": "ye"}, finish_reason="error"), "broke off its answer: finish_reason error"),
    ("finish abort", completion({"content": ""}, finish_reason="abort"), "broke off its answer: finish_reason abort"),
]


@pytest.mark.parametrize(("reply", "words"), [case[1:] for case in UNREADABLE], ids=[case[0] for case in UNREADABLE])
def test_what_a_server_failed_at_may_pass_and_its_words_are_shown(reply: object, words: str):
    with pytest.raises(Passing) as caught:
        reading(reply)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("name", ["finish error", "finish abort", "choice error", "error", "choices null"])
def test_it_is_asked_again_and_never_kept_as_an_answer(name: str, log: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(endpoint, "ATTEMPTS", 3)
    trouble = next(case[1] for case in UNREADABLE if case[0] == name)
    broken = True

    def behave(asked: dict[str, Any], _: int) -> Any:
        return trouble if broken and asked["messages"][-1]["content"] == "question 1" else said("yes")

    with chat(behave) as server:
        assert set(ask(server, log, 3)[1]) == {"i0", "i2"}
        assert server.seen["question 1"] == 3
        broken = False
        assert set(ask(server, log, 3)[1]) == {"i0", "i1", "i2"}
        assert server.seen["question 0"] == 1


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        ({"code": 429, "message": "slow down"}, None),
        ({"code": "429", "message": "Please try again in 1.5s"}, 1.5),
        ({"type": "rate_limit_exceeded", "message": "retry after 20 ms"}, 0.02),
    ],
)
def test_an_overload_in_the_body_lets_all_requests_wait(error: dict[str, Any], wait: float | None):
    with pytest.raises(Passing) as caught:
        reading({"error": error})
    assert (caught.value.overload, caught.value.wait) == (True, wait)


def test_a_response_without_end_is_given_up(log: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(endpoint, "LARGEST", 100_000)
    with chat(lambda *_: said("x" * 200_000)) as server:
        assert ask(server, log)[1] == {}
        assert server.seen["question 0"] == 1


# Errors that no attempt cures

CURES = [
    ("a key", 401, {"error": {"message": f"bad {SECRET}"}}, "refuses the key .*MEDINST_API_KEY"),
    ("a key as 403", 403, {"error": {"message": "no"}}, "refuses the key"),
    ("a key as 400", 400, {"error": {"message": "API key not valid. Pass a valid API key."}}, "refuses the key"),
    ("a key in the body", 200, {"error": {"message": "Invalid API key", "code": 401}}, "refuses the key"),
    ("a key in the body, without a code", 200, {"error": "invalid api_key"}, "refuses the key"),
    ("no credit", 402, {"error": {"message": "Insufficient credits"}}, "no credit.*Top up"),
    ("no credit as 429", 429, {"error": {"message": "quota", "code": "insufficient_quota"}}, "no credit"),
    ("no credit as 400", 400, {"error": {"message": "Your credit balance is too low."}}, "no credit"),
    ("no credit as 403", 403, {"error": "The team does not have any credits."}, "no credit"),
    ("no model", 404, {"error": {"message": "The model `m` does not exist."}}, "no such model.*--model"),
    ("no model as 400", 400, {"error": {"message": "m is not a valid model ID"}}, "no such model"),
    ("no model in the body", 200, {"error": "model 'm' not found"}, "no such model"),
    (
        "max_tokens",
        400,
        {
            "error": {
                "message": "Unsupported parameter: 'max_tokens' is not supported with this model. "
                "Use 'max_completion_tokens' instead.",
                "param": "max_tokens",
                "code": "unsupported_parameter",
            }
        },
        r"""Add --extra '\{"top_k": 3, "max_tokens": null, "max_completion_tokens": 1024\}'$""",
    ),
    (
        "temperature",
        400,
        {"error": {"message": "'temperature' does not support 0.0 with this model.", "param": "temperature"}},
        r"""Add --extra '\{"top_k": 3, "temperature": null\}'$""",
    ),
    (
        "a field of --extra",
        422,
        {"detail": [{"loc": ["body", "top_k"], "msg": "Extra inputs are not permitted"}]},
        r"""Add --extra '\{"top_k": null\}'$""",
    ),
]


@pytest.mark.parametrize(("status", "error", "words"), [c[1:] for c in CURES], ids=[c[0] for c in CURES])
def test_it_ends_the_run_at_once_with_the_cure(status: int, error: Any, words: str, log: Path):
    with chat(lambda *_: web.json_response(error, status=status)) as server:
        with pytest.raises(EvaluationError, match=words) as caught:
            ask(server, log, 50, options=Asking(model="m", extra={"top_k": 3}))
        assert sum(server.seen.values()) <= 4
    assert SECRET not in str(caught.value)


def test_a_renamed_field_is_taken_with_the_option_that_was_told(log: Path):
    def behave(asked: dict[str, Any], _: int) -> Any:
        message = "'max_tokens' is not supported. Use 'max_completion_tokens' instead."
        return failed(400, message) if "max_tokens" in asked else said("yes")

    with chat(behave) as server:
        with pytest.raises(EvaluationError, match="--extra") as caught:
            ask(server, log, 5)
        told = json.loads(str(caught.value).split("'")[-2])
        assert ask(server, log, 5, options=Asking(model="m", extra=told))[0].answered == 5
        assert server.bodies[-1]["max_completion_tokens"] == 1024


def test_an_address_that_has_moved_is_told_and_not_followed(log: Path):
    match = r"has moved \(status 301: https://chat\.example/v1/\).*--base-url"
    headers = {"Location": "https://chat.example/v1/"}
    with (
        chat(lambda *_: web.Response(status=301, headers=headers)) as server,
        pytest.raises(EvaluationError, match=match),
    ):
        ask(server, log, 9)


ONE = [
    (400, {"error": {"message": "This model's maximum context length is 8 tokens.", "param": "max_tokens"}}),
    (400, {"error": {"message": "'max_tokens' is too large: your prompt has 9 tokens, which is not supported."}}),
    (413, {"error": "too large"}),
    (403, {"error": {"message": "Your input was flagged by moderation."}}),
    (400, {"error": {"message": "The prompt triggered the content management policy", "code": "content_filter"}}),
    (400, {"error": {"message": "An unknown error made the worker stop."}}),
    (429, {"error": {"message": "insufficient_quota; please try again in 0.01 s"}}),
]


@pytest.mark.parametrize(("status", "error"), ONE, ids=str)
def test_an_error_about_one_question_does_not_end_the_run(status: int, error: Any, log: Path):
    def behave(asked: dict[str, Any], before: int) -> Any:
        mine = asked["messages"][-1]["content"] == "question 2" and not (status == 429 and before)
        return web.json_response(error, status=status) if mine else said("yes")

    with chat(behave) as server:
        assert ask(server, log, 20)[0].answered == (20 if status == 429 else 19)


def test_a_server_that_refuses_every_question_is_not_asked_all_of_them(log: Path):
    with chat(lambda *_: failed(400, "I take no system prompt")) as server:
        with pytest.raises(EvaluationError, match=r"refused each of the first 8 questions.*I take no system prompt"):
            ask(server, log, 500)
        assert len(server.seen) <= FAILURES_IN_A_ROW + 4


def test_words_of_a_server_cannot_write_to_the_terminal(log: Path):
    words = "\x1b[2Jno\r\n[/red] \u202emodel"
    with chat(lambda *_: failed(404, words)) as server, pytest.raises(EvaluationError) as caught:
        ask(server, log)
    assert str(caught.value).isprintable()
    assert "[/red]" in str(caught.value)
