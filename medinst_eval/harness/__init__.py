"""MedINST32 in EleutherAI's lm-evaluation-harness: its samples and metrics in the form that the harness calls them.

The task files lie in `tasks/`. `lm_eval` finds them by `--include_path "$(medinst-eval lm-eval)"`.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from medinst_eval.definitions import Definition, definitions
from medinst_eval.measure import as_published, strictly
from medinst_eval.rewards.completion import answer
from medinst_eval.samples import table

TASKS = Path(__file__).with_name("tasks")
"""The task files."""

Item = tuple[str, str, str]
"""Task, prediction and gold answer of one sample."""


def samples(
    task: str, folder: str | None = None, benchmark: str | None = None, config_source: str = "", **_metadata: Any
) -> dict[str, Any]:
    """The test set of a task.

    Args:
        task: its name.
        folder: where the task file says that the benchmark is, seen from the file.
        benchmark: where the user says that it is: `--metadata '{"benchmark": "…"}'`. Without both it is the folder
            that `MEDINST_BENCHMARK` names.
        config_source: the path of the task file.

    Raises:
        NoSamples: it is not there.
    """
    from datasets import Dataset

    beside = Path(config_source).parent / folder if folder else None
    return {"test": Dataset(table(task, folder=benchmark or beside))}


def process(doc: Mapping[str, Any], results: Sequence[str]) -> dict[str, Item]:
    """What one sample adds to each metric; what the model thought is no part of its answer."""
    item = (str(doc["task"]), answer(results[0]), str(doc["output"]))
    return {"strict": item, "paper": item, "unread": item}


def strict(items: Sequence[Item]) -> float:
    """The main strict metric of a task."""
    return _of(items, lambda *given: strictly(*given).metrics[0].value)


def paper(items: Sequence[Item]) -> float:
    """The main metric of a task as the paper defines it; where it has none, its ROUGE-L."""
    return _of(items, lambda *given: as_published(*given)[0].value)


def unread(items: Sequence[Item]) -> float:
    """The share of the answers that could not be read."""
    return _of(items, lambda *given: 1 - sum(read := strictly(*given).read) / len(read))


def _of(items: Sequence[Item], measure: Callable[[Definition, list[str], list[str]], float]) -> float:
    (task,) = {item[0] for item in items}
    return measure(definitions()[task], [item[1] for item in items], [item[2] for item in items])
