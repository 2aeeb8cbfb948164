"""Starting the explorer: tables, search index and evaluations, in a folder that lives no longer than it does."""

from collections.abc import Iterator
from contextlib import contextmanager

from schemas.errors import EvaluationError
from tasks.base.store.scratch import scratch
from tasks.tools.explore.answers import Answers, Define
from tasks.tools.explore.explorer import Explorer
from tasks.tools.explore.find import Shown
from tasks.tools.explore.search import Index
from tasks.tools.explore.tables import opened


@contextmanager
def loaded(shown: Shown, define: Define) -> Iterator[Explorer]:
    """An explorer without its search index.

    Args:
        shown: what is explored.
        define: from a task to its definition.

    Raises:
        VersionError: it has no samples, or another version of this program made it.
        EvaluationError: the evaluation that was asked for cannot be read.
    """
    with scratch("explore") as folder, opened(shown.version, folder) as connection:
        answers = Answers(connection, shown.evaluations, define)
        if faults := answers.need(shown.first):
            raise EvaluationError(faults[0])
        explorer = Explorer(connection, Index(connection, folder), answers, shown, define)
        _ = explorer.tasks, explorer.choices
        yield explorer


@contextmanager
def started(shown: Shown, define: Define) -> Iterator[Explorer]:
    """An explorer as `loaded` gives it, whose search index is built meanwhile."""
    with loaded(shown, define) as explorer, explorer.index.building():
        yield explorer
