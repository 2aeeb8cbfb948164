"""Reading fails on no answer, takes time in proportion to its length, and changes nothing that is as asked."""

import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medinst_eval.grammar import answers
from medinst_eval.grammar.labels import Entity, Triple
from medinst_eval.metrics import reading, strict
from schemas.task import Re
from sources import tasks
from tests.support.places import CHECKOUT

pytestmark = pytest.mark.usefixtures("scorers")

FORMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "entities": ("[a <x>]", ("x",)),
    "concepts": ("[a <d/1>]", ("d",)),
    "relations": ("[<a> <r> <b>]", ("r",)),
    "events": ("[<x> <t> <a>]", ("x",)),
    "mentions": ("[a]", ()),
    "tags": ("a [B] b [O]", ()),
    "list": ("growth, death", ("growth", "death", "none")),
    "label": ("yes", ("yes", "no", "maybe")),
    "exact": ("A", ()),
    "score": ("3", ()),
}
"""Kind -> a right answer, and what the task says of its labels."""

SIGNS = (
    '[ ] < > [[ ]] ]] [ { } ( ) {" ": [" ", \' " \\ \\[ ` ``` ```json * ** # | |-| / : ; , . ! ? - -- -> → = & '
    "&lt; 【 】 「 」 $ \\boxed{ \\text{ <answer> </answer> <label> </label> <think> </think> assistantfinal final: "
    "Answer: answer is none no yes maybe not or and a b x r d/1 [B] /B O B I 3 5 /5 3-4 [a <x> <x>] <a> <r> <b> (a) "
    "growth death true null 1e9 \ud800 \0"
)
PIECES = st.one_of(st.sampled_from([*SIGNS.split(" "), "\n", " ", "\n- ", "\n1. ", "\n| "]), st.text(max_size=3))
ANSWERS = st.lists(PIECES, max_size=25).map("".join)


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.heavy
@settings(deadline=None, max_examples=120)
@given(answer=ANSWERS)
def test_no_answer_raises(kind: str, answer: str):
    right, labels = FORMS[kind]
    found = strict.METRICS[kind]([answer], [right], labels)
    assert all(0 <= metric.value <= 25 for metric in found.metrics if metric.name != "Pearson r")


@pytest.mark.heavy
def test_deep_nesting_never_raises():
    for deep in ("[" * 40_000, "[" * 20_000 + "]" * 20_000, '{"a":' * 9_000, "(" * 40_000, '["a",' * 9_000):
        for kind, (right, labels) in FORMS.items():
            strict.METRICS[kind]([deep], [right], labels)


REPEATED = (
    *("[", "]", "[]", "[[[a", "<", "'", '"', "\\'", "{", "\\boxed{", "\\text{", "a", " ", "\n", "```", "]   <"),
    *("<answer>", "<answer>a</answer>", "</think>", "3 ", "yes ", "The answer is yes. ", "a -> ", "a = ", "x: a\n"),
    *("[a <x>], ", "- a (x)\n", "| a | x |\n", "a [B] ", "a/B ", "<a> <b> ", '["a",', '{"a":'),
)
STARTED = (("x", " "), ("x", "\t"), ("[a (", " "), ("| ", " "), ('["', '\\"'))
"""What a repetition stands behind: white space at the beginning of an answer is taken away before it is read."""

SHORT, LONG = 4_000, 32_000


def seconds(kind: str, answer: str) -> float:
    right, labels = FORMS[kind]
    start = time.process_time()
    strict.METRICS[kind]([answer], [right], labels)
    return time.process_time() - start


def in_proportion(kind: str, piece: str, start: str = "") -> bool:
    short, long = (seconds(kind, f"{start}{(piece * size)[:size]} yes") for size in (SHORT, LONG))
    return long < 0.2 + 24 * short


@pytest.mark.heavy
@pytest.mark.parametrize("kind", FORMS)
def test_time_grows_as_the_answer_does(kind: str):
    """Eight times the text takes eight times as long, not 64 times; a pause, such as for collecting garbage, passes."""
    for piece in REPEATED:
        assert any(in_proportion(kind, piece) for _ in range(5)), piece
    for start, piece in STARTED:
        assert any(in_proportion(kind, piece, start) for _ in range(5)), start + piece


@pytest.mark.heavy
@pytest.mark.parametrize("item", ["[a ({}x]", "[a <{}x]", "[a{}(x]"])
def test_an_item_of_blanks_takes_no_longer_than_others(item: str):
    """An item has few characters, but a model may write many items."""
    short, long = (seconds("entities", ", ".join([item.format(" " * blanks)] * 20)) for blanks in (70, 560))
    assert long < 0.2 + 24 * short


@pytest.mark.heavy
@pytest.mark.parametrize("kind", ["entities", "label", "tags", "score"])
def test_a_megabyte_is_scored(kind: str):
    right, labels = FORMS[kind]
    for piece in ("[", "It is said that yes or no, the answer is no. "):
        found = strict.METRICS[kind]([piece * (1_000_000 // len(piece))], [right], labels)
        assert found.metrics[0].parts.shape[0] == 1


NASTY = st.sampled_from(["[", "]", "<", ">", "\\", ", ", "> <", "[3H]", "<sup>2</sup>", "], [", "p < 0.05", "a", "β"])
MENTIONS = st.lists(NASTY, min_size=1, max_size=5).map(lambda parts: " ".join("".join(parts).split())).filter(bool)
NAMES = st.sampled_from(["chemical", "cell line", "mesh/D1"])
ENTITIES = st.lists(st.builds(Entity, MENTIONS, NAMES), min_size=1, max_size=4)
TRIPLES = st.lists(st.builds(Triple, MENTIONS, NAMES, MENTIONS), min_size=1, max_size=4)


@settings(deadline=None)
@given(ENTITIES, TRIPLES)
def test_what_the_grammar_writes_is_wholly_right(entities: list[Entity], triples: list[Triple]):
    for kind, answer in (
        ("entities", answers.Entities().write(entities)),
        ("concepts", answers.Concepts().write(entities)),
        ("relations", answers.Relations().write(triples)),
        ("events", answers.Events().write(triples)),
        ("mentions", answers.Mentions().write([entity.mention for entity in entities])),
    ):
        found = strict.METRICS[kind]([answer], [answer], ())
        assert (found.metrics[0].value, found.read) == (1, [True]), (kind, answer)


# Relations without direction

UNDIRECTED = re.compile(r"\b(?:with|together|related to|another name|alternative)\b")
BY_ROLE = {
    "CHEBI-RE": {"is associated with": "metabolite or other chemical", "binds with": "metabolite or other chemical"},
    "CPI-RE": {"interacts with": "the compound comes first"},
    "Verspoor-2013-RE": {"is related to": "body part to the disease"},
}
"""Relations that sound as if they had no direction, but whose ends have roles -> what the guideline says of these."""


def test_relations_without_direction_are_declared():
    for name, (_, task) in tasks().items():
        if isinstance(task, Re):
            sound = {label for label in task.labels if UNDIRECTED.search(label)} - set(task.symmetric)
            assert sound == set(BY_ROLE.get(name, ())), name


@pytest.mark.parametrize("name", BY_ROLE)
def test_where_ends_have_roles_the_guideline_says_which_comes_first(name: str):
    text = (CHECKOUT / "sources/instructions" / name / "guideline.txt").read_text(encoding="utf-8")
    assert all(said in " ".join(text.split()) for said in BY_ROLE[name].values())


def test_either_order_of_every_symmetric_relation_is_right():
    for name, (_, task) in tasks().items():
        for label in task.symmetric if isinstance(task, Re) else ():
            turned: Any = reading.relations(task.symmetric, f"[<b> <{label}> <a>]")
            assert turned == reading.relations(task.symmetric, f"[<a> <{label}> <b>]"), name
