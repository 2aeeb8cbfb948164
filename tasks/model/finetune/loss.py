"""Progress of a training: the loss log, the check for divergence, listeners."""

import json
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from tasks.model.finetune.processes import is_main

LOG = "loss.jsonl"
WINDOW = 10
"""Logged losses whose mean is judged."""


class Point(NamedTuple):
    """One line of the loss log.

    Attributes:
        loss: mean over the steps since the last line, in nats a token.
        accuracy: share of the tokens that the model ranked first.
        gradient: its length before it was clipped.
        tokens: read so far, in all sessions.
        seconds: seconds of training so far, in all sessions.
    """

    step: int
    epoch: float
    loss: float
    accuracy: float
    gradient: float
    learning_rate: float
    tokens: int
    seconds: float

    @property
    def summary(self) -> str:
        """The line in a few words, for progress bars."""
        return f"loss {self.loss:.3f}"


class Logged(Protocol):
    """A named tuple that is a line of a log: a `Point`, or a step of reinforcement."""

    @property
    def step(self) -> int:
        """Updates of the weights so far."""
        ...

    @property
    def tokens(self) -> int:
        """Read so far."""
        ...

    @property
    def seconds(self) -> float:
        """Of training so far."""
        ...

    @property
    def summary(self) -> str:
        """The line in a few words, for progress bars."""
        ...

    def _asdict(self) -> dict[str, Any]: ...


L = TypeVar("L", bound=Logged)


class Curve(Generic[L]):
    """The log of a run: JSON lines, which only grow from where the last whole checkpoint stands.

    Attributes:
        points: what it holds.
    """

    def __init__(self, path: Path, step: int, line: type[L] = Point) -> None:
        self.path = path
        self.points = [point for point in read(path, line) if point.step <= step]
        self._write("".join(map(_line, self.points)), "w")
        self.tokens, self.seconds = (self.points[-1].tokens, self.points[-1].seconds) if self.points else (0, 0.0)
        self.started = time.monotonic()

    def add(self, point: L) -> L:
        """Add a point; tokens and seconds from before the last resumption are added."""
        seconds = round(self.seconds + time.monotonic() - self.started, 3)
        point = type(point)(**{**point._asdict(), "tokens": self.tokens + point.tokens, "seconds": seconds})
        self.points.append(point)
        self._write(_line(point), "a")
        return point

    def _write(self, text: str, mode: str) -> None:
        if not is_main():
            return
        with self.path.open(mode, encoding="utf-8") as file:
            file.write(text)


def read(path: Path, line: type[L] = Point) -> list[L]:
    """The lines of a log; an unfinished last line of a killed run is skipped."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    return [line(**json.loads(each)) for each in lines]


def _line(point: Logged) -> str:
    return json.dumps(point._asdict()) + "\n"


def mean(points: Sequence[Any]) -> float:
    """The mean loss of points, or of steps of reinforcement."""
    return sum(point.loss for point in points) / len(points)


def ends(points: Sequence[Any]) -> tuple[float, float]:
    """The mean loss of the first and of the last ten points; of half of them each where there are fewer than twenty."""
    some = max(1, min(WINDOW, len(points) // 2))
    return mean(points[:some]), mean(points[-some:])


class Judgement(NamedTuple):
    """What is to be done about a loss.

    Attributes:
        stop: why the training must stop, in words; empty where it need not.
        save: whether the weights are worth a checkpoint.
    """

    stop: str
    save: bool


def judge(points: list[Point], bound: float) -> Judgement:
    """Judge the last point of a loss log: one high loss keeps weights from being saved, ten end the training.

    Args:
        points: the loss so far.
        bound: nats by which a loss may stand above the lowest mean of ten.
    """
    last = points[-1]
    if not (math.isfinite(last.loss) and math.isfinite(last.gradient)):
        return Judgement(f"the loss is {last.loss}, the gradient {last.gradient}, at step {last.step:,}", save=False)
    means = [mean(points[end - WINDOW : end]) for end in range(WINDOW, len(points) + 1)]
    lowest = min(means, default=points[0].loss)
    if means and means[-1] > lowest + bound:
        return Judgement(
            f"at step {last.step:,} the mean of the last {WINDOW} losses, {means[-1]:.3f}, is more than {bound:g} "
            f"above the lowest, {lowest:.3f}",
            save=False,
        )
    return Judgement("", save=last.loss <= lowest + bound)


Listener = Callable[[Logged, int], None]
"""Called with each line of a log, a `Point` or a step of reinforcement, and the total number of steps."""

_listeners: list[Listener] = []


def listen(listener: Listener) -> Callable[[], None]:
    """Register a listener for each point; returns a function that removes it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def tell(point: Logged, steps: int) -> None:
    """Call all listeners."""
    for listener in _listeners:
        listener(point, steps)
