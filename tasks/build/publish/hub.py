"""What the Hugging Face Hub and `datasets` read at the head of a card."""

import re
from collections.abc import Iterable
from typing import Any

import yaml

from tasks.base.licences.terms import terms_of


def front(name: str, licences: Iterable[str], **fields: Any) -> str:
    """The block of YAML at the head of a card, which the Hub and `datasets` read.

    Args:
        name: of the dataset, for people.
        licences: of its parts.
        fields: what else it says, in this order.
    """
    return as_yaml({"pretty_name": name, **hub_licence(licences), **fields})


def hub_licence(licences: Iterable[str]) -> dict[str, str]:
    """The licence of a whole, as the Hub wants it said."""
    terms = terms_of(licences)
    if terms.hub is not None:
        return {"license": terms.hub}
    return {"license": "other", "license_name": terms.name, "license_link": "NOTICE.md"}


_SIZES = ("1K", "10K", "100K", "1M", "10M", "100M")


def size_category(rows: int) -> str:
    """The size of a dataset, as the Hub names it."""
    for power, name in enumerate(_SIZES):
        if rows < 10 ** (power + 3):
            return f"{_SIZES[power - 1]}<n<{name}" if power else "n<1K"
    return "100M<n<1B"


def languages(declared: Iterable[str]) -> list[str]:
    """The languages of a dataset, sorted; of translations both."""
    return sorted({code for language in declared for code in re.split("[-,]", language)})


def as_yaml(value: object) -> str:
    """A value as people read it, in the order that it has."""
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=120)
