"""The story of a sample or record, as `medinst why` tells it."""

from typing import Any

from schemas.errors import MedinstError
from schemas.settings import Settings
from tasks.base.store.root import Root


def story(root: Root | None, name: str) -> dict[str, Any]:
    """What a build knows of a sample or record.

    Args:
        root: the root with the build; None if there is none beside what is shown.
        name: an id as `medinst why` takes it.

    Returns:
        `story`, the records of that name as `candidates`, and `fault`: why there is no story.
    """
    if root is None:
        return _nothing(
            "This version lies outside a root, so the build that made it is not here. In the root that made it, run: "
            f"medinst why {name}"
        )
    from tasks.build.builds.state import newest
    from tasks.tools.why.find import find
    from tasks.tools.why.tell import tell

    try:
        state = newest(root)
        keys = find(name, state, root)
        if not keys:
            return _nothing(
                f"The newest build of {root.url} has no sample and no record {name}. It may be of an older build."
            )
        if len(keys) > 1:
            return {"story": None, "candidates": [key.name for key in keys], "fault": ""}
        return {"story": tell(keys[0], state, root, Settings()), "candidates": [], "fault": ""}
    except (MedinstError, OSError) as error:
        return _nothing(f"The build of {root.url} cannot tell it: {error}")


def _nothing(fault: str) -> dict[str, Any]:
    return {"story": None, "candidates": [], "fault": fault}
