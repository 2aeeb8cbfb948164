"""Filters in the query string of an address, and the conditions in SQL that they are, with all values bound."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode

from pydantic import Field

from schemas.base import Model


class Condition(NamedTuple):
    """A condition on samples, and the values of its parameters."""

    sql: str
    values: dict[str, Any]


class Filters(Model):
    """What is asked for; an empty value asks for everything.

    Attributes:
        label: a label of the task, as its answers have it.
        least, most: characters of the input.
        leak: `any`, or the side on which a sample leaks: `test` or `train`.
        kind: how it leaks: `document`, `text`, `words`, `near`, `test`.
        other: the task that it leaks into or from.
        conflict: what was done about different answers to the same input; `any` for whatever.
        q: words to search for.
        model: an evaluation whose answers are shown; `against`: another one beside it.
        answer: which answers of `model`; `differs`: the worth is not that of the other one.
    """

    category: str = ""
    task: str = ""
    split: Literal["", "train", "dev", "test"] = ""
    source: str = ""
    label: str = ""
    licence: str = ""
    language: str = ""
    least: int | None = Field(default=None, ge=0)
    most: int | None = Field(default=None, ge=0)
    leak: Literal["", "any", "test", "train"] = ""
    kind: Literal["", "document", "text", "words", "near", "test"] = ""
    other: str = ""
    near: Literal["", "yes", "no"] = ""
    conflict: str = ""
    q: str = ""
    model: str = ""
    against: str = ""
    answer: Literal["", "answered", "right", "partly", "wrong", "unread", "differs", "better", "worse"] = ""

    @property
    def given(self) -> dict[str, str]:
        """The filters that ask for something."""
        return {name: str(value) for name, value in self.model_dump().items() if value not in ("", None)}

    def query(self, **changes: object) -> str:
        """The query string of these filters with some changed; empty ones go."""
        merged = self.given | {name: str(value) for name, value in changes.items()}
        return urlencode({name: value for name, value in merged.items() if value})


CHOICES: Mapping[str, Mapping[str, str]] = {
    "leak": {"any": "leak <> ''", "test": "contains(leak, 'test')", "train": "contains(leak, 'train')"},
    "near": {"yes": "near", "no": "NOT near"},
    "conflict": {"any": "conflict <> ''"},
    "answer": {
        "answered": "mine.worth IS NOT NULL",
        "right": "mine.worth >= 1",
        "partly": "mine.worth > 0 AND mine.worth < 1",
        "wrong": "mine.worth = 0",
        "unread": "NOT mine.read",
        "differs": "mine.worth IS DISTINCT FROM other.worth",
        "better": "mine.worth > other.worth",
        "worse": "mine.worth < other.worth",
    },
}
"""Values with a meaning of their own -> the condition that each is."""

BOUND: Mapping[str, str] = {
    "least": "chars >= $least",
    "most": "chars <= $most",
    "kind": "list_contains(string_split(kinds, ','), $kind)",
}
"""Filters of values -> the condition, where that is not that a column has the value."""


_OTHER = """((task, id) IN (
    SELECT (test_task, test_id) FROM leaks WHERE train_task = $other AND kind <> 'test' AND $other_kind IN ('', kind)
    UNION ALL
    SELECT (train_task, train_id) FROM leaks WHERE test_task = $other AND $other_kind IN ('', kind)
))"""
"""Samples that leak into or from a task, and by the kind that is asked for."""


def conditions(filters: Filters, forms: Mapping[str, tuple[str, str]]) -> Iterator[Condition]:
    """The conditions that filters are; words to search for are none of them.

    Args:
        filters: what is asked for.
        forms: task -> what stands before and behind a label in its answers, of the tasks that have the label.
    """
    asked = filters.model_dump(exclude={"q", "model", "against"})
    for name, value in asked.items():
        if value in ("", None) or (name == "answer" and not filters.model):
            continue
        if name == "label":
            yield _label(value, forms)
        elif name == "other":
            yield Condition(_OTHER, {"other": value, "other_kind": filters.kind})
        elif value in CHOICES.get(name, ()):
            yield Condition(f"({CHOICES[name][value]})", {})
        else:
            yield Condition(BOUND.get(name, f"{name} = ${name}"), {name: value})


def _label(label: str, forms: Mapping[str, tuple[str, str]]) -> Condition:
    """Samples whose answer has a label, each task's in its own form."""
    by_form: dict[tuple[str, str], list[str]] = {}
    for task, form in forms.items():
        by_form.setdefault(form, []).append(task)
    parts, values = [], dict[str, Any]()
    for number, ((before, behind), tasks) in enumerate(by_form.items()):
        has = (
            "contains(output, $label{0})"
            if before or behind
            else "list_contains(string_split(output, ', '), $label{0})"
        )
        parts.append(f"(task IN (SELECT unnest($tasks{number})) AND {has.format(number)})")
        values |= {f"tasks{number}": tasks, f"label{number}": f"{before}{label}{behind}"}
    return Condition(f"({' OR '.join(parts) or 'false'})", values)


def around_label(layout: str) -> tuple[str, str] | None:
    """What stands before and behind the label in an item of an answer form; None where it has no label."""
    before, label, behind = layout.partition("{label}")
    if not label:
        return None
    return before.rpartition("}")[2], behind.partition("{")[0]
