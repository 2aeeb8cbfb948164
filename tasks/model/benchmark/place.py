"""Where benchmarks are, and what a version says of itself."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from schemas.errors import EvaluationError
from tasks.base.store.root import Root
from tasks.base.store.versions import BENCHMARK, LATEST, MANIFEST


class Benchmark(NamedTuple):
    """A version of the benchmark.

    Attributes:
        place: its folder in the root.
        said: its manifest.
    """

    version: str
    place: str
    said: dict[str, Any]

    @property
    def tests(self) -> dict[str, dict[str, Any]]:
        """Its test sets by task, as the manifest describes them."""
        return self.said["tasks"]

    def test(self, root: Root, task: str) -> Path:
        """A local path of a test set with its examples."""
        return root.local(f"{self.place}/data/{task}/test.parquet")


def find(root: Root, version: str | None = None) -> Benchmark:
    """A version of the benchmark in a root; the latest if none is named.

    Raises:
        EvaluationError: it is not there.
    """
    if version is None:
        pointer = f"{BENCHMARK}/{LATEST}"
        if not root.exists(pointer):
            raise EvaluationError(f"{root.url} has no benchmark yet. Make one from the newest build: medinst benchmark")
        version = str(root.read_json(pointer)["version"])
    place = f"{BENCHMARK}/{version}"
    try:
        said = json.loads(root.read_bytes(f"{place}/{MANIFEST}"))
    except FileNotFoundError as error:
        there = [name for name in root.names(BENCHMARK) if name != LATEST]
        raise EvaluationError(
            f"{root.url} has no benchmark {version!r}; it has {', '.join(there) or 'none'}. Make it: medinst benchmark"
        ) from error
    return Benchmark(version, place, said)
