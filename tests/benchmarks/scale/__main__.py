"""`make bench-scale`: large sources, all invented, through the whole build; what each stage costs and what is found."""

import argparse
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from schemas.receipts import Order
from tasks.base.store.root import Root
from tests.benchmarks.scale import report
from tests.benchmarks.scale.beside.compare import beside
from tests.benchmarks.scale.found import found
from tests.benchmarks.scale.generate import generate
from tests.benchmarks.scale.layouts import LAYOUTS
from tests.benchmarks.scale.queries import answered
from tests.benchmarks.scale.staged import LOG, begin, run
from tests.benchmarks.scale.stages import stages
from tests.benchmarks.scale.watch import watched
from tests.support.places import CHECKOUT

NEEDED, GENERATED = 4_700, 800
"""Bytes on the disk for each row: its blob, what is unpacked, records, samples, index and release; and its file."""

PARTS = ("stages", "build", "found", "queries", "beside")

console = Console(width=120)


def main() -> None:
    """Measure one size, and a tenth of it before if it is large, so that the growth is seen."""
    parser = argparse.ArgumentParser(prog="make bench-scale", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of all sources together [1000000]")
    parser.add_argument(
        "--folder", type=Path, default=CHECKOUT / "build" / "bench-scale", help="scratch, and the results"
    )
    parser.add_argument("--mirror", type=Path, help="files that were generated before, with --rows")
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=PARTS, help="only these")
    parser.add_argument("--alone", action="store_true", help="without a tenth of the rows before")
    parser.add_argument("--keep", action="store_true", help="leave the files and the root of the build")
    given = parser.parse_args()
    given.folder = given.folder.resolve()
    given.folder.mkdir(parents=True, exist_ok=True)
    _room(given.folder, given.rows * (NEEDED + (0 if given.mirror else GENERATED)))
    if given.rows >= 10_000_000 and not given.alone:
        measure(given.folder, given.rows // 10, None, given.parts, False)
    measure(given.folder, given.rows, given.mirror, given.parts, given.keep)


def measure(folder: Path, rows: int, mirror: Path | None, parts: list[str], keep: bool) -> None:
    """Measure one size; what is known so far is in `results-<rows>.json` after each part."""
    scratch = folder / f"rows-{rows}"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    known: dict[str, Any] = {"rows": rows}
    started = time.perf_counter()
    if mirror is None:
        mirror = scratch / "mirror"
        generate(mirror, rows)
        known["generated"] = time.perf_counter() - started
    work = _Work(scratch, mirror, rows)
    for part in parts:
        known[part] = getattr(work, part)()
        (folder / f"results-{rows}.json").write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
        getattr(report, part)(console, known)
    report.growth(console, folder, known)
    if not keep:
        shutil.rmtree(scratch)


class _Work:
    """The parts of a measurement of one mirror."""

    def __init__(self, scratch: Path, mirror: Path, rows: int) -> None:
        self.scratch, self.mirror, self.rows = scratch, mirror, rows
        self.root = scratch / "root"
        (scratch / "tmp").mkdir()
        self.environment = {
            "PREFECT_HOME": str(scratch / "prefect"),
            "TMPDIR": str(scratch / "tmp"),
            "DO_NOT_TRACK": "1",
        }

    def stages(self) -> dict[str, Any]:
        """Each stage in a process of its own."""
        place = self.scratch / "staged"
        place.mkdir()
        tasks = tuple(layout.task for layout in LAYOUTS.values())
        order = Order(sources=tuple(LAYOUTS), tasks=tasks, root=str(place / "root"), mirrors=(str(self.mirror),))
        begin(place, order)
        costs = {}
        for stage in stages():
            costs |= {name: cost._asdict() for name, cost in run(place, stage, self.environment).items()}
        shutil.rmtree(place)
        return costs

    def build(self) -> dict[str, Any]:
        """`medinst build` as a user runs it."""
        tasks = [part for layout in LAYOUTS.values() for part in ("--task", layout.task)]
        command = [str(Path(sys.executable).parent / "medinst"), "build", *LAYOUTS, *tasks]
        command += ["--mirror", str(self.mirror), "--root", str(self.root), "--profile", "local"]
        self.root.mkdir()
        return watched(command, self.root, self.environment, self.scratch / LOG)[""]._asdict()

    def found(self) -> dict[str, Any]:
        """Recall and precision of what was planted."""
        return found(Root(str(self.root)), self.mirror)

    def queries(self) -> dict[str, Any]:
        """The documented queries."""
        return answered(Root(str(self.root)))

    def beside(self) -> dict[str, Any]:
        """Other tools on the same rows."""
        place = self.scratch / "beside"
        place.mkdir()
        return beside(place, self.rows, self.mirror, self.environment)


def _room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    console.print(f"This needs some {needed / 1e9:.1f} GB in {folder}; {free / 1e9:.1f} GB are free.")
    if free < needed:
        raise SystemExit(
            f"Not enough room in {folder}. Name another place: make bench-scale FOLDER=…, or fewer rows: ROWS=…"
        )


if __name__ == "__main__":
    os.environ.setdefault("MEDINST_WORKERS", "2")
    main()
