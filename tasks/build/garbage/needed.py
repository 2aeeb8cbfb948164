"""What the builds of a root need: all stages and blobs that a build which is kept names by hash.

Kept are the newest build, whether it passed or not, and the build of every release in the root. Blobs are needed
besides if a lock pins them, or the root remembers them of a mirror: they serve when their publisher cannot be reached.
"""

import re
from collections.abc import Iterator

from schemas.errors import MedinstError
from schemas.state import State
from sources import tasks as declared_tasks
from tasks.base.store.listing import Listing
from tasks.base.store.root import Root
from tasks.base.versions.find import releases
from tasks.build.builds.build import Build
from tasks.build.builds.state import PUBLISHED, STATE, load_published, load_state
from tasks.build.deduplicate import stage as deduplicating
from tasks.build.diagnose.stage import places as diagnosed
from tasks.build.fetch.lock import committed_lock, root_lock
from tasks.build.fetch.stamps import FOLDER as FILES
from tasks.build.judge.measured import ingredients, kept, measured_place
from tasks.build.judge.samples import profile_folder
from tasks.build.pipeline.finish import verdicts_place

_HASH = re.compile(r"\b[0-9a-f]{16}(?:[0-9a-f]{48})?\b")
"""A fingerprint or a sha256, as blobs and folders of stages are called."""


def needed(root: Root) -> frozenset[str]:
    """The names of all that is needed: fingerprints, hashes, and the versions of releases.

    A build that an earlier version of the program kept is not understood, but what it names stays as well.
    """
    names = {*releases(root).names()}
    for place in _told(root):
        names |= {*_HASH.findall(root.read_bytes(place).decode())}
    names |= {line.sha256 for lock in (committed_lock(), root_lock(root)) for line in lock.values()}
    for state in _states(root):
        names |= {*_derived(state)}
    return frozenset(names)


def _told(root: Root) -> Iterator[str]:
    """The files that say what a build which is kept is made of, and what was fetched last of each source."""
    catalogue = root.names("catalogue")
    yield from (f"catalogue/{name}" for name in catalogue if name == STATE)
    yield from (f"{FILES}/{name}" for name in root.names(FILES) if name.endswith(".json"))
    known = {*root.names(PUBLISHED)}
    yield from (f"{PUBLISHED}/{name}" for each in releases(root).names() if (name := f"{each}.json") in known)


def _states(root: Root) -> Iterator[State]:
    """The builds that are kept, as far as this version of the program understands them."""
    loads = [lambda: load_state(root)]
    loads += [lambda version=version: load_published(root, version) for version in releases(root).names()]
    for load in loads:
        try:
            state = load()
        except MedinstError:
            continue
        if state is not None:
            yield state


def _derived(state: State) -> Iterator[str]:
    """What a build needs and does not name: decisions before near duplicates were removed, and its measurements."""
    build, declared = Build(state), declared_tasks()
    for task, (rendered, left) in build.outcomes.items():
        if task in declared:
            yield deduplicating.plan(rendered).fingerprint
            yield _name(profile_folder(declared[task][1], left))
    if build.outcomes.keys() <= declared.keys():
        listing = Listing(build.root)
        made_of = ingredients(build, listing)
        yield _name(measured_place(made_of))
        yield from map(_name, diagnosed(build))
        if (profiles := kept(build, made_of, listing)) is not None:
            yield _name(verdicts_place(profiles))


def _name(place: str) -> str:
    return place.rpartition("/")[2]
