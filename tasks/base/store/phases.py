"""The phases of a command: listeners are called when one begins and when it ends, for a source or as a whole."""

import functools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple


class Moment(NamedTuple):
    """A phase has begun (`seconds` is None) or ended (`error` says how, empty if well).

    Attributes:
        source: the source that it is about; empty where it is about all.
    """

    verb: str
    source: str = ""
    seconds: float | None = None
    error: str = ""


Listener = Callable[[Moment], None]
_listeners: list[Listener] = []
_lock = threading.Lock()


def listen(listener: Listener) -> Callable[[], None]:
    """Register a listener for every moment; returns a function that removes it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def tell(moment: Moment) -> None:
    """Call all listeners, one moment at a time."""
    with _lock:
        for listener in tuple(_listeners):
            listener(moment)


@contextmanager
def phase(verb: str, source: str = "") -> Iterator[None]:
    """A block whose beginning and end are reported to the listeners."""
    tell(Moment(verb, source))
    started = time.perf_counter()
    error = ""
    try:
        yield
    except BaseException as raised:
        error = f"{type(raised).__name__}: {raised}"
        raise
    finally:
        tell(Moment(verb, source, time.perf_counter() - started, error))


def watched(verb: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of a source whose beginning and end are reported to the listeners."""

    @functools.wraps(function)
    def call(source: str, *args: Any, **kwargs: Any) -> Any:
        with phase(verb, source):
            return function(source, *args, **kwargs)

    return call
