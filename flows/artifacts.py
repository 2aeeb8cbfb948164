"""What a run shows in the Prefect UI: tables and pages whose keys line up over the runs, and links that open."""

from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from prefect import get_run_logger
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from flows.console.changes import diff_summary
from flows.console.words import count
from flows.rows import changed_rows, plan_rows, summary
from schemas.diff import SplitDiff
from schemas.errors import GateRefused
from schemas.plan import Plan
from schemas.receipts import Release, Verdict
from schemas.settings import Settings
from schemas.state import State
from sources import stays, tasks
from tasks.base.store.root import Root
from tasks.build.builds.build import Build
from tasks.build.diff.record import last, place
from tasks.build.summary.changes import Change
from tasks.build.summary.pages import parity_page, verdicts_page

REPORTS = {"report": ("report.html", "Report"), "data-docs": ("quality/index.html", "Quality pages")}
"""Artifacts of a release: the page in its folder, and the title."""


def show_plan(plan: Plan) -> None:
    """Say what is due and what is not: in the log, and as a table with the reasons."""
    get_run_logger().info(summary(plan))
    rows = [row for row in plan_rows(plan) if not stays(row.source)]
    create_table_artifact(
        key="plan", table=[row.model_dump() for row in rows], description=f"The plan: {summary(plan)}"
    )


def show_build(state: State, verdicts: Sequence[Verdict], changed: Mapping[str, Change]) -> None:
    """Show what became of each source, what the expectations found, and the build against the paper.

    Sources that must stay on this machine are left out: the server may be elsewhere.
    """
    told = tuple(built for built in state.sources if not stays(built.source))
    own = len(state.sources) - len(told)
    untold = f"; of your own, {own} not shown here" if own else ""
    build = Build(state.model_copy(update={"sources": told}))
    verdicts = [verdict for verdict in verdicts if not stays(verdict.source)]
    rows = changed_rows(build.state, verdicts, changed)
    differing = sum(bool(row["change"]) for row in rows)
    create_table_artifact(
        key="sources",
        table=rows,
        description=f"{count(len(rows), 'source')}, {differing} changed since the last build{untold}",
    )
    failed = Counter(verdict.severity for verdict in verdicts if not verdict.success)
    create_markdown_artifact(
        key="verdicts",
        markdown=verdicts_page(build, verdicts),
        description=f"Expectations: {failed['critical']} critical, {count(failed['warning'], 'warning')}",
    )
    create_markdown_artifact(key="parity", markdown=parity_page(build), description="Against Table 11 of the paper")


def show_release(release: Release, root: Root) -> None:
    """Show the pages of a release."""
    for key, (name, title) in REPORTS.items():
        show_page(key, f"{title} of {release.version}", f"{release.uri}/{name}", root)


def show_page(key: str, title: str, uri: str, root: Root) -> None:
    """Show a page: as a link where it is served, else where it lies, as text, because no browser opens that from here.

    Args:
        key: of the artifact.
        title: of the page.
        uri: where it lies.
        root: the root of the run.
    """
    link = served(uri, root)
    if link is None:
        create_markdown_artifact(key=key, markdown=f"{title}: `{uri}`", description=title)
    else:
        create_link_artifact(key=key, link=link, link_text=title, description=title)


def served(uri: str, root: Root) -> str | None:
    """The address under which a page of a root can be opened; None where it is not served."""
    settings = Settings()
    place = uri.removeprefix(f"{root.url}/")
    if settings.reports_url is None or place == uri or Root(settings.root).url != root.url:
        return None
    return f"{settings.reports_url.rstrip('/')}/{quote(place)}"


def show_diff(root: Root, release: Release) -> None:
    """Publish what changed since the release before, with the place of the page; nothing where there is none."""
    diff = last(root, release.version)
    if diff is None:
        return
    told = [each for each in diff.splits if not (each.task in tasks() and tasks()[each.task][0].stays)]
    rows = [f"| {each.task} | {each.split} | {each.before:,} | {each.after:,} | {_why(each)} |" for each in told]
    table = ["| Task | Split | Before | After | Why |", "| --- | --- | ---: | ---: | --- |", *rows] if rows else []
    where = place(diff.before, diff.after, "html")
    link = served(root.uri(where), root)
    page = f"[The whole page]({link})" if link else f"The whole page is `{where}` in the root"
    create_markdown_artifact(
        key="diff",
        markdown="\n".join(["# What changed", "", f"{diff_summary(diff)}. {page}.", "", *table]),
        description=f"What changed since {diff.before}",
    )


def _why(split: SplitDiff) -> str:
    told = "; ".join(f"{each.rows:,} {each.kind}: {each.cause}" for each in split.causes)
    return told.replace("|", "\\|").replace("\n", " ")


def show_refusal(error: GateRefused) -> None:
    """Show why the gate refused."""
    create_markdown_artifact(
        key="refusal",
        markdown=f"# Nothing was published\n\n```\n{error}\n```\n",
        description="Why nothing was published",
    )
