"""The samples of a build, by task and split."""

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from schemas.receipts import Kept, Rendered
from schemas.sample import SAMPLE_COLUMNS
from schemas.task import Split
from tasks.base.store.frames import scan
from tasks.base.store.root import Root
from tasks.build.builds.build import Build
from tasks.build.deduplicate.published import CONTRADICTED, amended, left_out, published
from tasks.build.render.stage import FAULT_COLUMN


class Samples(NamedTuple):
    """The samples of one task."""

    rendered: Rendered
    kept: Kept
    root: Root

    def every(self, splits: Sequence[Split]) -> pl.LazyFrame:
        """All sound samples of some splits, repeats included, as a published test set holds its own.

        Those that contradict others with the same input are left out: no model can be right about both.
        """
        frames = [self._tested(split) for split in splits if self._has(split)]
        return _columns(pl.concat(frames)) if frames else pl.LazyFrame(schema=dict.fromkeys(SAMPLE_COLUMNS, pl.String))

    def training(self) -> pl.LazyFrame:
        """The training samples that deduplication left."""
        if not self._has("train"):
            return self.every(())
        return _columns(published(self.rendered.files("train"), self.kept.place, "train", self.root))

    def _tested(self, split: Split) -> pl.LazyFrame:
        samples = amended(
            scan([self.root.local(place) for place in self.rendered.files(split)]), self.kept.place, split, self.root
        )
        ids = left_out(self.kept.place, split, self.root, CONTRADICTED)
        return samples.filter(pl.col(FAULT_COLUMN).is_null(), ~pl.col("id").cast(pl.String).is_in(ids.implode()))

    def _has(self, split: Split) -> bool:
        return split in self.rendered.splits and self.rendered.splits[split].kept > 0


def _columns(samples: pl.LazyFrame) -> pl.LazyFrame:
    return samples.select(pl.col(SAMPLE_COLUMNS).cast(pl.String))


def samples(build: Build) -> dict[str, Samples]:
    """The samples of all tasks of a build, by task."""
    return {task: Samples(rendered, kept, build.root) for task, (rendered, kept) in build.outcomes.items()}
