"""Replies of servers as they are: every form of answer is read, and nothing that comes is a traceback."""

import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.errors import EvaluationError
from schemas.evaluation import Asking, Prediction
from tasks.base.predictions.record import PREDICTION
from tasks.model.evaluate.failures import Passing, Refused
from tasks.model.evaluate.response import Reader
from tests.support.asked import SECRET, ask, completion, questions, reading
from tests.support.chat_server import chat

DEEP = 100_000


PARTS = [
    ("yes", "yes", ""),
    ([{"type": "text", "text": "y"}, {"type": "text", "text": "es"}], "yes", ""),
    (["y", "es"], "yes", ""),
    ({"type": "output_text", "text": "yes"}, "yes", ""),
    ([{"type": "text", "text": {"value": "yes", "annotations": []}}], "yes", ""),
    ([{"type": "thinking", "thinking": [{"type": "text", "text": "[a <b>]"}]}, {"type": "text", "text": "yes"}],
     "yes", "[a <b>]"),
    ([{"type": "thinking", "thinking": "hm", "signature": "x"}, {"type": "text", "text": "yes"}], "yes", "hm"),
    ([{"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]}, {"type": "text", "text": "yes"}],
     "yes", "hm"),
    ([{"type": "redacted_thinking", "data": "aGVsbG8="}, {"type": "text", "text": "yes"}], "yes", ""),
    ([{"type": "image_url", "image_url": {"url": "x"}}, None, 7, {"type": "text", "text": "yes"}], "yes", ""),
    ("hm</think>yes", "yes", "hm"),
    ("[THINK]hm[/THINK]yes", "yes", "hm"),
    ("analysisWe knowassistantfinalyes", "yes", "We know"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "text", "thought"), PARTS, ids=range(len(PARTS)))
def test_content_of_every_form(content: object, text: str, thought: str):
    reply = reading(completion({"content": content}))
    assert (reply.text, reply.reasoning, reply.outcome) == (text, thought, "answer")


FIELDS = [
    {"reasoning_content": "hm"},
    {"reasoning": "hm"},
    {"thinking": "hm"},
    {"reasoning_content": None, "reasoning": " hm\n"},
    {"reasoning": "hm", "reasoning_content": "hm", "reasoning_details": [{"type": "reasoning.text", "text": "hm"}]},
    {"reasoning": [{"type": "text", "text": "h"}, {"type": "text", "text": "m"}]},
    {"reasoning": {"content": "hm", "tokens": 3}},
    {"reasoning": {"content": [{"type": "reasoning_text", "text": "hm"}]}},
    {"reasoning_content": ["h", "m"]},
    {"reasoning": 7, "reasoning_content": True, "reasoning_details": [{"type": "reasoning.summary", "summary": "hm"}]},
]


@pytest.mark.parametrize("fields", FIELDS, ids=str)
def test_reasoning_in_every_field_and_form(fields: dict[str, Any]):
    reply = reading(completion({"content": "yes", **fields}))
    assert (reply.text, reply.reasoning, reply.outcome) == ("yes", "hm", "answer")


def test_a_thought_that_comes_twice_is_kept_once():
    assert reading(completion({"content": "<think>hm</think>yes", "reasoning": "hm"})).reasoning == "hm"
    assert reading(completion({"content": "<think>so</think>yes", "reasoning": "hm"})).reasoning == "hm\nso"


@pytest.mark.parametrize(
    ("message", "finish", "outcome"),
    [
        *(({"content": "ye"}, finish, "length") for finish in ("length", "max_tokens", "MAX_TOKENS", "model_length")),
        *(({"content": "no"}, finish, "refusal") for finish in ("content_filter", "SAFETY", "refusal")),
        *(({"content": "yes"}, finish, "answer") for finish in ("stop", "eos", "", None, 7, {"a": 1}, "tool_calls")),
        ({"content": "<think>yes"}, "stop", "length"),
        ({"content": "analysisThe answer may be yes"}, "stop", "length"),
        ({"content": None, "reasoning": "hm"}, "length", "length"),
        ({"content": None, "reasoning": "hm"}, "stop", "empty"),
        ({"content": []}, "stop", "empty"),
        ({}, "stop", "empty"),
        ({"content": None, "refusal": "I cannot"}, "stop", "refusal"),
        ({"content": [{"type": "refusal", "refusal": "I cannot"}], "refusal": ["I cannot"]}, "stop", "refusal"),
        ({"content": "yes", "refusal": {}}, "stop", "answer"),
    ],
    ids=str,
)  # fmt: skip
def test_how_an_answer_ended(message: dict[str, Any], finish: object, outcome: str):
    assert reading(completion(message, finish_reason=finish)).outcome == outcome


@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        ({"prompt_tokens": 11, "completion_tokens": 30}, (11, 30, 20)),
        ({"input_tokens": 11, "output_tokens": 30}, (11, 30, 20)),
        ({"completion_tokens": 30, "completion_tokens_details": {"reasoning_tokens": 21}}, (0, 30, 21)),
        ({"completion_tokens": 30, "reasoning_tokens": 22}, (0, 30, 22)),
        ({"prompt_tokens": "11", "completion_tokens": 30.0}, (11, 30, 20)),
        ({"prompt_tokens": True, "completion_tokens": "many"}, (0, 0, 2)),
        ({"prompt_tokens": -3, "completion_tokens": float("nan")}, (0, 0, 2)),
        ({"prompt_tokens": 10**30, "completion_tokens": float("inf")}, (0, 0, 2)),
        ({"prompt_tokens": [1], "completion_tokens": {"a": 1}, "completion_tokens_details": 7}, (0, 0, 2)),
        *((nothing, (0, 0, 2)) for nothing in (None, 7, "x", [], [1], True)),
    ],
    ids=str,
)
def test_usage_of_every_kind(usage: object, counts: tuple[int, int, int]):
    reply = reading(completion({"content": "yes!", "reasoning": "so it is"}) | {"usage": usage})
    assert (reply.prompt_tokens, reply.answer_tokens, reply.reasoning_tokens) == counts


def test_reasoning_that_is_not_shown_is_counted():
    said_ = {"completion_tokens": 500, "completion_tokens_details": {"reasoning_tokens": 490}}
    assert reading(completion({"content": "yes"}) | {"usage": said_}).reasoning_tokens == 490
    assert reading(completion({"content": "yes"}) | {"usage": {"completion_tokens": 3}}).reasoning_tokens == 0


@pytest.mark.parametrize("data", [b'"x\\ud800y"', b'"x\xed\xa0\x80y"'], ids=["escaped", "bytes"])
def test_lone_surrogates_are_replaced_and_the_answer_can_be_kept(data: bytes, log: Path):
    raw = b'{"choices": [{"message": {"content": %s, "reasoning": [%s]}}]}' % (data, data)
    with chat(lambda *_: web.Response(body=raw, content_type="application/json")) as server:
        _, found = ask(server, log)
    assert (found["i0"].prediction, found["i0"].reasoning) == ("x\ufffdy", "x\ufffdy")
    assert reading(b'{"choices": [{"message": {"content": "\\ud83d\\ude00"}}]}').text == "😀"


# Anything

keys = st.sampled_from(
    ["choices", "message", "content", "reasoning", "usage", "error", "code", "type", "text", "finish_reason", "param"]
)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["error", "429", "length"]),
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=12,
)


def _may_only_fail_as_declared(data: bytes) -> None:
    reader = Reader("http://chat.example/v1", SECRET, Asking(model="m", extra={"top_k": 3}))
    try:
        reply = reader.read(data)
    except (Passing, Refused, EvaluationError) as error:
        shown = str(error)
    else:
        shown = ""
        kept = reply.prediction(questions(1)[0])
        assert Prediction.model_validate_json(kept.model_dump_json()) == kept
        assert all(getattr(kept, name) < 2**63 for name in PREDICTION.names if name.endswith("_tokens"))
    assert shown.isprintable()
    assert isinstance(reader.failure(400, data, "x"), (Passing, Refused, EvaluationError))


@pytest.mark.heavy
@given(values)
@example({"choices": [{"message": {"content": [{"type": ["x"], "text": [["yes"]]}]}}]})
@example({"choices": [{"message": {"content": "\ud800"}, "error": {"code": 10**400}}]})
def test_any_json_is_an_answer_or_a_declared_error(value: object):
    _may_only_fail_as_declared(json.dumps(value).encode())


@pytest.mark.heavy
@given(st.dictionaries(keys, values), values, values)
def test_any_message_of_a_completion_is_an_answer_or_a_declared_error(message: Any, finish: object, usage: object):
    whole = {"choices": [{"message": message, "finish_reason": finish}], "usage": usage}
    _may_only_fail_as_declared(json.dumps(whole).encode())


@given(st.binary(max_size=60))
def test_any_bytes_are_a_declared_error(data: bytes):
    _may_only_fail_as_declared(data)


@pytest.mark.parametrize("depth", [10, 100, 400, 900, 990, 5_000, DEEP])
@pytest.mark.parametrize("around", ['{"choices": [{"message": {"content": %s}}]}', '{"error": %s}', "%s"])
def test_deep_nesting_is_an_answer_or_a_declared_error(depth: int, around: str):
    for begin, end in (("[", "]"), ('{"text": ', "}"), ('{"error": ', "}")):
        _may_only_fail_as_declared((around % (begin * depth + '"x"' + end * depth)).encode())
