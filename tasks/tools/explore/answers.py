"""Answers of models as rows of the table `answers`, taken from an evaluation when it is first looked at."""

import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa

from medinst_eval.definitions import Definition
from schemas.errors import EvaluationError, MedinstError
from tasks.base.predictions.files import load
from tasks.tools.explore.compare import worths

Define = Callable[[str], Definition | None]
"""From a task to its definition; None where this version does not know it."""

_COLUMNS = pa.schema(
    [
        *((name, pa.string()) for name in ("evaluation", "task", "id", "prediction")),
        ("read", pa.bool_()),
        ("worth", pa.float64()),
    ]
)


class Answers:
    """The evaluations that can be looked at.

    Attributes:
        folders: name -> folder of its predictions.
        faults: name -> why an evaluation cannot be shown.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, folders: dict[str, Path], define: Define) -> None:
        self.folders = folders
        self.faults: dict[str, str] = {}
        self._connection, self._define = connection, define
        self._loaded: set[str] = set()
        self._lock = threading.Lock()

    def need(self, *names: str) -> list[str]:
        """Have the answers of evaluations in the table; gives what is wrong with them, as sentences."""
        with self._lock:
            for name in filter(None, names):
                if name not in self._loaded and name not in self.faults:
                    self._load(name)
        return [self.faults[name] for name in names if name in self.faults]

    def _load(self, name: str) -> None:
        if name not in self.folders:
            self.faults[name] = f"There is no evaluation {name} of this benchmark."
            return
        try:
            rows = _rows(name, self.folders[name], self._define)
        except (MedinstError, OSError) as error:
            self.faults[name] = f"The answers of {name} cannot be read: {error}"
            return
        cursor = self._connection.cursor()
        cursor.register("fresh", pa.Table.from_pylist(rows, schema=_COLUMNS))
        cursor.execute("INSERT INTO answers SELECT * FROM fresh")
        cursor.unregister("fresh")
        self._loaded.add(name)


def _rows(name: str, folder: Path, define: Define) -> list[dict[str, object]]:
    """The answers of an evaluation and what each is worth.

    Raises:
        EvaluationError: they cannot be read.
    """
    found = load(folder)
    if not found.tasks:
        raise EvaluationError("it has none yet. Go on with it: medinst evaluate")
    rows: list[dict[str, object]] = []
    for task, answered in found.tasks.items():
        definition = define(task)
        if definition is None or not answered.ids:
            values: list[tuple[float | None, bool]] = [(None, True)] * len(answered.predictions)
        else:
            values = [*worths(definition, answered.predictions, answered.targets)]
        for id_, prediction, (worth, able) in zip(answered.ids, answered.predictions, values, strict=False):
            rows.append(
                {"evaluation": name, "task": task, "id": id_, "prediction": prediction, "read": able, "worth": worth}
            )
    return rows
