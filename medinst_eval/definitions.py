"""What the tasks of MedINST are: their answer forms, metrics, labels, licences and instructions.

`definitions.json` is generated from the declarations of the pipeline, so that none of it is needed here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("definitions.json")


@dataclass(frozen=True)
class Definition:
    """A task, as far as asking and scoring it needs to know.

    Attributes:
        task: its name; that in Table 11 if the paper has it.
        category: the paper's category, such as NER.
        source: id of the dataset that it is made from.
        form: name of its answer form, see `medinst_eval/grammar/`.
        strict: kind of its strict metrics, a key of `medinst_eval.metrics.strict.METRICS`.
        paper: kind of its metric in the paper, a key of `medinst_eval.metrics.paper.METRICS`; `text` where it has
            none but those of all tasks.
        labels: the labels that an answer may hold, as instructions name them; none where answers are free.
        symmetric: the relations among them that have no direction.
        held_out: whether it is one of the 32 tasks of MedINST32.
        answerable: whether input and instruction determine the answer: `yes`, `partly` or `no`.
        licence: the licences of its samples, joined by ` AND ` where several hold at once.
        instruction: what its samples ask, in the standard wording.
        splits: split -> samples of the whole dataset, before duplicates and leaks are removed.
    """

    task: str
    category: str
    source: str
    form: str
    strict: str
    paper: str
    labels: tuple[str, ...]
    symmetric: tuple[str, ...]
    held_out: bool
    answerable: str
    licence: str
    instruction: str
    splits: Mapping[str, int]

    @property
    def told(self) -> tuple[str, ...]:
        """What the strict metric is told of the labels: which have no direction, or which there are."""
        return self.symmetric if self.strict == "relations" else self.labels


@cache
def definitions() -> Mapping[str, Definition]:
    """All tasks by name, in alphabetical order."""
    declared = json.loads(_FILE.read_text(encoding="utf-8"))
    return {task: _of(task, fields) for task, fields in declared.items()}


def _of(task: str, fields: Mapping[str, object]) -> Definition:
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    return Definition(**{"task": task, **fields, **lists})  # pyright: ignore[reportArgumentType]
