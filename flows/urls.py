"""The flow `urls`: asks the declared addresses, and shows what became of them."""

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact

from flows.artifacts import show_page
from schemas.settings import Settings
from sources import find, registry
from tasks.base.store.phases import phase
from tasks.base.store.root import Root
from tasks.build.builds.runs import now
from tasks.build.links.check import check
from tasks.build.links.summary import counts, troubles, write_page


def _name() -> str:
    return f"urls · {now():%Y-%m-%d %H:%M:%S}"


@flow(name="urls", flow_run_name=_name, persist_result=False)
def urls(sources: list[str] | None = None, root: str | None = None) -> dict[str, int]:
    """Ask the declared addresses whether their files are still there.

    Args:
        sources: ids of the sources; none for all.
        root: keeps what was found; `MEDINST_ROOT`, else `./data`.

    Returns:
        the number of addresses by verdict.
    """
    settings = Settings()
    place = Root(root or settings.root)
    chosen = [find(name) for name in sources] if sources else list(registry().values())
    with phase("ask"):
        links = check(chosen, place, settings)
    found = counts(links)
    words = ", ".join(f"{number} {verdict}" for verdict, number in found.items())
    get_run_logger().info(words)
    page = write_page(links, place)
    rows = [
        {"source": link.source, "verdict": link.verdict, "since": link.since, "address": link.url, "found": link.detail}
        for link in troubles(links)
    ]
    create_table_artifact(key="links", table=rows, description=f"Declared addresses that need a person: {words}")
    show_page("link-report", f"Link report: {words}", place.uri(page), place)
    return {str(verdict): number for verdict, number in found.items()}
