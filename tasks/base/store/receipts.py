"""Receipts of stages that are complete: what was planned is there already."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from schemas.base import Model

Receipt = TypeVar("Receipt", bound=Model)

_AFRESH = frozenset({"place", "original", "partial"})
"""What this build knows better than the one that did the work: whose the files are, and whether all of them."""


def settled(planned: Receipt, kept: Mapping[str, object] | None) -> Receipt | None:
    """The receipt of a stage that was done for what is planned; None if it was not, or its receipt is damaged.

    Args:
        planned: what the stage would make.
        kept: what its `_done.json` says; None if it is not there.
    """
    if not kept:
        return None
    afresh = {name: getattr(planned, name) for name in _AFRESH & type(planned).model_fields.keys()}
    try:
        return type(planned).model_validate({**kept, **afresh})
    except ValidationError:
        return None
