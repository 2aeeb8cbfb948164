"""Parallel text: line n of one file is the translation of line n of the other. Read without making Python objects."""

from collections.abc import Sequence

import polars as pl

from schemas.errors import FormatError
from schemas.formats import ParallelText
from tasks.read import Files, Table, read
from tasks.unpack import Member


@read.register
def _(options: ParallelText, files: Files) -> Table:
    frames = [_lines(files[role], name) for role, name in (("source", "text"), ("target", "translation"))]
    counts = [frame.select(pl.len()) for frame in frames]
    sizes = [count.item() for count in pl.collect_all(counts)]
    if sizes[0] != sizes[1]:
        names = [[member.name for member in files[role]] for role in ("source", "target")]
        raise FormatError(
            f"The lines of parallel files must pair up: {names[0]} has {sizes[0]:,}, {names[1]} has {sizes[1]:,}."
        )
    return Table(pl.concat(frames, how="horizontal"))


def _lines(members: Sequence[Member], name: str) -> pl.LazyFrame:
    frames = [pl.scan_lines(str(member.path), name=name) for member in members]
    return pl.concat(frames).select(pl.col(name).str.strip_chars())
