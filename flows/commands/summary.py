"""medinst summary."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import out


def summary(
    trained: Annotated[
        str, typer.Argument(metavar="MIXTURE|MODEL", help="A mixture or a model: its name, version or folder.")
    ],
    json: Json = False,
    to: Annotated[
        Path | None,
        typer.Option("--out", help="Write to this file instead: .md or .json.", show_default=False),
    ] = None,
    root: RootOption = ROOT,
) -> None:
    """Draft the public summary of training content that the EU's AI Act asks for (Article 53(1)(d)).

    Example: medinst summary unseen_train_100k --out training-content.md
    """
    from schemas.errors import VersionError
    from tasks.base.store.root import Root
    from tasks.model.disclosure.facts import facts_of, find_trained
    from tasks.model.disclosure.write import as_json, as_markdown

    if to and (to.suffix not in (".md", ".json") or not to.parent.is_dir()):
        raise VersionError(f"--out {to}: expected a file in a folder that is there, with a name in .md or .json.")
    facts = facts_of(find_trained(trained, Root(root)), Root(root))
    text = as_json(facts) if json or (to and to.suffix == ".json") else as_markdown(facts)
    if not to:
        typer.echo(text, nl=False)
        return
    place = Root(str(to.parent.absolute()))
    place.write_bytes(to.name, text.encode())
    out().print(f"Wrote {to}. Fields marked provider are left to fill in.", markup=False, highlight=False)
