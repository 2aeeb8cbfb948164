"""Reasons in words: why something is not as the last build left it."""

from collections.abc import Iterable

from schemas.audit import FILE, Ingredients


def changes(before: Ingredients, now: Ingredients) -> str:
    """What has changed between two lists of ingredients; they are not equal."""
    differing = [name for name in now if now[name] != before.get(name)]
    gone = [f"{name} gone" for name in before if name not in now]
    return ", ".join([*(_change(name, before, now) for name in differing), *gone])


def _change(name: str, before: Ingredients, now: Ingredients) -> str:
    if not name.startswith(FILE):
        return f"{name} changed"
    what = "changed" if name in before else "new"
    return f"{name} {what} (sha256 {now[name][:8]}…)"


def nearest(now: Ingredients, known: Iterable[Ingredients]) -> Ingredients | None:
    """Of lists of ingredients the one that differs least; None where there is none."""
    return min(known, key=lambda before: sum(now[name] != before.get(name) for name in now), default=None)
