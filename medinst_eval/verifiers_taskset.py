"""MedINST as a taskset of verifiers, which finds it by the id `medinst-eval`; see docs/medinst-eval.md.

Its tasks are the rows of `medinst export --format rl`, and what an answer earns is `medinst_eval.reward`.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import verifiers.v1 as vf

from medinst_eval.rewards import reward

_MAKE = "Make it: medinst export NAME --format rl"


class MedinstConfig(vf.TasksetConfig):
    """Which rows are asked.

    Attributes:
        data: the folder of an export: `medinst export … --format rl`. It has to be named; verifiers wants a default.
        split: which of its splits.
        tasks: only the rows of these tasks, named as in Table 11; none for all.
    """

    data: Path | None = None
    split: str = "train"
    tasks: tuple[str, ...] = ()


class MedinstData(vf.TaskData):
    """A question with what its answer is verified by.

    Attributes:
        ground_truth: the right answer.
        verifier: how answers are verified, as JSON.
        task: the dataset-task.
        source: the dataset.
        licence: of the sample.
    """

    ground_truth: str
    verifier: str
    task: str
    source: str
    licence: str


class MedinstTask(vf.Task[MedinstData, vf.State, vf.TaskConfig]):
    """A question, its answer and what that earns."""

    @property
    def key(self) -> str:
        """The sample's id, which is the same in every export."""
        return self.data.id or self.hash

    @vf.reward
    async def verified(self, trace: vf.Trace) -> float:
        """What the last reply earns, from 0 to 1."""
        return reward(trace.last_reply, self.data.model_dump(include={"ground_truth", "verifier"}))


class MedinstTaskset(vf.Taskset[MedinstTask, MedinstConfig]):
    """The rows of an export."""

    def load(self) -> Iterator[MedinstTask]:
        """The tasks, in the order of the export.

        Raises:
            FileNotFoundError: no export is named, there is none, or it lacks the split.
        """
        for row in _rows(self.config):
            if not self.config.tasks or row["task"] in self.config.tasks:
                yield MedinstTask(MedinstData(**_data(row)), self.config.task)


def _rows(config: MedinstConfig) -> Iterator[dict[str, Any]]:
    if config.data is None:
        raise FileNotFoundError(f"No export is named. Name its folder: --env.taskset.data FOLDER. {_MAKE}")
    files = sorted((config.data / config.split).glob("*.jsonl"))
    if not files:
        raise FileNotFoundError(f"Expected {config.data / config.split}/*.jsonl, found none. {_MAKE}")
    for path in files:
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)


def _data(row: dict[str, Any]) -> dict[str, Any]:
    system = [turn["content"] for turn in row["messages"] if turn["role"] == "system"]
    asked = [turn for turn in row["messages"] if turn["role"] != "system"]
    kept = {name: row[name] for name in ("id", "ground_truth", "verifier", "task", "source", "licence")}
    return {
        **kept,
        "name": f"{row['task']}/{row['id']}",
        "system_prompt": "\n".join(system) or None,
        "prompt": asked[0]["content"] if len(asked) == 1 else asked,
    }
