"""The plan of an experiment: its rows, and a folder named by everything that shapes them but code and libraries."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from schemas.errors import FinetuneError, did_you_mean
from schemas.evaluation import Asking
from schemas.experiment import Experiment, RowResult
from schemas.finetune import Recipe
from tasks.base.predictions.record import EVALUATIONS
from tasks.base.store.fingerprint import fingerprint
from tasks.base.store.root import Root
from tasks.base.versions.find import EXPERIMENTS
from tasks.model.benchmark.place import Benchmark
from tasks.model.benchmark.place import find as find_benchmark
from tasks.model.finetune.mixture import find as find_mixture
from tasks.model.finetune.recipe import load
from tasks.model.pretrained.revision import revision

ROWS = "rows"


class Row(NamedTuple):
    """One model of an experiment.

    Attributes:
        seed: of its training; none where nothing is trained.
        share: of the steps after which the model is taken.
    """

    system: str
    seed: int | None = None
    share: float = 1.0

    @property
    def name(self) -> str:
        """What its files are called."""
        seed = [] if self.seed is None else [f"seed-{self.seed}"]
        return "-".join([self.system, *seed, *([] if self.share == 1 else [f"at-{100 * self.share:g}"])])


class Plan(NamedTuple):
    """An experiment that may be started or resumed, row by row.

    Attributes:
        folder: holds the rows, the answers and, at the end, the tables.
    """

    experiment: Experiment
    benchmark: Benchmark
    folder: Path
    root: Root

    @property
    def rows(self) -> list[Row]:
        """All rows: what is not trained, then all systems with one seed after the other, then the learning curves."""
        systems = self.experiment.systems
        rows = [Row(name) for name, system in systems.items() if system.recipe is None]
        trained = [name for name, system in systems.items() if system.recipe]
        rows += [Row(name, seed) for seed in self.experiment.seeds for name in trained]
        first = self.experiment.seeds[0]
        return rows + [Row(name, first, at) for name in self.experiment.curve for at in self.experiment.snapshots]

    @property
    def answers(self) -> Path:
        """Holds the evaluations of all rows."""
        return self.folder / EVALUATIONS

    def path(self, row: Row) -> Path:
        """What is kept of a row."""
        return self.folder / ROWS / f"{row.name}.json"

    def result(self, row: Row) -> RowResult | None:
        """What a row gave; None until it is done."""
        path = self.path(row)
        return RowResult.model_validate_json(path.read_bytes()) if path.is_file() else None

    def results(self) -> Iterator[tuple[Row, RowResult]]:
        """The rows that are done, in their order."""
        return ((row, result) for row in self.rows if (result := self.result(row)))

    def recipe(self, row: Row) -> Recipe:
        """How the model of a row is trained; the evaluation is the experiment's, not the recipe's."""
        return _recipe(self.experiment, row.system, row.seed)

    def asking(self, row: Row, model: str) -> Asking:
        """How the model of a row is asked."""
        shots = self.experiment.systems[row.system].shots
        return self.experiment.exam.model_copy(update={"shots": shots}).asking(model)


def make_plan(experiment: Experiment, root: Root) -> Plan:
    """Plan an experiment on the latest benchmark of a root; what is missing is found before anything is trained.

    Raises:
        FinetuneError: a recipe, one of its fields or a mixture does not exist, or the root is a bucket.
        ModelError: the model is not on this machine.
        EvaluationError: there is no benchmark, or it lacks a test.
    """
    if not root.is_local:
        raise FinetuneError(f"{root.url} is a bucket, and models are trained in a local folder; choose one with --root")
    benchmark = find_benchmark(root)
    if unknown := [test for test in experiment.exam.tests if test not in benchmark.manifest.tasks]:
        raise FinetuneError(
            f"Benchmark {benchmark.version} has no {', '.join(unknown)}. It has {', '.join(benchmark.manifest.tasks)}."
        )
    recipes = [
        _recipe(experiment, name, experiment.seeds[0]) for name, each in experiment.systems.items() if each.recipe
    ]
    mixtures = {name: find_mixture(name, root) for name in dict.fromkeys(recipe.mixture for recipe in recipes)}
    mark = fingerprint(
        experiment.model_dump(mode="json", exclude={"about", "compare"}),
        benchmark.version,
        [recipe.shaping for recipe in recipes],
        {name: mixture.mark for name, mixture in mixtures.items()},
        revision(experiment.model),
    )
    return Plan(experiment, benchmark, Path(root.uri(EXPERIMENTS)) / f"{experiment.name}-{mark[:8]}", root)


def chosen(plan: Plan, only: Sequence[str]) -> list[Row]:
    """The rows that are asked for: by their names, or by those of their systems; all if none is named.

    Raises:
        FinetuneError: there is no such row.
    """
    names = {row.name for row in plan.rows} | {row.system for row in plan.rows}
    if unknown := [name for name in only if name not in names]:
        raise FinetuneError(
            f"Experiment {plan.experiment.name} has no row `{unknown[0]}`{did_you_mean(unknown[0], names)}. "
            f"It has {', '.join(row.name for row in plan.rows)}."
        )
    return [row for row in plan.rows if not only or {row.name, row.system} & set(only)]


def _recipe(experiment: Experiment, name: str, seed: int | None) -> Recipe:
    system = experiment.systems[name]
    assert system.recipe is not None
    snapshots = experiment.snapshots if name in experiment.curve and seed == experiment.seeds[0] else ()
    changes = experiment.settings | system.settings | {"model": experiment.model, "scratch": None, "seed": seed}
    fields = changes | {"snapshots": list(snapshots), "evaluation": None}
    return load(system.recipe, [f"{field}={json.dumps(value)}" for field, value in fields.items()])
