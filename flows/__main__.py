"""`medinst`, also as `python -m flows`."""

import os
import signal
from contextlib import suppress
from typing import NoReturn


def main() -> None:
    """Run a command."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` has it
            signal.signal(number, _leave)
    from flows.cli import app

    app()


def _leave(number: int, _: object) -> NoReturn:
    """End at the first signal, as long as the command has not begun."""
    with suppress(OSError):  # a terminal that is closed
        os.write(2, b"\nStopped. Nothing was changed.\n")
    os._exit(128 + number)


if __name__ == "__main__":
    main()
