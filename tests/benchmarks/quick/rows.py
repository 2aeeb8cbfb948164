"""Large layouts in small, invented, through the stages of a build up to the audit: started with the mirror."""

import tempfile

from schemas.receipts import Order
from schemas.state import Built, State
from tasks.build.pipeline import work as stages
from tests.benchmarks.measure import Meter, answer
from tests.benchmarks.scale.layouts import LAYOUTS


def work(meter: Meter, arguments: list[str]) -> None:
    """Read, render, deduplicate, index and audit all layouts."""
    with tempfile.TemporaryDirectory(prefix="medinst-bench-") as root:
        chosen = tuple(layout.task for layout in LAYOUTS.values())
        order = Order(sources=tuple(LAYOUTS), tasks=chosen, root=root, mirrors=(arguments[0],), workers=1)
        built = []
        for source in LAYOUTS:
            fetched = stages.fetch(source, order)
            with meter.measured("read"):
                batches = stages.read(source, fetched, order)
            with meter.measured("render"):
                rendered = stages.render(source, batches, order)
            with meter.measured("deduplicate"):
                kept = stages.deduplicate(source, rendered, order)
            with meter.measured("index"):
                indexed = stages.index(source, rendered, kept, order)
            built.append(
                Built(source=source, fetched=fetched, batches=batches, rendered=rendered, kept=kept, indexed=indexed)
            )
        with meter.measured("audit"):
            stages.audit(State(order=order, sources=tuple(built)))


if __name__ == "__main__":
    answer(work)
