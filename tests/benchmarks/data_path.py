"""The data path of one source, stage by stage: what `medinst build` does without Prefect and Great Expectations."""

from pathlib import Path

from schemas.receipts import Fetched, Order
from schemas.settings import Settings
from schemas.source import Source
from tasks.base.store.root import Root
from tasks.build.deduplicate.stage import deduplicate_task
from tasks.build.judge.profile import profile_task
from tasks.build.read.stage import plan, read_part
from tasks.build.render.stage import plan as plan_render
from tasks.build.render.stage import render_task
from tests.benchmarks.measure import Meter


def run(source: Source, fetched: Fetched, root: Path, meter: Meter) -> int:
    """Take a source from its files to deduplicated, profiled samples; returns the number of samples."""
    place = Root(str(root))
    with meter.measured("code versions"):  # hashing our own code: once a process, not once a source
        batches = {part: plan(source, part, fetched) for part in source.parts}
        for task in source.tasks:
            plan_render(source, task, [batches[part] for part in task.reads])
    for part in source.parts:
        with meter.measured("read"), meter.measured(_lane(source, part)):
            batches[part] = read_part(source, part, fetched, place, Settings())
    rows = 0
    for task in source.tasks:
        records = [batches[part] for part in task.reads]
        with meter.measured("render"), meter.measured(_lane(source, task.reads[0])):
            rendered = render_task(source, task, records, place)
        if rendered.withheld:
            continue
        with meter.measured("deduplicate"):
            kept = deduplicate_task(rendered, place)
        with meter.measured("profile"):
            profiles = profile_task(source, task, records, rendered, kept, {}, place)
        rows += sum(profile.kept for profile in profiles)
    return rows


def _lane(source: Source, part: str) -> str:
    """Which lane a part takes: annotated documents are parsed in Python, tables never become Python objects."""
    return "documents" if source.format_of(part).kind == "Document" else "tables"


def order(root: Path, mirror: str) -> Order:
    """An order of a benchmark."""
    return Order(root=str(root), mirrors=(mirror,))
