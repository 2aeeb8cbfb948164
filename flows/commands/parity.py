"""medinst parity."""

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import out, print_json


def parity(json: Json = False, root: RootOption = ROOT) -> int:
    """Compare the newest build with the 163 rows of the paper's Table 11.

    Example: medinst parity --json
    """
    from flows.console.base import say_unpublished
    from flows.console.tables import parity_summary, parity_table
    from tasks.base.paper import parity as paper
    from tasks.base.store.root import Root
    from tasks.build.builds.build import Build
    from tasks.build.builds.state import newest

    say_unpublished(root)
    build = Build(newest(Root(root)))
    rows = paper.parity(build.counts, build.withheld, build.missing, build.derived)
    counts = paper.summary(rows)
    if json:
        shown = [{**row.model_dump(mode="json"), "ours": row.ours or (0, 0, 0)} for row in rows]
        print_json({"rows": shown, "summary": counts})
    else:
        out().print(parity_table(rows))
        out().print(parity_summary(rows))
        if not build.is_original:
            out().print("[yellow]This build is of miniatures: their counts say nothing about the paper's.[/]")
    return 1 if counts["unexplained"] and build.is_original else 0
