"""MedINST in Inspect: every task, `inspect eval medinst_eval/bc5cdr_re`, scored by the strict metrics.

Samples come from a version of the benchmark or of a release that the user has: `-T folder=…`, or the folder that
`MEDINST_BENCHMARK` names. Inspect finds the tasks by the wheel's entry point.
"""

from collections.abc import Callable
from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageAssistant, ChatMessageUser
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, metric, scorer
from inspect_ai.solver import TaskState, generate

from medinst_eval.definitions import Definition, definitions
from medinst_eval.measure import alone, strictly
from medinst_eval.names import plain
from medinst_eval.rewards.completion import answer
from medinst_eval.samples import messages, rows

_TURNS = {"user": ChatMessageUser, "assistant": ChatMessageAssistant}


@metric(scores="unreduced")
def measured() -> Metric:
    """The strict metrics over all samples, by name, and the share of the answers that could not be read."""

    def over(scores: list[SampleScore]) -> Any:
        told = [score.score.metadata or {} for score in scores]
        (name,) = {each["task"] for each in told}
        answers = [score.score.answer or "" for score in scores]
        found = strictly(definitions()[name], answers, [each["gold"] for each in told])
        unread = 1 - sum(found.read) / len(found.read)
        return {each.name: each.value for each in found.metrics} | {"unread": unread}

    return over


@scorer(metrics=[measured()])
def strict() -> Scorer:
    """The main strict metric of a sample, and whether its answer could be read."""

    async def score(state: TaskState, target: Target) -> Score:
        name, said = str(state.metadata["task"]), answer(state.output.completion)
        found = strictly(definitions()[name], [said], [target.text])
        value = alone(found)
        return Score(
            value=value,
            answer=said,
            explanation=f"{found.metrics[0].name} {value:.3f}"
            + ("" if found.read[0] else "; the answer could not be read"),
            metadata={"task": name, "gold": target.text, "read": found.read[0]},
        )

    return score


def sample(row: dict[str, Any], shots: bool) -> Sample:
    """A sample as Inspect has it."""
    turns = [_TURNS[turn["role"]](content=turn["content"]) for turn in messages(row, shots)]
    kept = {name: row[name] for name in ("task", "category", "source", "licence")}
    return Sample(id=row["id"], input=turns, target=row["output"], metadata=kept)


def _declare(defined: Definition) -> Callable[..., Task]:
    def made(folder: str | None = None, split: str = "test", shots: bool = True) -> Task:
        found = [sample(row, shots) for row in rows(defined.task, split, folder)]
        return Task(dataset=MemoryDataset(found, name=defined.task), solver=generate(), scorer=strict())

    made.__doc__ = f"{defined.task}: {defined.category} of {defined.source}."
    return task(name=plain(defined.task))(made)


TASKS = {name: _declare(defined) for name, defined in definitions().items()}
"""The tasks of Inspect, by the names of ours."""
