"""The task files: one of the harness's tasks for each test, with examples and without, and all of them as a group."""

import json
from collections.abc import Iterable
from typing import Any

from medinst_eval.definitions import Definition
from medinst_eval.names import plain

GROUP = "medinst32"
SUFFIXES = ("", "_zs")
"""Of the tests with their examples, and of those without."""

SHARED = ("_test", "_zero_shot", "_error")
"""What the task files include; these lie in `tasks/` and are written by hand."""


def task_files(tests: Iterable[Definition], version: str, folder: str | None = None) -> dict[str, str]:
    """The texts of the task files, by name.

    Args:
        tests: the tests.
        version: of what the samples are from.
        folder: where that is, seen from the task files; None where the user says it.
    """
    tests = list(tests)
    found: dict[str, str] = {}
    for suffix in SUFFIXES:
        names = {f"{GROUP}_{plain(test.task)}{suffix}": test for test in tests}
        for name, test in names.items():
            found[f"{name}.yaml"] = _text(_task(name, test, suffix, version, folder))
        group = {"group": GROUP + suffix, "task": sorted(names), "metadata": {"version": version}}
        found[f"{GROUP}{suffix}.yaml"] = _text(group)
    return found


def _task(name: str, test: Definition, suffix: str, version: str, folder: str | None) -> dict[str, Any]:
    wanted = {"_zero_shot": bool(suffix), "_error": test.strict == "score"}
    where = {} if folder is None else {"folder": folder}
    return {
        "include": ["_test", *(shared for shared, is_wanted in wanted.items() if is_wanted)],
        "task": name,
        "dataset_kwargs": {"task": test.task, **where},
        "metadata": {"version": version},
    }


def _text(said: dict[str, Any]) -> str:
    """YAML with a line for each field, whose values are JSON."""
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in said.items())
