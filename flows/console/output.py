"""Where a command prints, and how: tables and sentences for people, JSON for programs, errors without traceback."""

import re
import shlex
import sys
from collections.abc import Callable, Iterable
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import typer

from flows.console.interrupts import Interrupts, interruptible
from flows.console.plain import visible
from schemas.errors import MedinstError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_P = ParamSpec("_P")


@cache
def out() -> "Console":
    """Standard output; wide where it is not a terminal."""
    return _console(width=None if sys.stdout.isatty() else 140)


@cache
def err() -> "Console":
    """Standard error; its lines are not broken."""
    return _console(stderr=True, soft_wrap=True)


def print_json(value: Any) -> None:
    """Print a value as JSON on standard output."""
    sys.stdout.write(f"{_json(value)}\n")


def print_json_list(values: Iterable[Any]) -> None:
    """Print a list as `print_json` does, one value after the other, so that its length does not matter."""
    first = True
    for value in values:
        sys.stdout.write(("[\n " if first else ",\n ") + _json(value).replace("\n", "\n "))
        first = False
    sys.stdout.write("[]\n" if first else "\n]\n")


def _json(value: Any) -> str:
    import json

    return visible(json.dumps(value, ensure_ascii=False, indent=1, default=str), "\\u{:04x}")


def explained(command: Callable[_P, int | None]) -> Callable[_P, None]:
    """A command whose expected errors are messages, not tracebacks, and which ends with the exit code it returns."""

    @wraps(command)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> None:
        with interruptible() as _now.interrupts:
            try:
                code = command(*args, **kwargs)
            except MedinstError as error:
                code = _refuse(str(error))
            except Exception as error:
                from flows.console.expected import sentence

                if (said := sentence(error, _now.place)) is None:
                    raise
                code = _refuse(said)
        if code:
            raise typer.Exit(code)

    return call


def keeps(what: str, grace: float | None = None) -> None:
    """Say what is kept if the command is interrupted from now on, and that it can be continued.

    Args:
        what: a sentence.
        grace: seconds that the command then takes to end in order, if not the usual ones.
    """
    _now.interrupts.kept = what
    _now.interrupts.grace = grace or _now.interrupts.grace


def remember_root(context: typer.Context, root: str) -> str:
    """Have the commands that messages propose repeat a `--root` that was given."""
    source = context.get_parameter_source("root")
    _now.place = root
    _now.root = root if source is not None and source.name == "COMMANDLINE" else ""
    group = context.find_root().command
    commands = getattr(group, "commands", {})
    _now.rooted = {name for name, command in commands.items() if any(one.name == "root" for one in command.params)}
    _now.nested = {name for name, command in commands.items() if hasattr(command, "commands")}
    return root


def remember_folders(context: typer.Context, folders: list[Path] | None) -> list[Path] | None:
    """Have the commands that messages propose repeat the `--sources` that were given."""
    source = context.get_parameter_source("folders")
    given = folders if folders and source is not None and source.name == "COMMANDLINE" else ()
    _now.folders = "".join(f" --sources {shlex.quote(str(folder))}" for folder in given)
    return folders


def with_root(text: str) -> str:
    """A message whose commands name the root, and the folders of sources, that this command was given."""
    if not _now.root and not _now.folders:
        return text

    def completed(found: re.Match[str]) -> str:
        if found[1] in _now.nested:
            return found[0]
        root = f" --root {shlex.quote(_now.root)}" if _now.root and found[1] in _now.rooted else ""
        return f"{found[0]}{root}{_now.folders}"

    return _COMMAND.sub(completed, text)


class _Now:
    """What this command was given."""

    root = folders = place = ""
    rooted: set[str] = set()  # noqa: RUF012  replaced, never changed
    nested: set[str] = set()  # noqa: RUF012
    interrupts = Interrupts()


_now = _Now()
_COMMAND = re.compile(r"\bmedinst ([a-z][a-z-]*)(?![^\n]*--(?:root|sources))")


def _console(**options: Any) -> "Console":
    from rich.console import Console
    from rich.markup import escape

    class Rooted(Console):
        """A console on which the commands in sentences name the root, and which no text can drive."""

        def print(self, *objects: Any, **options: Any) -> None:
            plain = options.get("markup") is False
            super().print(*(_rooted(one, plain) for one in objects), **options)

        def render_str(self, text: str, **options: Any) -> "Text":
            return super().render_str(visible(text), **options)

    def _rooted(one: Any, plain: bool) -> Any:
        if not isinstance(one, str):
            return one
        return with_root(one) if plain else _COMMAND.sub(lambda found: escape(with_root(found[0])), one)

    return Rooted(**options)


def _refuse(message: str) -> int:
    err().print("[bold red]Error:[/] ", end="")
    err().print(message, markup=False, highlight=False)
    return 1
