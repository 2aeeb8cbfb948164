"""What a version of the benchmark says of itself: card, notices, citations, Croissant, manifest."""

from collections.abc import Mapping
from functools import partial

from schemas.base import Collections
from schemas.benchmark import BenchmarkContent, DrawnMixture, HeldOutTest, TestSet
from schemas.manifest import BenchmarkManifest, File
from schemas.sample import SAMPLE_COLUMNS
from schemas.source import Source
from schemas.task import CATEGORIES
from sources import tasks as declared_tasks
from tasks.base.licences.bibliography import PAPER, Bibliography
from tasks.base.licences.duties import Owned
from tasks.base.licences.terms import limits_of, terms_of
from tasks.base.pages.template import render
from tasks.base.versions.manifest import source_files
from tasks.build.publish.about import about, by_reason
from tasks.build.publish.columns import COLUMNS
from tasks.build.publish.croissant import MINIATURES, Configuration, Description, one_task
from tasks.build.publish.hub import front, languages, size_category
from tasks.build.publish.responsible import responsible
from tasks.model.benchmark.hub import EVAL, evaluation
from tasks.model.benchmark.place import ZERO_SHOT
from tasks.model.benchmark.tests import NO_EXAMPLES
from tasks.model.benchmark.tiers import TIERS
from tasks.model.benchmark.training import TRAINING
from tasks.model.draw import ranks as draw
from tasks.model.draw.overlap import shown

NAMES: dict[Collections, str] = {
    "paper": "MedINST32",
    "beyond": "Tests beyond MedINST32",
    "own": "Tests of our own",
    "all": "MedINST32 and further tests",
}
"""What a benchmark is called, by whose tests it has."""

TEST_COLUMNS = {
    "tier": "What a model trained on the other tasks has seen of this one; the card says what the tiers are."
}
"""Columns of the test sets beside those of a sample and `history`, which Croissant has no type for."""


def texts(content: BenchmarkContent, facts: Mapping[str, File]) -> dict[str, str]:
    """The text files of a version, by name.

    Args:
        content: what the benchmark is made of.
        facts: path -> size and hash, of the Parquet files.
    """
    owned = {task: Owned(declared_tasks()[task][0].id, licences) for task, licences in content.licences.items()}
    found = about(owned, *_described(content, facts), facts, partial(_card, content, facts))
    return found | {EVAL: evaluation(content.tests)}


def configurations(facts: Mapping[str, File]) -> dict[str, list[str]]:
    """The configurations of a version, by name, with their files."""
    found: dict[str, list[str]] = {}
    for path in sorted(path for path in facts if path.startswith("data/")):
        found.setdefault(path.split("/")[1], []).append(path)
    return found


def _card(
    content: BenchmarkContent, facts: Mapping[str, File], declared: Mapping[str, Source], bibliography: Bibliography
) -> str:
    return render(
        __file__,
        "benchmark.md.j2",
        front=_front(content, facts),
        content=content,
        name=NAMES[content.collection],
        categories=CATEGORIES,
        titles={source.id: source.title for source in declared.values()},
        pool=draw.POOL,
        shots=draw.SHOTS,
        longest=draw.LONGEST,
        missing=by_reason(content.missing),
        terms=terms_of(content.licences.values()),
        limits=limits_of(content.licences),
        tiers=TIERS,
        rows=sum(test.rows for test in content.tests),
        training=sum(content.training.values()),
        overlap=shown({TRAINING: content.overlap, **{each.name: each.overlap for each in content.mixtures}}),
        no_examples=NO_EXAMPLES,
        paper=bibliography.entry(PAPER),
    )


def _front(content: BenchmarkContent, facts: Mapping[str, File]) -> str:
    return front(
        NAMES[content.collection],
        content.licences.values(),
        language=languages(_languages(content)),
        task_categories=["text-generation"],
        size_categories=[size_category(sum(test.rows for test in content.tests))],
        tags=["biology", "medical", "benchmark"],
        configs=[
            {
                "config_name": name,
                "data_files": [
                    {"split": path.rsplit("/", 1)[1].removesuffix(".parquet"), "path": path} for path in paths
                ],
            }
            for name, paths in configurations(facts).items()
        ],
    )


def _described(content: BenchmarkContent, facts: Mapping[str, File]) -> tuple[Description, list[Configuration]]:
    tests = {test.task: test for test in content.tests}
    said = Description(
        name=NAMES[content.collection],
        about="Held-out biomedical tasks as instructions, with examples and without, and training sets."
        + ("" if content.original else MINIATURES),
        version=content.version,
        licences=sorted(set(content.licences.values())),
        languages=_languages(content),
        responsible=responsible(content.original, _limitations(content)),
    )
    shown = [
        _configuration(name, paths, tests.get(name.removesuffix(ZERO_SHOT)))
        for name, paths in configurations(facts).items()
    ]
    return said, shown


def _languages(content: BenchmarkContent) -> list[str]:
    """The languages of the tests and of the training samples."""
    trained = [declared_tasks()[name] for name in content.licences]
    return sorted({source.language_of(part) for source, task in trained for part in task.reads})


def _limitations(content: BenchmarkContent) -> list[str]:
    absent = [f"It has {len(content.tests)} of the paper's test sets; withheld: {', '.join(content.withheld)}."]
    return absent if content.withheld else []


def _configuration(name: str, paths: list[str], test: TestSet | None) -> Configuration:
    columns = {column: COLUMNS[column] for column in SAMPLE_COLUMNS}
    if test is None:
        return Configuration(name, "Training samples of many tasks", "", paths, columns, one_task(name))
    about_it, every = f"Test set, {CATEGORIES[test.category]}", columns | TEST_COLUMNS
    return Configuration(name, about_it, test.category, paths, every, one_task(name))


def manifest(content: BenchmarkContent, facts: Mapping[str, File]) -> BenchmarkManifest:
    """The manifest.

    Args:
        content: what the benchmark is made of.
        facts: path -> size and hash, of the Parquet files.
    """
    return BenchmarkManifest(
        version=content.version,
        profile=content.profile,
        collection=content.collection,
        partial=bool(content.withheld or content.missing),
        original=content.original,
        fingerprint=content.fingerprint,
        licence=terms_of(content.licences.values()).name,
        seed=content.seed,
        samples=sum(test.rows for test in content.tests),
        tasks={test.task: HeldOutTest(**test.model_dump(exclude={"task"})) for test in content.tests},
        training=content.training,
        leaking=content.leaking,
        overlap=content.overlap,
        mixtures={each.name: DrawnMixture(**each.model_dump(exclude={"name"})) for each in content.mixtures},
        withheld=content.withheld,
        missing=content.missing,
        sources=source_files(content.files),
        files=dict(facts),
    )
