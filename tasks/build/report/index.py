"""Which source a task belongs to and what a source is called, for all parts of the page."""

from collections.abc import Mapping

from schemas.release import ReleaseContent
from schemas.source import Source


class Index:
    """Looks up what the content names only by id.

    Attributes:
        sources: the declarations by id.
        source_of: task -> id of its source.
        category_of: task -> its category.
    """

    def __init__(self, content: ReleaseContent, sources: Mapping[str, Source]) -> None:
        self.sources = sources
        declared = [(task, source) for source in sources.values() for task in source.tasks]
        self.source_of = {task.name: source.id for task, source in declared}
        self.source_of |= {task.name: task.source for task in content.tasks}
        self.category_of: dict[str, str] = {row.task: row.category for row in content.parity}
        self.category_of |= {task.name: task.category for task, _ in declared}
        self.category_of |= {task.name: task.category for task in content.tasks}

    def title(self, source: str) -> str:
        """The name that a dataset's authors gave it, or the id where nothing declares it."""
        return self.sources[source].title if source in self.sources else source

    def homepage(self, source: str) -> str:
        """The authors' page, empty where nothing declares the source."""
        return self.sources[source].homepage if source in self.sources else ""

    def used(self, content: ReleaseContent) -> list[str]:
        """The ids of all sources that the content speaks of, sorted by title."""
        named = {*content.files, *(task.source for task in content.tasks)}
        named |= {row.source for row in content.records} | {row.source for row in content.lost}
        named |= {self.source_of[task] for task in content.withheld if task in self.source_of}
        return sorted(named - {""}, key=lambda source: (self.title(source).casefold(), source))
