"""The findings as tables: each with its row, its test, and the words in common, where they may be quoted."""

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from schemas.audit import KINDS, SEQUENCE, SHORT, SHORT_SEQUENCE, Kind
from schemas.guard import Finding, Guarded, Looked, Stock, Touched
from tasks.build.audit.words import split
from tasks.tools.guard.collect import Pairs
from tasks.tools.guard.index import Index, Numbers
from tasks.tools.guard.named import Named
from tasks.tools.guard.tests import Set

EXAMPLES = 3
"""Findings of each kind in each test that the report shows."""

STOCK = 20
"""Stock phrases that the report shows."""

FINDINGS = {
    "file": pl.String,
    "row": pl.Int64,
    "test": pl.String,
    "sample": pl.String,
    "samples": pl.Int64,
    "kind": pl.String,
    "share": pl.Float64,
    "words": pl.String,
}
"""Columns of findings.parquet, as `Finding` describes them."""

_ORDER: tuple[Kind, ...] = tuple(KINDS)


def told(
    about: Looked,
    sets: Sequence[Set],
    index: Index,
    pairs: Pairs,
    named: Named,
    place_of: Callable[[Numbers], pl.DataFrame],
) -> tuple[pl.DataFrame, Guarded]:
    """All findings, and the report.

    Args:
        about: the training set.
        sets: the tests.
        index: their texts.
        pairs: what rows have in common with texts.
        named: rows that are samples, or from the same publication as one.
        place_of: the `file` and `row` of rows.
    """
    samples = _samples(sets)
    hidden = set().union(*(each.unquoted for each in sets))
    by_text = _by_text(index, pairs.pairs, samples, hidden)
    by_name = _by_name(named, samples)
    every = pl.concat([by_text, by_name], how="vertical_relaxed").with_columns(
        order=pl.col("kind").replace_strict({kind: place for place, kind in enumerate(_ORDER)}, return_dtype=pl.Int64)
    )
    every = every.sort("line", "test", "order", "share", "sample", descending=[False, False, False, True, False])
    findings = pl.concat([place_of(every["line"].to_numpy()), every.drop("line", "order")], how="horizontal")
    findings = findings.select(pl.col(name).cast(dtype) for name, dtype in FINDINGS.items())
    strongest = every.group_by("line").agg(pl.col("order").min())
    kinds = dict(strongest.group_by("order").len().sort("order").iter_rows())
    report = Guarded(
        data=about,
        against=tuple(each.about for each in sets),
        tests=_touched(samples, _hit(index, pairs.pairs, named), index, every, hidden),
        unclean=strongest.height,
        kinds={_ORDER[order]: count for order, count in kinds.items()},
        boilerplate=_stock(index, pairs.boilerplate, samples, hidden),
        stock=len(pairs.boilerplate),
        findings=tuple(Finding(**row) for row in _examples(findings).iter_rows(named=True)),
    )
    return findings, report


def _samples(sets: Sequence[Set]) -> pl.DataFrame:
    rows = [(sample.test, sample.id) for each in sets for sample in each.samples]
    frame = pl.DataFrame(rows, schema={"test": pl.String, "id": pl.String}, orient="row")
    return frame.with_row_index("sample").with_columns(pl.col("sample").cast(pl.Int64))


def _by_text(index: Index, pairs: pl.DataFrame, samples: pl.DataFrame, hidden: set[str]) -> pl.DataFrame:
    owners = index.owners.join(samples, on="sample").sort("text", "sample")
    tests = owners.group_by("text", "test", maintain_order=True).agg(sample=pl.col("id").first(), samples=pl.len())
    words = _words(index, pairs.select("text", "place").unique(maintain_order=True))
    joined = pairs.join(words, on=["text", "place"]).join(tests, on="text")
    quoted = pl.when(pl.col("test").is_in(list(hidden))).then(pl.lit("")).otherwise("words")
    return joined.select("test", "sample", "samples", "kind", "share", words=quoted, line="row")


def _words(index: Index, places: pl.DataFrame) -> pl.DataFrame:
    """The words of texts from a place on, as many as a sequence has."""
    texts = places["text"].unique().sort()
    said = pl.DataFrame(
        {"text": texts, "said": split(pl.Series([index.texts[text] for text in texts], dtype=pl.String))}
    )
    size = pl.when(pl.col("said").list.len() < SEQUENCE).then(SHORT_SEQUENCE).otherwise(SEQUENCE)
    return (
        places.join(said, on="text", how="left", maintain_order="left")
        .with_columns(words=pl.col("said").list.slice(pl.col("place"), size).list.join(" "))
        .drop("said")
    )


def _by_name(named: Named, samples: pl.DataFrame) -> pl.DataFrame:
    known = named.samples.join(samples, on="sample").sort("sample")
    tests = known.group_by("kind", "name", "test").agg(sample=pl.col("id").first(), samples=pl.len())
    joined = named.rows.join(tests, on=["kind", "name"])
    return joined.select("test", "sample", "samples", "kind", share=pl.lit(1.0), words="name", line="row")


def _hit(index: Index, pairs: pl.DataFrame, named: Named) -> pl.DataFrame:
    """The samples that are touched: `sample` and `kind`, each once."""
    by_text = pairs.select("text", "kind").unique().join(index.owners, on="text").select("sample", "kind")
    by_name = named.samples.join(named.rows, on=["kind", "name"], how="semi").select("sample", "kind")
    return pl.concat([by_text, by_name]).unique()


def _touched(
    samples: pl.DataFrame, hit: pl.DataFrame, index: Index, every: pl.DataFrame, hidden: set[str]
) -> tuple[Touched, ...]:
    """How much of each test is touched, in the order of the tests."""
    hit = hit.join(samples, on="sample")
    kinds: dict[str, dict[Kind, int]] = {}
    for test, kind, count in hit.group_by("test", "kind").len().iter_rows():
        kinds.setdefault(test, {})[kind] = count
    touched = dict(hit.group_by("test").agg(pl.col("sample").n_unique()).iter_rows())
    rows = dict(every.group_by("test").agg(pl.col("line").n_unique()).iter_rows())
    brief = pl.DataFrame({"text": np.flatnonzero(index.lengths < SHORT[0])})
    long = index.owners.join(brief, on="text", how="anti")
    short = samples.join(long, on="sample", how="anti").group_by("test").len()
    fewer = dict(short.iter_rows())
    return tuple(
        Touched(
            name=test,
            samples=count,
            short=fewer.get(test, 0),
            touched=touched.get(test, 0),
            kinds={kind: kinds[test][kind] for kind in _ORDER if kind in kinds.get(test, {})},
            rows=rows.get(test, 0),
            quoted=test not in hidden,
        )
        for test, count in samples.group_by("test", maintain_order=True).len().iter_rows()
    )


def _stock(index: Index, numbers: Numbers, samples: pl.DataFrame, hidden: set[str]) -> tuple[Stock, ...]:
    shown = numbers[:STOCK]
    first = index.sequences.ends[shown]
    places = pl.DataFrame({"text": index.sequences.texts[first], "place": index.sequences.places[first]})
    if places.is_empty():
        return ()
    words = _words(index, places.unique(maintain_order=True))
    tests = index.owners.join(samples, on="sample").group_by("text").agg(pl.col("test").first())
    said = places.join(words, on=["text", "place"], how="left", maintain_order="left").join(
        tests, on="text", how="left", maintain_order="left"
    )
    counts = index.sequences.ends[shown + 1] - first
    return tuple(
        Stock(words="" if test in hidden else text, tests=int(count))
        for text, test, count in zip(said["words"], said["test"], counts, strict=True)
    )


def _examples(findings: pl.DataFrame) -> pl.DataFrame:
    return findings.filter(pl.int_range(pl.len()).over("test", "kind") < EXAMPLES)
