"""How much each task gives to a mixture: quotas, then shares by weight; none more than it has or a cap allows."""

from collections.abc import Mapping
from math import inf
from typing import NamedTuple

from schemas.mixture import Recipe


class Share(NamedTuple):
    """The share of one task or category.

    Attributes:
        weight: its share is proportional to this.
        limit: what it can give at most; infinite if not known.
        quota: the exact number it gives, if the recipe sets one.
    """

    weight: float
    limit: float
    quota: int | None = None


class Supply(NamedTuple):
    """What a task can give.

    Attributes:
        mass: its samples, or the sum of their weights.
        held: its samples or tokens, in the unit of the size; infinite if not known.
    """

    category: str
    mass: float
    held: float


def weight(mass: float, recipe: Recipe) -> float:
    """What the share of a task goes by.

    Args:
        mass: its samples, or the sum of their weights.
        recipe: the recipe.
    """
    counted = mass if recipe.counts_at_most is None else min(mass, recipe.counts_at_most)
    return 1.0 if recipe.temperature == "equal" else counted ** (1 / recipe.temperature)


def allocate(supplies: Mapping[str, Supply], recipe: Recipe) -> dict[str, int]:
    """How much each task gives.

    Tasks of a category with a quota or a cap share what the category gives; so do those of every category where the
    recipe shares by categories. A task with a quota stands apart, unless its category has one too.

    Args:
        supplies: what the tasks that have samples can give.
        recipe: the recipe.
    """
    shares = {name: _share(name, supply, recipe) for name, supply in supplies.items()}
    groups: dict[str, list[str]] = {}
    for name in sorted(supplies):
        groups.setdefault(_group_of(name, supplies[name].category, recipe), []).append(name)
    joined = {
        name: shares[name] if name in supplies else _group(name, [shares[each] for each in members], supplies, recipe)
        for name, members in groups.items()
    }
    size = recipe.size if recipe.size is not None else int(sum(_most(share) for share in joined.values()))
    given = fill(joined, size)
    found: dict[str, int] = {}
    for name, members in groups.items():
        found |= fill({each: shares[each] for each in members}, given[name])
    return found


def _group_of(task: str, category: str, recipe: Recipe) -> str:
    """The name of the group that a task shares with: its category, or itself alone."""
    by_category = recipe.shares == "categories" or recipe.category_cap is not None or category in recipe.caps
    return category if category in recipe.quotas or (by_category and task not in recipe.quotas) else task


def _share(name: str, supply: Supply, recipe: Recipe) -> Share:
    cap = recipe.caps.get(name, recipe.task_cap)
    return Share(weight(supply.mass, recipe), min(supply.held, inf if cap is None else cap), recipe.asked.get(name))


def _group(category: str, members: list[Share], supplies: Mapping[str, Supply], recipe: Recipe) -> Share:
    cap = recipe.caps.get(category, recipe.category_cap)
    quota = recipe.asked.get(category)
    apart = sum(recipe.asked.get(name, 0) for name, supply in supplies.items() if supply.category == category)
    room = inf if cap is None else cap if quota is not None else max(0, cap - apart)
    even = recipe.shares == "categories"
    limit = min(sum(_most(share) for share in members), room)
    return Share(1.0 if even else sum(share.weight for share in members), limit, quota)


def _most(share: Share) -> float:
    return share.limit if share.quota is None else min(share.limit, share.quota)


def fill(shares: Mapping[str, Share], size: int) -> dict[str, int]:
    """Share a size.

    Quotas come first. The rest goes by weight; what one cannot give is shared among the others in the same way, and
    remainders go to the largest fractions, ties to the first name.

    Args:
        shares: by task or category.
        size: what is shared; where all together have less, that.
    """
    given = {name: int(_most(share)) for name, share in shares.items() if share.quota is not None}
    open_ = {name: share for name, share in sorted(shares.items()) if name not in given and share.limit > 0}
    left = int(min(max(0, size - sum(given.values())), sum(share.limit for share in open_.values())))
    while open_:
        whole = sum(share.weight for share in open_.values())
        full = [name for name, share in open_.items() if share.weight / whole * left >= share.limit]
        if not full:
            break
        for name in full:
            given[name] = int(open_.pop(name).limit)
            left -= given[name]
    return dict.fromkeys(shares, 0) | given | _apportioned({name: share.weight for name, share in open_.items()}, left)


def _apportioned(weights: Mapping[str, float], seats: int) -> dict[str, int]:
    whole = sum(weights.values())
    exact = {name: value / whole * seats for name, value in weights.items()}
    floors = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: (floors[name] - exact[name], name))
    for name in by_remainder[: seats - sum(floors.values())]:
        floors[name] += 1
    return floors
