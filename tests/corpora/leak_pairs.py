"""Pairs of a test and a training sample that the audit lists, drawn from real files, and how many are leaks.

`python -m tests.corpora.leak_pairs ROOT` draws them anew from the newest build of a root and shows each with its texts
and evidence; `--from` and `--to` choose some. `--write` adds those of the draw that have no label yet to
leak_pairs.csv, with an empty label; `--table` prints the table of docs/trust.md. LEAK_PAIRS.md says how they were
labelled.

The file has ids and labels, and no texts: whoever has the real files can build the pairs again.
"""

import argparse
import csv
from collections.abc import Iterator, Mapping
from math import sqrt
from pathlib import Path
from typing import NamedTuple

import polars as pl

from schemas.state import State
from tasks.base.store.root import Root
from tasks.build.audit import LEAKS, STOCK
from tasks.build.audit.index import asked
from tasks.build.audit.windows import whole
from tasks.build.audit.words import hashed, split
from tasks.build.builds.state import newest

FILE = Path(__file__).parent / "leak_pairs.csv"
SEED = 2026
IDS = ("test_task", "test_id", "train_task", "train_id")
KINDS: Mapping[str, int] = {"document": 30, "text": 30, "near": 60, "words": 140, "boilerplate": 40}
"""Pairs drawn of each kind. A pair that is listed by several is of the first of them here; so `words` are those that
have nothing but a passage in common. `test` is not among them: those rows are samples of the test itself."""

LENGTHS: Mapping[str, int] = {"1-19": 0, "20-49": 20, "50-199": 50, "200-": 200}
"""Words of the shorter of two texts, from which on a pair is of a class."""

Z = 1.959964
"""Of an interval of 95 %."""


class Precision(NamedTuple):
    """How many of the pairs of some kind are leaks.

    Attributes:
        pairs: labelled pairs.
        leaks: those that are leaks.
        share: estimated over all pairs of the kind: each class of length counts as often as there are pairs of it.
        low: lower end of Wilson's interval of 95 %.
        high: upper end.
    """

    pairs: int
    leaks: int
    share: float
    low: float
    high: float


def listed(state: State, root: Root) -> pl.DataFrame:
    """All pairs of texts that an audit lists, each once: `kind`, ids, `evidence`, `length`, both texts."""
    assert state.audit is not None
    leaks = pl.read_parquet(root.local(f"{state.audit.place}/{LEAKS}")).filter(pl.col("kind") != "test")
    stock = pl.read_parquet(root.local(f"{state.audit.place}/{STOCK}")).with_columns(kind=pl.lit("boilerplate"))
    every = pl.concat([leaks, stock.select(leaks.columns)])
    texts = _texts(every, state, root)
    for side in ("test", "train"):
        keys = [f"{side}_task", f"{side}_id"]
        named = texts.rename({"task": keys[0], "id": keys[1], "said": f"{side}_said", "text": f"{side}_text"})
        every = every.join(named.rename({"words": f"{side}_words"}), on=keys, maintain_order="left")
    shorter = pl.min_horizontal("test_words", "train_words")
    classes = pl.coalesce(pl.when(shorter >= low).then(pl.lit(name)) for name, low in reversed(LENGTHS.items()))
    ordered = every.with_columns(length=classes).sort(pl.col("kind").cast(pl.Enum(list(KINDS))), *IDS)
    return ordered.unique(["test_text", "train_text"], keep="first", maintain_order=True)


def _texts(every: pl.DataFrame, state: State, root: Root) -> pl.DataFrame:
    """The texts of all samples of the pairs: `task`, `id`, `said`, a hash of all words, and how many."""
    sides = [every.select(task=f"{side}_task", id=f"{side}_id") for side in ("test", "train")]
    wanted = pl.concat(sides).unique(maintain_order=True)
    found: list[pl.DataFrame] = []
    for rendered in (task for built in state.sources for task in built.rendered):
        ids = wanted.filter(pl.col("task") == rendered.task)["id"]
        for part in rendered.splits if len(ids) else ():
            samples = pl.scan_parquet(root.local(f"{rendered.place}/{part}.parquet"), glob=False)
            here = samples.select(pl.col("id", "input").cast(pl.String)).filter(pl.col("id").is_in(ids.implode()))
            frame = here.collect().unique("id")
            said = asked(frame["input"], rendered.task)
            words = hashed(said)
            columns = {
                "task": rendered.task,
                "id": frame["id"],
                "said": said,
                "text": whole(words),
                "words": words.lengths,
            }
            found.append(pl.DataFrame(columns))
    return pl.concat(found).unique(["task", "id"], keep="first", maintain_order=True)


def drawn(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs that are labelled: of each kind as many of each class of length, as far as there are so many."""
    frames: list[pl.DataFrame] = []
    for kind, count in KINDS.items():
        left = count
        of_kind = pairs.filter(pl.col("kind") == kind)
        classes = sorted(LENGTHS, key=lambda name: of_kind.filter(pl.col("length") == name).height)
        for place, name in enumerate(classes):
            here = of_kind.filter(pl.col("length") == name).sort(IDS)
            share = min(here.height, left // (len(classes) - place))
            frames.append(here.sample(share, seed=SEED, shuffle=True))
            left -= share
    return pl.concat(frames)


def strata(pairs: pl.DataFrame) -> dict[tuple[str, str], int]:
    """How many pairs there are of each kind and class of length."""
    return {(kind, length): count for kind, length, count in pairs.group_by("kind", "length").len().iter_rows()}


def labelled() -> list[dict[str, str]]:
    """The labelled pairs."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def precision(rows: list[dict[str, str]], sizes: Mapping[tuple[str, str], int], *kinds: str) -> Precision:
    """The precision of some kinds together, from labels and the number of pairs of each stratum.

    Strata are weighted by their size; the interval is Wilson's for Kish's effective number of pairs.
    """
    chosen = [row for row in rows if row["kind"] in kinds]
    groups: dict[tuple[str, str], list[bool]] = {}
    for row in chosen:
        groups.setdefault((row["kind"], row["length"]), []).append(row["label"] == "leak")
    total = sum(sizes[group] for group in groups)
    weights = {group: sizes[group] / total for group in groups}
    share = sum(weights[group] * sum(labels) / len(labels) for group, labels in groups.items())
    effective = 1 / sum(weights[group] ** 2 / len(labels) for group, labels in groups.items())
    low, high = wilson(share, effective)
    return Precision(len(chosen), sum(map(sum, groups.values())), share, low, high)


def wilson(share: float, count: float) -> tuple[float, float]:
    """Wilson's interval of a share among a number of cases."""
    middle = share + Z * Z / (2 * count)
    width = Z * sqrt(share * (1 - share) / count + Z * Z / (4 * count * count))
    return (middle - width) / (1 + Z * Z / count), (middle + width) / (1 + Z * Z / count)


ROWS: Mapping[str, tuple[str, ...]] = {
    "`document`": ("document",),
    "`text`": ("text",),
    "`near`, not the same words": ("near",),
    "`words` alone": ("words",),
    "all leaks": ("document", "text", "near", "words"),
    "told apart as boilerplate": ("boilerplate",),
    "`words` alone, before that": ("words", "boilerplate"),
}
"""Rows of the table of docs/trust.md: what stands there -> the kinds that are counted together."""


def table(rows: list[dict[str, str]], sizes: Mapping[tuple[str, str], int]) -> str:
    """The table of docs/trust.md."""
    lines = [
        "| Kind | Pairs listed | Read | Leaks | Precision | 95 % interval |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for name, kinds in ROWS.items():
        found = precision(rows, sizes, *kinds)
        listed_ = sum(size for (kind, _), size in sizes.items() if kind in kinds)
        span = f"{found.low:.1%} to {found.high:.1%}"
        lines.append(f"| {name} | {listed_:,} | {found.pairs} | {found.leaks} | {found.share:.1%} | {span} |")
    return "\n".join(lines)


AROUND = 40
"""Words that are shown before and after what is in common."""


def shown(pair: Mapping[str, str], number: int) -> Iterator[str]:
    """A pair for reading: what is in common, and both texts around it."""
    where = f"{pair['test_task']} <- {pair['train_task']}"
    yield f"=== {number} {pair['kind']} {pair['length']} {where} ({pair['evidence']})"
    for side in ("test", "train"):
        yield f"{side}: {around(pair[f'{side}_said'], pair['evidence'])}"


def around(said: str, evidence: str) -> str:
    """The words of a text around some of them, which stand between bars; its beginning, if it does not have them."""
    words, wanted = split(pl.Series([said]))[0].to_list(), evidence.split()
    for place in range(len(words) - len(wanted) + 1):
        if words[place : place + len(wanted)] == wanted:
            end = place + len(wanted)
            before, after = words[max(0, place - AROUND) : place], words[end : end + AROUND]
            return f"({len(words)}) {' '.join(before)} || {evidence} || {' '.join(after)}"
    return f"({len(words)}) {' '.join(words[: 2 * AROUND])}"


def main() -> None:
    """Draw and show, or write what has no label."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root")
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--to", dest="last", type=int, default=1000)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--table", action="store_true")
    given = parser.parse_args()
    root = Root(given.root)
    every = listed(newest(root), root)
    if given.table:
        print(table(labelled(), strata(every)))
        return
    pairs = drawn(every)
    if not given.write:
        for number, pair in enumerate(pairs.iter_rows(named=True)):
            if given.first <= number < given.last:
                print(*shown(pair, number), sep="\n")
        return
    known = {tuple(row[name] for name in ("kind", *IDS)): row for row in labelled()} if FILE.exists() else {}
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["kind", "length", *IDS, "label", "note"], lineterminator="\n")
        writer.writeheader()
        for pair in pairs.iter_rows(named=True):
            row = {name: pair[name] for name in ("kind", "length", *IDS)} | {"label": "", "note": ""}
            writer.writerow(known.get(tuple(pair[name] for name in ("kind", *IDS)), row))


if __name__ == "__main__":
    main()
