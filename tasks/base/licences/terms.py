"""The terms of a whole: what all parts together permit, and what limits which of its tasks."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from schemas.licence import Licence, apart

_HUB = {
    "apache-2.0",
    "cc-by-2.0",
    "cc-by-3.0",
    "cc-by-4.0",
    "cc-by-nc-3.0",
    "cc-by-nc-4.0",
    "cc-by-nc-sa-3.0",
    "cc-by-sa-3.0",
    "cc-by-sa-4.0",
    "cc0-1.0",
    "gpl-3.0",
    "isc",
    "mit",
}
"""Licences that have a name on the Hugging Face Hub, which is also ours."""


class Terms(NamedTuple):
    """What holds for a whole: the strictest of its parts, so a further part never loosens it.

    Attributes:
        only: the licence of all parts that ask for anything; None where these differ.
        redistribute: whether every part may be passed on.
        commercial: whether every part may be used commercially.
        attribution: whether any part asks to name its authors.
        share_alike: the licences of parts that ask that what is made from them keeps their licence.
        derivatives: whether something made from every part may be passed on.
        non_profit: whether any part is for academic or other non-profit users only.
    """

    only: Licence | None
    redistribute: bool
    commercial: bool
    attribution: bool
    share_alike: tuple[Licence, ...]
    derivatives: bool = True
    non_profit: bool = False

    @property
    def conflict(self) -> bool:
        """Whether share-alike parts contradict others: no one licence could hold for something made from all parts.

        Each of two share-alike licences asks for itself, and none of them lets a limit be added that it does not have.
        """
        return len(self.share_alike) > 1 or any(
            (licence.terms.redistribute, licence.terms.commercial) != (self.redistribute, self.commercial)
            for licence in self.share_alike
        )

    @property
    def hub(self) -> str | None:
        """The licence's name on the Hub, None where one name cannot say it."""
        return self.only.value if self.only and self.only.value in _HUB else None

    @property
    def name(self) -> str:
        """The licence of the whole: that of its parts if it is one, else `mixed` and all limits."""
        if self.only:
            return str(self.only)
        limits = (
            (not self.redistribute, "no-redistribution"),
            (not self.derivatives, "no-derivatives"),
            (self.non_profit, "non-profit"),
            (not self.commercial, "non-commercial"),
            (bool(self.share_alike), "share-alike"),
        )
        return "-".join(("mixed", *(name for holds, name in limits if holds)))


class Limit(NamedTuple):
    """Parts of a whole that one licence limits.

    Attributes:
        kind: a key of `LIMITS`.
        licence: the licence.
        tasks: the tasks that have it, sorted.
    """

    kind: str
    licence: Licence
    tasks: list[str]


LIMITS = {
    "unknown": lambda licence: licence is Licence.UNKNOWN,
    "no-redistribution": lambda licence: not licence.terms.redistribute and licence is not Licence.UNKNOWN,
    "no-derivatives": lambda licence: licence.terms.redistribute and not licence.terms.derivatives,
    "non-profit": lambda licence: licence.terms.redistribute and licence.terms.non_profit,
    "non-commercial": lambda licence: (
        licence.terms.redistribute and not licence.terms.commercial and not licence.terms.non_profit
    ),
    "share-alike": lambda licence: licence.terms.share_alike,
}
"""Kinds of limits, the strictest first, and which licences set them."""


def terms_of(parts: Iterable[str]) -> Terms:
    """The terms of a whole: the strictest of its parts. No parts ask for nothing.

    Args:
        parts: the licences of its parts; of a part with several, as the column `licence` joins them.
    """
    licences = sorted({licence for part in parts for licence in apart(part)})
    asking = [licence for licence in licences if licence.terms.attribution] or licences
    return Terms(
        only=asking[0] if len(asking) == 1 else None,
        redistribute=all(licence.terms.redistribute for licence in licences),
        commercial=all(licence.terms.commercial for licence in licences),
        attribution=any(licence.terms.attribution for licence in licences),
        share_alike=tuple(licence for licence in licences if licence.terms.share_alike),
        derivatives=all(licence.terms.derivatives for licence in licences),
        non_profit=any(licence.terms.non_profit for licence in licences),
    )


def limits_of(tasks: Mapping[str, str]) -> list[Limit]:
    """What limits which tasks, by kind and licence.

    Args:
        tasks: task -> its licences, as the column `licence` joins them.
    """
    held: dict[Licence, list[str]] = {}
    for task, licences in sorted(tasks.items()):
        for licence in apart(licences):
            held.setdefault(licence, []).append(task)
    return [
        Limit(kind, licence, names)
        for kind, applies in LIMITS.items()
        for licence, names in sorted(held.items())
        if applies(licence)
    ]


def joined(words: Iterable[str]) -> str:
    """Words as a list in a sentence."""
    items = list(words)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
