"""How far a long step is, as a bar in Prefect's UI."""

import contextvars
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from prefect import get_run_logger
from prefect.artifacts import create_progress_artifact, update_progress_artifact

from tasks.base.store.phases import Moment, listen

PAUSE = 2.0
"""Seconds between two updates."""

Show = Callable[[float, str], None]
"""Takes how much is done, in percent, and what that is in words."""


@contextmanager
def progress(key: str) -> Iterator[Show]:
    """Show a progress bar as long as the block runs.

    It is drawn by a thread of its own, so that neither the work nor its callbacks wait for the server.

    Args:
        key: of the artifact.
    """
    made = create_progress_artifact(progress=0.0, key=key, description="Begun")
    latest, shown = (0.0, "Begun"), (0.0, "Begun")
    over = threading.Event()
    logger = get_run_logger()

    def show(percent: float, words: str) -> None:
        nonlocal latest
        latest = (min(100.0, max(0.0, percent)), words)

    def draw() -> None:
        nonlocal shown
        ended = False
        while not ended:
            ended = over.wait(PAUSE)
            if shown == (now := latest):
                continue
            try:
                update_progress_artifact(made, progress=now[0], description=now[1])  # pyright: ignore[reportArgumentType]
            except Exception as error:  # the work goes on without the bar
                logger.debug("The progress could not be shown: %s", error)
            shown = now

    thread = threading.Thread(target=contextvars.copy_context().run, args=(draw,), name=f"progress {key}", daemon=True)
    thread.start()
    try:
        yield show
        show(100.0, latest[1])
    finally:
        over.set()
        thread.join(PAUSE * 2)


class Steps:
    """The steps of a build, counted by phase.

    Args:
        show: shows them.
        totals: how many sources pass through each phase of single sources.
        ends: the phases of all sources together.
    """

    def __init__(self, show: Show, totals: Mapping[str, int], ends: tuple[str, ...]) -> None:
        self._show = show
        self._totals = {**{verb: number for verb, number in totals.items() if number}, **dict.fromkeys(ends, 1)}
        self._done: Counter[str] = Counter()
        self._lock = threading.Lock()

    def done(self, verb: str) -> None:
        """Count a step that has ended, well or not."""
        with self._lock:
            if self._done[verb] < self._totals.get(verb, 0):
                self._done[verb] += 1
            done, total = self._done.total(), sum(self._totals.values())
            words = " · ".join(f"{verb} {self._done[verb]} of {number}" for verb, number in self._totals.items())
            self._show(100 * done / total if total else 100.0, words)


@contextmanager
def build_progress(totals: Mapping[str, int], ends: tuple[str, ...]) -> Iterator[Steps]:
    """Show how far a build is.

    Args:
        totals: how many sources pass through each phase of single sources; whoever runs these counts them.
        ends: the phases of all sources together; they are heard of here.
    """
    with progress("progress") as show:
        steps = Steps(show, totals, ends)

        def hear(moment: Moment) -> None:
            if not moment.source and moment.seconds is not None:
                steps.done(moment.verb)

        stop = listen(hear)
        try:
            yield steps
        finally:
            stop()
