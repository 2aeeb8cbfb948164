"""Rewards: what answers earn, that completions of any kind are borne, and what trl's trainers call."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medinst_eval import judge, reward, reward_function
from medinst_eval.metrics.strict import METRICS
from medinst_eval.rewards import SIGNS, Verifier
from medinst_eval.rewards.attacks import Sample
from medinst_eval.rewards.kinds import KINDS
from medinst_eval.rewards.verifier import read
from tests.support.golden import golden

SAMPLES = golden()


def row(kind: str, gold: str, *labels: str, symmetric: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"ground_truth": gold, "verifier": Verifier(kind, labels, symmetric).text()}


def row_of(sample: Sample) -> dict[str, Any]:
    return {"ground_truth": sample.output, "verifier": sample.verifier.text()}


NER = row("entities", "[IL-2 <protein>], [T cell <cell>], [IL-2 <protein>]", "protein", "cell")
RE = row("relations", "[<a> <binds> <b>], [<c> <cuts> <d>]", "binds", "cuts", symmetric=("binds",))
TAGS = row("tags", "IL-2 [B] receptor [I] binds [O] tea [B]")
LABEL = row("label", "no", "yes", "no", "maybe")
LIST = row("list", "Prevention, Treatment", "Diagnosis", "Prevention", "Treatment")
SCORE = row("score", "4", *"012345")
EXACT = row("exact", "lamp oil")
TEXT = row("text", "Does velt fever come with the blossom?")
NOTHING = row("entities", "none", "protein")


@pytest.mark.parametrize(
    ("answer", "asked", "earned"),
    [
        # lists
        ("[IL-2 <protein>], [T cell <cell>], [IL-2 <protein>]", NER, 1),
        ("[IL-2 <protein>], [IL-2 <protein>], [t  cell <Cell>]", NER, 1),
        ("[IL-2 <protein>], [T cell <cell>]", NER, 4 / 5),
        ("[IL-2 <cell>]", NER, 0),
        ("none", NER, 0),
        ("none", NOTHING, 1),
        ("[IL-2 <protein>]", NOTHING, 0),
        ("The items: [IL-2 <protein>], [T cell <cell>], [IL-2 <protein>]", NER, 1 - 11 / 200),
        ("[IL-2 <protein>], " * 9 + "[IL-2 <protein>]", NER, 0),
        ("[<b> <binds> <a>], [<c> <cuts> <d>]", RE, 1),
        ("[<b> <binds> <a>], [<d> <cuts> <c>]", RE, 1 / 2),
        ("Treatment, Prevention", LIST, 1),
        ("Treatment", LIST, 2 / 3),
        ("Diagnosis, Prevention, Treatment", LIST, 4 / 5),
        # one answer
        ("no", LABEL, 1),
        ("**No.**", LABEL, 1),
        ("yes", LABEL, 0),
        ("The answer is no.", LABEL, 1 - 14 / 200),
        (r"\boxed{no}", LABEL, 1 - 8 / 200),
        ("no, or yes", LABEL, 0),
        ("no\nno", LABEL, 0),
        ("no " + "because of the moon " * 20, LABEL, 0),
        ("Lamp oil", EXACT, 1),
        ("lamp", EXACT, 0),
        ("lamp oil, lamp oil", EXACT, 0),
        ("4", SCORE, 1),
        ("2", SCORE, 3 / 5),
        ("4/5", SCORE, 1 - 2 / 200),
        ("3.5", SCORE, 0),
        ("-4", SCORE, 0),
        ("4 or 5", SCORE, 0),
        ("6", SCORE, 0),
        # whole texts
        ("IL-2 [B] receptor [I] binds [O] tea [B]", TAGS, 1),
        ("IL-2 [B] receptor [I] binds [O] tea [O]", TAGS, 2 / 3),
        ("IL-2 [B] receptor [I]", TAGS, 2 / 3 * 2 / 4),
        ("x [O]", TAGS, 0),
        ("Does velt fever come with the blossom?", TEXT, 1),
        ("velt fever", TEXT, 2 * 2 / 9),
        ("Does velt fever come with the blossom? " * 3, TEXT, 0),
        ("Does velt fever come with the blossom? #####", TEXT, 1 - 5 / 200),
    ],
)
def test_what_an_answer_earns(answer: str, asked: dict[str, Any], earned: float) -> None:
    assert reward(answer, asked) == pytest.approx(earned, abs=1e-6)


@pytest.mark.parametrize("task", SAMPLES)
def test_the_right_answer_of_every_task_earns_everything(task: str) -> None:
    sample = SAMPLES[task]
    assert judge(sample.output, row_of(sample)) == (1.0, None)
    whole = {"output": sample.output, "task": task, "input": sample.input}
    assert reward(sample.output, whole) == 1.0, "as a sample of MedINST"
    assert reward("", row_of(sample)) == 0


# Completions


@pytest.mark.parametrize(
    ("completion", "earned"),
    [
        ([{"role": "assistant", "content": "no"}], 1),
        ([{"role": "user", "content": "yes?"}, {"role": "assistant", "content": [{"type": "text", "text": "no"}]}], 1),
        ([{"role": "assistant", "content": "yes"}, {"role": "assistant", "content": "no"}], 1),
        ([{"role": "assistant", "content": "yes"}, {"role": "tool", "content": "no"}], 0),
        ({"role": "assistant", "content": "no"}, 1),
        ({"content": None, "reasoning_content": "no"}, 0),
        ("<think>yes or no?</think>\n\nno", 1),
        ("perhaps yes</think>no", 1),
        ("<think>no", 0),
        ("<|channel|>analysis<|message|>yes?<|end|><|start|>assistant<|channel|>final<|message|>no<|return|>", 1),
    ],
)
def test_the_answer_is_what_the_assistant_said_last_without_its_thoughts(completion: object, earned: float) -> None:
    assert reward(completion, LABEL) == earned


HOSTILE = [
    None, 0, 1.5, True, b"no", object(), [], {}, [None], [[]], [{}], [{"role": "assistant"}],
    {"content": [1, None, {}]},
    "\ud800", "no\ud800", "\x00", "[" * 50_000, "]" * 50_000, "{" * 50_000, '[["' * 20_000, "\\" * 9_999, "9" * 9_999,
    "<think>" * 9_999, "</think>" * 9_999, "no " * 300_000, "x" * 1_000_000, "x [B] " * 150_000, "<" * 900, "> <" * 300,
    "[<> <> <>]", "[ <>]", "[]", "[[]]", "```json\n[[", "\\boxed{" * 140, "𝟙", "٣", "²", "ß" * 999,
    "½/5", "nan", "-", "''",
]  # fmt: skip


@pytest.mark.heavy  # all of it for each kind of answers
@pytest.mark.parametrize("kind", KINDS)
def test_no_completion_is_an_error(kind: str) -> None:
    asked = [row_of(sample) for sample in SAMPLES.values() if sample.verifier.kind == kind][:3]
    assert asked
    for completion in HOSTILE:
        for one in asked:
            assert 0 <= reward(completion, one) < 1, (kind, repr(completion)[:40])


PIECES = st.sampled_from(
    ["[", "]", "<", ">", "> <", ", ", "\\", "\n", "none", "no", "yes", "a", "IL-2", " [B]", "[O]", "{", "}", '"',
     "```json", "\\boxed{", "<answer>", "</answer>", "<think>", "</think>", "The answer is ",
     "5", "/5", ".", "- ", "|", ":", "or", "assistantfinal", "\ud800", "½", "﷽", "[a <protein>]"]
)  # fmt: skip


@pytest.mark.heavy
@given(st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join), st.sampled_from(sorted(SAMPLES)))
def test_any_text_earns_a_share_and_always_the_same(answer: str, task: str) -> None:
    sample = SAMPLES[task]
    for text in (answer, sample.output + answer, answer + sample.output):
        earned = judge(text, row_of(sample))
        assert 0 <= earned.reward <= 1
        assert judge([{"role": "assistant", "content": text}], row_of(sample)) == earned


@pytest.mark.heavy
@given(st.lists(PIECES, max_size=20).map("".join), st.sampled_from(sorted(SAMPLES)))
def test_of_lists_and_labels_it_is_at_most_the_strict_score(answer: str, task: str) -> None:
    sample = SAMPLES[task]
    kind, labels, symmetric = sample.verifier
    if kind in ("score", "text"):
        return
    for text in (answer, sample.output + answer, answer + sample.output):
        told = symmetric if kind == "relations" else labels
        metrics = {each.name: each.value for each in METRICS[kind]([text], [sample.output], told).metrics}
        measured = {"label": "accuracy", "exact": "exact match", "tags": "micro F1"}.get(kind, "macro F1")
        empty = kind == "tags" and "[B]" not in sample.output  # a micro F1 of nothing is 0
        assert reward(text, row_of(sample)) <= metrics[measured] + 1e-9 + empty


@pytest.mark.heavy
def test_it_is_fast() -> None:
    rows = [row_of(sample) for sample in SAMPLES.values()]
    reward_function([each["ground_truth"] for each in rows], **columns(rows))
    begun = time.process_time()
    for _ in range(10):
        reward_function([each["ground_truth"] for each in rows], **columns(rows))
    assert (time.process_time() - begun) / (10 * len(rows)) < 0.0005, "seconds for each completion"
    begun = time.process_time()
    reward("[a <b>], " * 110_000, NER)
    assert time.process_time() - begun < 1, "seconds for a megabyte"


# Rows and batches


def columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [each[name] for each in rows] for name in ("ground_truth", "verifier")}


def test_a_batch_is_rewarded_as_trl_calls_it() -> None:
    rows = [NER, LABEL, SCORE, {**LABEL, "verifier": json.loads(LABEL["verifier"])}]
    completions = ["[IL-2 <protein>]", "no", "2", [{"role": "assistant", "content": "no"}]]
    logged: dict[str, float] = {}
    given_ = reward_function(
        prompts=["?"] * 4,
        completions=completions,
        completion_ids=[[1]] * 4,
        trainer_state=None,
        log_metric=logged.__setitem__,
        task=["T"] * 4,
        **columns(rows),
    )
    assert given_ == [reward(*each) for each in zip(completions, rows, strict=True)] == [1 / 2, 1, 3 / 5, 1]
    assert logged == {f"watch/{sign}": 0 for sign in SIGNS}
    assert reward_function([], [], []) == []
    with pytest.raises(ValueError, match="zip"):
        reward_function(["no"], **columns(rows))


@pytest.mark.parametrize(
    ("answer", "asked", "sign"),
    [
        ("", NER, "empty"),
        ("<think>IL-2", NER, "empty"),
        ("[IL-2 <protein>], " * 90, NER, "long"),
        ("yes or no", LABEL, "unread"),
        ("I see.", NER, "unread"),
        ("As I said, much can be said about such a question. " * 3 + "[IL-2 <protein>]", NER, "padded"),
        ("[IL-2 <protein>], " * 9 + "[IL-2 <protein>]", NER, "repeated"),
        (", ".join(f"[IL-{n} <protein>]" for n in range(12)), NER, "sprayed"),
        ("[IL-7 <protein>]", NER, None),
    ],
)
def test_what_looks_like_an_attempt_to_play_it_is_named_and_logged(answer: str, asked: dict, sign: str | None) -> None:
    assert judge(answer, asked).sign == sign
    logged: dict[str, float] = {}
    reward_function([answer, asked["ground_truth"]], **columns([asked, asked]), log_metric=logged.__setitem__)
    assert {name for name, share in logged.items() if share} == ({f"watch/{sign}"} if sign else set())
    assert set(logged.values()) <= {0, 1 / 2}


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({}, "needs the text `ground_truth`"),
        ({"ground_truth": ["no"], "verifier": "{}"}, "needs the text `ground_truth`"),
        ({"ground_truth": "no", "task": "Nothing"}, "needs `verifier`, or a `task` of MedINST"),
        ({"ground_truth": "no", "verifier": "label"}, "is not JSON: 'label'"),
        ({"ground_truth": "no", "verifier": '["label"]'}, "has no kind"),
        ({"ground_truth": "no", "verifier": {"kind": "labels"}}, "no kind of answers 'labels'; there are entities, "),
    ],
)
def test_a_row_that_cannot_be_verified_is_an_error(asked: dict, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        reward("no", asked)


@given(st.builds(Verifier, st.text(), *[st.lists(st.text()).map(tuple)] * 2))
def test_a_verifier_is_read_as_it_was_written(verifier: Verifier) -> None:
    assert read(verifier.text()) == verifier == read(verifier._asdict())
