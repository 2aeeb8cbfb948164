"""Where benchmarks are."""

from pathlib import Path

from schemas.errors import EvaluationError, PublishError
from schemas.licence import Profile
from schemas.manifest import BenchmarkManifest
from schemas.task import STANDARD, Wording
from tasks.base.store.frames import read
from tasks.base.store.root import Root
from tasks.base.versions.find import Found, benchmarks

Benchmark = Found[BenchmarkManifest]
"""A version of the benchmark."""

ZERO_SHOT = "-zs"
"""Suffix of the configurations without examples."""

INSTRUCTIONS = "catalogue/instructions.parquet"
"""The instructions of all tasks of a benchmark in all wordings."""


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


def of_profile(root: Root, profile: Profile) -> Benchmark:
    """The latest version of the benchmark in a root, which must have a profile to be published.

    Raises:
        EvaluationError: there is none.
        PublishError: it has another profile.
    """
    found = find(root)
    if found.manifest.profile != profile:
        raise PublishError(
            f"The latest benchmark in {root.url}, {found.version}, has profile `{found.manifest.profile}`, but "
            f"`{profile}` was asked for. Make that one: medinst benchmark --profile {profile}",
            version=found.version,
        )
    return found


def test_set(benchmark: Benchmark, task: str) -> Path:
    """A local path of a test set with its examples."""
    return benchmark.local(f"data/{task}/test.parquet")


def reworded(benchmark: Benchmark, wording: Wording) -> dict[str, str]:
    """Instructions as the samples have them -> in another wording; empty for the wording of the samples.

    Raises:
        EvaluationError: the benchmark does not have the wording.
    """
    if wording == STANDARD:
        return {}
    if INSTRUCTIONS not in benchmark.manifest.files:
        raise EvaluationError(
            f"Benchmark {benchmark.version} has its instructions in one wording, so they cannot be asked as {wording}. "
            "Make it anew from the newest build: medinst benchmark"
        )
    rows = read(benchmark.local(INSTRUCTIONS), columns=["task", "wording", "instruction"]).iter_rows()
    texts = {(task, found): text for task, found, text in rows}
    return {text: texts[task, wording] for (task, found), text in texts.items() if found == STANDARD}
