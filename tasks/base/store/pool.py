"""One pool of processes for work that is Python and not Polars: parsing annotated documents."""

import atexit
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import sources

_P = ParamSpec("_P")
_R = TypeVar("_R")

_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None
_helper: ProcessPoolExecutor | None = None


def in_process(workers: int, function: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """Call a function in a process of the pool and wait; within such a process, or with one worker, call it here.

    The pool is started at the first call. Processes are spawned: threads of Polars do not survive a fork.
    """
    if workers <= 1 or multiprocessing.parent_process() is not None:
        return function(*args, **kwargs)
    pool = _shared(workers)
    with without_ctrl_c():
        future = _submitted(pool, function, *args, **kwargs)
    return future.result()


def _submitted(
    pool: ProcessPoolExecutor, function: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs
) -> "Future[_R]":
    """Submit a call to a process, which uses the same folders of sources as this one."""
    called = pool.submit(_call, sources.folders(), function, args, kwargs)
    return cast("Future[_R]", called)


def _call(folders: Sequence[Path], function: Callable[..., _R], args: Sequence[Any], kwargs: dict[str, Any]) -> _R:
    sources.use(folders)
    return function(*args, **kwargs)


@contextmanager
def helper(prepare: Callable[[], None]) -> Iterator[None]:
    """Have the process of `in_own_process` ready within the block; it prepares itself while others work."""
    global _helper  # noqa: PLW0603
    if _helper is not None or multiprocessing.parent_process() is not None:
        yield
        return
    _helper = _processes(1)
    with without_ctrl_c():
        _helper.submit(prepare)
    try:
        yield
    finally:
        _helper.shutdown(wait=False, cancel_futures=True)
        _helper = None


def in_own_process(function: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """Call a function in a process whose imports end with it: the helper's, else one made for it.

    Within such a process, it is called here.
    """
    if multiprocessing.parent_process() is not None:
        return function(*args, **kwargs)
    if _helper is not None:
        return _submitted(_helper, function, *args, **kwargs).result()
    with _processes(1) as pool:
        with without_ctrl_c():
            future = _submitted(pool, function, *args, **kwargs)
        return future.result()


@contextmanager
def without_ctrl_c() -> Iterator[None]:
    """Start processes that Ctrl-C in the terminal does not reach: it is for the process that started them."""
    resource_tracker.ensure_running()  # which would unblock it in this thread
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def close() -> None:
    """End the processes of the pool, and give back their memory; the next call starts them anew."""
    global _pool  # noqa: PLW0603
    with _lock:
        if _pool is not None:
            _pool.shutdown()
            _pool = None


def _processes(count: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent)


def _end_with_parent() -> None:
    """A process of the pool ends when the process that made it does, also when that is killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


@atexit.register
def _cancel() -> None:
    if _pool is not None:
        _pool.shutdown(cancel_futures=True)


def _shared(workers: int) -> ProcessPoolExecutor:
    global _pool  # noqa: PLW0603  one pool a process is the point
    with _lock:
        if _pool is None:
            _pool = _processes(workers)
        return _pool
