"""Answers that list labels in an order that the instruction sets."""

from collections.abc import Sequence

SEPARATOR = ", "


def in_order(answer: str, labels: Sequence[str]) -> str:
    """An answer that lists nothing but labels, with these in their order; any other answer as it is.

    Args:
        answer: the answer.
        labels: all labels, in the order wanted.
    """
    rank = {label: place for place, label in enumerate(labels)}
    listed = answer.split(SEPARATOR)
    return SEPARATOR.join(sorted(listed, key=rank.__getitem__)) if rank.keys() >= set(listed) else answer
