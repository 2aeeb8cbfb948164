"""README.md: the dataset card, which people read and from which `datasets` learns the configurations."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from schemas.audit import KINDS
from schemas.licence import Licence, titles
from schemas.release import ReleaseContent, ReleaseTask, training_sets
from schemas.shards import shards
from schemas.source import Source
from schemas.task import CATEGORIES, HOW_ANSWERABLE, SPLITS
from tasks.base.licences.bibliography import PAPER, Bibliography
from tasks.base.licences.duties import Owned, duties, notices
from tasks.base.licences.terms import joined, limits_of, terms_of
from tasks.base.pages.template import render
from tasks.base.paper.held_out import held_out
from tasks.build.publish.clean import ALL, CLEAN, clean_paths
from tasks.build.publish.columns import COLUMNS
from tasks.build.publish.data import data_path
from tasks.build.publish.extent import Extent, filled_splits
from tasks.build.publish.hub import front, languages, size_category
from tasks.build.publish.shown import forms, samples

_HUB_TASKS = {
    "NER": "token-classification",
    "NED": "token-classification",
    "RE": "text-classification",
    "COREF": "token-classification",
    "EE": "token-classification",
    "QA": "question-answering",
    "TE": "text-classification",
    "STS": "sentence-similarity",
    "TXTCLASS": "text-classification",
    "TEXTPAIRCLASS": "text-classification",
    "TRANSL": "translation",
    "SUM": "summarization",
}
_STATUSES = {
    "equal": "as many samples as in the paper",
    "explained": "another number, or from a derived copy, and the reason is known",
    "unexplained": "another number, for a reason not known yet",
    "withheld": "not in this release, for a stated reason",
    "not built": "not part of this build",
}


def card(
    content: ReleaseContent,
    extent: Extent,
    folder: Path,
    files: Mapping[str, list[str]],
    declared: dict[str, Source],
    bibliography: Bibliography,
) -> str:
    """The dataset card of a release.

    Args:
        content: what the release is made of.
        extent: its tasks.
        folder: the release's folder, which has the data.
        files: the files of each split, by its path if it has one file.
        declared: the sources in the release, by id.
        bibliography: the entries that they cite.
    """
    return render(
        __file__,
        "card.md.j2",
        front=_front(content, extent, files),
        content=content,
        extent=extent,
        sources={task.source for task in extent.filled},
        example=extent.filled[0].name if extent.filled else None,
        clean=bool(clean_paths(content)),
        cut=any(len(names) > 1 for names in files.values()),
        samples=_rows(content.tasks),
        columns=COLUMNS,
        tasks=[_row(task, declared) for task in extent.filled],
        hard=_hard(content, declared),
        shown=samples(extent.filled, folder, files),
        categories=CATEGORIES,
        forms=forms(extent.filled, declared),
        partial=cut_copies(content, declared),
        remade=remade(content, declared),
        stand_ins=sorted(name for name, blobs in content.files.items() if any(not blob.original for blob in blobs)),
        terms=terms_of(task.licence for task in extent.filled),
        limits=limits_of({task.name: task.licence for task in extent.filled}),
        licences=_licences(content),
        parity=_parity(content),
        lost=_lost(content),
        training=training_sets(content),
        exposed=exposed(content),
        kinds=KINDS,
        paper=bibliography.entry(PAPER),
        citations=[(source, bibliography.words(source.citation)) for _, source in sorted(declared.items())],
    )


def cut_copies(content: ReleaseContent, declared: Mapping[str, Source]) -> list[Source]:
    """The sources of which an incomplete copy was read."""
    cut = {name for name, blobs in content.files.items() for blob in blobs if blob.sha256 in _partial(declared, name)}
    return [declared[name] for name in sorted(cut)]


def remade(content: ReleaseContent, declared: Mapping[str, Source]) -> dict[str, list[str]]:
    """Titles of the sources that were read from copies which others made of the publishers' files -> how."""
    files = [(declared[name], blobs) for name, blobs in sorted(content.files.items()) if name in declared]
    found = {source.title: source.made_of((blob.name, blob.sha256) for blob in blobs) for source, blobs in files}
    return {title: hows for title, hows in found.items() if hows}


def _partial(declared: Mapping[str, Source], name: str) -> frozenset[str]:
    return declared[name].partial if name in declared else frozenset()


def _front(content: ReleaseContent, extent: Extent, files: Mapping[str, list[str]]) -> str:
    return front(
        "MedINST",
        (task.licence for task in extent.filled),
        language=languages(task.language for task in extent.filled),
        task_categories=sorted({"text-generation", *(_HUB_TASKS[task.category] for task in extent.filled)}),
        size_categories=[size_category(_rows(content.tasks))],
        tags=["biology", "medical", "instruction-tuning", "meta-dataset"],
        configs=_configurations(content, extent, files),
    )


def _configurations(content: ReleaseContent, extent: Extent, files: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """All tasks together, the clean training set, then each task."""
    splits = [split for split in SPLITS if any(split in filled_splits(task) for task in extent.filled)]
    whole = [{"split": split, "path": _patterns(split, files)} for split in splits]
    left = [_pattern(path, files) for path in clean_paths(content)]
    clean = [{"split": "train", "path": left}] if left else []
    named = [(ALL, whole), (CLEAN, clean), *((task.name, _files(task, files)) for task in extent.filled)]
    return [{"config_name": name, "data_files": files} for name, files in named if files]


def _files(task: ReleaseTask, files: Mapping[str, list[str]]) -> list[dict[str, str]]:
    return [{"split": split, "path": _pattern(data_path(task.name, split), files)} for split in filled_splits(task)]


def _pattern(path: str, files: Mapping[str, list[str]]) -> str:
    """The path of a table, or the pattern of its shards."""
    return path if files[path] == [path] else shards(path)


def _patterns(split: str, files: Mapping[str, list[str]]) -> str | list[str]:
    """The pattern of a split of all tasks; two, if some have shards."""
    every = f"data/*/{split}.parquet"
    cut = any(path.endswith(f"/{split}.parquet") and found != [path] for path, found in files.items())
    return [every, shards(every)] if cut else every


def _rows(tasks: tuple[ReleaseTask, ...]) -> int:
    return sum(split.rows for task in tasks for split in task.splits.values())


def _row(task: ReleaseTask, declared: dict[str, Source]) -> dict[str, Any]:
    return {
        "name": task.name,
        "category": CATEGORIES[task.category],
        "source": declared[task.source],
        "licence": titles(task.licence),
        "rows": [task.splits[split].rows if split in task.splits else 0 for split in SPLITS],
    }


def _hard(content: ReleaseContent, declared: dict[str, Source]) -> list[tuple[str, str, str]]:
    """The tasks whose answers input and instruction do not determine, how far they do, and why not further."""
    here = {task.name for task in content.tasks}
    found = sorted((task for source in declared.values() for task in source.tasks), key=lambda task: task.name)
    return [
        (task.name, HOW_ANSWERABLE[task.answerable], task.because)
        for task in found
        if task.because and task.name in here
    ]


def _licences(content: ReleaseContent) -> list[dict[str, Any]]:
    """The licences of the release, each with its sources and what it asks for."""
    holders: dict[Licence, set[str]] = {}
    for each in notices({task.name: Owned(task.source, task.licence) for task in content.tasks if filled_splits(task)}):
        for licence in each.licences:
            holders.setdefault(licence, set()).add(each.source.title)
    return [
        {"terms": licence.terms, "sources": joined(sorted(titled)), "duties": duties(licence)}
        for licence, titled in sorted(holders.items())
    ]


def exposed(content: ReleaseContent) -> list[tuple[str, int, int, dict[str, int]]]:
    """The tests of the benchmark that training samples leak into: samples, those that are touched, and by kind."""
    if content.audit is None:
        return []
    found = content.audit.exposed
    return [(task, content.audit.tested[task], found[task]["any"], found[task]) for task in held_out() if task in found]


def _parity(content: ReleaseContent) -> list[tuple[str, str, int]]:
    """Status, its meaning and the number of the paper's rows that have it, good news first."""
    found = Counter(row.status for row in content.parity)
    return [(status, _STATUSES[status], found[status]) for status in _STATUSES if found[status]]


def _lost(content: ReleaseContent) -> list[tuple[str, str, int]]:
    """Stage, reason and number of everything that was left out on the way, most frequent first."""
    lost: Counter[tuple[str, str]] = Counter()
    for entry in content.lost:
        lost[entry.stage, entry.reason] += entry.rows
    return sorted(
        ((*key, rows) for key, rows in lost.items() if rows),
        key=lambda entry: (entry[0], -entry[2], entry[1]),
    )
