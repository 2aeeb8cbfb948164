"""The stages of a build one after the other, each in a process of its own that is watched."""

import sys
from pathlib import Path

from schemas.receipts import Order
from schemas.state import Built, State
from tests.benchmarks.scale.watch import Cost, watched

STATE, LOG = "state.json", "log.txt"


def begin(folder: Path, order: Order) -> None:
    """Note what is to be built."""
    state = State(order=order, sources=tuple(Built(source=source) for source in order.sources))
    (folder / STATE).write_text(state.model_dump_json(), encoding="utf-8")


def receipts(folder: Path) -> State:
    """What the stages so far have made."""
    return State.model_validate_json((folder / STATE).read_bytes())


def run(folder: Path, stage: str, environment: dict[str, str]) -> dict[str, Cost]:
    """Run a stage; returns the costs of its pieces."""
    command = [sys.executable, "-m", "tests.benchmarks.scale.stages", str(folder), stage]
    costs = watched(command, Path(receipts(folder).order.root), environment, folder / LOG)
    return {name: cost for name, cost in costs.items() if name}
