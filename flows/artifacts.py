"""What a build shows in the Prefect UI: a table of the sources, and links to the report and the Data Docs."""

from collections.abc import Sequence
from pathlib import Path

from prefect import get_run_logger
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from flows.console.changes import diff_summary
from flows.rows import plan_rows, source_rows, summary
from schemas.diff import SplitDiff
from schemas.errors import GateRefused
from schemas.plan import Plan
from schemas.receipts import Release, Verdict
from schemas.state import State
from tasks.base.store.root import Root
from tasks.build.diff.record import last, place


def show_plan(plan: Plan) -> None:
    """Say what is due and what is not: in the log, and as a table with the reasons."""
    get_run_logger().info(summary(plan))
    create_table_artifact(
        key="plan", table=[row.model_dump() for row in plan_rows(plan)], description=f"The plan: {summary(plan)}"
    )


def show_sources(state: State, verdicts: Sequence[Verdict]) -> None:
    """Publish the table of the sources."""
    create_table_artifact(
        key="sources",
        table=[row.model_dump() for row in source_rows(state, verdicts)],
        description="What became of each source",
    )


def show_release(release: Release) -> None:
    """Publish links to the release's pages."""
    pages = {"report": ("report.html", "Report"), "data-docs": ("quality/index.html", "Data Docs")}
    for key, (name, title) in pages.items():
        uri = f"{release.uri}/{name}"
        link = Path(uri).as_uri() if Root(release.uri).is_local else uri
        create_link_artifact(key=key, link=link, link_text=f"{title} of {release.version}", description=title)


def show_diff(root: Root, release: Release) -> None:
    """Publish what changed since the release before, with the place of the page; nothing where there is none."""
    diff = last(root, release.version)
    if diff is None:
        return
    rows = [f"| {each.task} | {each.split} | {each.before:,} | {each.after:,} | {_why(each)} |" for each in diff.splits]
    table = ["| Task | Split | Before | After | Why |", "| --- | --- | ---: | ---: | --- |", *rows] if rows else []
    page = f"Page: `{place(diff.before, diff.after, 'html')}` in the root"
    create_markdown_artifact(
        key="diff",
        markdown="\n".join(["# What changed", "", f"{diff_summary(diff)}. {page}.", "", *table]),
        description=f"What changed since {diff.before}",
    )


def _why(split: SplitDiff) -> str:
    told = "; ".join(f"{each.rows:,} {each.kind}: {each.cause}" for each in split.causes)
    return told.replace("|", "\\|").replace("\n", " ")


def show_refusal(error: GateRefused) -> None:
    """Publish why the gate refused."""
    create_markdown_artifact(key="refusal", markdown=f"# Nothing was published\n\n```\n{error}\n```\n")
