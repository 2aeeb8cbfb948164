"""How far a long step is, as a bar in Prefect's UI."""

import contextvars
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from prefect import get_run_logger
from prefect.artifacts import create_progress_artifact, update_progress_artifact

from tasks.base.pages.words import size
from tasks.base.store.phases import Moment, listen
from tasks.build.fetch import tally as fetching
from tasks.build.fetch.tally import Transfer
from tasks.model.evaluate import tally as asking
from tasks.model.finetune import loss as training
from tasks.model.finetune.loss import Logged

LARGE = 20_000_000
"""Bytes from which on a file is named while it comes."""

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
        self._coming: dict[str, str] = {}
        self._lock = threading.Lock()

    def done(self, verb: str) -> None:
        """Count a step that has ended, well or not."""
        with self._lock:
            if self._done[verb] < self._totals.get(verb, 0):
                self._done[verb] += 1
            self._say()

    def came(self, transfer: Transfer) -> None:
        """Name a large file that is coming."""
        with self._lock:
            self._coming.pop(transfer.name, None)
            if transfer.total > LARGE and transfer.bytes < transfer.total:
                self._coming[transfer.name] = f"{transfer.name}: {size(transfer.bytes)} of {size(transfer.total)}"
            if transfer.total > LARGE:
                self._say()

    def _say(self) -> None:
        done, total = self._done.total(), sum(self._totals.values())
        said = [f"{verb} {self._done[verb]} of {number}" for verb, number in self._totals.items()]
        self._show(100 * done / total if total else 100.0, " · ".join([*said, *self._coming.values()]))


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

        stops = (listen(hear), fetching.listen(steps.came))
        try:
            yield steps
        finally:
            for stop in stops:
                stop()


@contextmanager
def asking_progress(total: int) -> Iterator[None]:
    """Show how many of the questions of an evaluation are answered."""
    with progress("answers") as show:

        def asked(asked: asking.Progress) -> None:
            done = asked.there + asked.answered + asked.failures
            show(100 * done / max(1, total), f"{done:,} of {total:,} answers, {asked.rate:.1f} a second")

        stop = asking.listen(asked)
        try:
            yield
        finally:
            stop()


@contextmanager
def training_progress() -> Iterator[None]:
    """Show how far a training is."""
    with progress("training") as show:

        def trained(point: Logged, steps: int) -> None:
            rate = point.tokens / max(1e-9, point.seconds)
            words = f"{point.step:,} of {steps:,} steps · {point.summary} · {rate:,.0f} tokens/s"
            show(100 * point.step / max(1, steps), words)

        stop = training.listen(trained)
        try:
            yield
        finally:
            stop()
