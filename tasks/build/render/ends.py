"""The two ends of relations: what they are called, where they stand, and which comes first where neither leads."""

from collections.abc import Sequence

import polars as pl

from tasks.build.render.annotations import ITEM

ENDS = ("first", "second")


def between(relations: pl.LazyFrame, entities: pl.LazyFrame, symmetric: Sequence[str]) -> pl.LazyFrame:
    """Relations between entities or concepts, with the names and places of their ends.

    Args:
        relations: rows with `row`, `name` and `arguments`.
        entities: the entities of the records.
        symmetric: names of relations that have no direction; their ends come in text order.

    Returns:
        the relations with the columns `first`, `second`, `first_place` and `second_place`; the ends are null unless
        there are two. A concept stands where its name is first mentioned.
    """
    kind, target, text = (ITEM.struct.field(name) for name in ("kind", "target", "text"))
    keys = pl.when(kind == "concept").then(pl.format("name {}", text)).otherwise(pl.format("id {}", target))
    arguments = pl.col("arguments")
    found = relations.filter(arguments.list.eval(kind.is_in(["entity", "concept"])).list.all())
    pair = arguments.list.len() == len(ENDS)
    for number, end in enumerate(ENDS):
        argument = arguments.list.get(number, null_on_oob=True).struct
        key = arguments.list.eval(keys).list.get(number, null_on_oob=True)
        places = _places(entities).rename({name: f"{end}_{name}" for name in ("start", "end", "place")})
        found = (
            found.with_columns(pl.when(pair).then(argument.field("text")).alias(end), key=key)
            .join(places, on=["row", "key"], how="left", maintain_order="left")
            .with_columns(pl.col(f"{end}_place").fill_null(pl.col("key")))
            .drop("key")
        )
    return found.with_columns(_in_text_order(symmetric))


def _places(entities: pl.LazyFrame) -> pl.LazyFrame:
    """Where each entity stands, and where each name does first."""
    where = ("start", "end", "place")
    by_id = entities.select("row", *where, key=pl.format("id {}", "id"))
    by_name = entities.select("row", *where, key=pl.format("name {}", "text"))
    return pl.concat([by_id, by_name.unique(subset=["row", "key"], keep="first", maintain_order=True)])


def _in_text_order(symmetric: Sequence[str]) -> list[pl.Expr]:
    """The ends, the other way round where the second of a symmetric relation stands first."""
    starts, stops = ([pl.col(f"{end}_{side}") for end in ENDS] for side in ("start", "end"))
    later = (starts[1] < starts[0]) | ((starts[1] == starts[0]) & (stops[1] < stops[0]))
    turned = pl.col("name").is_in(list(symmetric)) & later.fill_null(False)
    return [
        pl.when(turned).then(pl.col(f"{other}{what}")).otherwise(pl.col(f"{end}{what}")).alias(f"{end}{what}")
        for end, other in (ENDS, ENDS[::-1])
        for what in ("", "_place")
    ]
