"""Reasoning apart from answers: every known layout, thoughts that never end, and words that only look like a marker."""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from medinst_eval.reasoning import FAMILIES, Split, opened, split, splitter

THOUGHT = "The dose could be [velt fever <disease>].\nOr is it [otter <species>]?"
ANSWER = "[velt fever <disease>], [marl <gene>]"

LAYOUTS = {
    "think": ("<think>\n", "\n</think>\n\n", ""),
    "thinking": ("<thinking>", "</thinking>\n", ""),
    "thought": ("<thought>\n", "\n</thought>\n\n", ""),
    "reasoning": ("<reasoning>\n", "\n</reasoning>\n", ""),
    "mistral": ("[THINK]", "[/THINK]", ""),
    "seed": ("<seed:think>", "</seed:think>", ""),
    "kimi": ("◁think▷", "◁/think▷", ""),
    "solution": (
        "<|begin_of_thought|>\n\n",
        "\n\n<|end_of_thought|>\n\n<|begin_of_solution|>\n\n",
        "\n\n<|end_of_solution|>",
    ),
    "cohere": (
        "<|START_THINKING|>",
        "<|END_THINKING|><|START_RESPONSE|>",
        "<|END_RESPONSE|><|END_OF_TURN_TOKEN|>",
    ),
    "apertus": ("<|inner_prefix|>", "<|inner_suffix|>", ""),
    "gemma": ("<|channel>thought\n", "<channel|>", "<turn|>"),
    "harmony": (
        "<|channel|>analysis<|message|>",
        "<|end|><|start|>assistant<|channel|>final<|message|>",
        "<|return|>",
    ),
    "harmony, its special tokens stripped": ("analysis", "assistantfinal", ""),
    "granite": ("Here is my thought process:\n", "\nHere is my response:\n", ""),
}
"""What stands before the thought, between it and the answer, and behind the answer."""

NAMES = sorted(FAMILIES)


def test_every_family_has_a_layout_here():
    assert sorted(LAYOUTS) == NAMES, "a new family needs a case in LAYOUTS, as its models write"


@pytest.mark.parametrize("name", NAMES)
def test_a_thought_is_apart_from_the_answer(name: str):
    begin, between, end = LAYOUTS[name]
    assert split(f"{begin}{THOUGHT}{between}{ANSWER}{end}") == Split(THOUGHT, ANSWER)
    assert split(f"\n{begin}{THOUGHT}{between}{ANSWER}{end}\n") == Split(THOUGHT, ANSWER)


@pytest.mark.parametrize("name", NAMES)
def test_a_thought_that_never_ends_leaves_no_answer(name: str):
    assert split(LAYOUTS[name][0] + THOUGHT) == Split(THOUGHT, "", closed=False)


@pytest.mark.parametrize("name", [name for name in NAMES if FAMILIES[name].alone])
def test_a_template_may_have_opened_the_thought(name: str):
    _, between, end = LAYOUTS[name]
    assert split(f"{THOUGHT}{between}{ANSWER}{end}") == Split(THOUGHT, ANSWER)
    assert split(f"{between}{ANSWER}{end}") == Split("", ANSWER)


@pytest.mark.parametrize("name", [name for name in NAMES if FAMILIES[name].alone])
def test_a_prompt_tells_that_its_template_opened_a_thought(name: str):
    begin, between, _ = LAYOUTS[name]
    prompt = f"<|im_start|>user\nWhich?<|im_end|>\n<|im_start|>assistant\n{begin}"
    if name != "harmony, its special tokens stripped":  # which a prompt never is
        assert split(opened(prompt) + THOUGHT) == Split(THOUGHT, "", closed=False)
    assert opened(f"{prompt}{between}") == ""


@pytest.mark.parametrize(
    ("text", "thought", "answer"),
    [
        ("<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>commentary to=f <|constrain|>json"
         "<|message|>b<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>yes", None, "yes"),
        ("<|start|>assistant<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>yes",
         "a", "yes"),
        ("analysisWe look.assistantcommentaryHm.assistantanalysisWe know.assistantfinalyes", None, "yes"),
        ("We look up yes.assistantfinalno", "We look up yes.", "no"),
        ("Here's my thought process: a. Here's my response: yes", "a.", "yes"),
        ("<think>\n\n</think>\n\nyes", "", "yes"),
        ("<think>a</think><think>b</think>yes", "a\nb", "yes"),
        ("<think>a</think>\nyes\n<think>b</think>", "a\nb", "yes"),
        ("<think>a <think>b</think> c</think> yes", None, "yes"),
        ("I may write <think> here, or no.</think>yes", "I may write <think> here, or no.", "yes"),
        ("Sure.\n<think>no</think>\nyes", "no", "Sure.\nyes"),
        ("yes\n<think>or no", "or no", "yes"),
    ],
    ids=range(12),
)  # fmt: skip
def test_what_models_make_of_the_layouts(text: str, thought: str | None, answer: str):
    found = split(text)
    assert found.answer == answer
    assert thought in (None, found.thought)


@pytest.mark.parametrize(
    "text",
    [
        "analysis",
        "analysis of variance [O]",
        "Analysis [B] of [I] variance [I]",
        "[analysis <procedure>], [assistant final exam <event>]",
        "[mood <thought>], [idea <think>]",
        "[low mood <thought>]\n[idea <reasoning>]",
        "The final channel is <b>wide</b>.",
        "think [O] THINK [B]",
        "Here is my response: yes",
        "I think yes; my reasoning is short.",
        "[[THINK-1 <gene>]]",
    ],
)
def test_an_answer_with_such_words_is_left_as_it_is(text: str):
    assert split(text) == Split("", text)


def test_reasoning_may_be_found_by_a_pattern_or_not_at_all():
    text = "<think>a</think>(hm)yes"
    assert splitter(r"\((.*?)\)")(text) == Split("hm", "<think>a</think>yes")
    assert splitter("")(f" {text}\n") == Split("", text)
    assert splitter(None)(text) == Split("a", "(hm)yes")


MARKERS = [each for layout in LAYOUTS.values() for each in layout if each]
pieces = st.lists(st.sampled_from([*MARKERS, "a", "[x <y>]", "\n", " ", "A"]), max_size=12).map("".join)


@given(pieces)
@example("<think>assistantfinal")
def test_whatever_is_mixed_no_letter_is_made_up_and_answers_hold_no_closed_thought(text: str):
    found = split(text)
    assert len(found.thought) + len(found.answer) <= len(text) + 12
    for family in FAMILIES.values():
        if family.alone:
            assert not re.search(family.closes, found.answer)


@given(st.text(alphabet="abc [<>]\n,.", max_size=60))
def test_a_text_without_markers_is_an_answer(text: str):
    assert split(text) == Split("", text.strip())


@pytest.mark.parametrize(
    "text",
    ["<think></think>", "a<think>", "<|channel|>final", "<|channel|>analysis", "analysis\n", "x</think>"],
)
def test_long_texts_full_of_markers_take_no_time(text: str):
    began = time.process_time()
    split(text * 20_000)
    assert time.process_time() - began < 1
