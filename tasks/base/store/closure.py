"""The closure of a module: all code, data files and libraries of which a change may change what the module makes.

It is derived from the imports, so nobody has to remember to add a module to a list. Three rules, each tested:

- A module counts if a module that counts imports it, at its top or in a function, unless only for type checkers. A
  name that a package merely passes on counts where it is defined. A package's `__init__` counts if something is
  imported from it, not because it is on the way to one of its modules.
- A data file counts if a module or template that counts names it, or the folder beside it that holds it.
- A library counts, with its version, if a module that counts imports it.

`APART`, `BY_VALUE` and `OPTIONAL` are the exceptions, each with its reason.
"""

import importlib.util
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tasks.base.store.parsed import Module, parsed

PROJECT = Path(__file__).parents[3]
PACKAGES = ("expectations", "flows", "medinst_eval", "schemas", "sources", "tasks")
NOTHING: Mapping[str, Sequence[Path]] = {}

APART: Mapping[str, str] = {
    "schemas.errors": "words for people; a stage that raises leaves no result, and a reason that is kept is a value",
    "schemas.settings": "where things are and how much of the machine they may use; never what they become",
    "tasks.base.predictions": "answers of models, which come after everything that has a version",
    "tasks.base.store.closure": "names results and makes none of them",
    "tasks.base.store.fingerprint": "names results and makes none of them",
    "tasks.base.store.locks": "which process may write",
    "tasks.base.store.pool": "which process does the work",
    "tasks.base.store.root": "where bytes lie and how they get there whole",
    "tasks.base.store.scratch": "where temporary files lie",
    "tasks.base.versions.find": "where versions lie",
    "tasks.base.versions.write": "how versions appear whole",
    "tasks.build.builds.runs": "the list of runs; the version that a mixture names as its base is hashed by value",
    "tasks.build.catalogue": "made after the rest; what a mixture learns by a query is hashed by value",
    "tasks.build.diff": "tells what changed between releases, beside them",
    "tasks.build.drift": "compares a build with the release before it; nothing of that enters a release",
    "tasks.build.fetch": "brings files, which are hashed by their content",
    "tasks.build.read.readers": "knows every reader; the stage adds those that it calls for a format",
    "tasks.model.pretrained": "finds models, which are hashed by their content or named by their commit",
    "tasks.build.render.renderers": "knows every renderer; the stage adds those that it calls for a task",
    "tasks.model.finetune.room": "whether a training fits its device; never what it becomes",
}
"""Modules, or packages with all below, that cannot change bytes, and why. They count only where a stage names them."""

BY_VALUE: Mapping[str, str] = {
    "sources/instructions": "each task hashes its own",
    "tasks/model/finetune/recipes": "the recipe that was chosen is hashed, with what the user changed in it",
    "tasks/model/mixture/recipes": "the recipe that was chosen is hashed, with what the user changed in it",
}
"""Folders of data of which a stage hashes the part that it uses."""

OPTIONAL = frozenset({"accelerate", "bert_score", "datasets", "peft", "tokenizers", "torch", "transformers", "trl"})
"""Libraries of the extra `models`. What was made without them keeps its name when they are installed, so a stage that
uses one hashes its version itself."""

_QUOTED = re.compile(r"[\"']([\w.-]+)[\"']")


class Closure(NamedTuple):
    """What counts for a stage, each sorted."""

    modules: tuple[str, ...]
    files: tuple[str, ...]
    libraries: tuple[str, ...]


class Project:
    """The code and data of a checkout, as they are when they are first looked at.

    Args:
        folder: the checkout.
        read: reads a file.
        more: package -> folders elsewhere that hold modules of it.
    """

    def __init__(
        self,
        folder: Path = PROJECT,
        read: Callable[[Path], bytes] = Path.read_bytes,
        more: Mapping[str, Sequence[Path]] = NOTHING,
    ) -> None:
        self.folder = folder
        self._more = more
        self._read = cache(read)
        self.path = cache(self._find)

    def mark(self, *roots: str) -> object:
        """What to hash of everything that counts for some modules.

        Args:
            roots: dotted names: the module of a stage, and what it finds by a registry.
        """
        closure = self.closure(*roots)
        return [
            [(name, self.module(name).code) for name in closure.modules],
            [(name, sha256(self._read(self.folder / name)).hexdigest()) for name in closure.files],
            [(name, version(name)) for name in closure.libraries],
            sys.version_info[:2],
        ]

    def closure(self, *roots: str) -> Closure:
        """Everything that counts for some modules."""
        found: set[str] = set()
        libraries: set[str] = set()
        waiting = list(roots)
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            for imported in self._imported(name):
                if imported.partition(".")[0] not in PACKAGES:
                    libraries.add(imported)
                elif not _within(imported, APART):
                    waiting.append(imported)
        files = self._files(found)
        return Closure(tuple(sorted(found)), tuple(sorted(files)), tuple(sorted(libraries - OPTIONAL)))

    def module(self, name: str) -> Module:
        """What counts of a module.

        Raises:
            ModuleNotFoundError: there is no such module.
        """
        path = self.path(name)
        if path is None:
            raise ModuleNotFoundError(f"No module `{name}` in {', '.join(PACKAGES)}, nor one that Python finds")
        return parsed(self._read(path))

    def _find(self, name: str) -> Path | None:
        if name.partition(".")[0] not in PACKAGES:  # an adapter may come from elsewhere
            spec = importlib.util.find_spec(name)
            return Path(spec.origin) if spec and spec.origin else None
        package, *rest = name.split(".")
        places = [self.folder.joinpath(package, *rest)]
        places += [folder.joinpath(*rest) for folder in self._more.get(package, ()) if rest]
        files = (path for place in places for path in (place / "__init__.py", place.with_suffix(".py")))
        return next((path for path in files if path.is_file()), None)

    def _imported(self, name: str) -> Iterator[str]:
        """The modules of ours and the libraries that a module imports."""
        for module, imported in self.module(name).imports:
            if module.partition(".")[0] in PACKAGES:
                yield self._defining(module, imported)
            elif (library := module.partition(".")[0]) not in sys.stdlib_module_names:
                yield library

    def _defining(self, module: str, name: str | None) -> str:
        """The module where something that is imported from a module is defined."""
        if name is None:
            return module
        if self.path(f"{module}.{name}") is not None:
            return f"{module}.{name}"
        passed_on = [origin for origin, known in self.module(module).imports if known == name and origin != module]
        if passed_on and passed_on[0].startswith(f"{module}."):
            return self._defining(passed_on[0], name)
        return module

    def _files(self, modules: Iterable[str]) -> set[str]:
        """The data files that some modules name, with those that templates among them name."""
        found: set[Path] = set()
        waiting = [(path.parent, self.module(name).strings) for name in modules if (path := self.path(name))]
        while waiting:
            folder, strings = waiting.pop()
            for path in {path for string in strings for path in self._named(folder, string)} - found:
                found.add(path)
                if path.suffix == ".j2":
                    text = self._read(path).decode()
                    waiting.append((path.parent, frozenset(_QUOTED.findall(text))))
        return {path.relative_to(self.folder).as_posix() for path in found}

    def _named(self, folder: Path, string: str) -> Iterable[Path]:
        """The files that a string in the code or templates of a folder means: nearby ones before others."""
        within, named = self._data
        near = (path for path in named.get(string, ()) if path.parent in (folder, folder / "templates"))
        return within.get(folder / string) or list(near) or named.get(string, ())

    @cached_property
    def _data(self) -> tuple[dict[Path, list[Path]], dict[str, list[Path]]]:
        """The data files by each folder that they are in and by name, without those that are hashed by value."""
        within: dict[Path, list[Path]] = defaultdict(list)
        named: dict[str, list[Path]] = defaultdict(list)
        for path in (path for package in PACKAGES for path in sorted((self.folder / package).rglob("[!.]*.*"))):
            if path.suffix in (".py", ".pyc") or not path.is_file():
                continue
            if any(self.folder / apart in path.parents for apart in BY_VALUE):
                continue
            named[path.name].append(path)
            for folder in path.parents:
                within[folder].append(path)
        return within, named


def _within(module: str, names: Iterable[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in names)


@cache
def version(library: str) -> str:
    """The installed version of a library, by the name that it is imported by; empty if it is not installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed({"sklearn": "scikit-learn", "yaml": "PyYAML"}.get(library, library))
    except PackageNotFoundError:
        return ""
