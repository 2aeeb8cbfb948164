"""`make bench-quick`: what each part costs, beside the committed baseline; what is slower is named, nothing fails."""

import argparse
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.measure import Cost, alone
from tests.benchmarks.pairs import write_pairs
from tests.benchmarks.quick import baseline
from tests.benchmarks.quick.pieces import PIECES, Costs
from tests.benchmarks.scale.generate import generate

PAIRS, ROWS, ROUNDS = 200_000, 20_000, 2


def main() -> None:
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(prog="make bench-quick", description=__doc__)
    parser.add_argument("--write", action="store_true", help="make what is measured the baseline")
    given = parser.parse_args()
    costs = measured()
    ratios = {piece.title: piece.ratio(costs) for piece in PIECES}
    Console(width=100, file=sys.stdout).print(table(costs, baseline.read()))
    if given.write:
        baseline.write(ratios)
        sys.stdout.write(f"Baseline: {baseline.FILE}\n")


def measured() -> Costs:
    """Run all benchmarks, one after the other in processes of their own; of each piece the cheapest round counts."""
    with tempfile.TemporaryDirectory(prefix="medinst-bench-") as name:
        pairs, mirror = Path(name) / "pairs", Path(name) / "mirror"
        write_pairs(pairs, PAIRS)
        generate(mirror, ROWS)
        commands = {
            "unit": ("quick.unit",),
            "duckdb": ("pairs_duckdb", str(pairs)),
            "pairs": ("pairs_ours", str(pairs)),
            "documents": ("quick.documents",),
            "rows": ("quick.rows", str(mirror)),
        }
        rounds = [{name: alone(*command) for name, command in commands.items()} for _ in range(ROUNDS)]
    return {name: _cheapest([each[name] for each in rounds]) for name in commands}


def _cheapest(rounds: list[dict[str, Cost]]) -> dict[str, Cost]:
    return {piece: min((each[piece] for each in rounds), key=lambda cost: cost.cpu) for piece in rounds[0]}


def table(costs: Costs, before: dict[str, float]) -> Table:
    """The ratios, beside those of the baseline."""
    found = Table(title="CPU seconds, and how many times their unit", title_justify="left")
    for name in ("part", "CPU s", "unit", "ratio", "baseline", ""):
        found.add_column(name, justify="left" if name in ("part", "unit", "") else "right")
    for piece in PIECES:
        ratio, known = piece.ratio(costs), before.get(piece.title)
        found.add_row(
            piece.title,
            f"{piece.cpu(costs):.2f}",
            "DuckDB" if piece.unit[0] == "duckdb" else "loop",
            f"{ratio:.2f}",
            "" if known is None else f"{known:.2f}",
            baseline.verdict(ratio, known),
        )
    return found


if __name__ == "__main__":
    main()
