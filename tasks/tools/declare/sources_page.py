"""The page `docs/sources.md`: what each source is, permits, counts and looks like."""

from collections.abc import Mapping
from typing import Any

from schemas.source import UNVERIFIED, Documents, Namespace, Source
from schemas.task import SPLITS, Task
from sources import registry
from tasks.base.pages.template import render
from tasks.base.paper import counts
from tasks.base.paper.parity import gaps, paper

SHOWN = 600
"""Characters that the page shows of an input or an answer."""

_NAMES: dict[Namespace, str] = {"pmid": "PMID", "pmcid": "PMCID", "doi": "DOI", "own": "identifiers of its own"}


def sources_page(samples: Mapping[str, str]) -> str:
    """Write the page.

    Args:
        samples: task -> its golden sample, whose sections begin with `=== `.
    """
    found = counts.expected((), original=True)
    rows = [_row(source, found, samples) for source in sorted(registry().values(), key=lambda each: each.title.lower())]
    return render(__file__, "sources.md.j2", sources=rows, tasks=sum(len(row["tasks"]) for row in rows))


def _row(source: Source, found: counts.Counts, samples: Mapping[str, str]) -> dict[str, Any]:
    explained: dict[str, list[str]] = {}
    for task in source.tasks:
        for split, theirs, ours in _differences(task, found):
            if reason := gaps().get((task.name, split, theirs, ours)):
                explained.setdefault(reason, []).append(f"{task.name} {split}")
    return {
        "source": source,
        "languages": sorted({source.language_of(part) for part in source.parts}),
        "state": "verified" if source.verified else UNVERIFIED,
        "documents": _documents(source),
        "tasks": [_task(task, found) for task in source.tasks],
        "gaps": explained,
        "sample": cut(samples[source.tasks[0].name]),
    }


def _documents(source: Source) -> str:
    """What names the documents of a source, or why nothing does; by part where parts differ."""
    said = {part: _said(source.documents_of(part)) for part in source.parts}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"`{part}`: {words}" for part, words in said.items())


def _said(declared: Documents | None) -> str:
    if isinstance(declared, dict):
        return " or ".join(dict.fromkeys(_NAMES[namespace] for namespace in declared.values()))
    return f"none. {declared or 'Not yet decided.'}"


def _differences(task: Task, found: counts.Counts) -> list[tuple[str, int, int]]:
    theirs = paper()[task.name][1]
    ours = [found.get(task.name, {}).get(split, 0) for split in SPLITS]
    return [(split, a, b) for split, a, b in zip(SPLITS, theirs, ours, strict=True) if a != b]


def _task(task: Task, found: counts.Counts) -> dict[str, str]:
    here = found.get(task.name)
    return {
        "name": task.name,
        "category": task.category,
        "paper": " / ".join(f"{rows:,}" for rows in paper()[task.name][1]),
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
