"""A table of answers as today's models give them, with what a person reads, against what `strict` reads.

`read_answers.jsonl` has one answer a line: the kind of the answer; what the task says of its labels; the answer; what a
person reads, as the grammar writes it, null where they would not know; the right answer where nothing is read and the
kind has no other; a note; the batch. All answers are invented. Batch 1 was written before the rules of reading, the
others after them, each before the rules were changed for it.
"""

import json
from collections import Counter
from typing import Any

import pytest

from medinst_eval.metrics import reading, strict
from sources import tasks
from tasks.model.score.declared import definition
from tests.support.places import CHECKOUT

pytestmark = pytest.mark.usefixtures("scorers")

ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (CHECKOUT / "tests/unit/eval/read_answers.jsonl").read_text(encoding="utf-8").splitlines()
]
LISTS = ("entities", "concepts", "relations", "events", "mentions", "list")
KNOWN = {"no doubt, yes", "[ASA, acetylsalicylic acid]", "I would assign Treatment and Prevention."}
"""Answers that `strict` reads otherwise, on purpose: docs/evaluation.md says why."""


def read(row: dict[str, Any], right: str) -> tuple[bool, bool]:
    """Whether an answer could be read, and whether it is wholly right if this is the right one."""
    found = strict.METRICS[row["form"]]([row["answer"]], [right], row["labels"])
    each = found.metrics[1 if row["form"] in LISTS else 0].value  # the F1 of two empty lists is 0 if items are counted
    return found.read[0], each == (0 if row["form"] == "score" else 1)


def agrees(row: dict[str, Any]) -> bool:
    if row["reads"] is not None:
        return read(row, row["reads"]) == (True, True)
    right = [row["gold"]] if "gold" in row else row["labels"] if row["form"] in ("label", "list") else ["none"]
    return all(read(row, each) == (False, False) for each in (right if row["form"] != "score" else "012345"))


def test_the_table_has_all_forms_and_many_styles():
    assert len(ROWS) >= 200
    assert {row["form"] for row in ROWS} == set(strict.METRICS)
    assert all(count >= 10 for count in Counter(row["form"] for row in ROWS).values())
    assert sum(row["reads"] is None for row in ROWS) >= len(ROWS) / 8
    assert len({(row["form"], row["answer"], *row["labels"]) for row in ROWS}) == len(ROWS)


@pytest.mark.heavy
def test_strict_reads_what_a_person_reads():
    apart = {row["answer"] for row in ROWS if not agrees(row)}
    assert len(apart) <= 0.01 * len(ROWS), apart
    assert apart == KNOWN


@pytest.mark.heavy
def test_no_label_is_hit_by_luck():
    """What a person reads as one label is not right for another one, and what they cannot read for none."""
    for row in ROWS:
        if row["form"] == "label":
            hit = [label for label in row["labels"] if read(row, label)[1]]
            assert hit in ([], [row["reads"]]), row["answer"]


@pytest.mark.parametrize(
    "answer",
    [
        "yes no maybe",
        "yes or no",
        "yes; no; maybe",
        "yes. no. maybe.",
        "yes/no",
        "Yes and no.",
        "not yes",
        "maybe yes",
        "either **yes** or **no**",
        "I think yes. I think no.",
        "Answer: yes Answer: no Answer: maybe",
        "Final answer: yes. Final answer: no.",
        "So yes. So no. So maybe.",
        "**yes** **no** **maybe**",
        "<answer>yes</answer><answer>no</answer><answer>maybe</answer>",
        r"\boxed{yes}\boxed{no}",
        '{"answer": ["yes", "no", "maybe"]}',
        "[yes] [no]",
        "yes, but also no",
        "yes?",
        "yesterday",
        "The eyes have it, nobody knows, no-one may be sure.",
    ],
)
def test_who_says_all_labels_hits_none(answer):
    assert reading.label(answer, ["yes", "no", "maybe"]) is None


@pytest.mark.parametrize("name", sorted(tasks()))
def test_golden_answers_read_as_themselves(name):
    task = definition(name)
    kind = task.strict
    whole = (CHECKOUT / "tests/golden" / f"{name}.txt").read_text(encoding="utf-8")
    right = whole.rpartition("\n=== output\n")[2].removesuffix("\n")
    assert right
    if kind != "text":  # of which BLEU and METEOR cost too much here
        row = {"form": kind, "labels": task.told, "answer": right}
        assert read(row, right) == (True, True)
        assert read(row | {"answer": f"<answer>\n{right}\n</answer>"}, right) == (True, True)
