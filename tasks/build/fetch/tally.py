"""Who looks on while a file comes: listeners are told of the bytes so far."""

from collections.abc import Callable
from typing import NamedTuple


class Transfer(NamedTuple):
    """How much of a file is here.

    Attributes:
        name: last part of its address.
        bytes: that are here.
        total: that it has; 0 where that is not known.
    """

    name: str
    bytes: int
    total: int


Listener = Callable[[Transfer], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> Callable[[], None]:
    """Have a listener told of every piece of a file that comes, by many threads; returns what ends that."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def tell(transfer: Transfer) -> None:
    """Tell all listeners."""
    for listener in tuple(_listeners):
        listener(transfer)
