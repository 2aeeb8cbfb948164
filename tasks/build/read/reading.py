"""Reads the splits of one part into Parquet, and counts its records and rejects."""

from collections.abc import Iterable, Iterator, Mapping

import polars as pl
import pyarrow.parquet as pq

from schemas.correction import Correction
from schemas.errors import FormatError
from schemas.receipts import Batch, Tally
from schemas.records import Document, Reject
from schemas.source import Source
from schemas.task import SPLITS, Split
from tasks.base.store.rejects import as_frame, rejects_place, write_rejects
from tasks.base.store.root import Root
from tasks.build.clean import listed as clean_list
from tasks.build.clean.documents import clean_documents
from tasks.build.clean.listed import Found
from tasks.build.clean.rows import clean_rows
from tasks.build.read import ASIDE, STAGE, UNLISTED, Table, check, correct, read, rows
from tasks.build.read.kept import Kept, absent, listed, passed_by_all, passed_files
from tasks.build.read.records import write_documents
from tasks.build.unpack import Member


class Reading:
    """Reads the splits of one part and counts their records and rejects."""

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
        self.cleaned: dict[Split, list[Found]] = {}
        self.rejects: list[pl.DataFrame] = []
        self.passed: dict[Split, dict[str, Reject]] = {}

    def split(self, split: Split, roles: Mapping[str, list[Member]]) -> None:
        """Read one declared split; a part of one file may have all three in it.

        Raises:
            FormatError: a file is not in the declared format at all, or the files have no record.
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
            if self.source.clean:
                self.cleaned[split] = clean_rows(path, self.source.clean)
        lost.append(as_frame(broken, **self._place(split)))
        self._count(split, seen + lost[0].height, kept, lost)

    def _documents(self, split: Split, found: Iterable[Document | Reject], ids: frozenset[str] | None) -> None:
        kept = Kept(found, ids)
        with self.root.writing(self._file(split)) as path:
            write_documents(self._cleaned(split, kept), path)
            written = pq.read_metadata(path).num_rows
        self._pass(split, kept.passed)
        missing = absent(ids or (), kept.seen, kept.strays)
        rejects = [*kept.rejects, *missing]
        self._count(split, kept.met + len(missing), written, [as_frame(rejects, **self._place(split))])
        self.mismatches[split] = sum(reject.reason == check.MISMATCH for reject in rejects)

    def _cleaned(self, split: Split, documents: Iterable[Document]) -> Iterator[Document]:
        """The documents after the clean-ups of the source, which are noted."""
        for clean, found in clean_documents(documents, self.source.clean):
            self.cleaned.setdefault(split, []).extend(found)
            yield clean

    def _count(self, split: Split, seen: int, kept: int, lost: list[pl.DataFrame]) -> None:
        self.rejects += lost
        self.tallies[split] = Tally(read=seen, kept=kept, rejected=sum(frame.height for frame in lost))

    def _pass(self, split: Split, rejects: Iterable[Reject]) -> list[Reject]:
        """Set aside the records that are not in the split's list; returns the rejects of the split itself."""
        found = list(rejects)
        self.passed[split] |= {reject.id: reject for reject in found if reject.reason == UNLISTED}
        return [reject for reject in found if reject.reason != UNLISTED]

    def _unlisted(self) -> Tally:
        """Add the records outside all splits to the rejects."""
        outside = passed_by_all(self.passed, self.declared.splits)
        self.rejects.append(as_frame(outside, stage=STAGE, source=self.source.id, part=self.part))
        return Tally(read=len(outside), kept=0, rejected=len(outside))

    def _file(self, split: Split) -> str:
        return f"{self.planned.place}/{self.part}-{split}.parquet"

    def _place(self, split: Split) -> dict[str, str]:
        return {"stage": STAGE, "source": self.source.id, "part": self.part, "split": split}

    def finish(self, seconds: float) -> Batch:
        """Write the rejects and return the batch with its counts."""
        correct.unused(self.source.id, self.corrections, self.used)
        if self.planned.original and not self.planned.partial:
            self._as_documented()
        unlisted = self._unlisted()
        write_rejects(self.root, rejects_place(STAGE, self.source.id, self.planned.fingerprint), self.rejects)
        if self.source.clean:
            clean_list.write(self.root, self.planned.place, self.source.id, self.part, self.cleaned)
        found = {
            "splits": {split: self.tallies[split] for split in SPLITS if split in self.tallies},
            "mismatches": self.mismatches,
            "cleaned": clean_list.count(self.root, self.planned.place),
            "unlisted": unlisted,
            "seconds": seconds,
        }
        return self.planned.model_copy(update=found)

    def _records(self, split: Split) -> int:
        """The records of a split, kept or not, without what was left out of one by itself."""
        if split not in self.tallies:
            return 0
        aside = pl.col("split").eq(split) & pl.col("reason").is_in(sorted(ASIDE))
        return self.tallies[split].read - sum(frame.filter(aside).height for frame in self.rejects)

    def _as_documented(self) -> None:
        """Compare the numbers of records with the documented ones: a reader may misread a file that has changed."""
        if self.planned.missing and self.declared.unlisted:
            documented: dict[Split, int] = {self.declared.unlisted: sum(self.declared.documented.values())}
        else:
            documented = {
                split: count for split, count in self.declared.documented.items() if split not in self.planned.missing
            }
        found = {split: self._records(split) for split in documented}
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
