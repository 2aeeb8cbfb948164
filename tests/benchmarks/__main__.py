"""`python -m tests.benchmarks [--rows N] [--mirror PATH]`: CPU and memory of every stage, then side by side."""

import argparse
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sources import registry
from tests.benchmarks.asking import CONNECTIONS, MILLISECONDS, QUESTIONS
from tests.benchmarks.commands import EMPTY_FLOW
from tests.benchmarks.exploring import ROWS as EXPLORED
from tests.benchmarks.measure import Cost, alone
from tests.benchmarks.pairs import write_pairs
from tests.benchmarks.scoring import ANSWERS
from tests.support.browser import CHROMEDRIVER, CHROMIUM
from tests.support.places import CHECKOUT

STAGES = ("fetch", "read", "render", "deduplicate", "profile")
BIGBIO = {"anatem": 7.1, "bc5cdr": 3.5, "ddi": 2.6, "ncbi_disease": 0.65}
"""CPU seconds of BigBIO loaders under Hugging Face datasets with a formatting map, on the same files."""

MEASURABLE = 0.005
"""CPU seconds; a source that takes less has no files here."""

console = Console(width=120)


def main() -> None:
    """Run all benchmarks and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--benchmark", help="folder of a benchmark whose tests are scored")
    parser.add_argument("--mirror", default=str(CHECKOUT.parent / "shared" / "corpora"))
    given = parser.parse_args()
    if Path(given.mirror).is_dir():
        sources(given.mirror)
    else:
        console.print(f"No real files at {given.mirror}: the sources are left out. Name a mirror: --mirror PATH")
    side_by_side(given.rows)
    asking()
    if given.benchmark:
        scoring(given.benchmark)
    exploring()
    if CHROMIUM and CHROMEDRIVER:
        exploring("exploring_files", "as files, in Chromium, ")
    start_up()
    commands()


def exploring(benchmark: str = "exploring", how: str = "") -> None:
    """How long one waits for the explorer's pages, of its server or of files."""
    costs = alone(benchmark, str(EXPLORED))
    table = Table(title=f"The explorer {how}on {EXPLORED:,} samples", title_justify="left")
    for name in ("page", "wall s"):
        table.add_column(name, justify="left" if name == "page" else "right")
    for name, cost in costs.items():
        table.add_row(name, f"{cost.wall:.2f}")
    console.print(table)
    console.print(f"Peak memory: {max(cost.peak for cost in costs.values()) / 1e6:.0f} MB")


def asking() -> None:
    """A model asked over many connections, against what the connections allow."""
    costs = alone("asking")
    cost, bare = costs["ask"], costs["bare"]
    ideal = CONNECTIONS / (MILLISECONDS / 1000)
    rate = QUESTIONS / cost.wall
    console.print(
        f"Asking {QUESTIONS:,} questions, {CONNECTIONS} at once, {MILLISECONDS} ms each: {rate:.0f} a second, "
        f"{rate / ideal:.1%} of the ideal {ideal:.0f} and {bare.wall / cost.wall:.1%} of bare connections; "
        f"{1000 * cost.cpu / QUESTIONS:.2f} CPU ms each, {cost.peak / 1e6:.0f} MB"
    )


def scoring(folder: str) -> None:
    """Both sets of metrics with intervals."""
    cost = alone("scoring", folder)["score"]
    console.print(f"Scoring {ANSWERS:,} answers with intervals on two processes: {cost.wall:.1f} s")


def sources(mirror: str) -> None:
    """CPU seconds of each source and stage, each source in a process of its own.

    `documents` is the part of the data path that BigBIO's loaders and a formatting map do too: read annotated documents
    and render the tasks made from them. A source without such documents is compared by all that it reads and renders.
    """
    table = Table(title="Real files: CPU seconds, and peak memory of the process", title_justify="left")
    for name in ("source", *STAGES, "data path", "documents", "peak MB", "BigBIO", "ratio"):
        table.add_column(name, justify="left" if name == "source" else "right")
    total = 0.0
    for source in registry():
        costs = alone("one_source", source, mirror)
        path = sum(costs[stage].cpu for stage in STAGES[1:] if stage in costs)
        total += path
        cells = [f"{costs[stage].cpu:.3f}" if stage in costs else "–" for stage in STAGES]
        peak = max(cost.peak for cost in costs.values()) / 1e6
        other, documents = BIGBIO.get(source), costs.get("documents")
        same = documents.cpu if documents else costs["read"].cpu + costs["render"].cpu
        compared = [f"{other:.2f}", f"{other / same:.1f}x"] if other and same > MEASURABLE else ["", ""]
        lane = f"{documents.cpu:.3f}" if documents else ""
        table.add_row(source, *cells, f"{path:.3f}", lane, f"{peak:.0f}", *compared)
    table.add_section()
    table.add_row("all", *[""] * len(STAGES), f"{total:.2f}", "", "", "", "")
    console.print(table)
    each = ", ".join(f"{stage} {1000 * cost.cpu:.1f} ms" for stage, cost in alone("fixed").items())
    console.print(f"A split of a miniature: {each}")


def side_by_side(rows: int) -> None:
    """The same pairs through three pipelines."""
    with tempfile.TemporaryDirectory(prefix="medinst-bench-") as folder:
        paths = write_pairs(Path(folder), rows)
        size = sum(path.stat().st_size for path in paths)
        found = {name: alone(f"pairs_{name}", folder) for name in ("ours", "duckdb", "datasets")}
    ours = found["ours"]
    table = Table(title=f"{rows:,} sentence pairs, {size / rows:.0f} bytes each", title_justify="left")
    for name in ("pipeline", "CPU s", "wall s", "peak MB", "ours costs"):
        table.add_column(name, justify="left" if name == "pipeline" else "right")
    path = _data_path(ours)
    for name, title in (
        ("ours", "MedINST"),
        ("duckdb", "DuckDB COPY (SELECT DISTINCT …)"),
        ("datasets", "datasets, batched"),
    ):
        cost = path if name == "ours" else found[name]["data path"]
        table.add_row(
            title, f"{cost.cpu:.2f}", f"{cost.wall:.2f}", f"{cost.peak / 1e6:.0f}", f"{path.cpu / cost.cpu:.2f}x"
        )
    console.print(table)
    console.print("MedINST by stage: " + ", ".join(f"{stage} {ours[stage].cpu:.2f}" for stage in STAGES))


def _data_path(costs: dict[str, Cost]) -> Cost:
    stages = [costs[stage] for stage in STAGES[1:]]
    return Cost(sum(s.cpu for s in stages), sum(s.wall for s in stages), max(s.peak for s in stages))


def start_up() -> None:
    """The line of its own."""
    for name, cost in alone("start_up").items():
        console.print(f"{name}: {cost.cpu:.1f} CPU s, {cost.wall:.1f} s")


def commands() -> None:
    """Builds of the miniatures beside an empty flow, and the commands that only look."""
    costs = alone("commands")
    table = Table(title="Commands, as a user waits for them", title_justify="left")
    for name in ("command", "wall s", "CPU s", "above an empty flow, wall s"):
        table.add_column(name, justify="left" if name == "command" else "right")
    for name, cost in costs.items():
        above = f"{cost.wall - costs[EMPTY_FLOW].wall:.1f}" if name.startswith("build") else ""
        table.add_row(name, f"{cost.wall:.2f}", f"{cost.cpu:.1f}", above)
    console.print(table)


if __name__ == "__main__":
    main()
