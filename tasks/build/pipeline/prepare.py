"""Getting ready to build: the root is held, killed builds are swept up, and it is known what is to be done."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from schemas.plan import Plan
from schemas.receipts import ORIGIN, Order
from schemas.settings import Settings
from sources import find
from tasks.base.store.leftovers import sweep
from tasks.base.store.phases import phase
from tasks.base.store.pool import helper
from tasks.base.store.root import Root
from tasks.build.builds.runs import locked
from tasks.build.diagnose.years import years_table
from tasks.build.fetch.network import look_for_network
from tasks.build.links.check import rechecked
from tasks.build.pipeline.plan import make_plan

_prepared: list[Plan] = []
"""The plan of the build that this process is getting ready for or running: it holds the root, so there is one."""


@contextmanager
def prepared(order: Order) -> Iterator[Plan]:
    """Hold a root for one build and plan it; within the block, the same order has the same plan.

    So a command can plan while Prefect starts, and the flow that it runs finds the plan made.

    Raises:
        RootInUse: another build holds the root.
        MedinstError: the root's table of years is none.
        FetchError: a mirror is not there.
        NoNetwork: all files are still to come from their publishers, and no server can be reached.
    """
    if _prepared and _prepared[-1].order == order:
        yield _prepared[-1]
        return
    root = Root(order.root)
    with locked(root):
        sweep(root)
        years_table(root)  # a fault in it is told before hours of work
        with rechecked(order, Settings()):
            with phase("plan"):
                plan = make_plan(order)
                if order.mirrors == (ORIGIN,) and not root.names("blobs"):
                    look_for_network(_hosts(plan))
            _prepared.append(plan)
            try:
                with helper(_judging if plan.ends else _ending):
                    yield plan
            finally:
                _prepared.remove(plan)


def _hosts(plan: Plan) -> Iterator[str]:
    """The hosts of the files that a plan fetches from their publishers."""
    for planned in plan.changed:
        source = find(planned.source)
        urls = (url for name in source.files for url in source.urls(name))
        if source.access == "open":
            yield from (host for url in urls if (host := urlsplit(url).hostname))


def _ending() -> None:
    """Import what the end of a build needs in a process of its own, which takes seconds."""
    import tasks.build.catalogue.write  # noqa: F401


def _judging() -> None:
    """The same of an end that judges."""
    import expectations.site
    import expectations.suite  # noqa: F401

    _ending()
