"""Options that several commands share."""

from typing import Annotated

import typer

from flows.console.output import remember_root

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
Sources = Annotated[list[str] | None, typer.Argument(help="Source ids (default: all).", show_default=False)]
Mirrors = Annotated[
    list[str] | None,
    typer.Option(
        "--mirror",
        help="Folder or bucket that holds SOURCE/FILE; repeatable, the first that has a file wins. "
        "`origin` stands for the declared addresses and is the default.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's log.")]
