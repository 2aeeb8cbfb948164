"""Recipes of fine-tuning: those that come with this checkout, or a file of the user's."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from schemas.errors import FinetuneError
from schemas.finetune import Recipe
from tasks.model.recipes import Recipes

RECIPES = Recipes(Recipe, Path(__file__).parent / "recipes", FinetuneError, "recipe", "docs/finetuning.md")

recipes = RECIPES.ready

_MODEL = ("model", "revision", "scratch", "lora")
_DESCRIBED: Mapping[str, tuple[str, ...]] = {
    "about": (*_MODEL, "mixture"),
    "hardware": (*_MODEL, "optimizer", "precision", "attention", "gradient_checkpointing", "max_length",
                 "tokens_at_once", "tokens_per_step", "epochs", "max_steps"),
}  # fmt: skip
"""Each field in prose, and the fields that it describes."""


def load(asked: str, changes: Sequence[str] = ()) -> Recipe:
    """Read a recipe; where a change makes its prose untrue, the prose says what was changed instead.

    Args:
        asked: the name of a ready-made recipe, or a file.
        changes: `field=value`, as in `Recipes.load`.
    """
    recipe = RECIPES.load(asked, changes)
    named = dict.fromkeys(change.partition("=")[0].strip().partition(".")[0] for change in changes)
    before = _as_it_is(asked) if named else recipe
    changed = [name for name in named if before is None or getattr(before, name) != getattr(recipe, name)]
    prose = {
        field: f"recipe {recipe.name} with changes to {', '.join(touched)}"
        for field, described in _DESCRIBED.items()
        if field not in changed and (touched := [name for name in changed if name in described])
    }
    return recipe.model_copy(update=prose)


def _as_it_is(asked: str) -> Recipe | None:
    """The recipe without changes; None where it needs them to be one."""
    try:
        return RECIPES.load(asked)
    except FinetuneError:
        return None
