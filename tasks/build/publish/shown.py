"""What the card shows of the samples: one of each category, and the forms that answers have."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from schemas.release import ReleaseTask
from schemas.source import Source
from schemas.task import CATEGORIES
from tasks.base.store.frames import scan
from tasks.build.publish.data import data_path
from tasks.build.publish.extent import filled_splits
from tasks.build.render import form

_LOOKED_AT = 200
"""Samples of a task among which the shortest is shown."""

_LONGEST = 700
"""Characters of a text that are shown."""


class Shown(NamedTuple):
    """A sample as the card shows it; long texts are cut."""

    category: str
    task: str
    instruction: str
    input: str
    output: str


class AnswerForm(NamedTuple):
    """A form of answers.

    Attributes:
        sentence: what the instruction says of it, in the words of its first task.
        tasks: the tasks that have it.
    """

    name: str
    sentence: str
    tasks: list[str]


def samples(filled: Sequence[ReleaseTask], folder: Path, files: Mapping[str, list[str]]) -> list[Shown]:
    """One sample of each category: the shortest of the first ones of its first task.

    Args:
        filled: the tasks of the release that have samples.
        folder: the release's folder, which has the data.
        files: the files of each split, by its path if it has one file.
    """
    first: dict[str, ReleaseTask] = {}
    for task in filled:
        first.setdefault(task.category, task)
    return [_sample(first[category], folder, files) for category in CATEGORIES if category in first]


def _sample(task: ReleaseTask, folder: Path, files: Mapping[str, list[str]]) -> Shown:
    path = folder / files[data_path(task.name, filled_splits(task)[0])][0]
    rows = scan(path).head(_LOOKED_AT).select("id", "instruction", "input", "output").collect()
    (row,) = rows.sort(pl.col("input").str.len_chars() + pl.col("output").str.len_chars(), "id").head(1).to_dicts()
    return Shown(task.category, task.name, *(_cut(row[name]) for name in ("instruction", "input", "output")))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + " […]"


def forms(filled: Sequence[ReleaseTask], declared: dict[str, Source]) -> list[AnswerForm]:
    """The forms of the answers, most tasks first."""
    found: dict[str, AnswerForm] = {}
    for each in filled:
        task = next(task for task in declared[each.source].tasks if task.name == each.name)
        asked = form(task)
        found.setdefault(asked.name, AnswerForm(asked.name, asked.sentence, [])).tasks.append(each.name)
    return sorted(found.values(), key=lambda shown: (-len(shown.tasks), shown.name))
