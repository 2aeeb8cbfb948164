"""The page of a diff: one file that needs no network."""

from collections.abc import Sequence

from schemas.diff import Diff
from schemas.drift import Acceptance
from tasks.base.pages.template import render


def page(diff: Diff, accepted: Sequence[Acceptance] = ()) -> bytes:
    """Write the page.

    Args:
        diff: what it shows.
        accepted: what people accepted against the first side.
    """
    return render(__file__, "diff.html.j2", diff=diff, accepted=accepted).encode("utf-8")
