"""Ctrl-C, SIGTERM and a closed terminal end a command within seconds, and leave no process behind.

The main thread is told by an exception, so that what is open is closed in order. It may be unable to obey: it waits
for threads that compute, or a library swallows the exception. So a thread watches, and ends the process when the time
is over, or at once at a second Ctrl-C.

Ctrl-C in a terminal goes to all processes of a command. It is blocked in every thread except the watching one, and
child processes inherit that: they never see it, and print nothing about it.
"""

import multiprocessing
import os
import select
import shlex
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

GRACE = 4.0
"""Seconds that a command may take to end in order."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_WAKE = signal.SIGURG
"""Ends a system call in which the main thread waits. Nothing else uses it."""


class Interrupted(KeyboardInterrupt):
    """The command was told to end, by Ctrl-C, SIGTERM or SIGHUP."""


@contextmanager
def interruptible() -> Iterator["Interrupts"]:
    """A block that signals end; the process ends with it, and the exit code is 130, 143 or 129."""
    interrupts = Interrupts()
    if threading.current_thread() is not threading.main_thread() or multiprocessing.parent_process() is not None:
        yield interrupts
        return
    try:
        interrupts.watch()
        yield interrupts
    except BaseException:
        if interrupts.number:
            interrupts.leave()
        raise
    else:
        if interrupts.number:
            interrupts.leave()
    finally:
        interrupts.close()


class Interrupts:
    """What a command does when it is interrupted.

    Attributes:
        kept: what is kept then, as a sentence; empty where there is nothing to go on with.
        grace: seconds that the command may take to end in order.
        number: the signal that came; 0 if none did.
    """

    def __init__(self) -> None:
        self.kept = ""
        self.grace = GRACE
        self.number = 0
        self._terminal = 2
        self._raised = False
        self._lock = threading.RLock()
        self._leaving = threading.Lock()

    def watch(self) -> None:
        """Watch for signals from now on."""
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        self._wakeup = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        self._handlers = {
            number: signal.signal(number, self._told)
            for number in (*_SIGNALS, _WAKE)
            if signal.getsignal(number) is not signal.SIG_IGN
        }
        self._hooks = sys.unraisablehook, threading.excepthook
        self._watcher = threading.Thread(target=self._watch, name="interrupts", daemon=True)
        self._watcher.start()

    def close(self) -> None:
        """Stop watching; signals do again what they did before."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.write(self._write, b"\0")
        self._watcher.join()
        sys.unraisablehook, threading.excepthook = self._hooks
        signal.set_wakeup_fd(self._wakeup)
        signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
        os.close(self._read)
        os.close(self._write)

    def leave(self) -> NoReturn:
        """End the process and its children, and say what was kept."""
        if not self._leaving.acquire(blocking=False):
            signal.pause()
        end_children(everyone=True)
        _sweep()
        with suppress(OSError):
            _silence(1)  # a thread may still draw its progress
        with suppress(OSError):
            os.write(self._terminal, self._last_words().encode())
        os._exit(128 + self.number)

    def _told(self, number: int, _: FrameType | None) -> None:
        """Interrupt the main thread, once, so that it can end in order."""
        if number in _SIGNALS and not self._raised:
            self._raised = True
            self._begin(number)
            raise Interrupted

    def _watch(self) -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        number = self._next(None)
        if not number:
            return
        self._begin(number)
        end_children()
        main = threading.main_thread().ident
        assert main is not None
        signal.pthread_kill(main, _WAKE)
        while (number := self._next(self.grace)) == signal.SIGTERM:
            pass  # Prefect sends it again to whom it took it from
        if number is not None and not number:
            return
        self.leave()

    def _next(self, seconds: float | None) -> int | None:
        """The next signal, 0 for the end of the watch, None if none comes in time."""
        while True:
            if not select.select([self._read], [], [], seconds)[0]:
                return None
            number = os.read(self._read, 1)[0]
            if number in (0, *_SIGNALS):
                return number

    def _begin(self, number: int) -> None:
        """Hide errors from now on: the terminal only gets the last message.

        The standard error goes nowhere, and so does what Python writes of exceptions that nobody can catch, as those in
        callbacks of weak references: while a progress bar is drawn it would write them to the standard output.
        """
        with self._lock:
            if self.number:
                return
            self.number = number
            sys.unraisablehook = threading.excepthook = _unheard
            self._terminal = os.dup(2)
            _silence(2)

    def _last_words(self) -> str:
        cursor = "\r\x1b[K\x1b[?25h" if os.isatty(self._terminal) else ""
        again = f" Continue with: {shlex.join(['medinst', *sys.argv[1:]])}" if self.kept else ""
        return f"{cursor}Stopped. {self.kept or 'Nothing was changed.'}{again}\n"


def _silence(stream: int) -> None:
    """From now on what is written to a stream of this process goes nowhere."""
    with open(os.devnull, "wb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), stream)


def _unheard(_: object) -> None:
    """Say nothing about an exception."""


def _sweep() -> None:
    """Remove the temporary folders of the children that were killed."""
    from tasks.base.store import scratch

    scratch.sweep()


def end_children(everyone: bool = False) -> None:
    """Kill the processes that this one started; those of other sessions, such as servers, only with `everyone`."""
    import psutil

    with suppress(psutil.Error):
        children = psutil.Process().children(recursive=True)
        for child in children:
            with suppress(psutil.Error, ProcessLookupError):
                if everyone or os.getsid(child.pid) == os.getsid(0):
                    child.kill()
        if everyone:
            psutil.wait_procs(children, timeout=1)
