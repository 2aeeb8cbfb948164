"""How a variant asks samples: in other words, with labels and options in another order, or after other examples."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from schemas.errors import EvaluationError
from schemas.evaluation import Asking
from tasks.base.predictions.order import in_order
from tasks.model.benchmark.examples import pools
from tasks.model.benchmark.place import Benchmark, reworded
from tasks.model.draw.ranks import histories
from tasks.model.evaluate.order import relisted, reordered, shuffled


class Variation(NamedTuple):
    """What makes the prompts of a variant; empty, they are as the benchmark has them.

    Attributes:
        reworded: instruction as samples have it -> in the wording that is asked.
        order: seed of the order of labels and options; 0 leaves them.
        labels: task -> its labels in the order asked.
        draw: seed of the draw of examples; 0 leaves those of the benchmark.
        pools: task -> what its examples are drawn from.
    """

    reworded: Mapping[str, str] = {}
    order: int = 0
    labels: Mapping[str, Sequence[str]] = {}
    draw: int = 0
    pools: Mapping[str, pl.DataFrame] = {}

    def samples(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Samples of one test with their examples in `history`."""
        if not self.draw or rows.is_empty():
            return rows
        pool = self.pools.get(rows["task"][0])
        return rows if pool is None else rows.with_columns(histories(rows, pool, self.draw))

    def prompt(self, task: str, text: str) -> str:
        """A question or an example of a task, whose first line is the instruction."""
        if not (self.reworded or self.order):
            return text
        instruction, line_break, question = text.partition("\n")
        if self.reworded:
            instruction = self._reworded(instruction)
        if self.order:
            instruction, question = relisted(instruction, self.labels.get(task, ())), reordered(question, self.order)
        return f"{instruction}{line_break}{question}"

    def answer(self, task: str, text: str) -> str:
        """The answer of an example of a task."""
        return in_order(text, self.labels.get(task, ())) if self.order else text

    def _reworded(self, instruction: str) -> str:
        if instruction not in self.reworded:
            raise EvaluationError(
                f"The benchmark lists no other wordings of {instruction[:60]!r}…: they had changed between the build "
                "and the benchmark. Make both anew: medinst build; medinst benchmark"
            )
        return self.reworded[instruction]


def variation(benchmark: Benchmark, asking: Asking) -> Variation:
    """How an evaluation asks the samples of a benchmark.

    Raises:
        EvaluationError: the benchmark lacks what that needs.
    """
    order = asking.options_seed
    labels = {task: shuffled(test.labels, order, task) for task, test in benchmark.manifest.tasks.items()}
    return Variation(
        reworded=reworded(benchmark, asking.wording),
        order=order,
        labels=labels if order else {},
        draw=asking.shots_seed,
        pools=pools(benchmark) if asking.shots_seed else {},
    )
