"""The declared sources: one module each, holding one `SOURCE`."""

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from schemas.errors import DeclarationError, did_you_mean
from schemas.source import Source
from schemas.task import STANDARD, Task, Wording

FOLDER = Path(__file__).parent


@cache
def registry() -> dict[str, Source]:
    """All declared sources by id, sorted by id."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)]))
    return {name: _load(name) for name in names}


def _load(name: str) -> Source:
    try:
        return importlib.import_module(f"sources.{name}").SOURCE
    except (AttributeError, SyntaxError, TypeError, ValueError) as error:
        raise DeclarationError(
            f"sources/{name}.py declares no sound source: {error}. Correct it: medinst check"
        ) from error


@cache
def tasks() -> dict[str, tuple[Source, Task]]:
    """All declared tasks by name, with their source."""
    return {task.name: (source, task) for source in registry().values() for task in source.tasks}


def find(source: str) -> Source:
    """The declaration of a source.

    Raises:
        DeclarationError: no module declares it.
    """
    if source not in registry():
        raise DeclarationError(
            f"There is no source `{source}`{did_you_mean(source, registry())}. List the sources: medinst sources"
        )
    return registry()[source]


def instruction(task: Task, wording: Wording = STANDARD) -> str:
    """The prose of a task's instruction, from `sources/instructions/<task>/<wording>.txt`, as one line.

    Raises:
        DeclarationError: the file is not there.
    """
    path = FOLDER / "instructions" / task.name / f"{wording}.txt"
    try:
        return " ".join(path.read_text(encoding="utf-8").split())
    except FileNotFoundError as error:
        raise DeclarationError(
            f"Task `{task.name}` has no {wording} instruction. Write it: sources/instructions/{task.name}/{wording}.txt"
        ) from error
