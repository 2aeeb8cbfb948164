"""Plans: what a build would do and why, known before anything is done."""

from typing import Literal, get_args

from schemas.base import Model
from schemas.receipts import Order
from schemas.state import Built

Stage = Literal["fetch", "read", "render", "deduplicate", "index"]
"""What is done for one source, in this order."""

End = Literal["audit", "judge", "publish"]
"""What is done for all sources together, in this order."""

STAGES: tuple[Stage, ...] = get_args(Stage)
FIELDS: dict[Stage, str] = dict(zip(STAGES, ("fetched", "batches", "rendered", "kept", "indexed"), strict=True))
"""What a build has of a source, by the stage that makes it."""


class Due(Model):
    """A piece of work that is due.

    Attributes:
        subject: a file, part or task; `all samples` or `release` at the end.
        reason: why: `never built`, `code changed`, `instruction changed`, …
    """

    stage: Stage | End
    subject: str
    reason: str


class SourcePlan(Model):
    """What is due of one source.

    Attributes:
        due: the work, in its order; none where the source is unchanged, or withheld.
        built: what is here of the stages before the first one that is due.
    """

    source: str
    due: tuple[Due, ...] = ()
    built: Built

    @property
    def start(self) -> Stage | None:
        """The stage from which on the source is built."""
        return next((stage for stage in STAGES if any(due.stage == stage for due in self.due)), None)

    @property
    def withheld(self) -> bool:
        """Whether nothing of the source may or can be built."""
        return bool(self.built.withheld)


class Plan(Model):
    """What a build would do.

    Attributes:
        ends: what is due of all samples together.
    """

    order: Order
    sources: tuple[SourcePlan, ...]
    ends: tuple[Due, ...]

    @property
    def changed(self) -> list[SourcePlan]:
        """The sources of which something is due."""
        return [source for source in self.sources if source.due]

    @property
    def unchanged(self) -> list[SourcePlan]:
        """The sources of which everything is here."""
        return [source for source in self.sources if not source.due and not source.withheld]

    @property
    def passing(self) -> dict[Stage, int]:
        """How many sources pass through each stage."""
        starts = [STAGES.index(source.start) for source in self.sources if source.start is not None]
        return {stage: sum(start <= number for start in starts) for number, stage in enumerate(STAGES)}

    @property
    def due(self) -> list[Due]:
        """All work."""
        return [*(due for source in self.sources for due in source.due), *self.ends]
