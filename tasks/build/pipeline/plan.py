"""Planning: what a build would do and why. Nothing is read but receipts and locks, and nothing is written.

The fingerprint of a stage is made of those of the stages before it, never of what they found. So all of them are
known as soon as the sha256 of the files are, and a stage is due exactly when there is no receipt under its name.
"""

from collections.abc import Sequence

from schemas.audit import Indexed
from schemas.errors import MedinstError
from schemas.plan import FIELDS, STAGES, Due, Plan, SourcePlan, Stage
from schemas.receipts import Batch, Kept, Order, Rendered
from schemas.settings import Settings
from schemas.source import Source
from schemas.state import Built, State
from schemas.task import Task
from tasks.base.store.listing import Listing
from tasks.base.store.root import Root
from tasks.build.audit import index as indexing
from tasks.build.builds.order import chosen_parts, chosen_sources, chosen_tasks, refused
from tasks.build.builds.state import load_state
from tasks.build.deduplicate import stage as deduplicating
from tasks.build.fetch.known import Files, Known
from tasks.build.pipeline.ends import ends
from tasks.build.pipeline.receipts import Planned, Receipts
from tasks.build.read import stage as reading
from tasks.build.render import stage as rendering

AFTER = "once its files are here"
"""Why a stage may be due whose files are not known yet; where they turn out to be the same, it is not."""


def make_plan(order: Order) -> Plan:
    """Find out what a build would do.

    Raises:
        FetchError: a mirror is not there.
    """
    root = Root(order.root)
    listing = Listing(root)
    last = _last(root)
    receipts = Receipts(listing, last)
    files = Files(order, listing, last, Settings())
    left_out = refused(order)
    sources = tuple(
        SourcePlan(source=source.id, built=Built(source=source.id, withheld=left_out[source.id]))
        if source.id in left_out
        else _Planning(source, order, files.of(source), receipts).plan()
        for source in chosen_sources(order)
    )
    return Plan(order=order, sources=sources, ends=ends(order, sources, last, listing))


def _last(root: Root) -> State | None:
    """The newest build of a root; None where there is none, or an earlier version of the program made it."""
    try:
        return load_state(root)
    except MedinstError:
        return None


class _Planning:
    """Goes through the stages of one source as a build does, and notes what is due."""

    def __init__(self, source: Source, order: Order, known: Known, receipts: Receipts) -> None:
        self.source, self.known, self.receipts = source, known, receipts
        self.parts, self.tasks = chosen_parts(order, source), chosen_tasks(order, source)
        self.due: list[Due] = []

    def plan(self) -> SourcePlan:
        """What is due of the source."""
        if self.known.unknown:
            return self._after_fetching()
        batches = {part: self._read(part) for part in self.parts}
        rendered = [self._render(task, [batches[part] for part in task.reads]) for task in self.tasks]
        kept = [
            self._settled("deduplicate", each.task, deduplicating.plan(each)) for each in rendered if not each.withheld
        ]
        indexed = [self._settled("index", each.task, indexing.plan(each)) for each in kept]
        return self._planned(tuple(batches.values()), tuple(rendered), tuple(kept), tuple(indexed))

    def _after_fetching(self) -> SourcePlan:
        for name, reason in self.known.unknown.items():
            self._is_due("fetch", name, reason)
        for part in self.parts:
            self._is_due("read", part, AFTER)
        for task in self.tasks:
            self._is_due("render", task.name, AFTER)
        return self._planned()

    def _read(self, part: str) -> Batch:
        planned = reading.plan(self.source, part, self.known.fetched)
        return planned if planned.withheld else self._settled("read", part, planned)

    def _render(self, task: Task, batches: Sequence[Batch]) -> Rendered:
        planned = rendering.plan(self.source, task, batches)
        return planned if planned.withheld else self._settled("render", task.name, planned)

    def _settled(self, stage: Stage, subject: str, planned: Planned) -> Planned:
        """The receipt of what is planned, or the plan where that is due."""
        found = self.receipts.find(planned)
        if found is None:
            self._is_due(stage, subject, self.receipts.why(planned))
        return found or planned

    def _is_due(self, stage: Stage, subject: str, reason: str) -> None:
        self.due.append(Due(stage=stage, subject=subject, reason=reason))

    def _planned(
        self,
        batches: tuple[Batch, ...] = (),
        rendered: tuple[Rendered, ...] = (),
        kept: tuple[Kept, ...] = (),
        indexed: tuple[Indexed, ...] = (),
    ) -> SourcePlan:
        """The plan, with the receipts of the stages before the first that is due."""
        first = min((STAGES.index(due.stage) for due in self.due if due.stage in STAGES), default=len(STAGES))
        made = dict(zip(STAGES, (self.known.fetched, batches, rendered, kept, indexed), strict=True))
        built = Built.model_validate(
            {"source": self.source.id} | {FIELDS[stage]: made[stage] for stage in STAGES[:first]}
        )
        return SourcePlan(source=self.source.id, due=tuple(self.due), built=built)
