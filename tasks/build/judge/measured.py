"""Measurements that are kept: an unchanged build is not measured again.

They hold as long as everything that they were made of is the same: the receipts, the declarations, the expected counts,
the code, and every file that was counted. A file that was written since, by whatever, is counted again.
"""

from collections.abc import Iterator

from pydantic import TypeAdapter

from schemas.audit import Ingredients
from sources import instruction
from sources import tasks as declared_tasks
from tasks.base.paper import counted_on, counts
from tasks.base.store.fingerprint import code_of, fingerprint, hashes
from tasks.base.store.listing import Listing
from tasks.build.audit import LEAKS, UNCLEAN
from tasks.build.audit.index import WORDS_FILE
from tasks.build.builds.build import Build
from tasks.build.builds.order import chosen_sources
from tasks.build.deduplicate.published import DECISIONS
from tasks.build.judge.measure import Profiles, measure
from tasks.build.judge.samples import PERSONAL, profile_folder

_JSON = TypeAdapter(Profiles)


def measured(build: Build) -> Profiles:
    """Profile what a build has, unless the same was profiled before."""
    root = build.root
    before = ingredients(build, Listing(root))
    if (known := kept(build, before, Listing(root))) is not None:
        return known
    profiles = measure(build)
    if ingredients(build, Listing(root)) == before:
        root.finish(measured_place(before), {"profiles": _JSON.dump_python(profiles, mode="json")})
    return profiles


def kept(build: Build, made_of: Ingredients, listing: Listing) -> Profiles | None:
    """The kept measurements of the same build, if the personal data that they found are still listed, too."""
    receipt = listing.done(measured_place(made_of))
    if receipt is None or not all(map(listing.has, _personal(build))):
        return None
    return _JSON.validate_python(receipt["profiles"])


def measured_place(made_of: Ingredients) -> str:
    """The folder of measurements."""
    return f"catalogue/measured/{fingerprint(made_of)}"


def ingredients(build: Build, listing: Listing) -> Ingredients:
    """What the measurements of a build are made of."""
    order = build.order
    receipts = build.state.model_dump_json(
        exclude={"order": True, "release": True, "sources": {"__all__": {"fetched"}}}
    )
    sources = chosen_sources(order)
    return hashes(
        samples=receipts,
        files={file: listing.stamp(file) for file in _files(build)},
        order=[order.profile, order.sources, order.tasks],
        declaration=[[source, [instruction(task) for task in source.tasks]] for source in sources],
        counts=[counts.expected(order.mirrors, original) for original in (True, False)],
        counted_on=counted_on.committed(),
        code=code_of("tasks.build.judge.measure"),
    )


def _files(build: Build) -> Iterator[str]:
    """The files that are counted or looked into."""
    yield from build.rejects
    for built in build.state.sources:
        for batch in built.batches:
            yield from (f"{batch.place}/{batch.part}-{split}.parquet" for split in batch.splits)
        for task in built.rendered:
            yield from (place for split in task.splits for place in task.files(split))
        yield from (f"{task.place}/{name}" for task in built.kept for name in DECISIONS)
        for task in built.indexed:
            yield from (f"{name}{WORDS_FILE}" for split in task.rows for name in task.files(split))
    if build.state.audit is not None:
        yield from (f"{build.state.audit.place}/{name}" for name in (LEAKS, UNCLEAN))


def _personal(build: Build) -> list[str]:
    tasks = declared_tasks()
    return [f"{profile_folder(tasks[kept.task][1], kept)}/{PERSONAL}" for _, kept in build.outcomes.values()]
