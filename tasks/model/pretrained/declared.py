"""The declared models."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from schemas.errors import ModelError, did_you_mean
from schemas.pretrained import Pretrained, Snapshot
from tasks.model import strict_yaml

_TABLE = Path(__file__).with_name("models.yml")


@cache
def declared() -> Mapping[str, Pretrained]:
    """Every declared model by its name."""
    table = strict_yaml.load(_TABLE.read_text(encoding="utf-8"))
    return {name: Pretrained(name=name, **fields) for name, fields in table.items()}


def named(name: str) -> Pretrained:
    """The declared model of a name.

    Raises:
        ModelError: there is none.
    """
    if name not in declared():
        raise ModelError(
            f"Unknown model `{name}`{did_you_mean(name, declared())}. Declared: {', '.join(declared())}. "
            "What is fetched already: medinst model list"
        )
    return declared()[name]


def on_hub(repo: str, revision: str | None) -> Pretrained | None:
    """The declared model that is fetched from a repository of the Hub at a revision; any revision if none is named."""
    sources = ((each, each.source) for each in declared().values())
    return next(
        (
            each
            for each, source in sources
            if isinstance(source, Snapshot) and source.repo == repo and revision in (None, source.revision)
        ),
        None,
    )
