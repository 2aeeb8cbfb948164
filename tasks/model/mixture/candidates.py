"""Which samples a task may give to a mixture: training samples without those that leak, or that a query leaves out."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import duckdb
import polars as pl

from schemas.errors import MixtureError
from schemas.mixture import Recipe
from schemas.state import State
from tasks.base.store.frames import scan
from tasks.base.store.hashing import halves
from tasks.base.store.root import Root
from tasks.build.audit import LEAKS
from tasks.build.builds.base import unpublished
from tasks.build.builds.order import command
from tasks.build.builds.state import load_state
from tasks.build.catalogue.query import rows
from tasks.model.mixture.wording import reworded


class Candidates(NamedTuple):
    """The candidates of a mixture.

    Attributes:
        frames: task -> its candidates: the columns of a sample, `row` (the place in the training set), and `weight`
            where a query gives weights.
        leaking: training samples left out because they leak into a test.
        foreign: ids of the query that are not training samples of the chosen tasks.
        mark: changes where the catalogue's answers do.
    """

    frames: dict[str, pl.LazyFrame]
    leaking: int
    foreign: int
    mark: list[object]


def candidates(recipe: Recipe, training: Mapping[str, pl.LazyFrame], state: State) -> Candidates:
    """The candidates of the chosen tasks.

    Args:
        recipe: the recipe.
        training: the training samples of the chosen tasks.
        state: the build.

    Raises:
        MixtureError: the build was not audited, or the query is wrong or gives nothing.
    """
    frames = {task: frame.with_row_index("row") for task, frame in training.items()}
    foreign = leaking = 0
    mark: list[object] = []
    if recipe.query is not None:
        _refuse_other_catalogue(recipe, state)
        wanted = queried(recipe.query, Root(state.order.root))
        mark.append(_mark(wanted.select(pl.col("_key").bin.encode("hex"), pl.exclude("_key"))))
        frames = {task: _joined(frame, wanted) for task, frame in frames.items()}
        foreign = wanted.height - _rows(frames.values())
        if foreign == wanted.height:
            raise MixtureError(
                f"{recipe.name}: query: none of its {foreign:,} ids is a training sample of the tasks that the recipe "
                "chooses. Add to the query: WHERE split = 'train'"
            )
    if recipe.samples == "clean":
        leaks = {task: ids for task, ids in leaking_ids(state).items() if task in frames}
        mark += [(task, _mark(ids.to_frame())) for task, ids in sorted(leaks.items())]
        leaking = _rows(frames[task].filter(pl.col("id").is_in(ids.implode())) for task, ids in leaks.items())
        frames = {
            task: frame.filter(~pl.col("id").is_in(leaks[task].implode())) if task in leaks else frame
            for task, frame in frames.items()
        }
    frames, texts = reworded(frames, recipe, Root(state.order.root))
    return Candidates(frames, leaking, foreign, [*mark, texts] if texts else mark)


def _refuse_other_catalogue(recipe: Recipe, state: State) -> None:
    """A query is put to the catalogue, which is of the newest build: that must be the one that is drawn from."""
    root = Root(state.order.root)
    last = load_state(root)
    if last is not None and last.sources != state.sources:
        raise MixtureError(
            f"{recipe.name}: its query is put to the catalogue of the newest build, but the mixture is drawn from that "
            f"of the latest release. {unpublished(root, last)} Build the latest release again, then mix: "
            f"{command(state.order)}".replace("  ", " ")
        )


def _mark(found: pl.DataFrame) -> list[int]:
    """A hash of rows that does not depend on their order."""
    rank = halves(pl.concat_str(pl.all().cast(pl.String), separator="\x1f", ignore_nulls=True)).alias("rank")
    each = found.select(rank).unnest("rank")
    return [found.height, *(int(each[name].sum() or 0) for name in ("high", "low"))]


def _rows(frames: Iterable[pl.LazyFrame]) -> int:
    return sum(frame.select(pl.len()).collect().item() for frame in frames)


def _joined(frame: pl.LazyFrame, wanted: pl.DataFrame) -> pl.LazyFrame:
    return frame.with_columns(_key=_key("id")).join(wanted.lazy(), on="_key", how="inner").drop("_key")


def _key(column: str) -> pl.Expr:
    """The 16 bytes of an id, which take half the memory of its digits; null where it is none."""
    return pl.col(column).str.decode("hex", strict=False)


def leaking_ids(state: State) -> dict[str, pl.Series]:
    """The ids of the training samples that leak into a test, by task, as the audit of a build lists them.

    Raises:
        MixtureError: there was no audit.
    """
    if state.audit is None:
        raise MixtureError(
            f"`samples: clean` needs a build that was audited, which the newest one in {state.order.root} was not: an "
            "older program made it. Build again: medinst build; or draw from all: --set samples=all"
        )
    listed = scan(Root(state.order.root).local(f"{state.audit.place}/{LEAKS}"))
    found = listed.select(task="train_task", id="train_id").unique().collect()
    return {str(task): part["id"] for (task,), part in found.partition_by("task", as_dict=True).items()}


def queried(query: str, root: Root) -> pl.DataFrame:
    """The samples that a query chooses.

    Returns:
        One row a sample: `_key` (its id in 16 bytes) and, where the query gives weights, `weight`.

    Raises:
        MixtureError: the query is wrong, or returns no ids or unusable weights.
    """
    try:
        found = rows(root, query)
    except duckdb.Error as error:
        raise MixtureError(
            f'query: {error}\nTables and views: medinst sql "SHOW TABLES"; examples: docs/mixtures.md'
        ) from error
    if "id" not in found.columns or found["id"].dtype != pl.String:
        columns = ", ".join(f"{name} ({dtype})" for name, dtype in found.schema.items())
        example = "SELECT id FROM samples WHERE split = 'train'"
        raise MixtureError(
            f"query: expected a text column `id`, the ids of samples, and perhaps `weight`; found {columns}. "
            f"Such as: {example}"
        )
    if not found.height:
        raise MixtureError(f"query: it returns no ids. Try it: medinst sql {query!r}")
    return _weighed(found)


def _weighed(found: pl.DataFrame) -> pl.DataFrame:
    repeated = found.height - found["id"].n_unique()
    if repeated:
        raise MixtureError(
            f"query: {repeated:,} ids come more than once. Say each once: SELECT DISTINCT, or GROUP BY id"
        )
    columns = [_key("id").alias("_key")]
    if "weight" in found.columns:
        weight = found["weight"].cast(pl.Float64, strict=False)
        wrong = int((weight.is_null() | ~(weight > 0) | ~weight.is_finite()).fill_null(value=True).sum())
        if wrong:
            raise MixtureError(f"query: {wrong:,} weights are not positive numbers; filter them out with WHERE …")
        columns.append(pl.col("weight").cast(pl.Float64))
    return found.select(columns)
