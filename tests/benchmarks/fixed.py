"""What a split costs whatever it holds: the miniatures of all sources read and rendered in one process, warm."""

import tempfile
from pathlib import Path

from schemas.receipts import Batch
from schemas.settings import Settings
from sources import registry
from tasks.base.store.root import Root
from tasks.build.fetch.source import fetch_source
from tasks.build.read.stage import read_part
from tasks.build.render.stage import render_task
from tests.benchmarks import data_path
from tests.benchmarks.measure import Meter, answer
from tests.support.places import CHECKOUT


def work(meter: Meter, _: list[str]) -> None:
    """Take all miniatures twice, and measure the second time; the costs are those of a split."""
    with tempfile.TemporaryDirectory(prefix="medinst-bench-") as folder:
        take(Path(folder, "warm"), Meter())
        splits = take(Path(folder, "root"), meter)
    for stage, count in splits.items():
        cost = meter.costs[stage]
        meter.costs[stage] = cost._replace(cpu=cost.cpu / count, wall=cost.wall / count)


def take(root: Path, meter: Meter) -> dict[str, int]:
    """Read and render all miniatures; returns how many splits each stage had."""
    splits = {"read": 0, "render": 0}
    place = Root(str(root))
    for source in registry().values():
        fetched = fetch_source(source, data_path.order(root, str(CHECKOUT / "demo")), Settings())
        batches: dict[str, Batch] = {}
        for part in source.parts:
            with meter.measured("read"):
                batches[part] = read_part(source, part, fetched, place, Settings())
            splits["read"] += len(batches[part].splits)
        for task in source.tasks:
            with meter.measured("render"):
                rendered = render_task(source, task, [batches[part] for part in task.reads], place)
            splits["render"] += len(rendered.splits)
    return splits


if __name__ == "__main__":
    answer(work)
