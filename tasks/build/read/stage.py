"""The stage `read`: from the files of one part to records in Parquet, with every reject and its reason."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

from schemas.correction import Correction
from schemas.receipts import Batch, Fetched
from schemas.settings import Settings
from schemas.source import Source, file_of
from schemas.task import Split
from sources import home
from tasks.base.store.fingerprint import code_of, fingerprint, hashes
from tasks.base.store.receipts import settled
from tasks.base.store.root import Root
from tasks.base.store.scratch import scratch
from tasks.build.read import correct, readers
from tasks.build.read.bounds import bounded
from tasks.build.read.files import available, sound, unpack
from tasks.build.read.reading import Reading


def plan(source: Source, part: str, fetched: Fetched) -> Batch:
    """The batch that reading a part would make: its fingerprint and place, or why it is withheld."""
    fetched = sound(source, fetched)
    source = source.given({blob.name for blob in fetched.blobs})
    declared = source.parts[part]
    options = source.format_of(part)
    names = sorted({file_of(member) for member in declared.members})
    blobs = {blob.name: blob for blob in fetched.blobs}
    made_of = hashes(
        declaration=[
            [source.id, part, declared.splits, declared.dev_ids, declared.test_ids],
            [declared.documented, declared.unlisted, source.partial],
            options,
        ],
        cleaning=source.clean,
        corrections=_corrections(source, part, fetched),
        code=code_of(__name__, *readers.modules(options)),
    ) | {f"file {name}": blobs[name].sha256 for name in names if name in blobs}
    mark = fingerprint(made_of)
    there, missing = available(declared, fetched)
    return Batch(
        source=source.id,
        part=part,
        fingerprint=mark,
        made_of=made_of,
        place=f"records/{source.id}/{mark}",
        withheld="" if there else "; ".join(dict.fromkeys(missing.values())),
        missing=missing if there else dict[Split, str](),
        original=all(blobs[name].original for name in names if name in blobs),
        partial=any(blobs[name].sha256 in source.partial for name in names if name in blobs),
    )


def read_part(source: Source, part: str, fetched: Fetched, root: Root, settings: Settings) -> Batch:
    """Read one part, unless its records exist already.

    Raises:
        ArchiveError: a declared file is not in its archive, which is not known to be a partial copy.
        FormatError: a file is not in the declared format at all, or has another number of records than documented.
        CorrectionError: a correction does not match.
    """
    fetched = sound(source, fetched)
    source = source.given({blob.name for blob in fetched.blobs})
    planned = plan(source, part, fetched)
    if planned.withheld:
        return planned
    if (done := settled(planned, root.done(planned.place))) is not None:
        return done
    started = time.perf_counter()
    with scratch("unpack") as folder, bounded(settings), _uncollected():
        files, lacking = unpack(source, planned, fetched, root, folder, settings)
        planned = planned.model_copy(update={"missing": {**planned.missing, **lacking}})
        if files:
            reading = Reading(source, part, planned, root, _corrections(source, part, fetched))
            for split, roles in files.items():
                reading.split(split, roles)
            batch = reading.finish(round(time.perf_counter() - started, 3))
        else:
            batch = planned.model_copy(update={"withheld": "; ".join(planned.missing.values()), "missing": {}})
    root.finish(batch.place, batch.model_dump(mode="json", exclude={"place"}))
    return batch


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the cyclic garbage collector: records have no reference cycles, and it doubles the time of making them."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


def _corrections(source: Source, part: str, fetched: Fetched) -> tuple[Correction, ...]:
    """The corrections that apply to the present files of a part; none if a file is not the publishers' original."""
    copies = {"", *(blob.sha256 for blob in fetched.blobs)}
    declared = correct.load(home(source.id) / f"{source.id}.corrections.yml")
    if not all(blob.original for blob in fetched.blobs):
        return ()
    return tuple(entry for entry in declared if entry.part == part and entry.copy_sha256 in copies)
