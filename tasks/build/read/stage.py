"""The stage `read`: from the files of one part to records in Parquet, with every reject and its reason."""

import gc
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from schemas.correction import Correction
from schemas.errors import ArchiveError, FormatError
from schemas.receipts import Batch, Fetched, Tally
from schemas.records import Document, Reject
from schemas.settings import Settings
from schemas.source import Part, Source
from schemas.task import SPLITS, Split
from sources import FOLDER
from tasks.base.store.fingerprint import code_of, fingerprint, hashes
from tasks.base.store.receipts import settled
from tasks.base.store.rejects import as_frame, rejects_place, write_rejects
from tasks.base.store.root import Root
from tasks.build.read import UNLISTED, Table, check, correct, read, readers, rows
from tasks.build.read.kept import IDS, Kept, absent, listed, passed_by_all, passed_files
from tasks.build.read.records import write_documents
from tasks.build.unpack import Member, unpack_all

STAGE = "read"


def plan(source: Source, part: str, fetched: Fetched) -> Batch:
    """What reading a part would make: its fingerprint and place, or why it is withheld."""
    declared = source.parts[part]
    options = source.format_of(part)
    names = sorted({member.split("!")[0] for member in declared.members})
    blobs = {blob.name: blob for blob in fetched.blobs}
    made_of = hashes(
        declaration=[
            [source.id, part, declared.splits, declared.dev_ids, declared.test_ids],
            [declared.documented, declared.unlisted, source.partial],
            options,
        ],
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


LISTS = (IDS, "documents")
"""Roles of files that list the records of a split."""

Roles = dict[str, str]


def available(declared: Part, fetched: Fetched) -> tuple[dict[Split, Roles], dict[Split, str]]:
    """The splits whose files are there, by role, and why the others are withheld.

    Where all that is not there are the lists of the splits, the records may be read without them, as one split.
    """
    blobs = {blob.name for blob in fetched.blobs}

    def lost(roles: Roles) -> Roles:
        files = {role: spec.split("!")[0] for role, spec in roles.items()}
        gone = {role: name for role, name in files.items() if name not in blobs}
        return {role: fetched.withheld.get(name, f"`{name}` is not there") for role, name in sorted(gone.items())}

    there: dict[Split, Roles] = {}
    missing: dict[Split, str] = {}
    for split, roles in declared.splits.items():
        if reasons := lost(roles):
            missing[split] = "; ".join(dict.fromkeys(reasons.values()))
        else:
            there[split] = roles
    whole = declared.unlisted
    if whole is not None and not there and set(lost(declared.splits[whole])) <= set(LISTS):
        there[whole] = {role: spec for role, spec in declared.splits[whole].items() if role not in LISTS}
        why = missing.pop(whole)
        missing = dict.fromkeys(missing, f"{why}; without it all records are in {whole}")
    return there, missing


def read_part(source: Source, part: str, fetched: Fetched, root: Root, settings: Settings) -> Batch:
    """Read one part, unless its records are there already.

    Raises:
        ArchiveError: a declared file is not in its archive, which is not known to be a partial copy.
        FormatError: a file is not in the declared format at all, or does not hold the documented number of records.
        CorrectionError: a correction does not match.
    """
    planned = plan(source, part, fetched)
    if planned.withheld:
        return planned
    if (done := settled(planned, root.done(planned.place))) is not None:
        return done
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="medinst-unpack-") as folder, _uncollected():
        files, lacking = _unpack(source, planned, fetched, root, Path(folder), settings)
        planned = planned.model_copy(update={"missing": {**planned.missing, **lacking}})
        if files:
            reading = _Reading(source, part, planned, root, _corrections(source, part, fetched))
            for split, roles in files.items():
                reading.split(split, roles)
            batch = reading.finish(round(time.perf_counter() - started, 3))
        else:
            batch = planned.model_copy(update={"withheld": "; ".join(planned.missing.values()), "missing": {}})
    root.finish(batch.place, batch.model_dump(mode="json", exclude={"place"}))
    return batch


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the search for cycles of garbage: records hold none, and it takes half of the time of making them."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


Unpacked = dict[Split, dict[str, list[Member]]]


def _unpack(
    source: Source, planned: Batch, fetched: Fetched, root: Root, into: Path, settings: Settings
) -> tuple[Unpacked, dict[Split, str]]:
    """The files of each split, and the splits that a partial copy lacks, with the reason.

    Raises:
        ArchiveError: a declared member is not in its archive, which is not known to be a partial copy.
    """
    paths = {blob.name: root.local(blob.place) for blob in fetched.blobs}
    there, _ = available(source.parts[planned.part], fetched)
    if not planned.partial:
        return members_of(there, source.id, paths, into, settings), {}
    files: Unpacked = {}
    lacking: dict[Split, str] = {}
    for split, roles in there.items():
        try:
            files |= members_of({split: roles}, source.id, paths, into, settings)
        except ArchiveError as error:
            if "pattern" not in error.facts:
                raise
            place = str(error.facts["place"]).removeprefix(f"{source.id}: ")
            lacking[split] = f"this copy of `{place}` has no `{error.facts['pattern']}`"
    return files, lacking


def members_of(
    splits: Mapping[Split, Mapping[str, str]], source: str, paths: Mapping[str, Path], into: Path, settings: Settings
) -> Unpacked:
    """Unpack the files of some splits, each archive once."""
    wanted: dict[str, dict[tuple[Split, str], str]] = {}
    for split, roles in splits.items():
        for role, spec in roles.items():
            wanted.setdefault(spec.split("!")[0], {})[split, role] = spec
    unpacked: dict[tuple[Split, str], list[Member]] = {}
    for name, specs in wanted.items():
        unpacked |= unpack_all(paths[name], specs, into, settings, source)
    return {split: {role: unpacked[split, role] for role in roles} for split, roles in splits.items()}


class _Reading:
    """Reads the splits of one part and keeps the tally."""

    def __init__(
        self, source: Source, part: str, planned: Batch, root: Root, corrections: tuple[Correction, ...]
    ) -> None:
        self.source, self.part, self.planned, self.root = source, part, planned, root
        self.options = source.format_of(part)
        self.declared = source.parts[part]
        self.corrections = corrections
        self.used: set[Correction] = set()
        self.tallies: dict[Split, Tally] = {}
        self.mismatches: dict[Split, int] = {}
        self.rejects: list[pl.DataFrame] = []
        self.passed: dict[Split, dict[str, Reject]] = {}

    def split(self, split: Split, roles: Mapping[str, list[Member]]) -> None:
        """Read one declared split; a part of one file may hold all three.

        Raises:
            FormatError: a file is not in the declared format at all, or the files hold no record.
        """
        before = self._read()
        ids, files = listed(roles, self.options.encoding)
        self.passed[split] = {}
        self._pass(split, passed_files(roles, files))
        found = read(self.options, files)
        if isinstance(found, Table):
            self._tables(split, found, ids)
        else:
            self._documents(split, correct.correct(found, self.corrections, self.used), ids)
        if self._read() == before:
            names = [f"`{member.name}`" for members in files.values() for member in members]
            raise FormatError(f"{', '.join(names[:3])}: expected records in the declared format, found none.")

    def _read(self) -> int:
        return sum(tally.read for tally in self.tallies.values())

    def _tables(self, split: Split, found: Table, ids: frozenset[str] | None) -> None:
        numbered = "id" not in found.frame.collect_schema()
        frame = rows.complete(found.frame, self.options, self.source, self.part)
        rejects = list(found.rejects)
        if ids is not None:
            seen = frame.select("id").collect()["id"]
            frame = frame.filter(pl.col("id").is_in(sorted(ids)))
            others = (id_ or "" for id_ in seen if id_ not in ids)
            rejects += [*absent(ids, seen), *(Reject(id_, UNLISTED, "no list of a split names it") for id_ in others)]
        rejects = self._pass(split, rejects)
        by_id: dict[Split, frozenset[str]] = {"dev": self.declared.dev_ids, "test": self.declared.test_ids}
        for name, chosen in rows.by_split(frame, split, by_id):
            self._table(name, chosen, rejects if name == split else (), numbered)

    def _table(self, split: Split, frame: pl.LazyFrame, rejects: Iterable[Reject], numbered: bool) -> None:
        lost = [as_frame(rejects, **self._place(split))]
        with self.root.writing(self._file(split)) as path:
            kept, broken, seen = rows.write(frame, self.options.kind, path, numbered)
        lost.append(as_frame(broken, **self._place(split)))
        self._count(split, seen + lost[0].height, kept, lost)

    def _documents(self, split: Split, found: Iterable[Document | Reject], ids: frozenset[str] | None) -> None:
        kept = Kept(found, ids)
        with self.root.writing(self._file(split)) as path:
            write_documents(kept, path)
            written = pq.read_metadata(path).num_rows
        self._pass(split, kept.passed)
        missing = absent(ids or (), kept.seen, kept.strays)
        rejects = [*kept.rejects, *missing]
        self._count(split, kept.met + len(missing), written, [as_frame(rejects, **self._place(split))])
        self.mismatches[split] = sum(reject.reason == check.MISMATCH for reject in rejects)

    def _count(self, split: Split, seen: int, kept: int, lost: list[pl.DataFrame]) -> None:
        self.rejects += lost
        self.tallies[split] = Tally(read=seen, kept=kept, rejected=sum(frame.height for frame in lost))

    def _pass(self, split: Split, rejects: Iterable[Reject]) -> list[Reject]:
        """Set apart what the list of the split passes over; returns the rejects of the split itself."""
        found = list(rejects)
        self.passed[split] |= {reject.id: reject for reject in found if reject.reason == UNLISTED}
        return [reject for reject in found if reject.reason != UNLISTED]

    def _unlisted(self) -> Tally:
        """Add what belongs to no split to the rejects."""
        outside = passed_by_all(self.passed, self.declared.splits)
        self.rejects.append(as_frame(outside, stage=STAGE, source=self.source.id, part=self.part))
        return Tally(read=len(outside), kept=0, rejected=len(outside))

    def _file(self, split: Split) -> str:
        return f"{self.planned.place}/{self.part}-{split}.parquet"

    def _place(self, split: Split) -> dict[str, str]:
        return {"stage": STAGE, "source": self.source.id, "part": self.part, "split": split}

    def finish(self, seconds: float) -> Batch:
        """Write the rejects and sum up."""
        correct.unused(self.source.id, self.corrections, self.used)
        if self.planned.original and not self.planned.partial:
            self._as_documented()
        unlisted = self._unlisted()
        write_rejects(self.root, rejects_place(STAGE, self.source.id, self.planned.fingerprint), self.rejects)
        splits = {split: self.tallies[split] for split in SPLITS if split in self.tallies}
        found = {"splits": splits, "mismatches": self.mismatches, "unlisted": unlisted, "seconds": seconds}
        return self.planned.model_copy(update=found)

    def _as_documented(self) -> None:
        """Hold the numbers of records against the documented ones: a reader may misread what it has never seen."""
        if self.planned.missing and self.declared.unlisted:
            documented = {self.declared.unlisted: sum(self.declared.documented.values())}
        else:
            documented = {
                split: count for split, count in self.declared.documented.items() if split not in self.planned.missing
            }
        found = {split: self.tallies[split].read if split in self.tallies else 0 for split in documented}
        if found == documented:
            return
        numbers = "; ".join(f"{split} {found[split]:,} of {count:,}" for split, count in documented.items())
        reasons = pl.concat([frame.select("reason") for frame in self.rejects])["reason"].value_counts(sort=True)
        rejected = ", ".join(f"{count:,} {reason}" for reason, count in reasons.rows()) or "none"
        raise FormatError(
            f"`{self.source.id}/{self.part}` does not hold the documented number of records: {numbers} were read "
            f"(rejected among them: {rejected}). If the publishers have changed their files, correct `documented` in "
            f"sources/{self.source.id}.py; if not, the declared format misreads them. Then: "
            f"medinst build {self.source.id}"
        )


def _corrections(source: Source, part: str, fetched: Fetched) -> tuple[Correction, ...]:
    """The corrections that apply to a part, as its files are now; none for files that are not the publishers'."""
    copies = {"", *(blob.sha256 for blob in fetched.blobs)}
    declared = correct.load(FOLDER / f"{source.id}.corrections.yml")
    if not all(blob.original for blob in fetched.blobs):
        return ()
    return tuple(entry for entry in declared if entry.part == part and entry.copy_sha256 in copies)
