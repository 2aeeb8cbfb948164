"""Work in threads, a little ahead of whoever takes the results."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


def ahead(
    pool: ThreadPoolExecutor, function: Callable[[_Given], _Made], batches: Iterable[_Given], most: int
) -> Iterator[_Made]:
    """The results of a function for batches, in order, with at most `most` computed ahead."""
    waiting: deque[Future[_Made]] = deque()
    for batch in batches:
        if len(waiting) >= most:
            yield waiting.popleft().result()
        waiting.append(pool.submit(function, batch))
    while waiting:
        yield waiting.popleft().result()
