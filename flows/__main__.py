"""`medinst`, also as `python -m flows`."""

import io
import os
import signal
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> None:
    """Run a command."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` has it
            signal.signal(number, _leave)
    _open_streams()
    from flows.cli import app

    app()


def _open_streams() -> None:
    """Give streams that were closed somewhere to go, and show what an encoding lacks as `?`.

    Without it the next file that is opened would be the standard output.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it gets the lowest number that is free
    sys.stdin, sys.stdout, sys.stderr = (
        stream if stream is not None else open(number, mode, closefd=False)  # noqa: SIM115
        for number, mode, stream in ((0, "r", sys.stdin), (1, "w", sys.stdout), (2, "w", sys.stderr))
    )
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _leave(number: int, _: object) -> NoReturn:
    """End at the first signal, as long as the command has not begun."""
    with suppress(OSError):  # a terminal that is closed
        os.write(2, b"\nStopped. Nothing was changed.\n")
    os._exit(128 + number)


if __name__ == "__main__":
    main()
