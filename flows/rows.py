"""The sources of a build in rows, for a terminal, the Prefect UI and programs."""

from collections.abc import Sequence

from flows.console.words import count
from schemas.base import Model
from schemas.plan import Plan
from schemas.receipts import Verdict
from schemas.state import Built, Outcome, State


class PlanRow(Model):
    """What is due of one source for one reason, or at the end of a build (`source` is empty).

    Attributes:
        due: the stages, and of what they are done.
    """

    source: str
    due: tuple[str, ...]
    reason: str


def plan_rows(plan: Plan) -> list[PlanRow]:
    """What is due, in the order of sources and stages; stages of one source with the same reason share a row."""
    rows: list[PlanRow] = []
    for name, due in [*((source.source, source.due) for source in plan.changed), ("", plan.ends)]:
        by_reason: dict[str, list[str]] = {}
        for each in due:
            what = f"{each.stage} {each.subject}" if name else each.stage
            by_reason.setdefault(each.reason, []).append(what)
        rows += [PlanRow(source=name, due=tuple(what), reason=reason) for reason, what in by_reason.items()]
    return rows


def summary(plan: Plan) -> str:
    """A plan in one line."""
    withheld = sum(source.withheld for source in plan.sources)
    parts = [(len(plan.changed), "to build"), (len(plan.unchanged), "unchanged"), (withheld, "withheld")]
    told = [f"{count(number, 'source')} {what}" for number, what in parts if number]
    ends = ", ".join(due.stage for due in plan.ends)
    return "; ".join([*told, f"then {ends}" if ends else "nothing to audit, judge or publish"])


class SourceRow(Model):
    """What became of one source.

    Attributes:
        records: records that were read.
        samples: samples that are published.
        rejects: records and samples left out at any stage.
        seconds: wall-clock time of its stages when they were last done.
        outcome: what became of it (`schemas/state.py` says which words there are).
        verdict: the worst of its verdicts: `pass`, `warning` or `critical`; empty where it was not judged.
        reason: why it, or a part of it, is missing or out of date.
        unavailable: names of the files that could not be fetched now, whether or not older bytes are used.
    """

    source: str
    records: int = 0
    samples: int = 0
    rejects: int = 0
    seconds: float = 0.0
    outcome: Outcome
    verdict: str = ""
    reason: str = ""
    unavailable: tuple[str, ...] = ()


def source_rows(state: State, verdicts: Sequence[Verdict] = ()) -> list[SourceRow]:
    """One row a source that was asked for."""
    return [_row(built, verdicts) for built in state.sources]


def _row(built: Built, verdicts: Sequence[Verdict]) -> SourceRow:
    stages = (*built.batches, *built.rendered, *built.kept)
    return SourceRow(
        source=built.source,
        records=sum(tally.kept for batch in built.batches for tally in batch.splits.values()),
        samples=sum(tally.kept for task in built.kept for tally in task.splits.values()),
        rejects=sum(tally.rejected for stage in stages for tally in stage.splits.values()),
        seconds=round(sum(stage.seconds for stage in stages), 1),
        outcome=built.outcome,
        verdict=_worst(built, verdicts) if built.kept else "",
        reason=built.reason,
        unavailable=tuple(built.fetched.outages) if built.fetched else (),
    )


def _worst(built: Built, verdicts: Sequence[Verdict]) -> str:
    if not verdicts:
        return ""
    failed = {verdict.severity for verdict in verdicts if verdict.source == built.source and not verdict.success}
    return next((severity for severity in ("critical", "warning") if severity in failed), "pass")
