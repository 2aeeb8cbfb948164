"""What a version of the benchmark says of itself: card, notices, citations, Croissant, manifest."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from schemas.benchmark import BenchmarkContent, TestSet
from schemas.sample import SAMPLE_COLUMNS
from schemas.source import Source
from schemas.task import CATEGORIES
from sources import tasks as declared_tasks
from tasks.base.licences.bibliography import PAPER, Bibliography
from tasks.base.licences.terms import limits_of, terms_of
from tasks.base.pages.template import render
from tasks.build.publish.columns import COLUMNS
from tasks.build.publish.croissant import MINIATURES, Configuration, Description, described
from tasks.build.publish.manifest import Facts, source_files, with_files
from tasks.build.publish.notice import notice
from tasks.model.benchmark.tiers import TIERS
from tasks.model.draw import ranks as draw

TEST_COLUMNS = {
    "tier": "What a model trained on the other tasks has seen of this one; the card says what the tiers are."
}
"""Columns of the test sets beside those of a sample and `history`, which Croissant has no type for."""


def texts(content: BenchmarkContent, declared: Mapping[str, Source], facts: Mapping[str, Facts]) -> dict[str, str]:
    """The text files of a version, by name.

    Args:
        content: what the benchmark is made of.
        declared: the sources in it, by id.
        facts: path -> size and hash, of the Parquet files.
    """
    bibliography = Bibliography.read()
    owners = {task: declared_tasks()[task][0].id for task in content.licences}
    return {
        "README.md": _card(content, declared, bibliography, facts),
        "NOTICE.md": notice(content.version, owners, declared, bibliography),
        "references.bib": bibliography.subset(declared.values()),
        "croissant.json": _croissant(content, bibliography, facts),
    }


def configurations(facts: Mapping[str, Facts]) -> dict[str, list[str]]:
    """The configurations of a version, by name, with their files."""
    found: dict[str, list[str]] = {}
    for path in sorted(facts):
        found.setdefault(path.split("/")[1], []).append(path)
    return found


def _card(
    content: BenchmarkContent, declared: Mapping[str, Source], bibliography: Bibliography, facts: Mapping[str, Facts]
) -> str:
    return render(
        __file__,
        "benchmark.md.j2",
        front=yaml.safe_dump(_front(content, facts), sort_keys=False, allow_unicode=True, width=120),
        content=content,
        categories=CATEGORIES,
        titles={source.id: source.title for source in declared.values()},
        pool=draw.POOL,
        shots=draw.SHOTS,
        longest=draw.LONGEST,
        missing=_by_reason(content.missing),
        terms=terms_of(content.licences.values()),
        limits=limits_of(content.licences),
        tiers=TIERS,
        rows=sum(test.rows for test in content.tests),
        training=sum(content.training.values()),
        paper=bibliography.entry(PAPER),
    )


def _by_reason(missing: Mapping[str, str]) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for task, reason in sorted(missing.items()):
        reasons.setdefault(reason, []).append(task)
    return reasons


def _front(content: BenchmarkContent, facts: Mapping[str, Facts]) -> dict[str, Any]:
    """The block of YAML that the Hub and `datasets` read."""
    terms = terms_of(content.licences.values())
    licence = {"license": terms.hub or "other"}
    if terms.hub is None:
        licence |= {"license_name": terms.name, "license_link": "NOTICE.md"}
    return {
        "pretty_name": "MedINST32",
        **licence,
        "task_categories": ["text-generation"],
        "tags": ["biology", "medical", "benchmark"],
        "configs": [
            {
                "config_name": name,
                "data_files": [
                    {"split": path.rsplit("/", 1)[1].removesuffix(".parquet"), "path": path} for path in paths
                ],
            }
            for name, paths in configurations(facts).items()
        ],
    }


def _croissant(content: BenchmarkContent, bibliography: Bibliography, facts: Mapping[str, Facts]) -> str:
    tests = {test.task: test for test in content.tests}
    said = Description(
        name="MedINST32",
        about="32 held-out biomedical tasks as instructions, with examples and without, and training sets."
        + ("" if content.original else MINIATURES),
        version=content.version,
        licences=sorted(set(content.licences.values())),
        languages=sorted({test.language for test in content.tests}),
    )
    shown = [
        _configuration(name, paths, tests.get(name.removesuffix("-zs")))
        for name, paths in configurations(facts).items()
    ]
    return described(said, shown, bibliography, facts)


def _configuration(name: str, paths: list[str], test: TestSet | None) -> Configuration:
    columns = {column: COLUMNS[column] for column in SAMPLE_COLUMNS}
    if test is None:
        return Configuration(name, "Training samples of many tasks", "", paths, columns)
    return Configuration(name, f"Test set, {CATEGORIES[test.category]}", test.category, paths, columns | TEST_COLUMNS)


def manifest(content: BenchmarkContent, folder: Path, facts: Mapping[str, Facts]) -> str:
    """The text of the manifest.

    Args:
        content: what the benchmark is made of.
        folder: its folder with all other files.
        facts: path -> size and hash, of the Parquet files.
    """
    said = {
        "version": content.version,
        "profile": content.profile,
        "partial": bool(content.withheld or content.missing),
        "original": content.original,
        "fingerprint": content.fingerprint,
        "licence": terms_of(content.licences.values()).name,
        "seed": content.seed,
        "samples": sum(test.rows for test in content.tests),
        "tasks": {test.task: test.model_dump(mode="json", exclude={"task"}) for test in content.tests},
        "training": content.training,
        "mixtures": {each.name: each.model_dump(mode="json", exclude={"name"}) for each in content.mixtures},
        "withheld": content.withheld,
        "missing": content.missing,
        "sources": source_files(content.files),
    }
    return with_files(said, folder, facts)
