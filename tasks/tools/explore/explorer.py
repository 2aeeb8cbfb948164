"""The questions that the pages ask."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, TypeAlias

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from medinst_eval.grammar.form import Form
from medinst_eval.grammar.plain import Classes
from tasks.tools.explore import queries
from tasks.tools.explore.answers import Answers, Define
from tasks.tools.explore.filters import Filters, around_label, conditions
from tasks.tools.explore.find import Shown
from tasks.tools.explore.items import FORMS
from tasks.tools.explore.search import Index
from tasks.tools.explore.tables import there

PAGE = 50
"""Rows of a page of a list."""

_LISTS = 64
"""Lists of samples that are kept: one is asked for again by its next page, and by each of its samples."""

Row: TypeAlias = dict[str, Any]
Numbers: TypeAlias = NDArray[np.int64]

_LAYOUTS: Mapping[str, Form | type[Form]] = {**FORMS, "labels": Classes}


class Page(NamedTuple):
    """A page of a list: its rows, how many there are in all, and how many of each group."""

    rows: list[Row]
    total: int
    groups: dict[str, int]


class Neighbours(NamedTuple):
    """The position of a sample in a list, from 1, and its neighbours; 0 if it is not in the list."""

    place: int
    total: int
    before: Row | None
    after: Row | None


class Explorer:
    """What is explored, ready to be asked by several threads.

    Attributes:
        index: the words of all samples.
        answers: the evaluations.
        define: from a task to its definition.
        there: the tables that the version has; the others are empty.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, index: Index, answers: Answers, shown: Shown, define: Define
    ) -> None:
        self.shown, self.index, self.answers, self.define = shown, index, answers, define
        self.there = there(shown.version)
        self._connection = connection
        self._matching: Callable[[Filters], Numbers] = lru_cache(_LISTS)(self._match)  # pyright: ignore[reportAttributeAccessIssue]

    def rows(self, query: str, values: Mapping[str, Any] | None = None) -> list[Row]:
        """The answer of a query; its parameters are bound."""
        with closing(self._connection.cursor()) as cursor:
            cursor.execute(query, dict(values or {}))
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    @contextmanager
    def batches(self, query: str, rows: int) -> Iterator[pa.RecordBatchReader]:
        """The answer of a query, in batches of as many rows at most."""
        with closing(self._connection.cursor()) as cursor:
            yield cursor.sql(query).to_arrow_reader(rows)

    def row(self, query: str, values: Mapping[str, Any]) -> Row | None:
        """The first row of an answer; None if it has none."""
        return next(iter(self.rows(query, values)), None)

    # all

    @cached_property
    def tasks(self) -> list[Row]:
        """The tasks with their numbers, by category and name: the order of the samples."""
        return self.rows(queries.TASKS)

    @cached_property
    def choices(self) -> dict[str, list[str]]:
        """The values that filters can have."""
        found = {name: [row["value"] for row in self.rows(query)] for name, query in queries.CHOICES.items()}
        return found | {"label": sorted({label for labels in self._labels.values() for label in labels})}

    @cached_property
    def _labels(self) -> dict[str, set[str]]:
        """Task -> the labels of its answers: those that were counted, else those that it declares."""
        labels: dict[str, set[str]] = {row["task"]: set() for row in self.tasks}
        for row in self.rows("SELECT DISTINCT task, label FROM labels"):
            labels.setdefault(row["task"], set()).add(row["label"])
        for task, found in labels.items():
            if not found and (definition := self.define(task)) is not None:
                found |= set(definition.labels)
        return labels

    @cached_property
    def _forms(self) -> dict[str, tuple[str, str]]:
        """Task -> what stands around a label in its answers."""
        found = {}
        for row in self.tasks:
            definition = self.define(row["task"])
            layout = _LAYOUTS[definition.form].layout if definition and definition.form in _LAYOUTS else ""
            if layout and (around := around_label(layout)) is not None:
                found[row["task"]] = around
        return found

    @cached_property
    def _ends(self) -> Numbers:
        """The number of the last sample of each task."""
        return np.cumsum([row["samples"] for row in self.tasks])

    # samples

    def page(self, filters: Filters, page: int) -> Page:
        """A page of the samples that filters ask for, counted from 1, and how many there are of each task."""
        found = self._matching(filters)
        chosen = found[(page - 1) * PAGE : page * PAGE]
        values = {"chosen": chosen.tolist(), "model": filters.model, "against": filters.against}
        counts = np.diff(np.searchsorted(found, self._ends, side="right"), prepend=0)
        groups = {row["task"]: int(count) for row, count in zip(self.tasks, counts, strict=True) if count}
        return Page(self.rows(queries.LISTED, values), len(found), groups)

    def numbers(self, filters: Filters) -> Numbers:
        """The numbers of the samples that filters ask for, ascending."""
        return self._matching(filters)

    def neighbours(self, nr: int, filters: Filters) -> Neighbours:
        """The samples before and after one among those that filters ask for."""
        found = self._matching(filters)
        place = int(np.searchsorted(found, nr))
        there = place < len(found) and found[place] == nr
        after = place + 1 if there else place
        return Neighbours(
            place + 1 if there else 0,
            len(found),
            self._at(found[place - 1]) if place else None,
            self._at(found[after]) if after < len(found) else None,
        )

    def _at(self, nr: int) -> Row | None:
        return self.row("SELECT task, id FROM samples WHERE nr = $nr", {"nr": int(nr)})

    def _match(self, filters: Filters) -> Numbers:
        """The numbers of the samples that filters ask for, ascending."""
        forms = {task: form for task, form in self._forms.items() if filters.label in self._labels[task]}
        asked = list(conditions(filters, forms))
        values = {name: value for each in asked for name, value in each.values.items()}
        parts = [each.sql for each in asked]
        with closing(self._connection.cursor()) as cursor:
            if words := filters.q.strip():
                cursor.register("hits", pa.table({"nr": pa.array(self._hits(words), pa.int64())}))
                parts.append("nr IN (SELECT nr FROM hits)")
            if filters.model:
                values |= {"model": filters.model, "against": filters.against}
            answered = queries.ANSWERED if filters.model else ""
            where = f"WHERE {' AND '.join(parts)}" if parts else ""
            found = cursor.execute(f"SELECT nr FROM samples {answered} {where} ORDER BY nr", values)  # noqa: S608
            return np.asarray(found.fetchnumpy()["nr"], np.int64)

    def _hits(self, words: str) -> list[int]:
        if len(words) == 32 and (rows := self.rows("SELECT nr FROM samples WHERE id = $id", {"id": words.lower()})):
            return [row["nr"] for row in rows]
        return self.index.find(words)

    def sample(self, task: str, id_: str) -> Row | None:
        """A sample with all its columns, and what was found about it; None if it is not there."""
        values = {"task": task, "id": id_}
        sample = self.row("SELECT * FROM samples WHERE task = $task AND id = $id", values)
        if sample is None:
            return None
        return sample | self.findings([sample])[0]

    def findings(self, samples: Sequence[Row]) -> list[Row]:
        """What was found about samples of successive numbers: the rows `leaks` and `twins` of each, and `contested`."""
        values = {"first": samples[0]["nr"], "last": samples[-1]["nr"]}
        leaks, twins = (_by_number(self.rows(query, values)) for query in (queries.LEAKS, queries.NEAR))
        contested = {row["nr"]: row for row in self.rows(queries.CONFLICTS, values)}
        numbers = [sample["nr"] for sample in samples]
        return [
            {"leaks": leaks.get(nr, []), "twins": twins.get(nr, []), "contested": contested.get(nr)} for nr in numbers
        ]

    def answered(self, evaluation: str, task: str, id_: str) -> Row | None:
        """The answer of a model to a sample; None if it gave none."""
        values = {"evaluation": evaluation, "task": task, "id": id_}
        return self.row("SELECT * FROM answers WHERE evaluation = $evaluation AND task = $task AND id = $id", values)

    def task(self, task: str) -> dict[str, list[Row]]:
        """What is known of a task: rows by what they say."""
        return {name: self.rows(query, {"task": task}) for name, query in queries.TASK.items()}


def _by_number(rows: Sequence[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["nr"], []).append(row)
    return found
