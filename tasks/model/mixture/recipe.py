"""Recipes of mixtures: ready-made ones, or a file of the user's; a file of SQL is the query of one."""

from pathlib import Path

from schemas.errors import MixtureError
from schemas.mixture import Recipe
from tasks.model.recipes import Recipes

RECIPES = Recipes(
    Recipe,
    Path(__file__).parent / "recipes",
    MixtureError,
    "mixture",
    "docs/mixtures.md",
    {".sql": lambda text: {"query": text}},
)

ready, load = RECIPES.ready, RECIPES.load
