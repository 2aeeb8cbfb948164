"""Full-text search in inputs and answers: an index of SQLite, built beside the first views."""

import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import duckdb

_AT_A_TIME = 2_000
_TERM = re.compile(r'"([^"]+)"|(\S+)')
_WORD = re.compile(r"\w+")


class Index:
    """The words of all samples.

    Attributes:
        total: samples to be indexed; `done`: those that are.
        failed: why the index could not be built; empty while all is well.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._path = folder / "words.sqlite"
        self._ready, self._stop = threading.Event(), threading.Event()
        self._connection = connection.cursor()
        self.total = _one(self._connection, "SELECT count(*) FROM samples")
        self.done = 0
        self.failed = ""
        self._thread = threading.Thread(target=self._build, name="search index", daemon=True)

    @contextmanager
    def building(self) -> Iterator[None]:
        """A block beside which the index is built."""
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join()

    def wait(self, seconds: float) -> bool:
        """Wait until it is built; says whether it is."""
        return self._ready.wait(seconds)

    def find(self, words: str) -> list[int]:
        """The numbers of the samples that have all words, ascending; none where there is no word."""
        expression = matching(words)
        if not expression:
            return []
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as index:
            rows = index.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid", (expression,))
            return [row for (row,) in rows]

    def _build(self) -> None:
        with suppress(AttributeError, OSError):  # first views go before
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
        try:
            with closing(sqlite3.connect(self._path)) as index:
                index.execute("PRAGMA journal_mode = OFF")
                index.execute("PRAGMA synchronous = OFF")
                index.execute(
                    "CREATE VIRTUAL TABLE words USING fts5"
                    "(input, output, content = '', tokenize = 'unicode61 remove_diacritics 2')"
                )
                rows = self._connection.execute("SELECT nr, input, output FROM samples ORDER BY nr")
                while (batch := rows.fetchmany(_AT_A_TIME)) and not self._stop.is_set():
                    index.executemany("INSERT INTO words (rowid, input, output) VALUES (?, ?, ?)", batch)
                    self.done += len(batch)
                index.commit()
        except (sqlite3.Error, duckdb.Error) as error:
            self.failed = f"The search index could not be built: {error}"
        finally:
            self._ready.set()


def terms(words: str) -> Iterator[str]:
    """The terms of a search: words, and phrases in double quotes."""
    for phrase, word in _TERM.findall(words):
        if _WORD.search(term := phrase or word):
            yield term


def matching(words: str) -> str:
    """A search as FTS5 writes it: samples with all terms. The last one may be the beginning of a word."""
    found = [f'"{term.replace(chr(34), " ")}"' for term in terms(words.replace("\0", " "))]
    if found and not words.rstrip().endswith('"'):
        found[-1] += "*"
    return " AND ".join(found)


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    rows = connection.execute(query).fetchall()
    return int(rows[0][0])
