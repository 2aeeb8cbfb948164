"""The measurements of a task's samples, which are kept: they are made again only where a file of theirs has changed.

Large files may be measured ahead, each by a step of its own; the task measures those that no step has measured, nor a
build that was killed, and adds up.
"""

from contextlib import suppress
from typing import Any

import polars as pl

from schemas.errors import Damaged
from schemas.receipts import Kept, Piece, Rendered
from schemas.task import Task
from sources import instruction
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.store.frames import read
from tasks.base.store.pieces import files_of
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.build.deduplicate.published import DECISIONS, count_amended
from tasks.build.judge import personal
from tasks.build.judge.ledger import refused_records
from tasks.build.judge.shown import Found, combined, look
from tasks.build.render.stage import STAGE as RENDER

PERSONAL = "personal.parquet"
"""The identifiers found, redacted: a table of `tasks.build.judge.personal.FINDINGS`."""

FEW = 16_384
"""Samples that are measured sooner than a step is started."""

_AHEAD, _LENGTHS = "ahead", "lengths.parquet"


def profile_folder(task: Task, kept: Kept) -> str:
    """The folder of a task's measurements: another if its samples, its admitted splits or the measuring code change."""
    mark = fingerprint(kept.fingerprint, sorted(kept.splits), instruction(task), code_of(__name__))
    return f"samples/{task.name}/{mark}"


def measure(task: Task, rendered: Rendered, kept: Kept, root: Root) -> dict[str, dict[str, Any]]:
    """The measures of each split, by their names in a `SampleProfile`.

    Args:
        task: the task.
        rendered: its samples.
        kept: what is left of them after deduplication.
        root: where the samples are and the measurements go.
    """
    stamps = _stamps(rendered, kept, root)
    if (known := _known(task, kept, stamps, root)) is not None:
        return known
    measured: dict[str, dict[str, Any]] = {}
    persons = [personal.FINDINGS.to_frame()]
    for split in rendered.splits:
        refused = refused_records(split, rendered, root)
        files = [
            _ahead(task, piece, kept, stamps, root) or look(task, piece, rendered, kept, refused, root)
            for piece in files_of(rendered)
            if piece.split == split
        ]
        persons.append(pl.concat(found.persons for found in files).sort(personal.FINDINGS.names()))
        measured[split] = combined(files) | {
            "rows": sum(found.lengths.height for found in files),
            "amended": count_amended(kept.place, split, root),
            "accounted": refused.height + sum(found.records for found in files),
        }
    place = profile_folder(task, kept)
    with root.writing(f"{place}/{PERSONAL}") as path:
        pl.concat(persons).write_parquet(path)
    root.write_json(f"{place}/profile.json", {"stamps": stamps, "splits": measured})
    root.remove(f"{place}/{_AHEAD}")
    return measured


def large(task: Task, rendered: Rendered, kept: Kept, root: Root) -> list[Piece]:
    """The files of a task's samples that may be measured ahead; none where its measurements are there."""
    found = [piece for piece in files_of(rendered) if kept.splits[piece.split].kept > FEW * piece.count]
    there = found and _known(task, kept, _stamps(rendered, kept, root), root) is not None
    return [] if there else found


def measure_piece(task: Task, piece: Piece, rendered: Rendered, kept: Kept, root: Root) -> None:
    """Measure one of the files that `large` gives, unless that is done.

    Args:
        task: the task.
        piece: the file.
        rendered: the samples of the task.
        kept: what is left of them after deduplication.
        root: where the samples are and the measurements go.
    """
    stamps = _stamps(rendered, kept, root)
    if _ahead(task, piece, kept, stamps, root) is not None:
        return
    found = look(task, piece, rendered, kept, refused_records(piece.split, rendered, root), root)
    place = _place(task, piece, kept)
    for name, table in ((_LENGTHS, found.lengths), (PERSONAL, found.persons)):
        with root.writing(f"{place}/{name}") as path:
            table.write_parquet(path)
    told = {name: value for name, value in found._asdict().items() if not isinstance(value, pl.DataFrame)}
    root.finish(place, {"stamps": stamps, "found": told})


def _ahead(task: Task, piece: Piece, kept: Kept, stamps: dict[str, str], root: Root) -> Found | None:
    """What a step has found in a file; None if there is nothing, or it is damaged, or of other files."""
    place = _place(task, piece, kept)
    done = root.done(place)
    if done is None or done.get("stamps") != stamps:
        return None
    with suppress(OSError, pl.exceptions.PolarsError):
        lengths, persons = (read(root.local(f"{place}/{name}")) for name in (_LENGTHS, PERSONAL))
        return Found(**done["found"], lengths=lengths, persons=persons)
    return None


def _place(task: Task, piece: Piece, kept: Kept) -> str:
    return f"{profile_folder(task, kept)}/{_AHEAD}/{piece.name}"


def _known(task: Task, kept: Kept, stamps: dict[str, str], root: Root) -> dict[str, dict[str, Any]] | None:
    """The measures that are kept; None if there are none, or they are damaged, or of other files."""
    with suppress(FileNotFoundError, Damaged):
        known = root.read_json(f"{profile_folder(task, kept)}/profile.json")
        return known.get("splits") if known.get("stamps") == stamps else None
    return None


def _stamps(rendered: Rendered, kept: Kept, root: Root) -> dict[str, str]:
    """The files that the measurements of a task depend on, with what changes when one of them is written."""
    made = [place for split in rendered.splits for place in rendered.files(split)]
    decided = [f"{kept.place}/{name}" for name in DECISIONS]
    rejects = rejects_place(RENDER, rendered.task, rendered.fingerprint)
    return {file: root.stamp(file) for file in (*made, *decided, rejects)}
