"""Names of tasks where harnesses read hyphens and dots as something else."""


def plain(task: str) -> str:
    """A task's name in lower case, with `_` for its hyphens and dots: `bc5cdr_ned` for BC5CDR-NED."""
    return task.replace(".", "_").replace("-", "_").lower()
