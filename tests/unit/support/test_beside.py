"""The comparison with other tools: one measure for all, their findings as they write them, and what is planted."""

import gzip
import json
import struct
from pathlib import Path

import polars as pl
import pytest

from tests.benchmarks.scale import report
from tests.benchmarks.scale.beside import abstracts, findings, measures
from tests.benchmarks.scale.beside.abstracts import Sizes
from tests.benchmarks.scale.beside.tools import LEAKS, NEAR, Tool, absent, version
from tests.benchmarks.scale.generate import LEDGER

COPIES = pl.DataFrame(
    [("exact", "b", "a"), ("near", "c", "a"), ("near", "e", "d"), ("leak-text", "x", "test")],
    ["kind", "id", "twin_id"],
    orient="row",
)


def pairs(*found: str) -> pl.DataFrame:
    return pl.DataFrame([tuple(pair) for pair in found], {"id": pl.String, "twin": pl.String}, orient="row")


def test_pairs_that_share_a_text_make_one_cluster() -> None:
    found = measures.clusters(pairs("ba", "cb", "ed"))
    members = found.group_by("cluster").agg(pl.col("id").sort()).sort("id")["id"].to_list()
    assert members == [["a", "b", "c"], ["d", "e"]]


@pytest.mark.parametrize(
    ("found", "exact", "near", "precision"),
    [
        (("ba", "cb", "ed"), (1, 1), (2, 2), (3, 3)),
        (("cb",), (0, 1), (0, 2), (1, 1)),  # both are copies of `a`, so one of them may go
        (("ba", "za"), (1, 1), (0, 2), (1, 2)),
        (("ba", "da", "ed"), (1, 1), (1, 2), (2, 3)),  # two clusters that were thrown together
        ((), (0, 1), (0, 2), (0, 0)),
    ],
)
def test_copies_are_found_by_clusters(found, exact, near, precision) -> None:
    planted = COPIES.filter(pl.col("kind") != "leak-text")
    assert measures.near(planted, pairs(*found)) == {"exact": exact, "near": near, "precision": precision}


def test_leaks_are_found_by_training_text() -> None:
    planted = pl.DataFrame({"kind": ["leak-text", "leak-words", "near"], "id": ["x", "y", "z"]})
    told = pl.DataFrame({"id": ["y", "y", "z", "o"]})
    expected = {"leak-text": (0, 1), "leak-words": (1, 1), "precision": (1, 3)}
    assert measures.leaks(planted, told) == expected


def test_a_share_is_all_only_if_none_is_missing() -> None:
    assert report.share(19_999, 20_000) == "99.99 %"
    assert report.share(199_999, 200_000) == "99.99 %"
    assert report.share(3, 3) == "100.00 %"
    assert report.share(0, 0) == "–"


def test_clusters_of_datatrove_are_pairs_with_the_first() -> None:
    data = struct.pack("<8I", 1, 0, 2, 7, 4, 0, 5, 7)
    found = list(findings.of_clusters(data, ["p", "q", "r", "s", "t", "u"]))
    assert found == [{"id": "t", "twin": "q"}, {"id": "u", "twin": "r"}]


def test_attributes_of_dolma_name_the_texts_with_a_marked_part(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "attributes": {"shared": [[0, 9, 0.1]]}},
        {"id": "b", "attributes": {"shared": []}},
        {"id": "c", "attributes": {}},
    ]
    with gzip.open(tmp_path / "found.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    assert list(findings.of_attributes(tmp_path / "found.gz")) == [{"id": "a"}]


def test_a_tool_that_is_not_installed_is_named_once() -> None:
    there, *_ = NEAR
    gone = Tool("weasel", "", (), ".venv-beside-weasel")
    assert version(there) is not None
    assert version(gone) is None
    assert version(gone._replace(environment="")) is None
    (line,) = absent([there, gone, gone._replace(settings="other")])
    assert "weasel" in line
    assert ".venv-beside-weasel" in line


@pytest.mark.parametrize("tool", [*NEAR, *LEAKS], ids=lambda tool: f"{tool.name}, {tool.settings}")
def test_every_tool_has_a_driver(tool: Tool) -> None:
    assert (Path(abstracts.__file__).parent / f"{tool.driver.rpartition('.')[2]}.py").exists()


def test_sizes_are_full_from_a_million_rows_on() -> None:
    assert Sizes.of(10_000_000) == Sizes.of(1_000_000) == Sizes(200_000, 100_000, 15_000)
    assert Sizes.of(10_000) == Sizes(2000, 1000, 150)


@pytest.mark.heavy
def test_the_planted_leaks_are_enough_to_be_counted(tmp_path: Path) -> None:
    abstracts.generate(tmp_path, Sizes(2000, 1000, 400))
    ledger = pl.read_parquet(tmp_path / LEDGER)
    leaks = ledger.filter(pl.col("kind").str.starts_with("leak"))
    assert leaks.height == 30  # of forty tests that are planted, each fourth goes into another source
    assert leaks["twin_record"].n_unique() == 30
    assert set(leaks["split"]) == {"train"}
    assert set(leaks["twin_split"]) == {"test"}
    kinds = dict(ledger.filter(pl.col("split") == "train")["kind"].value_counts().iter_rows())
    assert (kinds["exact"], kinds["near"]) == (60, 60)
    assert {path.name for path in (tmp_path / "medal").iterdir()} == {"train.csv", "test.csv"}
