"""What an evaluation asks and where its answers go."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from schemas.errors import EvaluationError
from schemas.evaluation import Asking, Evaluation, Question
from schemas.task import STANDARD
from tasks.base.predictions.files import PREDICTIONS, RUN
from tasks.base.predictions.record import EVALUATIONS
from tasks.base.store.root import Root
from tasks.model.benchmark.place import Benchmark, find, reworded, test_set
from tasks.model.evaluate.questions import questions


class Plan(NamedTuple):
    """An evaluation that may be started or resumed.

    Attributes:
        folder: holds `run.json`, `predictions.jsonl` and, at the end, `scores.json`.
        asked: task -> samples that are asked.
        limit: samples of each task at most.
        reworded: instruction as samples have it -> in the wording that is asked; empty where that is the same.
    """

    folder: Path
    benchmark: Benchmark
    asking: Asking
    asked: dict[str, int]
    limit: int | None
    root: Root
    reworded: Mapping[str, str]

    @property
    def predictions(self) -> Path:
        """The log of the answers."""
        return self.folder / PREDICTIONS

    def questions(self, task: str) -> Iterator[Question]:
        """The questions of a task."""
        return questions(test_set(self.benchmark, task), self.asking, self.limit, self.reworded)


def make_plan(
    asking: Asking, root: Root, tasks: Sequence[str] = (), limit: int | None = None, out: Path | None = None
) -> Plan:
    """Plan an evaluation on the latest benchmark of a root.

    Args:
        asking: what shapes the answers.
        root: where the benchmark is.
        tasks: its tasks; none for all.
        limit: samples of each task at most, drawn by their ids.
        out: folder for evaluations; `<root>/evaluations` if none.

    Raises:
        EvaluationError: there is no benchmark, or no such task or wording in it.
    """
    asking = _placed(asking, root)
    benchmark = find(root)
    if unknown := sorted(set(tasks) - set(benchmark.manifest.tasks)):
        withheld = benchmark.manifest.withheld
        why = "; ".join(f"{task}: {withheld.get(task, 'not one of the held-out tasks')}" for task in unknown)
        raise EvaluationError(
            f"Benchmark {benchmark.version} does not have {why}. It has {', '.join(benchmark.manifest.tasks)}."
        )
    if out is None and not root.is_local:
        raise EvaluationError(
            f"{root.url} is a bucket, where answers cannot be appended; choose a local folder with --out"
        )
    chosen = [task for task in benchmark.manifest.tasks if task in tasks or not tasks]
    sizes = {task: benchmark.manifest.tasks[task].rows for task in chosen}
    place = out or Path(root.uri(EVALUATIONS))
    return Plan(
        folder=place / benchmark.version / name_of(asking),
        benchmark=benchmark,
        asking=asking,
        asked={task: rows if limit is None else min(limit, rows) for task, rows in sizes.items()},
        limit=limit,
        root=root,
        reworded=reworded(benchmark, asking.wording),
    )


def _placed(asking: Asking, root: Root) -> Asking:
    """Name a model that lies in the root by its place, so that its evaluations stay its own when the root is moved."""
    folder = Path(asking.model).absolute()
    if asking.backend != "transformers" or not root.is_local or not folder.is_relative_to(root.url):
        return asking
    return asking.model_copy(update={"model": folder.relative_to(root.url).as_posix()})


def name_of(asking: Asking) -> str:
    """A name for what is asked: the model and a hash of all that shapes its answers."""
    model = re.sub(r"[^\w.-]+", "-", asking.model.rstrip("/").rsplit("/", 1)[-1])
    mark = hashlib.sha256(json.dumps(asking.shaping, sort_keys=True).encode()).hexdigest()
    return "-".join([model, *([asking.wording] if asking.wording != STANDARD else []), mark[:8]])


def save_run(plan: Plan) -> Evaluation:
    """Write what is asked beside the answers; what an earlier run asked for beyond that stays asked for."""
    path = plan.folder / RUN
    before = Evaluation.model_validate_json(path.read_bytes()).asked if path.exists() else {}
    evaluation = Evaluation(
        name=name_of(plan.asking),
        asking=plan.asking,
        benchmark=plan.benchmark.version,
        profile=plan.benchmark.manifest.profile,
        original=plan.benchmark.manifest.original,
        asked=_larger(before, plan.asked),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{RUN}.part")
    fresh.write_text(evaluation.model_dump_json(indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)
    return evaluation


def _larger(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {task: max(one.get(task, 0), other.get(task, 0)) for task in sorted({*one, *other})}
