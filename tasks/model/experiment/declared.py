"""Experiments in files: those that come with this checkout, or a file of the user's."""

from pathlib import Path

from schemas.errors import FinetuneError
from schemas.experiment import Experiment
from tasks.model.recipes import Recipes

EXPERIMENTS = Recipes(
    Experiment, Path(__file__).parent / "experiments", FinetuneError, "experiment", "docs/experiments.md"
)

load = EXPERIMENTS.load
