"""Getting ready to build: the root is held, killed builds are swept up, and it is known what is to be done."""

from collections.abc import Iterator
from contextlib import contextmanager

from schemas.plan import Plan
from schemas.receipts import Order
from tasks.base.store.phases import phase
from tasks.base.store.pool import helper
from tasks.base.store.root import Root
from tasks.build.builds.runs import locked
from tasks.build.pipeline.plan import make_plan

_prepared: list[Plan] = []
"""The plan of the build that this process is getting ready for or running: it holds the root, so there is one."""


@contextmanager
def prepared(order: Order) -> Iterator[Plan]:
    """Hold a root for one build and plan it; within the block, the same order has the same plan.

    So a command can plan while Prefect starts, and the flow that it runs finds the plan made.

    Raises:
        RootInUse: another build holds the root.
        FetchError: a mirror is not there.
    """
    if _prepared and _prepared[-1].order == order:
        yield _prepared[-1]
        return
    root = Root(order.root)
    with locked(root):
        root.sweep()
        with phase("plan"):
            plan = make_plan(order)
        _prepared.append(plan)
        try:
            with helper(_judging if plan.ends else _ending):
                yield plan
        finally:
            _prepared.remove(plan)


def _ending() -> None:
    """Import what the end of a build needs in a process of its own, which takes seconds."""
    import tasks.build.catalogue.write  # noqa: F401


def _judging() -> None:
    """The same of an end that judges."""
    import expectations.site
    import expectations.suite  # noqa: F401

    _ending()
