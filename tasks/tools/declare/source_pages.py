"""The pages `docs/sources/`: what each source is, permits, counts and looks like, and an index of all of them."""

from collections.abc import Mapping
from typing import Any

from schemas.cleaning import CLEAN_UPS
from schemas.licence import Licence
from schemas.source import UNVERIFIED, Documents, Namespace, Source
from schemas.task import HOW_ANSWERABLE, SPLITS, Task
from sources import registry
from tasks.base.one_address import one_address
from tasks.base.pages.template import render
from tasks.base.paper import counts
from tasks.base.paper.parity import gaps, paper
from tasks.build.fetch.lock import LockLine, Note, committed_lock
from tasks.build.fetch.source import lock_key

SHOWN = 600
"""Maximum number of characters of an input or an answer on a page."""

_PINS: dict[Note, str] = {
    "": "pinned; downloaded on {}",
    "record": "pinned from an independent record read on {}",
    "mirror": "pinned as a mirror had it on {}",
    "unread": "not pinned",
}
ABSENT = "not in the paper"
"""What is said of such a task."""

_NAMES: dict[Namespace, str] = {"pmid": "PMID", "pmcid": "PMCID", "doi": "DOI", "own": "its own identifiers"}


def source_pages(samples: Mapping[str, str]) -> dict[str, str]:
    """The text of each page by file name; `index.md` lists the others.

    Args:
        samples: task -> its golden sample, whose sections begin with `=== `.
    """
    found = counts.expected((), original=True)
    rows = [_row(source, found, samples) for source in sorted(registry().values(), key=_by_title)]
    pages = {f"{row['source'].id}.md": render(__file__, "source.md.j2", **row) for row in rows}
    return {"index.md": render(__file__, "sources.md.j2", sources=rows)} | pages


def _by_title(source: Source) -> tuple[str, str]:
    return source.title.lower(), source.id


def _row(source: Source, found: counts.Counts, samples: Mapping[str, str]) -> dict[str, Any]:
    explained: dict[str, list[str]] = {}
    for task in source.tasks:
        for split, theirs, ours in _differences(task, found):
            if reason := gaps().get((task.name, split, theirs, ours)):
                explained.setdefault(reason, []).append(f"{task.name} {split}")
    return {
        "source": source,
        "licences": [(source.licence, source.evidence), *((each.licence, each) for each in source.also)],
        "coded": _coded(source),
        "languages": sorted({source.language_of(part) for part in source.parts}),
        "state": "verified" if source.verified else UNVERIFIED,
        "documents": _documents(source),
        "clean_ups": CLEAN_UPS,
        "pins": {name: _pin(committed_lock().get(lock_key(source, name))) for name in source.files},
        "alone": one_address().get(source.id),
        "tasks": [_task(task, found) for task in source.tasks],
        "gaps": explained,
        "hard": [(task.name, HOW_ANSWERABLE[task.answerable], task.because) for task in source.tasks if task.because],
        "sample": cut(samples[source.tasks[0].name]),
    }


def _pin(line: LockLine | None) -> str:
    """Where the sha256 of a file is known from."""
    return "not pinned" if line is None else _PINS[line.note].format(line.date)


def _coded(source: Source) -> list[tuple[str, Licence]]:
    """Tasks, each with a licence of the identifiers that it answers with and that nobody states for the source."""
    said = {source.licence, *(each.licence for each in source.also)}
    return [(task.name, licence) for task in source.tasks for licence in source.licences(task) if licence not in said]


def _documents(source: Source) -> str:
    """What identifies the documents of a source, or why nothing does; by part if parts differ."""
    by_part = {part: _identifiers(source.documents_of(part)) for part in source.parts}
    if len(set(by_part.values())) == 1:
        return next(iter(by_part.values()))
    return "; ".join(f"`{part}`: {words}" for part, words in by_part.items())


def _identifiers(declared: Documents | None) -> str:
    if isinstance(declared, dict):
        return " or ".join(dict.fromkeys(_NAMES[namespace] for namespace in declared.values()))
    return f"none. {declared or 'Not yet decided.'}"


def _differences(task: Task, found: counts.Counts) -> list[tuple[str, int, int]]:
    if task.name not in paper():
        return []
    theirs = paper()[task.name][1]
    ours = [found.get(task.name, {}).get(split, 0) for split in SPLITS]
    return [(split, a, b) for split, a, b in zip(SPLITS, theirs, ours, strict=True) if a != b]


def _task(task: Task, found: counts.Counts) -> dict[str, str]:
    here = found.get(task.name)
    return {
        "name": task.name,
        "category": task.category,
        "paper": " / ".join(f"{rows:,}" for rows in paper()[task.name][1]) if task.name in paper() else ABSENT,
        "here": " / ".join(f"{here.get(split, 0):,}" for split in SPLITS) if here else UNVERIFIED,
    }


def cut(sample: str) -> str:
    """A golden sample without its head, long sections cut."""
    sections = sample.split("\n=== ")[1:]
    return "\n\n".join(
        section.strip()
        if len(section) <= SHOWN or section.startswith("instruction")
        else f"{section[:SHOWN].strip()} …"
        for section in sections
    )
