"""Parallel text: line n of one file is the translation of line n of the other. Read without making Python objects."""

import polars as pl

from schemas.errors import FormatError
from schemas.formats import ParallelText
from tasks.build.read import Files, Table, one, read
from tasks.build.read.text import scan_lines


@read.register
def _(options: ParallelText, files: Files) -> Table:
    sides = {"text": one(files, "source"), "translation": one(files, "target")}
    lines = {name: scan_lines(member, options.encoding) for name, member in sides.items()}
    first, second = (counted.item() for counted in pl.collect_all([side.select(pl.len()) for side in lines.values()]))
    if first != second:
        raise FormatError(
            f"The lines of parallel files must pair up: `{sides['text'].name}` has {first:,}, "
            f"`{sides['translation'].name}` has {second:,}."
        )
    frames = [side.select(pl.col("line").str.strip_chars().alias(name)) for name, side in lines.items()]
    return Table(pl.concat(frames, how="horizontal"))
