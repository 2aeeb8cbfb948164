"""Rows for reinforcement learning: only those whose right answer is known, with how answers to them are verified."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import polars as pl

from medinst_eval.definitions import Definition
from medinst_eval.rewards import Verifier, reward
from schemas.errors import ExportError
from schemas.manifest import Dataset
from schemas.task import HOW_ANSWERABLE
from tasks.base.store.frames import scan
from tasks.base.store.hashing import digest
from tasks.base.store.normal import normalised
from tasks.base.versions.find import Found
from tasks.model.score.declared import definition

VERIFIER = "verifier"

LEAK = "leaks into a test"
CONFLICT = "other samples with the same input have another answer"
UNVERIFIED = "the right answer does not earn the whole reward"

_LEAKING = "audit/unclean.parquet"
_KEY = digest(pl.concat_str("task", normalised(pl.col("input")), separator="\x1f"))


class Sieve:
    """Keeps the samples that an answer can be verified for, and gives them the column `verifier`.

    Attributes:
        left_out: samples left out, by reason.
    """

    def __init__(self, dataset: Found[Dataset], files: Mapping[str, Iterable[str]]) -> None:
        """Look for what is to be left out.

        Args:
            dataset: what is exported.
            files: split -> its paths.

        Raises:
            ExportError: it may hold samples that leak into tests, and does not say which.
        """
        self.left_out: Counter[str] = Counter()
        samples = pl.concat(
            scan(dataset.local(path)).select("task", "input", "output") for paths in files.values() for path in paths
        )
        self._tasks = {name: definition(name) for name in sorted(samples.select("task").unique().collect()["task"])}
        keys = samples.select("output", key=_KEY).group_by("key").agg(pl.col("output").n_unique())
        self._conflicts = keys.filter(pl.col("output") > 1).select("key").collect()["key"].implode()
        self._leaks = leaks(dataset).implode()

    @property
    def made_of(self) -> list[dict[str, Any]]:
        """What decides which samples are kept: the definitions of the tasks."""
        return [asdict(task) for task in self._tasks.values()]

    def keep(self, samples: pl.DataFrame, split: str) -> pl.DataFrame:
        """The samples that can be verified; the others are counted.

        Args:
            samples: of any tasks.
            split: theirs; only training samples leak.
        """
        leaking = pl.col("id").is_in(self._leaks) if split == "train" else pl.lit(value=False)
        why = pl.when(leaking).then(pl.lit(LEAK)).when(pl.col("key").is_in(self._conflicts)).then(pl.lit(CONFLICT))
        verdicts = [
            judged(row, self._tasks[row["task"]], row["why"])
            for row in _rows(samples.with_columns(key=_KEY).with_columns(why=why))
        ]
        found = samples.with_columns(
            pl.Series(VERIFIER, [told for told, _ in verdicts], dtype=pl.String),
            pl.Series("why", [reason for _, reason in verdicts], dtype=pl.String),
        )
        self.left_out.update(reason for _, reason in verdicts if reason)
        return found.filter(pl.col("why").is_null()).drop("why")


def _rows(samples: pl.DataFrame) -> Iterable[dict[str, Any]]:
    return samples.select("task", "input", "output", "why").iter_rows(named=True)


def judged(row: dict[str, Any], task: Definition, why: str | None) -> tuple[str, str | None]:
    """The verifier of a sample, and why it is left out.

    Args:
        row: has `input` and `output`.
        task: its task.
        why: a reason that is known already.
    """
    if task.answerable != "yes":
        return "", f"its task is {HOW_ANSWERABLE[task.answerable]}"  # pyright: ignore[reportArgumentType]
    told = Verifier.of(task, row["input"])
    return told.text(), why or (None if _verifies(row["output"], told) else UNVERIFIED)


def _verifies(answer: str, told: Verifier) -> bool:
    """Whether a right answer earns the whole reward by its own verifier."""
    try:
        return reward(answer, {"ground_truth": answer, VERIFIER: told._asdict()}) == 1
    except ValueError:  # it is not of the form that is verified
        return False


def leaks(dataset: Found[Dataset]) -> pl.Series:
    """The ids of the training samples of a dataset that leak into tests.

    Raises:
        ExportError: it does not say which they are.
    """
    manifest = dataset.manifest
    if manifest.kind == "mixture":
        if manifest.recipe.samples == "clean":
            return pl.Series(dtype=pl.String)
        raise ExportError(
            f"{dataset.uri} was drawn with `samples: all`, so some of its samples leak into tests. Draw it without "
            f"them: medinst mix {manifest.recipe.name} --set samples=clean"
        )
    if manifest.kind == "benchmark":
        return pl.Series(dtype=pl.String)  # its training sets are clean
    if _LEAKING not in manifest.files:
        raise ExportError(f"{dataset.uri} has no {_LEAKING}, so what leaks into tests is not known. medinst build")
    return scan(dataset.local(_LEAKING)).select("id").collect()["id"]
