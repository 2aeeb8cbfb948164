"""Orders: what a build is asked for, completed with defaults and checked against the declarations."""

import os
import shlex
from collections.abc import Iterator, Sequence
from typing import TypedDict, Unpack

from schemas.audit import POLICIES, Policy
from schemas.base import Collections
from schemas.errors import DeclarationError, did_you_mean
from schemas.licence import Profile
from schemas.receipts import ORIGIN, Order
from schemas.settings import Settings
from schemas.source import Source
from schemas.task import Task
from sources import find, folders, registry, use
from sources import tasks as declared_tasks
from tasks.base.store.root import Root


class Wishes(TypedDict, total=False):
    """What a build may be asked for beside its sources; what is not there, or None, is the default.

    The options of `medinst build` and the parameters of the flow bear these names; `schemas.receipts.Order` says what
    each means.
    """

    tasks: Sequence[str] | None
    root: str | None
    mirrors: Sequence[str] | None
    profile: Profile | None
    frozen: bool
    workers: int | None
    fresh: bool
    near: Policy | None
    strict: bool
    recheck: bool
    replace: bool
    collection: Collections | None
    folders: Sequence[str] | None
    step_rows: int | None
    step_bytes: int | None


def make_order(sources: Sequence[str] | None = None, **wishes: Unpack[Wishes]) -> Order:
    """Fill in the defaults and check the names.

    Without a profile, a root on this machine is built for `local` use and a bucket for `research`, because what is
    `local` never leaves the machine.

    Args:
        sources: ids of the sources; none for all.
        wishes: what else is asked for.

    Raises:
        DeclarationError: an unknown source or task, a profile that does not suit the root, credentials in an address.
        FetchError: a mirror does not exist.
    """
    from tasks.build.fetch.mirror import open_mirror

    settings = Settings()
    said = {name: value for name, value in wishes.items() if value is not None}
    use_folders(wishes.get("folders"))
    place = Root(wishes.get("root") or settings.root)
    mirrors, tasks = wishes.get("mirrors") or (), wishes.get("tasks") or ()
    for mirror in (each for each in mirrors if each != ORIGIN):
        open_mirror(mirror, settings)
    profile = _profile(wishes.get("profile"), place)
    filled = {
        "sources": sorted({find(name).id for name in (*(sources or ()), *map(_source_of, tasks))}),
        "tasks": sorted(tasks),
        "root": place.url,
        "mirrors": tuple(mirrors) or (ORIGIN,),
        "profile": profile,
        "workers": wishes.get("workers") or settings.workers,
        "near": wishes.get("near") or POLICIES[profile],
        "folders": tuple(map(str, folders())),
        "step_rows": wishes.get("step_rows") or settings.step_rows,
        "step_bytes": wishes.get("step_bytes") or settings.step_bytes,
    }
    return Order.model_validate(said | filled)


def use_folders(own: Sequence[str] | None = None) -> None:
    """Use folders with sources of one's own: those that are named, else those that the environment names.

    Where neither names any, those that are in use stay.

    Raises:
        DeclarationError: one of them does not exist.
    """
    if named := own or [name for name in Settings().sources.split(os.pathsep) if name]:
        use(named)


def command(order: Order) -> str:
    """The command that builds what an order asks for."""
    return shlex.join(["medinst", "build", *_words(order)])


def _words(order: Order) -> Iterator[str]:
    """The arguments of that command, without those that are the default."""
    implied = {declared_tasks()[task][0].id for task in order.tasks if task in declared_tasks()}
    yield from (source for source in order.sources if source not in implied)
    for task in order.tasks:
        yield from ("--task", task)
    for mirror in order.mirrors if order.mirrors != (ORIGIN,) else ():
        yield from ("--mirror", mirror)
    place = Root(order.root)
    if place.url != Root(Settings().root).url:
        yield from ("--root", place.url)
    if order.profile != _profile(None, place):
        yield from ("--profile", order.profile)
    if order.near != POLICIES[order.profile]:
        yield from ("--near-duplicates", order.near)
    if order.collection != "paper":
        yield from ("--collection", order.collection)
    for folder in order.folders:
        yield from ("--sources", folder)
    flags = ("frozen", "fresh", "recheck", "strict", "replace")
    yield from (f"--{name}" for name in flags if getattr(order, name))


def _source_of(task: str) -> str:
    if task not in declared_tasks():
        guess = did_you_mean(task, declared_tasks())
        raise DeclarationError(f"There is no task `{task}`{guess}. List the tasks: medinst tasks")
    return declared_tasks()[task][0].id


def _profile(asked: Profile | None, root: Root) -> Profile:
    profile = asked or ("local" if root.is_local else "research")
    if profile == "local" and not root.is_local:
        raise DeclarationError(
            f"Profile `local` never leaves the machine, and the root {root.url} is not on it. "
            "Choose another: --profile research, or --profile open"
        )
    return profile


def chosen_sources(order: Order) -> list[Source]:
    """The sources that an order asks for, sorted by id."""
    wanted = {order.collection, "own"}
    return [
        source
        for name, source in registry().items()
        if (name in order.sources if order.sources else order.collection == "all" or source.collection in wanted)
    ]


def refused(order: Order) -> dict[str, str]:
    """The sources of which the profile of an order allows no task that is asked for, with the reasons."""
    reasons = {source.id: source.refused(order.profile) for source in chosen_sources(order)}
    return {
        source.id: "; ".join(dict.fromkeys(reasons[source.id].values()))
        for source in chosen_sources(order)
        if all(task.name in reasons[source.id] for task in chosen_tasks(order, source))
    }


def chosen_tasks(order: Order, source: Source) -> list[Task]:
    """The tasks of a source that an order asks for."""
    return [task for task in source.tasks if not order.tasks or task.name in order.tasks]


def chosen_parts(order: Order, source: Source) -> list[str]:
    """The parts of a source that the tasks of an order read."""
    wanted = {part for task in chosen_tasks(order, source) for part in task.reads}
    return [part for part in source.parts if part in wanted]


def is_partial(order: Order) -> bool:
    """Whether an order asks for only a part of what the paper has."""
    return bool(order.sources or order.tasks) or order.collection not in ("paper", "all")
