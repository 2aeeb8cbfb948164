"""What an earlier audit found of texts: one of nearly the same samples compares again only what is new.

Each audit keeps it in its folder, by the hashes of texts and for the roles in which they were compared. Only the same
code uses it, so it holds whatever has become of the samples, the declared tests or the policy since.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tasks.base.store.frames import read
from tasks.base.store.root import Root
from tasks.build.audit.corpus import Texts
from tasks.build.audit.polynomials import members

AUDITS = "audit/all"
FOLDER = "compared"
"""Where it lies in the folder of an audit, a Parquet file for each table."""

_KEYS = {"key": pl.UInt64, "text": pl.UInt32}
TABLES: Mapping[str, Mapping[str, type[pl.DataType]]] = {
    "texts": {"hash": pl.UInt64, "test": pl.Boolean, "train": pl.Boolean},
    "keys": _KEYS,
    "pairs": {"low": pl.UInt32, "high": pl.UInt32, "jaccard": pl.Float64, "short": pl.Boolean},
    "tested": {**_KEYS, "place": pl.Int32},
    "trained": _KEYS,
    "quoted": {"text": pl.UInt32, "place": pl.Int64, "words": pl.String},
}
"""Columns of each table: all texts, in ascending order of their hashes, and whether each was compared as a test and as
a training text; the keys of near duplicates that several texts have; pairs of texts with their Jaccard index, and
whether one of them is short; the sequences of words that tests and training texts have in common; the words of tests
that were quoted. Columns `text`, `low` and `high` are places in `texts`."""

_NUMBERS = ("text", "low", "high")


class Earlier(NamedTuple):
    """What an earlier audit found of the texts that are still there; their numbers are those of now.

    Attributes:
        name: of the folder of the audit; `none` where there is none.
        test: whether each text of now was compared as a test.
        train: whether it was compared as a training text.
        seen: whether it was there at all.
        tables: the others of `TABLES`; keys and sequences are in ascending order.
    """

    name: str
    test: NDArray[np.bool_]
    train: NDArray[np.bool_]
    seen: NDArray[np.bool_]
    tables: Mapping[str, pl.DataFrame]


def earlier(root: Root, code: str, known: Texts) -> Earlier:
    """What the audit by the same code that has most of the texts found; nothing where there is none, or a damaged one.

    Args:
        root: where audits are.
        code: the hash of the code.
        known: the texts of now.
    """
    alike = [place for name in root.names(AUDITS) if _code(root, place := f"{AUDITS}/{name}") == code]
    shared = {place: int(found.sum()) for place in alike if (found := _seen(root, place, known)) is not None}
    if not any(shared.values()):
        return _nothing(known)
    best = max(shared, key=lambda place: (shared[place], place))
    try:
        return _renumbered(best, {name: _read(root, best, name) for name in TABLES}, known)
    except (OSError, pl.exceptions.PolarsError):
        return _nothing(known)


def keep(root: Root, place: str, found: Mapping[str, pl.DataFrame]) -> None:
    """Keep what an audit found for later ones; call it before the audit is marked complete.

    Args:
        root: where it goes.
        place: the folder of the audit.
        found: the tables of `TABLES`, with other columns perhaps.
    """
    for name, schema in TABLES.items():
        with root.writing(f"{place}/{FOLDER}/{name}.parquet") as path:
            found[name].select(pl.col(column).cast(dtype) for column, dtype in schema.items()).write_parquet(
                path, compression="lz4", statistics=False
            )


def _code(root: Root, place: str) -> str:
    made_of = (root.done(place) or {}).get("made_of")
    return str(made_of.get("code")) if isinstance(made_of, dict) else ""


def _read(root: Root, place: str, name: str) -> pl.DataFrame:
    return read(root.local(f"{place}/{FOLDER}/{name}.parquet"), list(TABLES[name]))


def _seen(root: Root, place: str, known: Texts) -> NDArray[np.bool_] | None:
    try:
        hashes = read(root.local(f"{place}/{FOLDER}/texts.parquet"), ["hash"])["hash"].to_numpy()
    except (OSError, pl.exceptions.PolarsError):
        return None
    return members(known.hashes, hashes)


def _nothing(known: Texts) -> Earlier:
    none = np.zeros(len(known.row), bool)
    return Earlier(
        "none", none, none, none, {name: pl.DataFrame(schema=dict(schema)) for name, schema in TABLES.items()}
    )


def _renumbered(place: str, tables: Mapping[str, pl.DataFrame], known: Texts) -> Earlier:
    """The tables of an audit with the numbers of now, without the texts that are gone."""
    texts = tables["texts"]
    hashes = texts["hash"].to_numpy()
    now, there = np.searchsorted(known.hashes, hashes), members(hashes, known.hashes)
    test, train, seen = np.zeros((3, len(known.hashes)), bool)
    for role, was in ((test, texts["test"].to_numpy()), (train, texts["train"].to_numpy()), (seen, there)):
        role[now[there]] = was[there]
    found = {name: _of_now(table, now, there) for name, table in tables.items()}
    return Earlier(place.rpartition("/")[2], test, train, seen, found)


def _of_now(table: pl.DataFrame, now: NDArray[np.int64], there: NDArray[np.bool_]) -> pl.DataFrame:
    for column in (name for name in _NUMBERS if name in table.columns):
        table = table.filter(pl.Series(there[table[column].to_numpy()]))
        table = table.with_columns(pl.Series(column, now[table[column].to_numpy()].astype(np.uint32)))
    return table
