"""medinst export."""

from typing import Annotated, Literal

import typer

from flows.commands.options import ROOT, RootOption
from flows.console.output import out


def export(
    dataset: Annotated[
        str,
        typer.Argument(
            help="A release, benchmark or mixture: its folder, version or name, or latest, the latest release."
        ),
    ],
    form: Annotated[
        Literal["alpaca", "sharegpt", "messages", "prompt-completion", "rl", "parquet"],
        typer.Option("--format", help="What the trainer reads."),
    ],
    only: Annotated[
        list[str] | None,
        typer.Option(help="Only this configuration, such as a task; repeatable.", show_default=False),
    ] = None,
    rows_per_file: Annotated[int, typer.Option(min=1, help="Maximum rows per file.")] = 100_000,
    chat_template: Annotated[
        str | None,
        typer.Option(help="Folder of a tokenizer whose chat template renders the rows as text.", show_default=False),
    ] = None,
    system: Annotated[str, typer.Option(help="System prompt of every conversation.")] = "",
    folder: Annotated[
        str | None, typer.Option("--out", help="Folder or bucket to write to (default: the root).", show_default=False)
    ] = None,
    root: RootOption = ROOT,
) -> None:
    """Write a release, benchmark or mixture in the form that a trainer reads: JSONL or Parquet in parts.

    Example: medinst export unseen_train_100k --format messages
    """
    from tasks.base.store.root import Root
    from tasks.build.builds.runs import writing
    from tasks.model.export.dataset import find_dataset, label
    from tasks.model.export.write import Options, export

    place = Root(root)
    found = find_dataset(dataset, place)
    options = Options(form, rows_per_file, chat_template, system, tuple(only or ()))
    target = Root(folder) if folder else place
    with writing(target):
        written = export(found, options, target)
    rows = ", ".join(f"{number:,} rows of {split}" for split, number in written.manifest.rows.items())
    out().print(f"Export [bold]{label(found)}[/] as {options.format}: {rows}")
    for reason, number in written.manifest.left_out.items():
        out().print(f"Left out: {number:,}, {reason}", highlight=False)
    out().print(f"At:     {written.uri}", highlight=False)
