"""`medinst-eval`: what the command lines of harnesses need to be told."""

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from medinst_eval.definitions import definitions
from medinst_eval.names import plain
from medinst_eval.samples import VARIABLE


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser("medinst-eval", description=__doc__)
    chosen = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (about, command) in COMMANDS.items():
        chosen.add_parser(name, help=about, description=about).set_defaults(run=command)
    print(parser.parse_args(arguments).run())


def _include_path() -> str:
    from medinst_eval.harness import TASKS

    return str(TASKS)


def _lm_eval_tests() -> str:
    from medinst_eval.harness.files import GROUP

    return ",".join(f"{GROUP}_{plain(name)}" for name in _tests())


def _inspect_tests() -> str:
    return " ".join(f"medinst_eval/{plain(name)}" for name in _tests())


def _tests() -> list[str]:
    """The tests of MedINST32, only those that the benchmark has where `MEDINST_BENCHMARK` names one."""
    folder = os.environ.get(VARIABLE)
    held = [name for name, task in definitions().items() if task.held_out]
    return [name for name in held if not folder or Path(folder, "data", name, "test.parquet").is_file()]


def _tasks() -> str:
    lines = (
        f"{name:32} {task.category:14} {'MedINST32' if task.held_out else '':10} {task.licence}"
        for name, task in definitions().items()
    )
    return "\n".join(lines)


_THERE = f"those that are in the folder {VARIABLE} if it is set"
COMMANDS: dict[str, tuple[str, Callable[[], str]]] = {
    "lm-eval": ("print the folder with the task files, for lm_eval --include_path", _include_path),
    "lm-eval-tests": (f"print the tests of MedINST32, for lm_eval --tasks; {_THERE}", _lm_eval_tests),
    "inspect-tests": (f"print the tests of MedINST32, for inspect eval; {_THERE}", _inspect_tests),
    "tasks": ("list all tasks: name, category, whether it is in MedINST32, licence", _tasks),
}

if __name__ == "__main__":
    main()
