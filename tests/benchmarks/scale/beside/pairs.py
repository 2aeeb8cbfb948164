"""Hugging Face datasets and DuckDB beside ours, on the pairs of SciELO."""

import shutil
import sys
import tarfile
from pathlib import Path
from typing import Any

from tests.benchmarks.scale.watch import watched

PIPELINES = ("ours", "duckdb", "datasets")


def pairs(mirror: Path, folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    """What all pairs of SciELO cost, by pipeline.

    Args:
        mirror: with the files of SciELO.
        folder: scratch.
        environment: of the processes, added to that of this one.
    """
    place = folder / "pairs"
    place.mkdir(parents=True)
    for side, languages in (("text.es", ("es", "pt")), ("text.en", ("en", "en"))):
        with (place / side).open("wb") as file:
            for part, language in zip(("en_es", "en_pt"), languages, strict=True):
                with tarfile.open(mirror / "scielo" / f"{part}.tar.gz") as archive:
                    member = archive.extractfile(f"{part}.{language}")
                    assert member is not None
                    shutil.copyfileobj(member, file, 2**20)
    with (place / "text.en").open("rb") as file:
        rows = sum(1 for _ in file)
    costs = {}
    for name in PIPELINES:
        command = [sys.executable, "-m", f"tests.benchmarks.pairs_{name}", str(place)]
        costs[name] = watched(command, place, environment, folder / "log.txt")[""]._asdict()
    shutil.rmtree(place)
    return {"rows": rows, "costs": costs}
