"""Where benchmarks are."""

from pathlib import Path

from schemas.errors import EvaluationError
from schemas.manifest import BenchmarkManifest
from tasks.base.store.root import Root
from tasks.base.versions.find import Found, benchmarks

Benchmark = Found[BenchmarkManifest]
"""A version of the benchmark."""


def find(root: Root, version: str | None = None) -> Benchmark:
    """A version of the benchmark in a root; the latest if none is named.

    Raises:
        EvaluationError: it is not there.
    """
    versions = benchmarks(root)
    wanted = version or versions.latest
    if wanted is None:
        raise EvaluationError(f"{root.url} has no benchmark yet. Make one from the newest build: medinst benchmark")
    if (found := versions.find(wanted)) is None:
        raise EvaluationError(
            f"{root.url} has no benchmark {wanted!r}; it has {', '.join(versions.names()) or 'none'}. "
            "Make it: medinst benchmark"
        )
    return found


def test_set(benchmark: Benchmark, task: str) -> Path:
    """A local path of a test set with its examples."""
    return benchmark.local(f"data/{task}/test.parquet")
