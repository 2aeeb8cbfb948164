"""medinst model fetch, medinst model list."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import Json
from flows.console.output import keeps, out, print_json


def fetch(
    name: Annotated[str, typer.Argument(help="The model, as `medinst model list` names it.")],
    folder: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="Folder of the model (default: its name in MEDINST_MODELS, else in the user's cache).",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Fetch a pretrained model once, so that it can be used offline; check its files if it is there.

    Example: medinst model fetch smollm2-135m
    """
    from schemas.pretrained import Snapshot
    from tasks.model.pretrained.declared import named
    from tasks.model.pretrained.fetch import fetch as fetch_model

    model = named(name)
    if isinstance(model.source, Snapshot):
        keeps("What was downloaded is kept.")
    out().print(f"{model.title}: {model.parameters:,} weights, {model.licence}", highlight=False)
    if model.note:
        out().print(f"{model.note}.", highlight=False)
    done = fetch_model(model, folder, lambda said: out().print(f"{said}.", highlight=False, soft_wrap=True))
    count, size = len(done.receipt.files), sum(each.bytes for each in done.receipt.files.values())
    state = "Fetched" if done.fresh else "Already there, every file as it was fetched"
    out().print(f"{state}: {count} files, {size / 1e6:,.0f} MB in {done.folder}", highlight=False, soft_wrap=True)
    use = name if folder is None else done.folder
    out().print(f"Use it: medinst evaluate --backend transformers --model {use}", highlight=False, soft_wrap=True)


def list_models(json: Json = False) -> None:
    """List the models that can be fetched: size, licence, and which are on this machine.

    Example: medinst model list
    """
    from rich.table import Table

    from schemas.errors import ModelError
    from schemas.pretrained import Pretrained
    from tasks.model.pretrained.declared import declared
    from tasks.model.pretrained.place import fetched, place

    def state(model: Pretrained) -> str:
        try:
            return "fetched" if fetched(model) else "not fetched"
        except ModelError:
            return "damaged"

    models = declared().values()
    if json:
        print_json([each.model_dump(mode="json") | {"state": state(each)} for each in models])
        return
    table = Table(title=f"{len(models)} models, in {place()}", title_justify="left")
    for column in ("name", "title", "weights", "context", "size", "licence", "from", "here"):
        table.add_column(column, justify="right" if column in ("weights", "context", "size") else "left")
    for each in models:
        source = "Hugging Face Hub" if each.source.about.startswith("Hugging") else "Python package"
        table.add_row(
            each.name, each.title, f"{each.parameters / 1e6:,.0f} M", f"{each.context:,}",
            f"{each.bytes / 1e9:,.1f} GB", each.licence, source, state(each),
        )  # fmt: skip
    out().print(table)
