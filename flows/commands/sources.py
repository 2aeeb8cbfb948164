"""medinst sources."""

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import out, print_json


def sources(json: Json = False, root: RootOption = ROOT) -> None:
    """List the declared sources: access, licence, and what the newest build has of them.

    Example: medinst sources --json
    """
    from flows.console import declared
    from flows.console.base import say_unpublished

    say_unpublished(root)
    rows = declared.source_rows(root)
    print_json(rows) if json else out().print(declared.source_table(rows))
