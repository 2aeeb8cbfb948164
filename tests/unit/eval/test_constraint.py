"""Constraints of answers, obeyed by llguidance: every gold answer passes, and nothing that the grammar refuses."""

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from medinst_eval.grammar.answers import Entities, Events, Form, Relations, Tags
from medinst_eval.grammar.brackets import Unparsable, items
from medinst_eval.grammar.constraint import constraint
from medinst_eval.grammar.labels import Entity
from medinst_eval.grammar.plain import Classes, FreeText
from schemas.errors import EvaluationError
from schemas.evaluation import Asking, Question
from sources import tasks
from tasks.build.render.stage import form
from tasks.model.evaluate.constrain import FIELDS, constraint_of, refuse_unfitting
from tasks.model.evaluate.requests import Requests
from tests.golden.write import written
from tests.support.obeying import obeys

SIGNS = [*"[]<>\\,/ \nx0", "> <", " <", ", ", "none", "] [", '"']
MUTANTS = 7
"""Of each gold answer: 1,029 in all."""


GOLD = {task: text.partition("=== output\n")[2].removesuffix("\n") for task, text in written().items()}
CONSTRAINED = sorted(task for task in GOLD if constraint_of(task))


def readable(task: str, answer: str) -> bool:
    """Whether the grammar reads an answer and all its labels are declared."""
    declared = tasks()[task][1]
    shape: Form[Any] = form(declared)
    try:
        found = shape.parse(answer)
    except Unparsable:
        return False
    named = {"labels", "entities", "concepts", "relations", "events"}
    labels = set(shape.names(found)) if shape.name in named else set()
    return labels <= set(declared.labels) and (shape.name != "labels" or bool(shape.separator) or len(found) == 1)


APART: dict[str, Callable[[str], list[str]]] = {
    "entities": lambda item: [item.rpartition(" <")[0], item.rpartition(" <")[2][:-1]],
    "concepts": lambda item: [item.rpartition(" <")[0], *item.rpartition(" <")[2][:-1].partition("/")[::2]],
    "relations": lambda item: item[1:-1].split("> <"),
    "events": lambda item: item[1:-1].split("> <"),
    "mentions": lambda item: [item],
}
"""The texts of an item as they are written."""


def narrower(task: str, answer: str) -> bool:
    """Whether a constraint is narrower than `parse` for an answer, as its module says."""
    declared = tasks()[task][1]
    shape = form(declared).name
    if shape == "tags":
        return not answer or answer.endswith(" ")
    if shape == "score":
        return answer not in declared.labels
    if shape not in APART or answer == "none":
        return False
    texts = [text for item in items(answer) for text in APART[shape](item)]
    open_ended = any(not text or text.endswith("\\") or not closed(text) for text in texts)
    return bool(re.search(r"[\n\r]", answer)) or open_ended


def closed(text: str) -> bool:
    """Whether the brackets of a text come in pairs."""
    try:
        return items(f"[{text}]") == [text]
    except Unparsable:
        return False


def mutant(answer: str, draw: random.Random) -> str:
    """An answer with one or two small changes: a sign put in, taken out or replaced, a piece said twice."""
    for _ in range(draw.randint(1, 2)):
        one, other = sorted(draw.randrange(len(answer) + 1) for _ in range(2))
        kind = draw.randrange(4)
        if kind == 0:
            answer = answer[:one] + draw.choice(SIGNS) + answer[one:]
        elif kind == 1:
            answer = answer[:one] + answer[one + draw.randint(1, 4) :]
        elif kind == 2:
            answer = answer[:one] + draw.choice(SIGNS) + answer[one + 1 :]
        else:
            answer = answer[:other] + answer[one:other] + answer[other:]
    return answer


def test_every_task_but_those_of_free_text_is_constrained():
    free = {task for task in GOLD if constraint_of(task) is None}
    assert free == {task for task in GOLD if form(tasks()[task][1]).name == "text"}
    assert len(CONSTRAINED) == len(GOLD) - len(free) >= 140


@pytest.mark.heavy
def test_gold_answers_pass_and_of_1000_mutants_those_that_the_grammar_reads():
    draw = random.Random(14)
    seen: Counter[str] = Counter()
    for task in CONSTRAINED:
        found = constraint_of(task)
        assert found is not None
        assert obeys(found, GOLD[task]), f"{task}: {GOLD[task]!r}"
        if found.choices:
            assert GOLD[task] in found.choices
        for _ in range(MUTANTS):
            answer = mutant(GOLD[task], draw)
            passes, reads = obeys(found, answer), readable(task, answer)
            assert passes == (reads and not narrower(task, answer)), f"{task}: {answer!r}"
            seen["passes" if passes else "narrower" if reads else "refused"] += 1
    assert seen.total() >= 1000
    assert seen["passes"] >= 180
    assert seen["refused"] >= 600
    assert seen["narrower"] <= 25


@pytest.mark.parametrize(
    ("shape", "labels", "good", "bad"),
    [
        (
            Entities(),
            ("cell", "cell line"),
            ["none", "[a <cell>]", "[p <0.05 <cell line>]", "[[3H]-x <cell>], [\\[ <cell>]", "[é 🐌 <cell>]"],
            ["", "None", "[a <cel>]", "[a]", "[a <cell>],[b <cell>]", "[[ <cell>]", "[a <cell>", " none"],
        ),
        (
            Relations(),
            ("induces",),
            ["[<a> <induces> <b>]", "[<a > b> <induces> <[c]>]", "[<a\\> \\<b> <induces> <c>]"],
            ["[<a> <b> <induces> <c>]", "[<a> <causes> <b>]", "[<a> <induces> <[b> <c]>]", "[<a> <induces> <b> <c>]"],
        ),
        (Events(), ("binding",), ["[<binding> <binds> <IL-2>]"], ["[<bind> <binds> <IL-2>]", "[<binding> <IL-2>]"]),
        (Tags(), (), ["a [B] b [O]", "[x] [I]"], ["a [X]", "a [B]  b [O]", "a\u00a0b [B]", "a", "a [B],"]),
        (Classes(("a", "a b"), multiple=True), ("a", "a b"), ["a", "a b", "a, a b"], ["", "a,a b", "a, ", "c", "a; a"]),
    ],
    ids=lambda each: each.name if isinstance(each, Form) else "",
)
def test_each_form_lets_its_own_answers_pass(shape, labels, good, bad):
    found = constraint(shape, labels)
    assert found is not None
    assert [answer for answer in good if not obeys(found, answer)] == []
    assert [answer for answer in bad if obeys(found, answer)] == []


def test_labels_with_signs_of_the_grammar_are_written_as_answers_have_them():
    found = constraint(Entities(), ("a <b", 'say "x\\y"'))
    assert found is not None
    for label in ("a <b", 'say "x\\y"'):
        assert obeys(found, Entities().write([Entity("m", label)]))
    assert constraint(FreeText(), ()) is None


def asked(task: str) -> Question:
    return Question(key="k", id="i", task=task, turns=(), prompt="p", target="t")


@pytest.mark.parametrize("server", FIELDS)
def test_a_request_carries_the_constraint_in_the_words_of_its_server(server):
    body = Requests(Asking(model="m", constrain=server)).body(asked("BC5CDR-RE"))
    grammar = constraint_of("BC5CDR-RE").grammar
    assert {
        "vllm": {"structured_outputs": {"grammar": grammar}},
        "sglang": {"ebnf": grammar},
        "llama.cpp": {"grammar": grammar},
    }[server].items() <= body.items()
    free = Requests(Asking(model="m", constrain=server)).body(asked("ParaMed"))
    assert free == Requests(Asking(model="m")).body(asked("ParaMed"))
    json.dumps(body)


def test_few_answers_are_a_choice_for_vllm():
    for task, choices in {
        "PubMedQA-labeled": ["yes", "no", "maybe"],
        "BIOSSES": ["0", "1", "2", "3", "4", "5"],
    }.items():
        body = Requests(Asking(model="m", constrain="vllm")).body(asked(task))
        assert body["structured_outputs"] == {"choice": choices}


def test_a_constraint_is_part_of_what_is_asked_and_free_answers_are_what_they_were():
    assert "constrain" not in Asking(model="m").shaping
    assert Asking(model="m", constrain="vllm").shaping["constrain"] == "vllm"


@pytest.mark.parametrize(("backend", "constrain"), [("openai", "llguidance"), ("transformers", "vllm")])
def test_a_constraint_that_nothing_obeys_is_refused(backend, constrain):
    with pytest.raises(EvaluationError, match=f"--backend {backend} does not obey --constrain {constrain}"):
        refuse_unfitting(Asking(model="m", backend=backend, constrain=constrain))
