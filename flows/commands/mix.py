"""medinst mix."""

from typing import Annotated

import typer

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import err, keeps, out, print_json


def mix(
    recipe: Annotated[str, typer.Argument(help="A ready-made recipe, or a file: .yml, or .sql with a query alone.")],
    change: Annotated[
        list[str] | None,
        typer.Option("--set", help="Override a recipe field: FIELD=VALUE (YAML); repeatable.", show_default=False),
    ] = None,
    folder: Annotated[
        str | None, typer.Option("--out", help="Folder or bucket to write to (default: the root).", show_default=False)
    ] = None,
    root: RootOption = ROOT,
    json: Json = False,
) -> int:
    """Draw a training set from the latest release by task, share and licence; see docs/mixtures.md.

    Example: medinst mix unseen_train_100k --set rows=10000 --set max_tokens=1024
    """
    from flows.console.base import say_base
    from sources import tasks as declared_tasks
    from tasks.base.paper.held_out import held_out
    from tasks.base.store.root import Root
    from tasks.build.builds.runs import refuse_unusable
    from tasks.model.mixture.counting import counter
    from tasks.model.mixture.recipe import load
    from tasks.model.mixture.selection import choose

    chosen = load(recipe, change or ())
    choose(chosen, declared_tasks(), held_out())
    counter(chosen.tokenizer)
    say_base(root)
    refuse_unusable(Root(root))
    keeps("Mixtures that were there before stay.")
    from flows.console.mixture import show_mixture
    from flows.console.progress import build_progress
    from flows.server import PrefectServer
    from tasks.base.versions.find import mixtures

    with build_progress(err() if json else out()), PrefectServer() as server:
        from flows.mix import mix as mix_flow

        server.ready()
        release = mix_flow(recipe=chosen, root=root, out=folder)
    made = mixtures(Root(folder or root), chosen.name).find(release.version)
    assert made is not None
    if json:
        print_json({"uri": release.uri, **made.manifest.model_dump(mode="json", exclude={"files"})})
    else:
        show_mixture(out(), release.uri, made.manifest)
    return 1 if made.manifest.shortfalls else 0
