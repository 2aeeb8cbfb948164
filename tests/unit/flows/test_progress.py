"""The lines of a build's progress."""

from rich.console import Console
from rich.progress import Progress

from flows.console.progress import Lines
from tasks.base.store.phases import Moment


def shown(lines: Lines) -> dict[str, tuple[float, float | None, str]]:
    """The visible lines: phase -> what is done, of how many, in words."""
    return {
        task.description: (task.completed, task.total, task.fields["words"])
        for task in lines.progress.tasks
        if task.visible
    }


def lines_of(sources: int) -> Lines:
    lines = Lines(Progress(console=Console(quiet=True)))
    lines.totals.update(read=sources, index=sources)
    return lines


def test_prefect_starts_before_anything_else() -> None:
    assert shown(lines_of(2)) == {"start": (0, None, "starting Prefect")}


def test_a_phase_says_what_is_done_and_what_is_at_work() -> None:
    lines = lines_of(3)
    for moment in (Moment("read", "bc5cdr"), Moment("read", "mqp"), Moment("read", "mqp", 0.1)):
        lines.show(moment)
    assert shown(lines) == {"read": (1, 3, "1 of 3 sources: bc5cdr")}


def test_a_failure_is_counted() -> None:
    lines = lines_of(2)
    for moment in (Moment("read", "mqp"), Moment("read", "mqp", 0.1, "OSError: no")):
        lines.show(moment)
    assert shown(lines)["read"][2] == "1 of 2 sources, [red]1 failed[/]"


def test_a_finished_phase_vanishes() -> None:
    lines = lines_of(1)
    for moment in (Moment("index", "mqp"), Moment("index", "mqp", 0.1), Moment("audit")):
        lines.show(moment)
    assert shown(lines) == {"audit": (0, None, "")}
    lines.show(Moment("audit", "", 2.0))
    assert shown(lines) == {}
