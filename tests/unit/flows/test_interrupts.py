"""What nobody can catch says nothing once a command is interrupted."""

import subprocess
import sys

import pytest

PROGRAM = """
import os, signal, sys, time, weakref
from flows.console.interrupts import interruptible

class Thing: pass

def told(_):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(5)

with interruptible() as interrupts:
    sys.stderr = sys.stdout  # as a progress bar does
    interrupts.grace = 0.2
    thing = Thing()
    kept = weakref.ref(thing, told)
    del thing
    time.sleep(30)
"""


@pytest.mark.timeout(60)
def test_an_interrupt_within_a_callback_of_a_weak_reference_is_silent() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "Stopped. Nothing was changed.\n"
