"""Marks that a process prints for `watch.watched`; needs nothing but Python, whatever it is that is watched."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def marked(name: str) -> Iterator[None]:
    """Bound a piece of work for who watches this process."""
    _say("begin", name)
    yield
    _say("end", name)


def _say(what: str, name: str) -> None:
    sys.stdout.write(json.dumps({what: name}) + "\n")
    sys.stdout.flush()
