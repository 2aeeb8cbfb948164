"""Why a task changed, by what the manifests of both sides say it is made of."""

from collections.abc import Iterable, Sequence

from schemas.audit import Ingredients
from schemas.manifest import ReleaseManifest
from tasks.build.builds.reasons import FILE

NOT_ROWS = ("instruction", "licences")
"""Ingredients that change samples in columns of their own, and never which samples there are or what they say."""
NOTHING = "not explained by the manifests"


def changes(before: Ingredients, after: Ingredients) -> tuple[str, ...]:
    """What differs between two lists of ingredients: files first, then the rest by stage."""
    names = sorted({*before, *after}, key=lambda name: (not name.startswith(FILE), name))
    return tuple(_change(name, before, after) for name in names if before.get(name) != after.get(name))


def textual(before: Ingredients, after: Ingredients) -> str:
    """What may have changed which samples there are and what they say, in words."""
    if not before or not after:
        return "unknown, because the older release does not say what it is made of"
    named = {name: mark for name, mark in after.items() if _ingredient(name) not in NOT_ROWS}
    found = changes({name: mark for name, mark in before.items() if _ingredient(name) not in NOT_ROWS}, named)
    return joined(found) or NOTHING


def absent(task: str, manifest: ReleaseManifest, declared: Iterable[str]) -> str | None:
    """Why a release does not have a task; None where it was not asked for it."""
    if task in manifest.withheld:
        return f"withheld: {manifest.withheld[task]}"
    return None if task in declared and task not in manifest.undeclared else "no longer declared"


def joined(words: Sequence[str]) -> str:
    """Several changes in a row, all of which may be the cause."""
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def _ingredient(name: str) -> str:
    return name.rpartition(": ")[2]


def _change(name: str, before: Ingredients, after: Ingredients) -> str:
    if name.startswith(FILE):
        what = "changed" if name in before and name in after else "is new" if name in after else "is gone"
        return f"{name} {what}"
    stage, _, ingredient = name.rpartition(": ")
    return f"{ingredient} changed ({stage})"
