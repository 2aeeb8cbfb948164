"""The plan of a fine-tuning: its inputs, and a folder named by everything that shapes the weights."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from schemas.errors import FinetuneError
from schemas.evaluation import Asking
from schemas.finetune import Recipe
from schemas.trained import Cost, Trained
from tasks.base.predictions.record import EVALUATIONS
from tasks.base.store import locks
from tasks.base.store.closure import version
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.store.locks import holder
from tasks.base.store.root import Root
from tasks.base.versions.find import MODELS
from tasks.model.benchmark.place import Benchmark
from tasks.model.benchmark.place import find as find_benchmark
from tasks.model.finetune import base as bases
from tasks.model.finetune import mixture as mixtures
from tasks.model.finetune.base import Base
from tasks.model.finetune.checks import check
from tasks.model.finetune.mixture import Mixture
from tasks.model.finetune.precision import settled

TRAINED, COST, COMPARISON = bases.RECEIPT, "cost.json", "comparison.json"
LIBRARIES = ("torch", "transformers", "trl", "peft", "accelerate")
_BESIDE = ("datasets", "tokenizers")
"""Dependencies of those libraries that shape the weights too."""

_LOCK = ".lock"


class Plan(NamedTuple):
    """A fine-tuning that may be started or resumed.

    Attributes:
        folder: holds the log, the checkpoints and, at the end, the model.
        benchmark: what the model is evaluated on; None if the recipe asks for no evaluation.
    """

    recipe: Recipe
    mixture: Mixture
    base: Base
    folder: Path
    benchmark: Benchmark | None
    root: Root

    @property
    def output(self) -> Root:
        """The folder as a root of its own: files in it appear whole or not at all."""
        return Root(str(self.folder))

    @property
    def mark(self) -> str:
        """The hash of all that shapes the weights."""
        return _mark(self.recipe, self.mixture, self.base)

    @property
    def family(self) -> str:
        """The mark without the seed: that of all models of the recipe that differ in it alone."""
        recipe = self.recipe.model_copy(update={"seed": 0})
        base = bases.find(recipe, self.mixture, self.folder.parent) if recipe.scratch else self.base
        return _mark(recipe, self.mixture, base)

    @property
    def evaluations(self) -> Path:
        """Where answers go: for models of the root where `medinst evaluate` puts them, else beside the models."""
        place = self.folder.parent
        return (place.parent if place == Path(self.root.uri(MODELS)) else place) / EVALUATIONS

    @property
    def trained(self) -> Trained | None:
        """The receipt of the training; None until it ended."""
        path = self.folder / TRAINED
        return Trained.model_validate_json(path.read_bytes()) if path.exists() else None

    @property
    def cost(self) -> Cost:
        """What the training took; only after it ended."""
        return Cost.model_validate_json((self.folder / COST).read_bytes())

    def asking(self, model: Path) -> Asking:
        """How a model is asked, before training or after."""
        exam = self.recipe.evaluation
        assert exam is not None
        return exam.asking(str(model))


def make_plan(recipe: Recipe, root: Root, out: Path | None = None) -> Plan:
    """Plan a fine-tuning.

    Args:
        recipe: how.
        root: where mixtures and benchmark are.
        out: folder of the models; `<root>/models` if none.

    Raises:
        FinetuneError: the extra `models` is missing, the model or the mixture is not there, or cannot be used.
        EvaluationError: there is no benchmark to evaluate the model on, or it lacks a test.
    """
    if out is None and not root.is_local:
        raise FinetuneError(f"{root.url} is a bucket, and models are trained in a local folder; choose one with --out")
    require_extra()
    recipe = settled(recipe)
    place = (out or Path(root.uri(MODELS))).absolute()
    mixture = mixtures.find(recipe.mixture, root)
    base = bases.find(recipe, mixture, place)
    check(base, recipe)
    benchmark = find_exam(recipe, root)
    folder = place / f"{recipe.name}-{_mark(recipe, mixture, base)[:8]}"
    return Plan(recipe, mixture, base, folder, benchmark, root)


def _mark(recipe: Recipe, mixture: Mixture, base: Base) -> str:
    libraries = [version(name) for name in (*LIBRARIES, *_BESIDE)]
    code = code_of("tasks.model.finetune.reinforce") if recipe.reinforce else code_of("tasks.model.finetune.train")
    return fingerprint(recipe.shaping, mixture.mark, base.revision, code, libraries)


def require_extra() -> None:
    """Refuse to begin where a library is missing.

    Raises:
        FinetuneError: names what is missing.
    """
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise FinetuneError(
            f"Fine-tuning needs the extra `models`, and {', '.join(missing)} cannot be imported. Install torch for "
            "your device, then: pip install -e .[models]"
        )


def find_exam(recipe: Recipe, root: Root) -> Benchmark | None:
    """Find the benchmark that the model is evaluated on; None if the recipe asks for no evaluation.

    Raises:
        EvaluationError: there is none.
        FinetuneError: it lacks a test.
    """
    if recipe.evaluation is None:
        return None
    benchmark = find_benchmark(root)
    if unknown := [test for test in recipe.evaluation.tests if test not in benchmark.manifest.tasks]:
        raise FinetuneError(
            f"Benchmark {benchmark.version} has no {', '.join(unknown)}. It has {', '.join(benchmark.manifest.tasks)}."
        )
    return benchmark


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder of a run; the hold ends with the process, however that ends.

    Raises:
        FinetuneError: another process trains in it.
    """
    path = folder / _LOCK

    def busy() -> FinetuneError:
        return FinetuneError(
            f"{folder}: another process trains this model (process {holder(path)}). Wait until it ends."
        )

    with locks.alone(path, busy):
        yield
