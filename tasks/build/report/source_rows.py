"""The table of the sources: where they come from, what they permit, and what became of them."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from schemas.licence import titles, together
from schemas.receipts import Blob
from schemas.release import ReleaseContent
from schemas.source import Source
from tasks.base.licences.terms import terms_of
from tasks.base.pages.words import number, size
from tasks.build.report.index import Index
from tasks.build.report.verdicts import count, worst

PARITY = ("equal", "explained", "unexplained", "withheld", "not built")


class Rights(NamedTuple):
    """What a licence permits, in words and as the three answers that people look for."""

    title: str
    url: str
    redistribute: bool
    commercial: bool
    share_alike: bool


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source of the release. `rights` is None where nothing declares it."""

    id: str
    title: str
    homepage: str
    rights: Rights | None
    access: str
    verified: bool
    files: str
    bytes: int
    trust: str
    tasks: int
    read: int
    samples: int
    rejects: int
    verdict: str
    verdicts: dict[str, int]
    parity: dict[str, int]


class _Sums:
    """Sums by source, made in one pass over each list of the content."""

    def __init__(self, content: ReleaseContent, index: Index) -> None:
        self.tasks = Counter(task.source for task in content.tasks)
        self.read: Counter[str] = Counter()
        self.samples: Counter[str] = Counter()
        self.rejects: Counter[str] = Counter()
        self.parity: dict[str, Counter[str]] = defaultdict(Counter)
        for record in content.records:
            self.read[record.source] += record.read
        for task in content.tasks:
            self.samples[task.source] += sum(split.rows for split in task.splits.values())
        for lost in content.lost:
            self.rejects[lost.source] += lost.rows
        for row in content.parity:
            self.parity[index.source_of.get(row.task, "")][row.status] += 1
        by_source = defaultdict(list)
        for verdict in content.verdicts:
            by_source[verdict.source].append(verdict)
        self.verdicts = {source: count(verdicts) for source, verdicts in by_source.items()}


def source_rows(content: ReleaseContent, index: Index) -> list[SourceRow]:
    """One row for each source that the release speaks of, sorted by title."""
    sums = _Sums(content, index)
    return [_row(source, content, index, sums) for source in index.used(content)]


def _row(source: str, content: ReleaseContent, index: Index, sums: _Sums) -> SourceRow:
    declared = index.sources.get(source)
    blobs = content.files.get(source, ())
    verdicts = sums.verdicts.get(source, count(()))
    return SourceRow(
        id=source,
        title=index.title(source),
        homepage=index.homepage(source),
        rights=_rights(declared),
        access=declared.access if declared else "",
        verified=declared.verified if declared else True,
        files=_files(blobs),
        bytes=sum(blob.bytes for blob in blobs),
        trust=_trust(blobs),
        tasks=sums.tasks[source],
        read=sums.read[source],
        samples=sums.samples[source],
        rejects=sums.rejects[source],
        verdict=worst(verdicts),
        verdicts=verdicts,
        parity={status: sums.parity[source][status] for status in PARITY if sums.parity[source][status]},
    )


def _rights(source: Source | None) -> Rights | None:
    if source is None:
        return None
    licences = together(source.licences())
    terms, url = terms_of([licences]), source.licence.terms.url or source.evidence.url
    return Rights(titles(licences), url, terms.redistribute, terms.commercial, bool(terms.share_alike))


def _files(blobs: tuple[Blob, ...]) -> str:
    if not blobs:
        return "none"
    return f"{number(len(blobs))} ({size(sum(blob.bytes for blob in blobs))})"


def _trust(blobs: tuple[Blob, ...]) -> str:
    """Who vouches for the bytes; with numbers where the files of a source differ."""
    found = Counter(blob.trust for blob in blobs)
    if len(found) == 1:
        return next(iter(found))
    return ", ".join(f"{number} {trust}" for trust, number in sorted(found.items()))
