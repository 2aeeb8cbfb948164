"""Watching a build: whoever listens is told when a step of a source begins and how it ends."""

import functools
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple


class Moment(NamedTuple):
    """A step of a source that has begun (`seconds` is None) or ended (`error` says how, empty if well)."""

    verb: str
    source: str
    seconds: float | None = None
    error: str = ""


Listener = Callable[[Moment], None]
_listeners: list[Listener] = []
_turn = threading.Lock()


def listen(listener: Listener) -> Callable[[], None]:
    """Be told of every moment from now on; returns what ends it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def tell(moment: Moment) -> None:
    """Tell all listeners, one moment at a time."""
    with _turn:
        for listener in tuple(_listeners):
            listener(moment)


def watched(verb: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of a source that tells when it begins and ends."""

    @functools.wraps(function)
    def call(source: str, *args: Any, **kwargs: Any) -> Any:
        tell(Moment(verb, source))
        started = time.perf_counter()
        error = ""
        try:
            return function(source, *args, **kwargs)
        except BaseException as raised:
            error = f"{type(raised).__name__}: {raised}"
            raise
        finally:
            tell(Moment(verb, source, time.perf_counter() - started, error))

    return call
