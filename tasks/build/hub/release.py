"""The release that would be published, without making one."""

from schemas.errors import PublishError
from schemas.licence import Profile
from schemas.manifest import ReleaseManifest
from tasks.base.store.root import Root
from tasks.base.versions.find import Found
from tasks.build.builds.base import base
from tasks.build.builds.state import load_published
from tasks.build.drift.published import history


def release_of(root: Root, profile: Profile) -> Found[ReleaseManifest]:
    """The release of a profile that was made of the build of the latest release.

    Raises:
        MedinstError: nothing has been built.
        PublishError: that build has no release of the profile yet.
    """
    state = base(root).state
    for found in history(root, profile):
        made_of = load_published(root, found.version)
        if made_of is not None and made_of.sources == state.sources:
            return found
    raise PublishError(
        f"{root.url} has no release of profile `{profile}` of its newest published build, so there is nothing to look "
        f"at yet. Make it, which sends nothing: medinst publish --profile {profile}"
    )
