"""A build with what its consumers ask it: what it was asked for, has, withholds, misses and lost."""

from functools import cached_property
from typing import NamedTuple

from schemas.licence import Profile
from schemas.receipts import Blob, Kept, Rendered
from schemas.release import Lost
from schemas.state import Built, State
from schemas.task import Split
from sources import find
from sources import tasks as declared_tasks
from tasks.base.paper import counted_on, counts
from tasks.base.paper.counted_on import CountedOn
from tasks.base.paper.counts import Counts
from tasks.base.store.frames import scan
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.build.builds.admission import admit
from tasks.build.builds.order import chosen_sources, chosen_tasks, refused


class Outcome(NamedTuple):
    """What a build has of one task: its rendered samples, and what deduplication left of them."""

    rendered: Rendered
    kept: Kept


class Build:
    """The state of a build, and the answers that follow from it, each worked out once.

    Attributes:
        state: the receipts.
        order: what was asked for.
        root: where it lies.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self.order = state.order
        self.root = Root(state.order.root)

    def __reduce__(self) -> tuple[type["Build"], tuple[State]]:
        """Only the receipts go to another process."""
        return Build, (self.state,)

    @cached_property
    def outcomes(self) -> dict[str, Outcome]:
        """The tasks that it has, sorted by name."""
        found = {name: outcome for built in self.state.sources for name, outcome in outcomes(built).items()}
        return dict(sorted(found.items()))

    @cached_property
    def chosen(self) -> tuple[str, ...]:
        """The names of all tasks that were asked for, sorted."""
        return tuple(
            sorted(task.name for source in chosen_sources(self.order) for task in chosen_tasks(self.order, source))
        )

    @cached_property
    def withheld(self) -> dict[str, str]:
        """Tasks that were asked for and are left out for a declared reason."""
        reasons: dict[str, str] = {}
        for built in self.state.sources:
            if built.withheld:
                reasons |= {task.name: built.withheld for task in chosen_tasks(self.order, find(built.source))}
            reasons |= {task.task: task.withheld for task in built.rendered if task.withheld}
        return dict(sorted(reasons.items()))

    @cached_property
    def missing(self) -> dict[str, dict[Split, str]]:
        """Tasks of which some splits are left out for a declared reason, with these splits."""
        found = {task.task: task.missing for built in self.state.sources for task in built.rendered if task.missing}
        return dict(sorted(found.items()))

    @cached_property
    def stale(self) -> dict[str, str]:
        """Sources built of older bytes, because their files could not be fetched -> which, since when and why."""
        return {
            built.source: "; ".join(
                f"`{name}` since {each.since}: {each.error}" for name, each in sorted(stale.items())
            )
            for built in self.state.sources
            if built.kept and built.fetched and (stale := built.fetched.stale)
        }

    @cached_property
    def unreachable(self) -> bool:
        """Whether a file is missing because it could not be fetched."""
        return any(built.fetched and built.fetched.unreachable for built in self.state.sources)

    @cached_property
    def derived(self) -> dict[str, str]:
        """Tasks that are made from copies which others derived from the data -> how."""
        hows = {task: declared_tasks()[task][0].made_of(files.items()) for task, files in self.read_from.items()}
        return {task: " ".join(how) for task, how in sorted(hows.items()) if how}

    @cached_property
    def is_original(self) -> bool:
        """Whether all its files are the publishers', none a miniature."""
        return all(outcome.rendered.original for outcome in self.outcomes.values())

    @cached_property
    def counts(self) -> Counts:
        """Rendered samples of each task and split, before deduplication."""
        return counts.counted(rendered for built in self.state.sources for rendered in built.rendered)

    @cached_property
    def read_from(self) -> CountedOn:
        """The files that the tasks were made from, by their bytes."""
        found: CountedOn = {}
        for built in self.state.sources:
            parts = {batch.part: batch.files for batch in built.batches}
            for rendered in built.rendered:
                reads = declared_tasks()[rendered.task][1].reads
                found[rendered.task] = {name: mark for part in reads for name, mark in parts.get(part, {}).items()}
        return found

    @cached_property
    def expected(self) -> Counts:
        """The counts that its samples are held against: those of the very files that they were made from."""
        mirrors = self.order.mirrors
        ours = counted_on.bound(counts.expected(mirrors, True), counted_on.committed(), self.read_from)
        theirs = counts.expected(mirrors, False)
        return {
            task: known[task]
            for task, outcome in self.outcomes.items()
            if task in (known := ours if outcome.rendered.original else theirs)
        }

    @cached_property
    def files(self) -> dict[str, tuple[Blob, ...]]:
        """The files of the sources that it has samples of."""
        return {built.source: built.fetched.blobs for built in self.state.sources if built.fetched and built.kept}

    @cached_property
    def rejects(self) -> tuple[str, ...]:
        """The files of what all stages left out."""
        files: list[str] = []
        for built in self.state.sources:
            files += [rejects_place("read", batch.source, batch.fingerprint) for batch in built.batches if batch.splits]
            files += [rejects_place("render", task.task, task.fingerprint) for task in built.rendered if task.splits]
            files += [rejects_place("deduplicate", task.task, task.fingerprint) for task in built.kept]
        return tuple(dict.fromkeys(files))

    @cached_property
    def lost(self) -> tuple[Lost, ...]:
        """How many records and samples each stage left out, by reason."""
        if not self.rejects:
            return ()
        columns = ["stage", "source", "part", "task", "split", "reason"]
        rows = scan([self.root.local(file) for file in self.rejects]).group_by(columns).len("rows").sort(columns)
        return tuple(Lost(**row) for row in rows.collect().iter_rows(named=True))

    def admitted(self, profile: Profile) -> "Build":
        """This build as if it had been ordered under a profile: what that does not admit is withheld with the reason.

        It has no audit, because that of the whole build tells of what is withheld now.
        """
        order = self.order.model_copy(update={"profile": profile})
        reasons = refused(order)
        kept = (
            Built(source=built.source, withheld=reasons[built.source])
            if built.source in reasons
            else admit(built, profile)
            for built in self.state.sources
        )
        return Build(self.state.model_copy(update={"order": order, "audit": None, "sources": tuple(kept)}))


def outcomes(built: Built) -> dict[str, Outcome]:
    """What a build has of the tasks of one source."""
    kept = {task.task: task for task in built.kept}
    return {task.task: Outcome(task, kept[task.task]) for task in built.rendered if task.task in kept}
