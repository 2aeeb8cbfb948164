"""medinst publish."""

import shlex
from typing import Annotated

import typer

from flows.commands.options import ROOT, Replace, RootOption
from flows.console.output import keeps, out
from flows.console.words import count
from schemas.licence import Profile


def publish(
    to: Annotated[
        str | None,
        typer.Option(
            help="Folder, bucket, or dataset on the Hugging Face Hub (hf://datasets/OWNER/NAME) to publish to "
            "(default: the root itself).",
            show_default=False,
        ),
    ] = None,
    profile: Annotated[Profile, typer.Option(help="What the release may hold.")] = "open",
    replace: Replace = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would go to the Hub, and send nothing (hf:// only).")
    ] = False,
    benchmark: Annotated[
        bool,
        typer.Option("--benchmark", help="Publish the latest benchmark as it is instead of a release; requires --to."),
    ] = False,
    root: RootOption = ROOT,
) -> None:
    """Publish the build of the latest release under a profile: through the gate, as one immutable release.

    Example: medinst publish --to s3://bucket/medinst --profile open
    """
    from flows.console.base import say_base, say_if_not_latest
    from flows.console.hub import refuse_unready, show_dry_run
    from schemas.errors import PublishError
    from tasks.base.store.root import Root
    from tasks.build.builds.runs import refuse_unusable, refuse_unusable_target
    from tasks.build.hub.address import is_hub
    from tasks.model.benchmark.place import of_profile

    if benchmark:
        if to is None:
            raise PublishError("--benchmark sends a benchmark elsewhere. Say where: --to URL")
        of_profile(Root(root), profile)
    else:
        say_base(root)
    on_hub = to is not None and is_hub(to)
    if dry_run:
        show_dry_run(Root(root), to, profile, benchmark)
        return
    refuse_unusable(Root(root))
    if to is not None and on_hub:
        refuse_unready(to, profile)
    elif to is not None:
        refuse_unusable_target(Root(to))
    keeps("The current release stays as it is.")
    from flows.console.progress import build_progress
    from flows.server import PrefectServer

    with build_progress(out()), PrefectServer() as server:
        from flows.publish import publish as publish_flow

        server.ready()
        release = publish_flow(root=root, to=to, profile=profile, replace=replace, benchmark=benchmark)
    what = "Benchmark" if benchmark else "Release"
    out().print(
        f"{what} [bold]{release.version}[/] ({release.profile}): "
        f"{count(release.tasks, 'test' if benchmark else 'task')}, {count(release.samples, 'sample')}"
    )
    out().print(f"{'At:':<{len(what) + 2}}{release.uri}", highlight=False)
    if not on_hub and not benchmark:
        say_if_not_latest(to or root, release.version, shlex.join(["medinst", "publish", *_words(to, profile)]))


def _words(to: str | None, profile: Profile) -> list[str]:
    return [*(["--to", to] if to else []), "--profile", profile]
