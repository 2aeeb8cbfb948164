"""The bytes of a file of any size, and its lines."""

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

Data = bytes | mmap.mmap


@contextmanager
def opened(content: Path | bytes) -> Iterator[Data]:
    """Map a file into memory; an empty one, which cannot be mapped, is empty bytes. Bytes are there already."""
    if isinstance(content, bytes) or not content.stat().st_size:
        yield content if isinstance(content, bytes) else b""
        return
    with content.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data


def lines(data: Data, start: int, end: int) -> tuple[int, int]:
    """The first and the last line, from 1, of the bytes from an offset to another."""
    first = _count(data, 0, start) + 1
    return first, first + _count(data, start, max(start, end - 1))


def _count(data: Data, start: int, end: int) -> int:
    return sum(data[at : min(end, at + 2**24)].count(b"\n") for at in range(start, end, 2**24))


def nth_line(data: Data, number: int) -> tuple[int, int] | None:
    """From where to where a line stands, without its end; None if there are fewer lines."""
    start = 0
    for _ in range(number - 1):
        start = data.find(b"\n", start) + 1
        if not start:
            return None
    if start >= len(data):
        return None
    end = data.find(b"\n", start)
    return start, end if end >= 0 else len(data)
