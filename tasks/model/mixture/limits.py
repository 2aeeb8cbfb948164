"""Kinds of samples that teach little beside many others, and the largest share of them that a task gives.

A sample of a limited kind is taken only while its kind has no more than its share of what the task has given so far, so
that the share holds in every beginning of the queue, however much is drawn.
"""

import re
from collections import Counter
from collections.abc import Mapping

import polars as pl

from schemas.drawn import TaskShare
from schemas.mixture import SHORT, Limited, Limits
from schemas.task import Ner, PairClasses, Sts, Task, Transl
from tasks.base.store.hashing import halves
from tasks.base.store.normal import normalised

MASKED = "masked"
"""A hash of the input with each number as 0: equal for replicates."""


LIMITED: dict[Limited, str] = {
    "untagged": "tagged sentences without an entity",
    "short": f"inputs of fewer than {SHORT} characters",
    "equal": "pairs of a text with itself",
    "replicates": "inputs that differ from another only in digits",
}
"""Each kind in words."""


def limited(shares: Mapping[str, TaskShare]) -> dict[Limited, int]:
    """The samples that were left out, by kind, of those that were looked at."""
    whole: Counter[Limited] = Counter()
    for share in shares.values():
        whole.update(share.limited)
    return {kind: whole[kind] for kind in LIMITED if whole[kind]}


class Limiter:
    """Admits samples of one task, one after the other.

    Attributes:
        left_out: samples that were not admitted, by kind.
    """

    def __init__(self, limits: Limits, task: Task | None) -> None:
        self.shares = limits.shares
        self.left_out: Counter[Limited] = Counter()
        self._kinds: dict[Limited, pl.Expr] = {
            kind: found for kind, found in kinds(task).items() if kind in self.shares
        }
        self._given: Counter[Limited] = Counter()
        self._all = 0
        self._seen: set[int] = set()

    @property
    def limits(self) -> bool:
        """Whether it limits anything in this task."""
        return bool(self.columns())

    def marked(self, samples: pl.DataFrame) -> pl.DataFrame:
        """Samples with a column for each limited kind, and `masked` if replicates are limited."""
        masked = halves(pl.col("input").str.replace_all(r"\d+", "0")).struct.field("high").alias(MASKED)
        found = [each.alias(kind) for kind, each in self._kinds.items()]
        return samples.with_columns(*found, *[masked] * ("replicates" in self.shares))

    def columns(self) -> list[str]:
        """The columns that `marked` adds."""
        return [*self._kinds, *[MASKED] * ("replicates" in self.shares)]

    def admitted(self, marked: pl.DataFrame) -> pl.Series:
        """Whether each of some samples is admitted; they follow those of earlier calls."""
        rows = marked.select(self.columns()).iter_rows(named=True)
        return pl.Series([self._admits(row) for row in rows], dtype=pl.Boolean)

    def _admits(self, row: dict[str, int]) -> bool:
        found: list[Limited] = [kind for kind in self._kinds if row[kind]]
        if row.get(MASKED) in self._seen:
            found.append("replicates")
        over: list[Limited] = [kind for kind in found if self._given[kind] + 1 > self.shares[kind] * (self._all + 1)]
        self.left_out.update(over[:1])
        if not over:
            self._given.update(found)
            self._all += 1
            if MASKED in row:
                self._seen.add(row[MASKED])
        return not over


def kinds(task: Task | None) -> dict[Limited, pl.Expr]:
    """What tells each kind from the columns of a task's samples, except replicates, which only others show."""
    found: dict[Limited, pl.Expr] = {"short": pl.col("input").str.len_chars() < SHORT}
    if isinstance(task, Ner) and task.answer == "bio":
        found["untagged"] = pl.col("output").str.contains(r"^\S+ \[O\]( \S+ \[O\])*$")
    if isinstance(task, Transl):
        found["equal"] = normalised(pl.col("input")) == normalised(pl.col("output"))
    if isinstance(task, PairClasses | Sts) and task.first:
        texts = pl.col("input").str.split_exact(f"\n{task.second}: ", 1).struct
        first = texts.field("field_0").str.replace(rf"^(.*\n)?{re.escape(task.first)}: ", "")
        found["equal"] = (normalised(first) == normalised(texts.field("field_1"))).fill_null(value=False)
    return found
