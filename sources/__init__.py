"""The declared sources: one module each, holding one `SOURCE`.

Those of the checkout lie here. Folders of one's own join them by `use`: their modules are imported as `sources.<id>`
too, and their instructions, corrections, pins and citations lie in them as those of the checkout do here.
"""

import importlib
import sys
import traceback
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import Lock

from schemas.errors import DeclarationError, did_you_mean
from schemas.source import Source
from schemas.task import STANDARD, Task, Wording

FOLDER = Path(__file__).parent

_one_at_a_time = Lock()


def folders() -> tuple[Path, ...]:
    """The folders of one's own that are in use."""
    return tuple(map(Path, __path__[1:]))


def use(wanted: Iterable[str | Path]) -> None:
    """Use the sources of some folders beside those of the checkout, and of no others.

    Args:
        wanted: the folders. Their code runs in this process when their sources are loaded.

    Raises:
        DeclarationError: one of them does not exist.
    """
    chosen = [str(FOLDER), *dict.fromkeys(_folder(name) for name in wanted)]
    with _one_at_a_time:
        if chosen == list(__path__):
            return
        here = {str(path) for path in folders()}
        for name, module in list(sys.modules.items()):
            if name.startswith("sources.") and str(Path(module.__file__ or "").parent) in here:
                del sys.modules[name]
        __path__[:] = chosen
        importlib.invalidate_caches()
        for known in (_modules, registry, tasks):
            known.cache_clear()


def _folder(name: str | Path) -> str:
    path = Path(name).expanduser().absolute()
    if not path.is_dir():
        raise DeclarationError(
            f"--sources {name}: expected a folder on this machine, found none. Make one: "
            f"medinst new-source my_corpus --sources {name}",
            path=path,
        )
    return str(path.resolve())


@cache
def registry() -> dict[str, Source]:
    """All declared sources by id, sorted by id.

    Raises:
        DeclarationError: a module declares no sound source, or a name is taken.
    """
    found = {name: _load(name, path) for name, path in sorted(_modules().items())}
    _refuse_twins(found)
    return found


@cache
def _modules() -> dict[str, Path]:
    """The modules of all folders by name. Those whose name begins with `_` only help others."""
    found: dict[str, Path] = {}
    for folder in map(Path, __path__):
        for path in sorted(folder.glob("*.py")):
            if path.stem in found:
                raise DeclarationError(
                    f"{_shown(path)}: the name `{path.stem}` is taken by {_shown(found[path.stem])}. "
                    "Rename the module, its `id` and its folder in demo/.",
                    path=path,
                )
            if path.stem != "__init__":
                found[path.stem] = path
    return {name: path for name, path in found.items() if not name.startswith("_")}


def _load(name: str, path: Path) -> Source:
    try:
        source = importlib.import_module(f"sources.{name}").SOURCE
    except Exception as error:  # whatever the code of a declaration raises
        raise DeclarationError(
            f"{_place(path, error)} declares no sound source: {_said(error)}. Correct it: medinst check", path=path
        ) from error
    if path.parent == FOLDER:
        return source
    if not isinstance(source, Source) or source.id != name:
        found = f"the id {source.id!r}" if isinstance(source, Source) else type(source).__name__
        raise DeclarationError(
            f"{path}: expected `SOURCE = Source(id={name!r}, …)`, found {found}. "
            "A module and its source have one name.",
            path=path,
        )
    return source.model_copy(update={"own": True, "paper": None})


def _place(path: Path, error: Exception) -> str:
    """A module with the line of it where an error arose."""
    frames = traceback.extract_tb(error.__traceback__)
    line = next((frame.lineno for frame in reversed(frames) if frame.filename == str(path)), None)
    if isinstance(error, SyntaxError) and error.filename == str(path):
        line = error.lineno
    return _shown(path) + (f":{line}" if line else "")


def _said(error: Exception) -> str:
    if isinstance(error, AttributeError) and str(error).endswith("'SOURCE'"):
        return "it has no SOURCE. If it only helps others, let its name begin with `_`"
    known = SyntaxError | TypeError | ValueError | AttributeError
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    return said if isinstance(error, known) else f"{type(error).__name__}: {said}"


def _shown(path: Path) -> str:
    """A path as messages name it: from the checkout, or whole."""
    return path.relative_to(FOLDER.parent).as_posix() if path.is_relative_to(FOLDER.parent) else str(path)


def _refuse_twins(found: dict[str, Source]) -> None:
    """Refuse a source of one's own that has a task of another source, which would be lost."""
    owners: dict[str, str] = {
        task.name: source.id for source in found.values() if not source.own for task in source.tasks
    }
    for source in found.values():
        for task in source.tasks if source.own else ():
            if task.name in owners:
                raise DeclarationError(
                    f"{_shown(_modules()[source.id])}: the task `{task.name}` is declared by {owners[task.name]} too. "
                    "Rename it, and its folder in instructions/.",
                    task=task.name,
                )
            owners[task.name] = source.id


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


def stays(source: str) -> bool:
    """Whether a source must stay on this machine, so that nothing of it is told to a server."""
    return source in registry() and registry()[source].stays


def home(source: str) -> Path:
    """The folder that a source is declared in; that of the checkout where none is."""
    return _modules()[source].parent if source in _modules() else FOLDER


def instruction(task: Task, wording: Wording = STANDARD) -> str:
    """The prose of a task's instruction, from `instructions/<task>/<wording>.txt` beside its source, as one line.

    Raises:
        DeclarationError: the file is not there.
    """
    path = instruction_file(task, wording)
    try:
        return " ".join(path.read_text(encoding="utf-8").split())
    except FileNotFoundError as error:
        raise DeclarationError(f"Task `{task.name}` has no {wording} instruction. Write it: {_shown(path)}") from error


def instruction_file(task: Task, wording: Wording) -> Path:
    """Where a wording of a task's instruction is."""
    folder = home(tasks()[task.name][0].id) if task.name in tasks() else FOLDER
    return folder / "instructions" / task.name / f"{wording}.txt"
