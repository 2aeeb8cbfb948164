"""The words of tests that are evidence of a leak: read from the samples once, and while the texts stay, not again."""

import polars as pl

from schemas.audit import SEQUENCE, SHORT_SEQUENCE
from schemas.receipts import Rendered
from schemas.state import State
from tasks.base.store.frames import scan
from tasks.base.store.root import Root
from tasks.build.audit.corpus import Corpus, Rows, Texts
from tasks.build.audit.earlier import Earlier
from tasks.build.audit.index import asked
from tasks.build.audit.words import split

EVIDENCE = {"test": pl.Int64, "train": pl.Int64, "evidence": pl.String}
"""Columns of pairs with evidence."""

_BY = ["text", "place"]


class Quoted:
    """Quotes the words of tests.

    Args:
        corpus: all samples.
        known: their texts.
        before: what an earlier audit quoted.
        state: the build, for the inputs of its samples.
        root: where they are.
    """

    def __init__(self, corpus: Corpus, known: Texts, before: Earlier, state: State, root: Root) -> None:
        self._corpus, self._known, self._root = corpus, known, root
        self._rendered: dict[str, Rendered] = {task.task: task for built in state.sources for task in built.rendered}
        self.table = before.tables["quoted"].with_columns(pl.col(_BY).cast(pl.Int64))
        """What was quoted: `text`, `place`, `words`."""

    def of(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Pairs with the words of their test from a position on: thirteen, or eight if its text is short.

        Args:
            pairs: columns `test`, `train` and `place`.
        """
        placed = pairs.with_columns(text=pl.Series(self._known.of[pairs["test"].to_numpy()], dtype=pl.Int64))
        new = placed.select("test", *_BY).unique(_BY, keep="first", maintain_order=True)
        new = new.join(self.table, on=_BY, how="anti")
        if new.height:
            self.table = pl.concat([self.table, self._quote(new)])
        found = placed.join(self.table, on=_BY, how="left", maintain_order="left")
        return found.with_columns(evidence=pl.col("words")).select(*EVIDENCE)

    def _quote(self, new: pl.DataFrame) -> pl.DataFrame:
        texts = self._texts(new["test"].unique().sort().to_numpy())
        length = pl.when(pl.col("words").list.len() < SEQUENCE).then(SHORT_SEQUENCE).otherwise(SEQUENCE)
        said = pl.col("words").list.slice(pl.col("place"), length).list.join(" ")
        return new.join(texts, on="test", how="left").with_columns(words=said).select(*_BY, "words")

    def _texts(self, rows: Rows) -> pl.DataFrame:
        """The words of the inputs of some samples, from their rendered files: columns `test` and `words`."""
        frames = [pl.DataFrame(schema={"test": pl.Int64, "words": pl.List(pl.String)})]
        for (task, part), group in self._corpus.named(rows).group_by("task", "split", maintain_order=True):
            rendered = self._rendered[str(task)]
            samples = scan([self._root.local(place) for place in rendered.files(part)])
            named = samples.select(pl.col("id", "input").cast(pl.String))
            here = named.filter(pl.col("id").is_in(group["id"].implode())).unique("id").collect()
            inputs = group.join(here, on="id", how="left", maintain_order="left")
            frames.append(pl.DataFrame({"test": group["row"], "words": split(asked(inputs["input"], str(task)))}))
        return pl.concat(frames)
