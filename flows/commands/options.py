"""Options that several commands share."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from flows.console.output import remember_folders, remember_root
from schemas.base import Collections
from schemas.licence import Profile

if TYPE_CHECKING:
    from schemas.receipts import Order

ROOT = "data"
"""The root when nothing is said; the same as that of `Settings`."""

RootOption = Annotated[
    str,
    typer.Option(
        envvar="MEDINST_ROOT",
        help="Where everything lives: a folder or s3://bucket/prefix.",
        callback=remember_root,
    ),
]
Folders = Annotated[
    list[Path] | None,
    typer.Option(
        "--sources",
        envvar="MEDINST_SOURCES",
        help="Folder with sources of your own, whose code is run; repeatable.",
        show_default=False,
        callback=remember_folders,
    ),
]
CollectionOption = Annotated[
    Collections | None,
    typer.Option(
        "--collection",
        help="Which sources, if none are named: those of the paper, those beyond it, your own, or all. Your own are "
        "always among them (default: paper).",
        show_default=False,
    ),
]
Sources = Annotated[
    list[str] | None,
    typer.Argument(help="Source ids (default: all; for a build, those of --collection).", show_default=False),
]
Mirrors = Annotated[
    list[str] | None,
    typer.Option(
        "--mirror",
        help="Folder or bucket that holds SOURCE/FILE; repeatable, the first that has a file wins. "
        "`origin` stands for the declared addresses and is the default.",
        show_default=False,
    ),
]
Tasks = Annotated[list[str] | None, typer.Option("--task", help="Only this task; repeatable.", show_default=False)]
Frozen = Annotated[bool, typer.Option("--frozen", help="Refuse files that sources/sources.lock does not pin.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Re-download files even if they are already in the root.")]
Recheck = Annotated[
    bool,
    typer.Option(
        "--recheck",
        help="Ask each address once whether its file is still the same, and re-download those that are not.",
    ),
]
ProfileOption = Annotated[
    Profile | None,
    typer.Option("--profile", help="What the release may hold (default: local; for a bucket: research)."),
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, envvar="MEDINST_WORKERS", help="Number of processes that parse (default: 2)."),
]
Near = Annotated[
    Literal["flag", "remove"] | None,
    typer.Option(
        "--near-duplicates", help="flag: list near duplicates; remove: also drop training samples (default: flag)."
    ),
]
Strict = Annotated[
    bool,
    typer.Option("--strict", help="Publish nothing if a file is unavailable now (default: publish the rest)."),
]
Replace = Annotated[
    bool,
    typer.Option("--replace", help="Make it the latest release even if it lacks tasks of the current one."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's log.")]


def order_of(given: Mapping[str, Any]) -> "Order":
    """The order of a command that has the options of a build, which are the arguments of that name.

    Raises:
        MedinstError: what is asked for is not there or cannot be.
    """
    from tasks.build.builds.order import Wishes, make_order

    wishes = {name: given[name] for name in Wishes.__annotations__ if name in given}
    return make_order(given["sources"], **wishes)  # pyright: ignore[reportArgumentType]


def with_folders(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command with the option `--sources`, unless it has one of its own."""
    signature = inspect.signature(command)
    if "folders" in signature.parameters:
        return command

    @wraps(command)
    def call(*args: Any, folders: list[Path] | None = None, **kwargs: Any) -> Any:
        if folders:
            from sources import use

            use(folders)
        return command(*args, **kwargs)

    added = inspect.Parameter("folders", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Folders)
    call.__annotations__ = {**command.__annotations__, added.name: Folders}
    vars(call)["__signature__"] = signature.replace(parameters=[*signature.parameters.values(), added])
    return call
