"""Years of documents, by a table that somebody puts into the root."""

import polars as pl
import pytest

from schemas.errors import MedinstError
from tasks.base.store.root import Root
from tasks.build.diagnose.years import FILE, years, years_table
from tests.unit.build.diagnose.corpora import values

TABLE = pl.DataFrame({"pmid": [100, 200], "year": [1990, 1991]})


def test_a_record_has_the_year_of_the_last_first_pmid_before_it() -> None:
    documents = ["pmid:99", "pmid:100", "pmid:199", "pmid:200", "pmid:9999", "doi:10.1/x", ""]
    found = values(years(pl.LazyFrame({"split": "train", "document": documents}), TABLE))
    assert found["dated_records"] == 4 / 7, "99 is older than the table"
    assert (found["year_min"], found["year_median"], found["year_max"]) == (1990, 1990.5, 1991)


def test_without_a_table_or_pmids_there_are_no_years() -> None:
    assert years(pl.LazyFrame({"split": "train", "document": ["pmid:1"]}), None).is_empty()
    assert values(years(pl.LazyFrame({"split": "train", "document": ["x"]}), TABLE)) == {"dated_records": 0}


def test_the_table_is_read_from_the_root(tmp_path) -> None:
    root = Root(str(tmp_path))
    assert years_table(root) is None
    root.write_bytes(FILE, b"pmid,year\n100,1990\n200,1991\n")
    assert years_table(root).equals(TABLE)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "pmid"),
        (b"pmid,year\n", "no rows"),
        (b"pmid,year\n1,x\n", "x"),
        (b"pmid,year\n1,\n", "an empty cell"),
        (b"pmid,year\n2,1990\n1,1991\n", "do not ascend"),
        (b"pmid,year\n1,1990\n2,1990\n", "do not ascend"),
        (b"\x00\xff\xfe", "pmid"),
    ],
)
def test_another_table_is_an_error_that_says_what_to_do(tmp_path, text, fault) -> None:
    root = Root(str(tmp_path))
    root.write_bytes(FILE, text)
    with pytest.raises(MedinstError, match=FILE) as caught:
        years_table(root)
    assert fault in str(caught.value)
    assert "medinst build" in str(caught.value)
