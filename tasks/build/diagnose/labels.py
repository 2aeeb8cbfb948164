"""How evenly labels are used."""

import polars as pl

from tasks.build.diagnose.long import IN_MEMORY, long, with_all


def labels(items: pl.LazyFrame) -> pl.DataFrame:
    """Measures of the labels of items with the columns `split` and `label`.

    The entropy is Shannon's, in bits: H = -Σ p log2 p over the shares p of the labels that occur (Shannon 1948, A
    mathematical theory of communication). The balance is Pielou's evenness J = H / log2 K of K labels (Pielou 1966, The
    measurement of diversity in different types of biological collections): 1 if all are equally frequent, not defined
    for one label.
    """
    counts = with_all(items.drop_nulls("label")).group_by("split", "label").len("count")
    count = pl.col("count")
    part = count / count.sum()
    entropy = (part * (1 / part).log(2)).sum()
    balance = pl.when(pl.len() > 1).then(entropy / pl.len().cast(pl.Float64).log(2)).clip(upper_bound=1)
    ordered = counts.sort("split", "count", "label").collect(**IN_MEMORY).lazy()  # sums of floats depend on the order
    return long(
        ordered, labels=pl.len(), label_entropy=entropy, label_balance=balance, label_majority=count.max() / count.sum()
    )
