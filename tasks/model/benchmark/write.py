"""Writing a version of the benchmark: one immutable folder, laid out like a release."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from schemas.base import Collections
from schemas.benchmark import BenchmarkContent, Held, TestSet, Training
from schemas.errors import MedinstError
from schemas.licence import Profile, together
from schemas.manifest import BenchmarkManifest
from schemas.receipts import Release
from schemas.sample import SAMPLE_COLUMNS
from schemas.source import Source
from schemas.state import State
from schemas.task import Split
from sources import tasks as declared_tasks
from tasks.base.paper.held_out import held_out
from tasks.base.paper.parity import paper
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.versions.find import benchmarks
from tasks.base.versions.manifest import made_with, measure, source_files
from tasks.base.versions.write import write
from tasks.build.builds.build import Build
from tasks.build.publish.about import write_texts
from tasks.build.publish.content import DATA_VERSION
from tasks.build.render.stage import wordings
from tasks.model.benchmark import describe, tests
from tasks.model.benchmark.examples import EXAMPLES, write_pools
from tasks.model.benchmark.facts import FACTS, SEEN, write_facts, write_seen
from tasks.model.benchmark.place import INSTRUCTIONS, ZERO_SHOT
from tasks.model.benchmark.repeats import repeats
from tasks.model.benchmark.training import MIXTURES, UNSEEN, data_path, drawn_from, stream, write_training
from tasks.model.draw.samples import Samples, samples
from tasks.model.mixture.candidates import Candidates
from tasks.model.mixture.recipe import load

SEED = 2024
"""Of all draws; the year of the paper."""

SIZE = 100_000
"""Samples of each mixture."""


def write_benchmark(
    state: State, profile: Profile, seed: int = SEED, size: int = SIZE, collection: Collections = "paper"
) -> Release:
    """Write the benchmark of a build under `<root>/benchmark/` and let `benchmark/latest.json` name it.

    A version that is there already stays as it is.

    Args:
        state: the build.
        profile: what the benchmark may hold.
        seed: of all draws.
        size: samples of each mixture.
        collection: whose held-out tasks are its tests.

    Raises:
        MedinstError: the build has none of them.
        PublishError: the folder could not be written.
    """
    narrowed = Build(state).admitted(profile)
    root = narrowed.root
    built = samples(narrowed)
    chosen = held_out(collection)
    if not any(_has_test(built, held) for held in chosen.values()):
        raise _no_tests(root.url, collection, len(chosen))
    sets = {name: drawn_from(load(name), built, state) for name in MIXTURES}
    mark = _mark(narrowed, built, sets, profile, seed, size, chosen)
    version = f"{DATA_VERSION}-{profile}-{mark[:8]}"

    def fill(folder: Path) -> BenchmarkManifest:
        drawn = _tests(folder, narrowed, built, seed, chosen)
        training = write_training(folder, sets, state, seed, size)
        write_seen({test.task: built[test.task] for test in drawn}, sets[UNSEEN].frames, folder / SEEN)
        _instructions(folder / INSTRUCTIONS, built)
        return _describe(folder, _content(narrowed, built, drawn, training, version, mark, seed, collection))

    return write(benchmarks(root), version, fill).receipt


def _mark(
    build: Build,
    built: Mapping[str, Samples],
    sets: Mapping[str, Candidates],
    profile: Profile,
    seed: int,
    size: int,
    chosen: Mapping[str, Held],
) -> str:
    """The hash of everything that shapes a version."""
    return fingerprint(
        {name: (each.rendered.fingerprint, each.kept.fingerprint) for name, each in built.items()},
        list(chosen.values()),
        sorted(held_out()),
        [profile, seed, size, build.is_original, build.withheld, build.missing],
        [(load(name), sets[name].mark, sets[name].leaking) for name in MIXTURES],
        [_declared(built), source_files(build.files)],
        {name: wordings(declared_tasks()[name][1]) for name in built},
        [code_of(__name__), made_with()],
    )


def _licences(name: str, each: Samples) -> str:
    source, task = declared_tasks()[name]
    return together(source.licences(task, *each.rendered.splits))


def _no_tests(root: str, collection: Collections, number: int) -> MedinstError:
    cure = {
        "paper": "Build some of them, see expectations/medinst32.csv: medinst build --task AnEM",
        "own": "Say in a declaration which splits are `tests`, name its folder (--sources FOLDER), and build it",
    }
    return MedinstError(
        f"The build of the latest release in {root} has test samples of none of the {number} held-out tasks of the "
        f"collection `{collection}`. {cure.get(collection, cure['paper'])}"
    )


def _has_test(built: Mapping[str, Samples], held: Held) -> bool:
    if held.task not in built:
        return False
    tallies = built[held.task].rendered.splits
    return any(split in tallies and tallies[split].kept for split in held.splits)


def _tests(
    folder: Path, build: Build, built: Mapping[str, Samples], seed: int, chosen: Mapping[str, Held]
) -> tuple[TestSet, ...]:
    """Write the test sets, and what is known of their samples."""
    drawn = [tests.draw(held, built, seed) for held in chosen.values() if _has_test(built, held)]
    for each in drawn:
        _test_files(folder, each)
    write_pools({each.about.task: each.pool for each in drawn}, folder / EXAMPLES)
    write_facts({each.about.task: each.rows for each in drawn}, build, folder / FACTS)
    found = repeats({each.about.task: each.rows for each in drawn})
    return tuple(each.about.model_copy(update=found[each.about.task]._asdict()) for each in drawn)


def _content(
    build: Build,
    built: Mapping[str, Samples],
    drawn: tuple[TestSet, ...],
    training: Training,
    version: str,
    mark: str,
    seed: int,
    collection: Collections,
) -> BenchmarkContent:
    return BenchmarkContent(
        version=version,
        fingerprint=mark,
        profile=build.order.profile,
        collection=collection,
        original=build.is_original,
        seed=seed,
        tests=drawn,
        **dict(training),
        licences={name: _licences(name, built[name]) for name in sorted(built)},
        withheld={
            name: build.withheld.get(name) or _why_not(name, build.missing)
            for name, held in held_out(collection).items()
            if not _has_test(built, held)
        },
        missing={
            name: build.withheld.get(name, "not part of the build")
            for name in (paper() if collection in ("paper", "all") else ())
            if name not in built and name not in held_out()
        },
        files=build.files,
    )


def _declared(built: Iterable[str]) -> dict[str, Source]:
    """The sources of tasks, by id."""
    return {source.id: source for source in (declared_tasks()[name][0] for name in sorted(built))}


def _why_not(name: str, lacking: Mapping[str, Mapping[Split, str]]) -> str:
    """Why a held-out task that is not withheld has no test set."""
    reasons = [lacking[name][split] for split in held_out()[name].splits if split in lacking.get(name, {})]
    return "; ".join(reasons) or "the build has no test samples of it"


def _test_files(folder: Path, drawn: tests.Drawn) -> None:
    columns = [*SAMPLE_COLUMNS, "history", "tier"]
    rows = drawn.rows.with_columns(tier=pl.lit(drawn.about.tier.name)).select(columns)
    none = pl.lit([], dtype=rows.schema["history"])
    stream([rows.lazy()], folder / data_path(drawn.about.task, "test"))
    stream([rows.lazy().with_columns(history=none)], folder / data_path(drawn.about.task + ZERO_SHOT, "test"))


def _instructions(path: Path, names: Iterable[str]) -> None:
    """Write the instructions of some tasks in all wordings, those of the tasks that give examples included."""
    said = {name: wordings(declared_tasks()[name][1]) for name in sorted(names)}
    rows = [(name, wording, text) for name, texts in said.items() for wording, text in texts.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows, ("task", "wording", "instruction"), orient="row").write_parquet(path)


def _describe(folder: Path, content: BenchmarkContent) -> BenchmarkManifest:
    """Write what the folder says of its data."""
    data = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet"))
    facts = {name: measure(folder / name) for name in data}
    write_texts(folder, describe.texts(content, facts))
    return describe.manifest(content, facts)
