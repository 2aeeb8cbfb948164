"""Recipes of fine-tuning: those that come with this checkout, or a file of the user's."""

from pathlib import Path

from schemas.errors import FinetuneError
from schemas.finetune import Recipe
from tasks.model.recipes import Recipes

RECIPES = Recipes(Recipe, Path(__file__).parent / "recipes", FinetuneError, "recipe", "docs/finetuning.md")

recipes, load = RECIPES.ready, RECIPES.load
