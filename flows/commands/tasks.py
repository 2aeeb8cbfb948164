"""medinst tasks."""

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import out, print_json


def tasks(json: Json = False, root: RootOption = ROOT) -> None:
    """List the declared tasks: category, source, labels, and what the newest build has of them.

    Example: medinst tasks --json
    """
    from flows.console import declared
    from flows.console.base import say_unpublished

    say_unpublished(root)
    rows = declared.task_rows(root)
    print_json(rows) if json else out().print(declared.task_table(rows))
