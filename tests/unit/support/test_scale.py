"""The generator of the scale benchmark: its files are read as declared, and its ledger tells the truth."""

import json
import re
from pathlib import Path

import polars as pl
import pytest

from schemas.receipts import Order
from schemas.records import MARKS
from schemas.settings import Settings
from sources import find
from tasks.base.store.root import Root
from tasks.build.fetch.blobs import hash_file
from tasks.build.fetch.source import fetch_source
from tasks.build.read.stage import read_part
from tests.benchmarks.scale.cluster_report import replay, spent
from tests.benchmarks.scale.generate import LEDGER, generate, plan
from tests.benchmarks.scale.layouts import LAYOUTS
from tests.benchmarks.scale.metered import Step
from tests.benchmarks.scale.rows import LEAKS, QUOTED

ROWS = 4000
MAIN = {"biomrc": "context", "fever": "second", "pubmedqa": "context"}
"""The field of the record with the main text, where it is not `text`."""

NUMBERED = {"document", "origin"}
"""Fields that tell which row of its file a record was."""


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scale") / "mirror"
    generate(folder, ROWS, seed=7)
    return folder


@pytest.fixture(scope="module")
def records(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], dict[str, object]]:
    """What the declared readers make of the files: source, split and record id of the sample -> record."""
    root = tmp_path_factory.mktemp("root")
    found = {}
    for source, layout in LAYOUTS.items():
        fetched = fetch_source(find(source), Order(root=str(root), mirrors=(str(mirror),)), Settings())
        for part in layout.parts:
            batch = read_part(find(source), part, fetched, Root(str(root)), Settings())
            prefix = f"{part}/" if len(layout.parts) > 1 else ""
            assert not any(tally.rejected for tally in batch.splits.values())
            for split in batch.splits:
                rows = pl.read_parquet(f"{root}/{batch.place}/{part}-{split}.parquet")
                found |= {(source, split, prefix + str(row["id"])): row for row in rows.iter_rows(named=True)}
    return found


def test_sizes_are_those_of_the_table(mirror, records):
    assert abs(len(records) - ROWS) < 20
    counted = pl.read_csv(mirror / "counts.csv")
    assert counted["rows"].sum() == len(records)
    whole = {(file.place.source, file.place.part, file.place.split): file.rows for file in plan(9_302_915)}
    assert whole["medal", "main", "train"] == 3_000_000
    assert whole["scielo", "en_es", "train"] == 177_782
    assert sum(whole.values()) == 9_302_915


def test_a_mirror_says_that_its_files_are_not_the_publishers(mirror):
    assert json.loads((mirror / "mirror.json").read_text())["original"] is False


def test_copies_are_as_the_ledger_says(mirror, records):
    for row in _ledger(mirror, "exact"):
        copy, twin = _both(records, row)
        assert copy["id"] != twin["id"]
        assert {name for name in copy if copy[name] != twin[name]} <= {"id", *NUMBERED}
    for row in _ledger(mirror, "near"):
        copy, twin = (_words(record, row["source"]) for record in _both(records, row))
        assert [at for at in range(row["words"]) if copy[at] != twin[at]] == [row["at"]]
        assert len(copy) == len(twin) == row["words"]


def test_planted_texts_are_as_the_ledger_says(mirror, records):
    for row in _ledger(mirror, *LEAKS):
        planted, test = _both(records, row)
        here, there = _words(planted, row["source"]), _words(test, row["twin_source"])
        assert (row["split"], row["twin_split"]) == ("train", "test")
        assert len(there) == row["words"]
        if row["kind"] == "leak-words":
            quoted = there[row["at"] : row["at"] + QUOTED]
            assert len(quoted) == min(QUOTED, len(there))
            assert any(here[at : at + len(quoted)] == quoted for at in range(len(here)))
            assert here != there
        else:
            changed = [at for at, pair in enumerate(zip(here, there, strict=True)) if pair[0] != pair[1]]
            assert changed == ([] if row["kind"] == "leak-text" else [row["at"]])


def test_every_kind_is_planted_in_the_shares_that_are_said(mirror):
    kinds = pl.read_parquet(mirror / LEDGER)["kind"].value_counts()
    found = dict(kinds.iter_rows())
    assert set(found) == {"exact", "near", *LEAKS}
    for kind in ("exact", "near"):
        assert found[kind] == pytest.approx(0.03 * ROWS, rel=0.1)
    assert any(row["source"] != row["twin_source"] for row in _ledger(mirror, *LEAKS))


@pytest.mark.heavy
def test_equal_seeds_make_equal_bytes(mirror, tmp_path):
    generate(tmp_path / "again", ROWS, seed=7)
    generate(tmp_path / "other", ROWS, seed=8)
    names = [path.relative_to(mirror) for path in sorted(mirror.rglob("*")) if path.is_file()]
    hashes = {folder: [hash_file(folder / name) for name in names] for folder in (mirror, tmp_path / "again")}
    assert hashes[mirror] == hashes[tmp_path / "again"]
    assert hash_file(mirror / "medal" / "train.csv") != hash_file(tmp_path / "other" / "medal" / "train.csv")


def _ledger(mirror: Path, *kinds: str) -> list[dict]:
    rows = pl.read_parquet(mirror / LEDGER).filter(pl.col("kind").is_in(kinds)).to_dicts()
    assert {row["kind"] for row in rows} == set(kinds)
    return rows


def _both(records, row):
    return (
        records[row["source"], row["split"], row["record"]],
        records[row["twin_source"], row["twin_split"], row["twin_record"]],
    )


def _words(record, source: str) -> list[str]:
    """The words of a record's main text; a Chinese one is a character."""
    text = record[MAIN.get(source, "text")]
    if source == "multi_xscience":
        text = text.partition("\n@cite_")[0].removeprefix("Abstract: ")
    for mark in MARKS:
        text = text.replace(mark, "")
    return re.findall(r"[一-鿿]|[^\W\d_一-鿿]+\d*", text.lower())


def test_steps_are_replayed_by_what_they_cost():
    """Two workers, each slowed by others: the render of `a` waits for its read, and then for its worker."""
    steps = [
        Step("read", "a", 1, 0.0, 10.0, 3.0, 0, 0),
        Step("read", "b", 2, 0.0, 90.0, 2.0, 0, 0),
        Step("render", "a", 2, 90.0, 95.0, 4.0, 0, 0),
        Step("render", "b", 1, 95.0, 96.0, 1.0, 0, 0),
        Step("judge", "", 3, 96.0, 99.0, 9.0, 0, 0),
    ]
    assert spent(steps) == 96.0
    assert replay(steps) == 7.0
    assert replay([step._replace(process=1) for step in steps]) == 10.0


def test_pieces_are_replayed_side_by_side():
    """Both wait for `read`, neither for the other, and `render` for both."""
    steps = [
        Step("read", "a", 1, 0.0, 1.0, 3.0, 0, 0),
        Step("render piece", "a", 1, 1.0, 2.0, 4.0, 0, 0),
        Step("render piece", "a", 2, 1.0, 9.0, 5.0, 0, 0),
        Step("render", "a", 1, 9.0, 9.5, 1.0, 0, 0),
        Step("audit piece", "", 1, 10.0, 11.0, 7.0, 0, 0),
    ]
    assert spent(steps) == 9.5
    assert replay(steps) == 9.0
