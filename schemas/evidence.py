"""Who says that a licence holds, for what, and what it asks for in the case of one source."""

from collections.abc import Collection

from pydantic import Field

from schemas.base import Line, Model, TaskName
from schemas.licence import About, Licence
from schemas.task import Split


class Evidence(Model):
    """Who says that the licence is what we declare.

    Attributes:
        url: the page or file of the authors that states it, or the place where they state none.
        words: what is said there, in short and in our words.
        about: what it speaks of.
        credit: a line that the authors ask to be shown, word for word.
        enclosed: files in tasks/base/licences/texts/ that must be part of every copy, such as a copyright notice; if
            none is named and the licence wants its text in every copy, `<licence>.txt`.
    """

    url: Line
    words: Line
    about: tuple[About, ...] = Field(min_length=1)
    credit: Line | None = None
    enclosed: tuple[Line, ...] = ()


class Further(Evidence):
    """A licence that holds beside that of the source: for its texts, codes or copies, or for a part of it only.

    Attributes:
        tasks: the tasks for which it holds; empty for all.
        splits: the splits for which it holds; empty for all.
    """

    licence: Licence
    tasks: tuple[TaskName, ...] = ()
    splits: tuple[Split, ...] = ()

    def holds(self, task: str | None, splits: Collection[Split]) -> bool:
        """Whether it holds for a task and any of some splits; no task and no split ask for what holds for all."""
        return (not self.tasks or task in self.tasks) and (not self.splits or bool(set(self.splits) & set(splits)))
