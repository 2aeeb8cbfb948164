"""`make bench-beside`: other tools beside ours, on the same invented rows; what each costs, and what it finds."""

import argparse
import json
import os
import shutil
from pathlib import Path

from rich.console import Console

from tests.benchmarks.scale import report
from tests.benchmarks.scale.beside.compare import PARTS, beside
from tests.benchmarks.scale.generate import plan, write
from tests.support.places import CHECKOUT


def main() -> None:
    """Generate what is needed, compare, and print the tables."""
    parser = argparse.ArgumentParser(prog="make bench-beside", description=__doc__)
    parser.add_argument(
        "--rows", type=int, default=1_000_000, help="as many pairs and abstracts as `make bench-scale` takes of so many"
    )
    parser.add_argument("--folder", type=Path, default=CHECKOUT / "build" / "bench-beside", help="scratch, and results")
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=PARTS, help="only these")
    given = parser.parse_args()
    folder = given.folder.resolve()
    scratch = folder / f"beside-{given.rows}"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    if "pairs" in given.parts:
        write(scratch / "mirror", [file for file in plan(given.rows) if file.place.source == "scielo"])
    known = {"rows": given.rows, "beside": beside(scratch, given.rows, scratch / "mirror", {}, given.parts)}
    (folder / f"beside-{given.rows}.json").write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    report.beside(Console(width=160), known)
    shutil.rmtree(scratch)


if __name__ == "__main__":
    os.environ.setdefault("MEDINST_WORKERS", "2")
    main()
