"""The log of predictions: a file of JSON lines that only grows, so that a kill loses only what was in flight."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from schemas.errors import EvaluationError
from schemas.evaluation import Prediction
from tasks.base.predictions.bucket import sent
from tasks.base.store.locks import hold


class Log:
    """The predictions of one evaluation.

    Attributes:
        path: the file.
        known: the keys of what it holds.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: set[str] = set()
        self.stack = ExitStack()

    def __enter__(self) -> Self:
        """Open the log; a line that a killed run left unfinished is cut off.

        Raises:
            EvaluationError: another run holds the log, or a line of it is not a prediction.
        """
        self.file = hold(
            self.path, lambda: EvaluationError(f"{self.path}: another run is writing it. Wait until it ends.")
        )
        try:
            self.send = self.stack.enter_context(sent(self.path))
            whole = _whole_lines(self.path)
            self.known = {prediction.key for prediction in read(self.path, whole)}
            os.ftruncate(self.file, whole)
        except BaseException:
            self.stack.__exit__(*sys.exc_info())
            os.close(self.file)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Flush it to the disk and close it."""
        try:
            os.fsync(self.file)
            self.stack.__exit__(kind, error, trace)
        finally:
            os.close(self.file)

    def append(self, prediction: Prediction) -> None:
        """Add a prediction: one write of one line, which the system keeps though the process be killed.

        Raises:
            EvaluationError: the disk is full or the file cannot be written.
        """
        line = (prediction.model_dump_json(exclude_defaults=True) + "\n").encode()
        try:
            written = os.write(self.file, line)
        except OSError as error:
            raise EvaluationError(
                f"{self.path}: the predictions cannot be written: {error}. What is there is whole. Make room, then run "
                "the same command again: it asks only for what is missing."
            ) from error
        if written != len(line):
            raise EvaluationError(f"{self.path}: the disk is full. Make room, then run the same command again.")
        self.known.add(prediction.key)
        self.send(line)


def _whole_lines(path: Path) -> int:
    """Bytes up to the end of the last whole line."""
    if not path.exists():
        return 0
    size = path.stat().st_size
    with path.open("rb") as file:
        end = size
        while end:
            start = max(0, end - 65536)
            file.seek(start)
            place = file.read(end - start).rfind(b"\n")
            if place >= 0:
                return start + place + 1
            end = start
    return 0


def read(path: Path, length: int | None = None) -> Iterator[Prediction]:
    """Read predictions.

    Args:
        path: the file.
        length: bytes to read; none: all of it.

    Raises:
        EvaluationError: a line is not a prediction.
    """
    return (prediction for _, prediction in placed(path, length))


def placed(path: Path, length: int | None = None) -> Iterator[tuple[int, Prediction]]:
    """Read predictions, each with the byte at which its line begins.

    Args:
        path: the file.
        length: bytes to read; none: all of it.

    Raises:
        EvaluationError: a line is not a prediction.
    """
    if not path.exists():
        return
    place = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if length is not None and place + len(line) > length:
                return
            try:
                yield place, Prediction.model_validate_json(line)
            except ValidationError as error:
                raise EvaluationError(
                    f"{path}: line {number} is not a prediction ({error.error_count()} faults, first: "
                    f"{error.errors()[0]['msg']}); {number - 1} lines before it are. If the file was cut off, run "
                    "`medinst evaluate` again with the same options: it completes it."
                ) from error
            place += len(line)


class Reader:
    """Predictions by the place of their line, of a log that has been read once.

    Args:
        path: the log.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.open("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def at(self, place: int) -> Prediction:
        """The prediction whose line begins at a byte.

        Raises:
            EvaluationError: there is none any more.
        """
        self.file.seek(place)
        try:
            return Prediction.model_validate_json(self.file.readline())
        except ValidationError as error:
            raise EvaluationError(
                f"{self.path}: expected a prediction at byte {place}, found {error.errors()[0]['msg']}. The file was "
                "changed while it was read. Run the same command again."
            ) from error
