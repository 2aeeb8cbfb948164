"""Others beside us: Hugging Face datasets and DuckDB on the pairs of SciELO, datasketch on abstracts of MeDAL."""

import shutil
import sys
import tarfile
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from schemas.receipts import Order
from tasks.base.store.root import Root
from tests.benchmarks.scale.found import named, near
from tests.benchmarks.scale.generate import LEDGER
from tests.benchmarks.scale.sketch import FOUND
from tests.benchmarks.scale.staged import LOG, begin, receipts, run
from tests.benchmarks.scale.stages import stages
from tests.benchmarks.scale.watch import Cost, watched

ROWS = 200_000
PAIRS = ("ours", "duckdb", "datasets")
TASK = "MeDAL"


def pairs(mirror: Path, folder: Path, environment: dict[str, str]) -> dict[str, Cost]:
    """What all pairs of SciELO cost, by pipeline."""
    place = folder / "pairs"
    place.mkdir(parents=True)
    for side, languages in (("text.es", ("es", "pt")), ("text.en", ("en", "en"))):
        with (place / side).open("wb") as file:
            for part, language in zip(("en_es", "en_pt"), languages, strict=True):
                with tarfile.open(mirror / "scielo" / f"{part}.tar.gz") as archive:
                    member = archive.extractfile(f"{part}.{language}")
                    assert member is not None
                    shutil.copyfileobj(member, file, 2**20)
    found: dict[str, Cost] = {}
    for name in PAIRS:
        command = [sys.executable, "-m", f"tests.benchmarks.pairs_{name}", str(place)]
        found[name] = watched(command, place, environment, folder / "log.txt")[""]
    shutil.rmtree(place)
    return found


def sketches(mirror: Path, folder: Path, environment: dict[str, str], rows: int = ROWS) -> dict[str, Any]:
    """What near duplicates among the first training abstracts of MeDAL cost, and how many are found."""
    place = folder / "abstracts"
    order = _abstracts(mirror, place, rows)
    begin(place, order)
    costs: dict[str, Cost] = {}
    for stage in stages():
        if stage != "end":
            costs |= run(place, stage, environment)
    costs |= watched(
        [sys.executable, "-m", "tests.benchmarks.scale.sketch", str(place)], place, environment, place / LOG
    )
    state, root = receipts(place), Root(order.root)
    ledger = pl.read_parquet(mirror / LEDGER).filter(pl.col("task") == TASK, pl.col("split") == "train", kind="near")
    here = [pl.col(name).cast(pl.Int64) < rows for name in ("record", "twin_record")]
    ledger = named(ledger.filter(here), state, root)
    assert state.audit is not None
    views = {
        "ours": pl.read_parquet(root.local(f"{state.audit.place}/near.parquet")),
        "datasketch": pl.read_parquet(place / FOUND),
    }
    found = {name: near(ledger, view, state, root) for name, view in views.items()}
    shutil.rmtree(place)
    ours = costs["index"].plus(costs["near duplicates"])
    return {
        "rows": sum(task.rows["train"] for built in state.sources for task in built.indexed),
        "costs": {"ours": ours._asdict(), "datasketch": costs["datasketch"]._asdict()},
        "found": found,
    }


def _abstracts(mirror: Path, place: Path, rows: int) -> Order:
    """A mirror with the first training rows of MeDAL alone, and the order to build it."""
    into = place / "mirror" / "medal"
    into.mkdir(parents=True)
    shutil.copy(mirror / "mirror.json", place / "mirror")
    with (mirror / "medal" / "train.csv").open(encoding="utf-8") as file, (into / "train.csv").open("w") as some:
        some.writelines(islice(file, rows + 1))
    return Order(sources=("medal",), root=str(place / "root"), mirrors=(str(place / "mirror"),))
