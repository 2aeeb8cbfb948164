"""What a guard leaves in a folder: the report, all findings, a badge, and a clean copy of the training set."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from schemas.audit import KINDS
from schemas.errors import GuardError
from tasks.base.pages.template import render
from tasks.tools.guard.badge import endpoint, markdown, svg
from tasks.tools.guard.guard import Outcome, Training
from tasks.tools.guard.rows import without


def write_report(outcome: Outcome, folder: Path) -> None:
    """Write the report into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    report = outcome.report
    said = report.model_dump(mode="json") | {"clean": report.clean}
    pages = {
        "report.json": f"{json.dumps(said, ensure_ascii=False, indent=1)}\n",
        "report.html": render(__file__, "guard.html.j2", report=report, kinds=KINDS),
        "badge.svg": svg(report),
        "badge.json": endpoint(report),
        "badge.md": markdown(report),
    }
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    outcome.findings.write_parquet(folder / "findings.parquet", compression="zstd")


def refuse_taken(target: Path, place: Path) -> None:
    """Refuse a place for the clean copy that is taken, or lies in the training set.

    Raises:
        GuardError: it does.
    """
    if target.exists() and (target.is_file() or any(target.iterdir())):
        raise GuardError(
            f"{target}: expected a name that is free for the clean copy, found something there. Move it away."
        )
    if place.is_dir() and target.absolute().is_relative_to(place.absolute()):
        raise GuardError(
            f"{target}: expected a place outside of the training set for its clean copy, found one inside."
        )


def write_clean(data: Training, unclean: Mapping[str, set[int]], target: Path, place: Path) -> None:
    """Write the training set again without the rows that touch a test: same files, form and order.

    Args:
        data: the training set.
        unclean: numbers of rows by file.
        target: a file where the training set is one, else a folder; it appears when it is whole.
        place: where the training set is.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        for file in data.files:
            path = unfinished if place.is_file() else unfinished / file.name
            without(file, unclean.get(file.name, ()), path)
        unfinished.replace(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.unlink(missing_ok=True)
