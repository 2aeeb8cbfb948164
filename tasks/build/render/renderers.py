"""All renderers: importing this module registers them; a new shape of answer adds its module here."""

from schemas.task import Task
from tasks.build.render import chains, documents, form, render, rows

__all__ = ["chains", "documents", "form", "modules", "render", "rows"]


def modules(task: Task) -> tuple[str, ...]:
    """The modules of the renderer of a task and of the form of its answers."""
    return tuple(dict.fromkeys(found.dispatch(type(task)).__module__ for found in (render, form)))
