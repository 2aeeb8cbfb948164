"""By which kind of metric the answers of a task are scored, told by its answer form."""

from schemas.task import Classes, Task
from tasks.build.render.renderers import form


def metric_kind(task: Task) -> str:
    """The kind of metric of a task's answer form, such as `brackets`, `label` or `text`."""
    labels = "list" if isinstance(task, Classes) and task.multiple else "label"
    return {"labels": labels, "text": "text", "score": "score", "tags": "tags"}.get(form(task).name, "brackets")
