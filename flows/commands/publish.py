"""medinst publish."""

from rich.console import Console

from flows.publish import publish
from schemas.licence import Profile


def run(console: Console, to: str | None, profile: Profile, root: str | None) -> int:
    """Publish the newest build under a profile and say where it is.

    Returns:
        exit code 0; what goes wrong is raised.
    """
    release = publish(root=root, to=to, profile=profile)
    console.print(
        f"Release [bold]{release.version}[/] ({release.profile}): {release.tasks} tasks, {release.samples:,} samples"
    )
    console.print(f"At:      {release.uri}", highlight=False)
    return 0
