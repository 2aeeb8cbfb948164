"""The years of documents of PubMed, by a table that says which PMID was the first of each year.

PMIDs are given out in order as records are added, so the year is that in which a document came into PubMed, which for
old articles is later than that of their publication. No such table comes with the program, because PubMed publishes
none: whoever has one puts it into the root.
"""

import polars as pl

from schemas.errors import MedinstError
from tasks.base.store.root import Root
from tasks.build.diagnose.long import MEASURES, long, with_all

FILE = "pmid_years.csv"
"""The table, in the root: `pmid,year`, one line for the first PMID of each year, in ascending order."""


def years_table(root: Root) -> pl.DataFrame | None:
    """The table of a root with the columns `pmid` and `year`; None if it has none.

    Raises:
        MedinstError: the file is not a table of that form.
    """
    if not root.exists(FILE):
        return None
    try:
        table = pl.read_csv(root.read_bytes(FILE), glob=False, schema_overrides={"pmid": pl.Int64, "year": pl.Int64})
        table = table.select("pmid", "year")
        fault = "no rows" if table.is_empty() else "an empty cell" if table.null_count().sum_horizontal().item() else ""
    except pl.exceptions.PolarsError as error:
        raise _wrong(root, str(error).partition("\n")[0]) from error
    ascends = all((column.diff().drop_nulls() > 0).all() for column in table)
    if fault or not ascends:
        raise _wrong(root, fault or "numbers that do not ascend")
    return table


def _wrong(root: Root, fault: str) -> MedinstError:
    return MedinstError(
        f"{root.uri(FILE)}: expected the columns `pmid` and `year`, one line for the first PMID of each year in "
        f"ascending order, found {fault}. Correct the file, or remove it to do without years, and build again: "
        "medinst build",
        place=FILE,
    )


def years(documents: pl.LazyFrame, table: pl.DataFrame | None) -> pl.DataFrame:
    """Measures of the years of documents with the columns `split` and `document` (`pmid:…`, or something else)."""
    if table is None:
        return pl.DataFrame(schema=MEASURES)
    number = pl.col("document").str.extract(r"^pmid:(\d+)$").cast(pl.Int64)
    dated = (
        (documents.select("split", pmid=number).sort("pmid").join_asof(table.lazy(), on="pmid", strategy="backward"))
        .collect()
        .lazy()
    )
    year = pl.col("year")
    return long(
        with_all(dated),
        dated_records=year.is_not_null().mean(),
        year_min=year.min(),
        year_median=year.median(),
        year_max=year.max(),
    )
