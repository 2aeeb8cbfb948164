"""What becomes of samples with the same input and different answers in one task: a declared policy for each form."""

from collections.abc import Callable, Sequence
from typing import Literal

import polars as pl

from medinst_eval.grammar.answers import PhraseConcepts
from medinst_eval.grammar.labels import Entity
from medinst_eval.grammar.plain import Score
from schemas.task import Ned, Task
from tasks.build.render import form

Policy = Literal["merge", "mean", "majority", "alternatives"]

POLICIES: dict[Policy, str] = {
    "merge": "the answers are merged: one item for each identifier that any of them gives",
    "mean": "the answer is the mean of the scores, rounded half up",
    "majority": "the most frequent answer is kept; if no answer is more frequent than all others, none is",
    "alternatives": "all answers are kept, because more than one text can be right",
}
"""Each policy in words."""

BY_FORM: dict[str, Policy] = {
    "concepts": "majority",
    "entities": "majority",
    "events": "majority",
    "labels": "majority",
    "mentions": "majority",
    "relations": "majority",
    "score": "mean",
    "tags": "majority",
    "text": "alternatives",
}
"""Name of an answer form -> what is done. A list, or a tagged sentence, is one judgement of the whole text: two of them
cannot be merged without inventing a third that no annotator gave."""


def policy(task: Task) -> Policy:
    """What is done about conflicts in a task; a phrase that is annotated with several concepts has all of them."""
    return "merge" if isinstance(task, Ned) and task.per == "phrase" else BY_FORM[form(task).name]


def merged(answers: Sequence[str]) -> list[str]:
    """The answers of one phrase, each with the identifiers of all of them, in the order of their first occurrence."""
    grammar = PhraseConcepts()
    parsed = [list(grammar.parse(answer)) for answer in answers]
    concepts = dict.fromkeys(item.type for items in parsed for item in items)
    return [grammar.write([Entity(items[0].mention, concept) for concept in concepts]) for items in parsed]


def mean(answers: Sequence[str]) -> list[str]:
    """The mean of some scores, rounded half up, in place of each."""
    grammar = Score()
    scores = [grammar.parse(answer) for answer in answers]
    return [grammar.write((2 * sum(scores) + len(scores)) // (2 * len(scores)))] * len(scores)


COMBINES: dict[Policy, Callable[[Sequence[str]], list[str]]] = {"merge": merged, "mean": mean}
"""Policies that change answers, and how."""


def combined(conflicting: pl.DataFrame, how: Policy) -> pl.DataFrame:
    """The new answers of conflicting samples.

    Args:
        conflicting: samples with `group`, `split`, `id` and `output`, in the order of precedence.
        how: the policy.

    Returns:
        One row for each sample whose answer changes: `split`, `id`, `output`.
    """
    combine = COMBINES[how]
    groups = conflicting.group_by("group", maintain_order=True).agg("split", "id", "output")
    new = [answer for answers in groups["output"] for answer in combine(answers.to_list())]
    rows = groups.explode("split", "id", "output").with_columns(new=pl.Series(new, dtype=pl.String))
    return rows.filter(pl.col("new") != pl.col("output")).select("split", "id", output="new")
