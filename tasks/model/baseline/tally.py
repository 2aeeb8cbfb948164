"""Progress of the training of baselines: listeners are called after each epoch."""

from collections.abc import Callable
from typing import NamedTuple


class Epoch(NamedTuple):
    """An epoch has ended.

    Attributes:
        epochs: epochs at most.
        score: the main strict metric of the held-out samples.
    """

    test: str
    seed: int
    epoch: int
    epochs: int
    score: float


Listener = Callable[[Epoch], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Callable[[], None]:
    """Register a listener for each epoch; returns a function that removes it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def tell(epoch: Epoch) -> None:
    """Call all listeners."""
    for listener in _listeners:
        listener(epoch)
