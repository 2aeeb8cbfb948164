"""The texts of the records that a task asks about, and what is measured of them whatever is asked."""

from functools import cached_property

import numpy as np
import polars as pl

from tasks.build.diagnose.long import ALL, MEASURES, as_measures, long, with_all
from tasks.build.diagnose.tokens import LONGEST, WORD, Tokens, mattr, tokens

SAMPLE = 2_000
"""Records of each split, from the first, on which the lexical diversity of unannotated texts is measured."""

TEXT = {
    "tokens": pl.col("tokens").list.join(" "),
    "first": pl.concat_str("first", pl.lit("\n"), "second"),
    "context": pl.concat_str("text", pl.lit("\n"), "context"),
    "text": pl.col("text"),
}
"""The text of a record by the first of these columns that it has: sentences, pairs, questions, and all others."""


class Texts:
    """Records in one order, numbered from 0, with what is measured of their texts; each is worked out once.

    Attributes:
        records: with the columns of their type, `split` and `document`.
    """

    def __init__(self, records: pl.LazyFrame) -> None:
        self.records = records
        columns = records.collect_schema()
        self._annotated = "entities" in columns or "tokens" in columns
        self._text = next(text for column, text in TEXT.items() if column in columns)

    @property
    def documents(self) -> pl.LazyFrame:
        """The columns `split` and `document`."""
        return self.records.select("split", "document")

    @cached_property
    def splits(self) -> pl.DataFrame:
        """The columns `row` and `split`."""
        return self.records.select("split").with_row_index("row").collect()

    @cached_property
    def words(self) -> pl.DataFrame:
        """The columns `row`, `split` and `words`, the number of words."""
        return self.splits.with_columns(self.records.select(words=self._text.str.count_matches(WORD)).collect())

    @cached_property
    def sizes(self) -> pl.DataFrame:
        """Measures of size: records and words."""
        words = pl.col("words")
        rows = with_all(self.words.lazy())
        return long(rows, records=pl.len(), words=words.sum(), words_per_record=words.mean())

    @cached_property
    def tokens(self) -> Tokens:
        """The tokens of all texts."""
        return tokens(self.records.select(text=self._text).collect().to_series())

    @cached_property
    def diversity(self) -> pl.DataFrame:
        """The moving-average type-token ratio of each split and of all, on the first words of each."""
        if self._annotated:
            found, split_of = self.tokens, self.splits["split"]
        else:
            first = self.records.filter(pl.int_range(pl.len()).over("split") < SAMPLE)
            chosen = first.select("split", text=self._text).collect()
            found, split_of = tokens(chosen["text"]), chosen["split"]
        words, place = found.folded[found.words], found.rows[found.words]
        names = split_of.unique(maintain_order=True).to_list()
        each = {name: words[(split_of == name).to_numpy()[place]][:LONGEST] for name in names}
        each[ALL] = np.concatenate([*each.values(), np.empty(0, np.int32)])
        ratios = [(name, "lexical_diversity", mattr(ids)) for name, ids in each.items()]
        return as_measures(pl.DataFrame(ratios, schema=[*MEASURES], orient="row", strict=False))
