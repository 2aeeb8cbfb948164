"""The tables of an experiment, for people and for programs; the answers beside them, so that anyone can score them."""

import csv
import io
from collections.abc import Iterator, Sequence
from statistics import mean
from typing import Any, NamedTuple

from medinst_eval.measure import Kind
from schemas.experiment import RowResult
from schemas.manifest import ExperimentManifest
from tasks.base.pages.template import render
from tasks.base.store.root import Root
from tasks.base.versions.manifest import seal
from tasks.build.publish.hub import as_yaml
from tasks.model.experiment.losses import answer_losses, mean_loss
from tasks.model.experiment.measure import Figure, Measured, comparisons, figures, measured
from tasks.model.experiment.plan import Plan, Row
from tasks.model.score.scales import FULL

CARD, RESULTS, FIGURES = "README.md", "results.csv", "figures.csv"


class Cost(NamedTuple):
    """What the trainings of a system took; means over its seeds.

    Attributes:
        seeds: trainings that are done.
        rate: tokens a second.
        memory: bytes held at most.
        loss: training loss at the start and at the end, in nats a token.
    """

    system: str
    seeds: int
    tokens: float
    trained_parameters: int
    seconds: float
    rate: float
    memory: int
    loss: tuple[float, float]


def keep_row(plan: Plan, row: Row, result: RowResult) -> None:
    """Keep what a row gave, which says that it is done."""
    name = plan.path(row).relative_to(plan.folder).as_posix()
    Root(str(plan.folder)).write_bytes(name, result.model_dump_json(indent=1).encode() + b"\n")


def keep(plan: Plan) -> None:
    """Write card, tables and manifest of the rows that are done."""
    rows = measured(plan)
    found = figures(plan, rows)
    write = Root(str(plan.folder)).write_bytes
    write(RESULTS, _csv(_results(rows)))
    write(FIGURES, _csv(map(_flat, found)))
    write(CARD, card(plan, rows, found).encode())
    seal(plan.folder, manifest(plan, rows), beside=())


def card(plan: Plan, rows: Sequence[Measured], found: Sequence[Figure]) -> str:
    """The card of an experiment: what was compared, and what it gave so far."""
    return render(
        __file__,
        "card.md.j2",
        experiment=plan.experiment,
        declared=as_yaml(plan.experiment.model_dump(mode="json", exclude_none=True)),
        benchmark=plan.benchmark,
        name=plan.folder.name,
        figures=found,
        comparisons=comparisons(plan, rows),
        losses=answer_losses(plan, rows),
        mean_loss=mean_loss,
        costs=list(_costs(plan, rows)),
        start=next((each for each in rows if each.row == Row(plan.experiment.base)), None),
        curve=[each for each in rows if each.row.system in plan.experiment.curve and _on_curve(plan, each.row)],
        mean=_mean,
        open=[row.name for row in plan.rows if plan.result(row) is None],
    )


def _on_curve(plan: Plan, row: Row) -> bool:
    return row.seed == plan.experiment.seeds[0]


def _mean(each: Measured, kind: Kind) -> float:
    """The mean over the tests whose metric ranges from 0 to 1."""
    return mean(metrics[kind].value for metrics in each.metrics.values() if metrics[kind].name not in FULL)


def _costs(plan: Plan, rows: Sequence[Measured]) -> Iterator[Cost]:
    for system in plan.experiment.systems:
        mine = [each.result for each in rows if each.row.system == system and each.row.share == 1]
        losses = [each.loss for each in mine if each.loss]
        if not losses:  # nothing is trained, or not yet
            continue
        seconds, tokens = mean(each.seconds for each in mine), mean(each.tokens for each in mine)
        yield Cost(
            system=system,
            seeds=len(mine),
            tokens=tokens,
            trained_parameters=mine[0].trained_parameters,
            seconds=seconds,
            rate=tokens / seconds,
            memory=max(each.memory for each in mine),
            loss=(mean(one for one, _ in losses), mean(last for _, last in losses)),
        )


def _results(rows: Sequence[Measured]) -> Iterator[dict[str, Any]]:
    for each in rows:
        for task, metrics in each.metrics.items():
            for kind, metric in metrics.items():
                yield {
                    "system": each.row.system,
                    "seed": each.row.seed,
                    "share": each.row.share,
                    "task": task,
                    "seen": task in each.result.seen,
                    "set": kind,
                    "metric": metric.name,
                    "value": round(metric.value, 6),
                    "samples": len(metric.parts),
                    "answer_loss": None if (lost := each.result.answer_loss.get(task)) is None else round(lost, 6),
                }


def _flat(figure: Figure) -> dict[str, Any]:
    value, low, high, seeds, deviation = figure.gain
    told = {"gain": value, "low": low, "high": high, "seeds": " ".join(f"{gain:.4f}" for gain in seeds)}
    return figure._asdict() | told | {"deviation": deviation}


def _csv(rows: Any) -> bytes:
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else ["system"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def manifest(plan: Plan, rows: Sequence[Measured]) -> ExperimentManifest:
    """The manifest of an experiment; its answers hold gold answers, so it has the benchmark's profile."""
    benchmark = plan.benchmark.manifest
    return ExperimentManifest(
        version=plan.folder.name,
        profile=benchmark.profile,
        partial=benchmark.partial or len(rows) < len(plan.rows),
        original=benchmark.original,
        fingerprint=plan.folder.name.rpartition("-")[2],
        samples=sum(len(metrics["paper"].parts) for each in rows for metrics in each.metrics.values()),
        benchmark=plan.benchmark.version,
        rows=[each.row.name for each in rows],
    )
