"""Which tests a baseline can be trained for: those with training samples, in a form of answers that it can write."""

import importlib.util
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from schemas.baseline import Kind
from schemas.benchmark import HeldOutTest
from schemas.errors import EvaluationError, did_you_mean
from tasks.base.store.root import Root
from tasks.build.builds.base import base
from tasks.build.builds.build import Build
from tasks.model.baseline.shapes import SHAPED
from tasks.model.benchmark.place import Benchmark, find
from tasks.model.draw.samples import Samples, samples


class Choice(NamedTuple):
    """Tests to train for.

    Attributes:
        benchmark: the latest of the root.
        build: that of the latest release, with the training samples.
        samples: test -> its samples in the build.
    """

    benchmark: Benchmark
    build: Build
    samples: dict[str, Samples]


def choose(names: Sequence[str], root: Root) -> Choice:
    """The tests to train for.

    Args:
        names: as the benchmark has them; none for all for which it is possible.
        root: where benchmark and build are.

    Raises:
        EvaluationError: there is no benchmark, or one of the tests is not in it or cannot be trained for.
        MedinstError: there is no build.
    """
    benchmark, build = find(root), Build(base(root).state)
    built = samples(build)
    known = benchmark.manifest.tasks
    cannot = {name: why for name, test in known.items() if (why := _why_not(name, test, built))}
    able = [name for name in known if name not in cannot]
    for name in names:
        if name not in known:
            cannot[name] = benchmark.manifest.withheld.get(name, f"not one of its tests{did_you_mean(name, able)}")
    if wrong := list(dict.fromkeys(name for name in names if name in cannot)):
        whys = "; ".join(f"{name}: {cannot[name]}" for name in wrong)
        raise EvaluationError(
            f"Benchmark {benchmark.version} cannot be answered by a baseline here. {whys}. "
            f"Tests for which one can be trained: {', '.join(able) or 'none'}."
        )
    if not able:
        raise EvaluationError(
            f"Benchmark {benchmark.version} has no test for which a baseline can be trained. "
            f"{'; '.join(f'{name}: {why}' for name, why in cannot.items())}"
        )
    return Choice(benchmark, build, {name: built[name] for name in able if name in names or not names})


def _why_not(name: str, test: HeldOutTest, built: Mapping[str, Samples]) -> str:
    """Why no baseline can be trained for a test; empty where one can."""
    if test.form not in SHAPED or (test.form != "tags" and not test.labels):
        return f"a baseline writes {', '.join(SHAPED.values())}, and its answers are of the form `{test.form}`"
    if "train" in test.splits:
        return "its training split is part of the test"
    if name not in built:
        return "the build of the latest release does not have it"
    return "" if built[name].kept.rows("train") else "it has no training split"


def refuse_missing(kind: Kind) -> None:
    """Refuse a kind whose libraries are not installed.

    Raises:
        EvaluationError: torch is not installed.
    """
    if kind == "encoder" and importlib.util.find_spec("torch") is None:
        raise EvaluationError(
            "--kind encoder needs torch: pip install -e .[models], with torch for your device. Without torch: "
            "--kind linear"
        )
