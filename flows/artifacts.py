"""What a build shows in the Prefect UI: a table of the sources, and links to the report and the Data Docs."""

from collections.abc import Sequence
from pathlib import Path

from prefect import get_run_logger
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from flows.rows import plan_rows, source_rows, summary
from schemas.errors import GateRefused
from schemas.plan import Plan
from schemas.receipts import Release, Verdict
from schemas.state import State
from sources import registry
from tasks.base.store.root import Root


def show_plan(plan: Plan) -> None:
    """Say what is due and what is not: in the log, and as a table with the reasons."""
    get_run_logger().info(summary(plan))
    rows = [row for row in plan_rows(plan) if not stays(row.source)]
    create_table_artifact(
        key="plan", table=[row.model_dump() for row in rows], description=f"The plan: {summary(plan)}"
    )


def show_sources(state: State, verdicts: Sequence[Verdict]) -> None:
    """Publish the table of the sources, without those that must stay on this machine: the server may be elsewhere."""
    rows = source_rows(state, verdicts)
    told = [row for row in rows if not stays(row.source)]
    untold = f"; of your own, {len(rows) - len(told)} not shown here" if len(told) < len(rows) else ""
    create_table_artifact(
        key="sources",
        table=[row.model_dump() for row in told],
        description=f"What became of each source{untold}",
    )


def stays(source: str) -> bool:
    """Whether a source must stay on this machine, so that nothing of it is told to a server."""
    return source in registry() and registry()[source].stays


def show_release(release: Release) -> None:
    """Publish links to the release's pages."""
    pages = {"report": ("report.html", "Report"), "data-docs": ("quality/index.html", "Data Docs")}
    for key, (name, title) in pages.items():
        uri = f"{release.uri}/{name}"
        link = Path(uri).as_uri() if Root(release.uri).is_local else uri
        create_link_artifact(key=key, link=link, link_text=f"{title} of {release.version}", description=title)


def show_refusal(error: GateRefused) -> None:
    """Publish why the gate refused."""
    create_markdown_artifact(key="refusal", markdown=f"# Nothing was published\n\n```\n{error}\n```\n")
