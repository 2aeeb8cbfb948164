"""What an evaluation asks and where its answers go."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from schemas.errors import EvaluationError, did_you_mean
from schemas.evaluation import AXES, Asking, Evaluation, Question
from tasks.base.predictions.bucket import fetch, here, write
from tasks.base.predictions.files import PREDICTIONS, RUN
from tasks.base.predictions.record import EVALUATIONS
from tasks.base.store.root import Root
from tasks.model.benchmark.place import Benchmark, find, test_set
from tasks.model.evaluate.constrain import refuse_unfitting
from tasks.model.evaluate.questions import questions
from tasks.model.evaluate.variants import changed
from tasks.model.evaluate.variation import Variation, variation
from tasks.model.pretrained.find import called


class Plan(NamedTuple):
    """An evaluation that may be started or resumed.

    Attributes:
        folder: holds `run.json`, `predictions.jsonl` and, at the end, `scores.json`.
        asked: task -> samples that are asked.
        limit: samples of each task at most.
        variation: in what way samples are asked.
        same: tests that this variant would ask as another does, so that it leaves them out.
    """

    folder: Path
    benchmark: Benchmark
    asking: Asking
    asked: dict[str, int]
    limit: int | None
    root: Root
    variation: Variation
    same: tuple[str, ...] = ()

    @property
    def predictions(self) -> Path:
        """The log of the answers."""
        return self.folder / PREDICTIONS

    def questions(self, task: str) -> Iterator[Question]:
        """The questions of a task."""
        return questions(test_set(self.benchmark, task), self.asking, self.limit, self.variation)


def make_plan(
    asking: Asking, root: Root, tasks: Sequence[str] = (), limit: int | None = None, out: Path | str | None = None
) -> Plan:
    """Plan an evaluation on the latest benchmark of a root.

    Args:
        asking: what shapes the answers.
        root: where the benchmark is.
        tasks: its tasks; none for all.
        limit: samples of each task at most, drawn by their ids.
        out: folder for evaluations, or its address in a bucket; `<root>/evaluations` if none.

    Raises:
        EvaluationError: there is no benchmark, or no such task or wording in it, or nothing obeys the constraint.
    """
    refuse_unfitting(asking)
    asking = _placed(asking, root)
    benchmark = find(root)
    if unknown := sorted(set(tasks) - set(benchmark.manifest.tasks)):
        withheld = benchmark.manifest.withheld
        known = benchmark.manifest.tasks
        why = "; ".join(
            f"{task}: {withheld.get(task, f'not one of the held-out tasks{did_you_mean(task, known)}')}"
            for task in unknown
        )
        raise EvaluationError(
            f"Benchmark {benchmark.version} does not have {why}. It has {', '.join(benchmark.manifest.tasks)}."
        )
    wanted = [task for task in benchmark.manifest.tasks if task in tasks or not tasks]
    chosen = changed(benchmark, asking, wanted)
    sizes = {task: benchmark.manifest.tasks[task].rows for task in chosen}
    place = here(out or root.uri(EVALUATIONS))
    return Plan(
        folder=place / benchmark.version / name_of(asking),
        benchmark=benchmark,
        asking=asking,
        asked={task: rows if limit is None else min(limit, rows) for task, rows in sizes.items()},
        limit=limit,
        root=root,
        variation=variation(benchmark, asking),
        same=tuple(task for task in wanted if task not in chosen),
    )


def _placed(asking: Asking, root: Root) -> Asking:
    """Name a fetched model by its name, and one that lies in the root by its place in it.

    So evaluations stay those of their model when the root is moved, and are the same for every user.
    """
    if asking.backend == "transformers" and (name := called(asking.model)):
        return asking.model_copy(update={"model": name})
    folder = Path(asking.model).absolute()
    if asking.backend != "transformers" or not root.is_local or not folder.is_relative_to(root.url):
        return asking
    return asking.model_copy(update={"model": folder.relative_to(root.url).as_posix()})


_CHECKPOINT = re.compile(r"(at|checkpoint|epoch|global_step|step)[-_]?[\d.]+")
"""Names of folders that say only how far a training was."""


def name_of(asking: Asking) -> str:
    """A name for what is asked: the model, a hash of all that shapes its answers, and what makes it a variant.

    Variants of one evaluation share model and hash, so that they stand together: `qwen3-5e6f7a8b`,
    `qwen3-5e6f7a8b-short`, `qwen3-5e6f7a8b-options1-shots2`. A checkpoint is named after its training, too:
    `mine-checkpoint-500-5e6f7a8b`.
    """
    parts = asking.model.rstrip("/").split("/")
    model = "-".join(parts[-2:] if _CHECKPOINT.fullmatch(parts[-1]) else parts[-1:])
    model = re.sub(r"[^\w.-]+", "-", model)
    mark = hashlib.sha256(json.dumps(asking.as_usual().shaping, sort_keys=True).encode()).hexdigest()
    return "-".join([model, mark[:8], *(AXES[axis].mark.format(value) for axis, value in asking.varied.items())])


def save_run(plan: Plan) -> Evaluation:
    """Write what is asked beside the answers; what an earlier run asked for beyond that stays asked for."""
    path = plan.folder / RUN
    fetch(path)
    before = Evaluation.model_validate_json(path.read_bytes()).asked if path.exists() else {}
    evaluation = Evaluation(
        name=name_of(plan.asking),
        asking=plan.asking,
        benchmark=plan.benchmark.version,
        profile=plan.benchmark.manifest.profile,
        original=plan.benchmark.manifest.original,
        asked=_larger(before, plan.asked),
    )
    write(path, evaluation.model_dump_json(indent=1).encode() + b"\n")
    return evaluation


def _larger(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {task: max(one.get(task, 0), other.get(task, 0)) for task in sorted({*one, *other})}
