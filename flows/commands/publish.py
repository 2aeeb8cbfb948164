"""medinst publish."""

from typing import Annotated

import typer

from flows.commands.options import ROOT, RootOption
from flows.console.output import keeps, out
from flows.console.words import count
from schemas.licence import Profile


def publish(
    to: Annotated[
        str | None, typer.Option(help="Folder or bucket to publish to (default: the root itself).", show_default=False)
    ] = None,
    profile: Annotated[Profile, typer.Option(help="What the release may hold.")] = "open",
    root: RootOption = ROOT,
) -> None:
    """Publish the newest build under a profile: through the gate, then as one immutable release.

    Example: medinst publish --to s3://bucket/medinst --profile open
    """
    from tasks.base.store.access import refuse_unwritable
    from tasks.base.store.root import Root
    from tasks.build.builds.runs import refuse_unusable
    from tasks.build.builds.state import newest

    newest(Root(root))
    refuse_unusable(Root(root))
    if to is not None:
        refuse_unwritable(Root(to))
    keeps("The current release stays as it is.")
    from flows.console.progress import build_progress
    from flows.server import PrefectServer

    with build_progress(out()), PrefectServer() as server:
        from flows.publish import publish as publish_flow

        server.ready()
        release = publish_flow(root=root, to=to, profile=profile)
    out().print(
        f"Release [bold]{release.version}[/] ({release.profile}): "
        f"{count(release.tasks, 'task')}, {count(release.samples, 'sample')}"
    )
    out().print(f"At:      {release.uri}", highlight=False)
