"""Places: where something lies in a root, as a path relative to it, so that a root can be copied and moved."""

from typing import Annotated

from pydantic import AfterValidator

from schemas.errors import OutsideRoot


def within(place: str) -> str:
    """Check that a place leads into a root and not out of it.

    Raises:
        OutsideRoot: it is an address or an absolute path, or climbs out of the root.
    """
    if place.startswith("/") or "://" in place or ".." in place.split("/"):
        raise OutsideRoot(f"expected a path relative to the root, found {place!r}")
    return place


Place = Annotated[str, AfterValidator(within)]
"""Where something lies in a root."""
