"""Child processes that end with their parent, however that ends.

The child's standard input is a pipe that its parent holds open. When it closes, because the parent closed it or is
gone, the child asks itself to end, and ends at once if that takes too long. So there are no orphans, on any system.
"""

import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from typing import IO

GRACE = 5.0
"""Seconds that a child may take to end by itself."""


def start_module(
    module: str,
    *arguments: str,
    env: Mapping[str, str] | None = None,
    stdout: int | None = None,
    stderr: IO[bytes] | None = None,
    keep: tuple[int, ...] = (),
) -> "subprocess.Popen[bytes]":
    """Start `python -m MODULE …` in a session of its own, which ends when this process does.

    Args:
        module: what to run.
        arguments: of its command line.
        env: its environment; that of this process if None.
        stdout: where its output goes.
        stderr: where its errors go.
        keep: file descriptors that it inherits.
    """
    command = [sys.executable, "-P", "-m", "flows.lifeline", module, *arguments]
    return subprocess.Popen(  # noqa: S603
        command, env=env, stdin=subprocess.PIPE, stdout=stdout, stderr=stderr, pass_fds=keep, start_new_session=True
    )


def end(child: "subprocess.Popen[bytes]", seconds: float = GRACE) -> None:
    """Ask a child to end, and kill it if it does not within some seconds."""
    assert child.stdin is not None
    child.stdin.close()
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass  # nothing is ever sent
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
