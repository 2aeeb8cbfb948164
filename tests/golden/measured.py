"""`python -m tests.golden.measured SECTION…`: note that the figures of these sections are of the code as it is.

docs/benchmarks.md then says of each section when it was measured, and whether its code has changed since.
"""

import argparse
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from tasks.base.store.closure import Project
from tasks.tools.declare.marks import between
from tests.support.places import CHECKOUT

FILE = Path(__file__).with_suffix(".json")
BEGIN, END = "<!-- measured: generated -->", "<!-- measured: end -->"

PATH = (
    "tasks.build.read.stage",
    "tasks.build.render.stage",
    "tasks.build.deduplicate.stage",
    "tasks.build.judge.profile",
)
READERS = ("tasks.build.read.readers", "tasks.build.render.renderers")
AUDIT = ("tasks.build.audit.index", "tasks.build.audit")

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "A million sentence pairs": (*PATH, "tasks.build.read.parallel_text", "tasks.build.render.rows"),
    "Real files": (*PATH, *READERS),
    "Asking": ("tasks.model.evaluate.engine", "tasks.model.evaluate.endpoint"),
    "Scoring": ("tasks.model.score.scoring",),
    "The explorer": ("tasks.tools.explore.site", "tasks.tools.explore.start"),
    "A complete build": (*PATH, *READERS, *AUDIT, "tasks.build.pipeline.finish"),
    "Compared with others": (*PATH, *AUDIT, "tasks.build.read.parallel_text", "tasks.build.render.rows"),
}
"""Section of docs/benchmarks.md -> the modules whose work it measures, with all that they import."""


def main() -> None:
    """Note the sections that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="+", choices=SECTIONS, metavar="SECTION", help=", ".join(SECTIONS))
    given = parser.parse_args()
    today = datetime.now(UTC).date().isoformat()
    noted = read() | {section: {"on": today, "code": code(section)} for section in given.sections}
    FILE.write_text(json.dumps(noted, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def read() -> dict[str, dict[str, str]]:
    """Section -> the day it was measured and the code of then."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def code(section: str, read: Callable[[Path], bytes] = Path.read_bytes) -> str:
    """Hash the files of everything that a section measures: 16 hexadecimal digits.

    Args:
        section: its heading.
        read: reads a file.

    Raises:
        ModuleNotFoundError: a module of the section is not there.
    """
    project = Project()
    found = project.closure(*SECTIONS[section])
    paths = [*(project.path(name) for name in found.modules), *(CHECKOUT / name for name in found.files)]
    return sha256(b"".join(sha256(read(path)).digest() for path in paths)).hexdigest()[:16]


def with_measured(page: str) -> str:
    """A page with the table of its sections between the two marks.

    Raises:
        ValueError: the page lacks a mark.
    """
    return between(page, BEGIN, END, _table())


def _table() -> str:
    noted = read()
    rows = ""
    for section in SECTIONS:
        then = noted.get(section)
        state = "unchanged" if then and then["code"] == code(section) else "changed since"
        rows += f"| {section} | {then['on'] if then else 'before these notes'} | {state} |\n"
    return f"| Section | Measured | Code |\n| --- | --- | --- |\n{rows}"


if __name__ == "__main__":
    main()
