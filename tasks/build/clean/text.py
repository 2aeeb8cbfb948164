"""A text after the clean-ups of its source, and what each of them did."""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from schemas.cleaning import CleanUp
from tasks.build.clean.cleanups import FINDERS
from tasks.build.clean.edits import Edit, edited

ROUNDS = 5
"""How often a clean-up is done at most: what it leaves may hold new dirt of its kind, such as an entity in pieces."""

AROUND = 20
"""Characters shown on each side of a place."""


class Cleaned(NamedTuple):
    """What a clean-up did in a text: at how many places, and the first of them before and after."""

    clean_up: CleanUp
    places: int
    before: str
    after: str


Step = Callable[[str, list[Edit]], list[Edit]]
"""Is called with the text and the edits of each round; returns the edits that may be made."""


def cleaned(
    text: str,
    clean_ups: Sequence[CleanUp],
    signed: Collection[CleanUp] = FINDERS,
    step: Step = lambda _, edits: edits,
) -> tuple[str, list[Cleaned]]:
    """Clean a text.

    Args:
        text: the text.
        clean_ups: what is to be cleaned, in any order.
        signed: the clean-ups whose sign the text holds. Others find nothing in it, until one has changed it.
        step: is called with each round of edits before they are made, and may leave some out.
    """
    done: list[Cleaned] = []
    for clean_up, find in FINDERS.items():
        if clean_up not in clean_ups or not (done or clean_up in signed):
            continue
        before, places, first = text, 0, None
        for _ in range(ROUNDS):
            edits = list(find(text))
            if not edits or not (edits := step(text, edits)):
                break
            first = first or _excerpts(text, edits)
            text, places = edited(text, edits), places + len(edits)
        if first is not None and text != before:
            done.append(Cleaned(clean_up, places, *first))
    return text, done


def _excerpts(text: str, edits: Sequence[Edit]) -> tuple[str, str]:
    """What stands around the first edit before and after it."""
    start, end, new = edits[0]
    left, right = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return f"{left}{text[start:end]}{right}", f"{left}{new}{right}"
