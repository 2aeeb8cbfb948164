"""Other wordings of instructions in a mixture, so that a model learns the tasks and not their wording."""

from collections.abc import Mapping

import duckdb
import polars as pl

from schemas.errors import MixtureError
from schemas.mixture import Recipe
from schemas.task import STANDARD
from tasks.base.store.hashing import halves
from tasks.base.store.root import Root
from tasks.build.catalogue.query import rows

INSTRUCTIONS = "instructions"


def instructions(root: Root) -> dict[str, dict[str, str]]:
    """The instructions of a build as its catalogue lists them: task -> wording -> text.

    Raises:
        MixtureError: the catalogue does not list them.
    """
    try:
        found = rows(root, f"SELECT task, wording, instruction FROM {INSTRUCTIONS}")  # noqa: S608
    except duckdb.CatalogException as error:
        raise MixtureError(
            f"`wordings` needs the table `{INSTRUCTIONS}`, which the catalogue in {root.url} does not have: an older "
            "program made it. Build again: medinst build"
        ) from error
    texts: dict[str, dict[str, str]] = {}
    for task, wording, text in found.iter_rows():
        texts.setdefault(task, {})[wording] = text
    return texts


def reworded(frames: Mapping[str, pl.LazyFrame], recipe: Recipe, root: Root) -> tuple[dict[str, pl.LazyFrame], object]:
    """Candidates with the instruction in the wording that the seed and the sample's id draw.

    Args:
        frames: task -> its candidates.
        recipe: the recipe.
        root: where the catalogue is.

    Returns:
        the candidates, and what changes where their wordings do.
    """
    if recipe.wordings == (STANDARD,):
        return dict(frames), None
    known = instructions(root)
    texts = {task: [known[task][wording] for wording in recipe.wordings] for task in frames}
    return {task: _reworded(frame, texts[task], recipe.seed) for task, frame in frames.items()}, texts


def _reworded(frame: pl.LazyFrame, texts: list[str], seed: int) -> pl.LazyFrame:
    key = pl.concat_str(pl.lit(str(seed)), pl.lit("wording"), "id", separator="\x1f")
    drawn = halves(key).struct.field("high") % len(texts)
    return frame.with_columns(instruction=drawn.replace_strict(range(len(texts)), texts, return_dtype=pl.String))
