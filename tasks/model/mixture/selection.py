"""Which tasks a recipe draws from, and whether its quotas can be met."""

from collections import Counter
from collections.abc import Container, Mapping
from typing import NamedTuple

from schemas.errors import MixtureError, did_you_mean
from schemas.mixture import Recipe, Selection
from schemas.source import Source
from schemas.task import CATEGORIES, Task

Declared = Mapping[str, tuple[Source, Task]]


class Chosen(NamedTuple):
    """The tasks that a recipe chooses.

    Attributes:
        tasks: those that it may draw from.
        withheld: those that its licence profile or its choice of answerable tasks excludes -> why.
    """

    tasks: tuple[str, ...]
    withheld: dict[str, str]


def choose(
    recipe: Recipe, declared: Declared, held_out: Mapping[str, object], asked: Container[str] | None = None
) -> Chosen:
    """The tasks of a recipe.

    Args:
        recipe: the recipe.
        declared: all tasks by name, with their sources.
        held_out: the held-out tasks of MedINST32.
        asked: tasks that the build was asked for; others that the paper does not have are not missed in it. None: all.

    Raises:
        MixtureError: it names what is not declared, chooses nothing that it may hold, or contradicts itself.
    """
    _check_names(recipe, declared)
    whole = recipe.include == Selection()
    named = [
        name
        for name, (source, task) in sorted(declared.items())
        if (whole or _means(recipe.include, source, task)) and not _means(recipe.exclude, source, task)
        if source.collection in recipe.collections
        if asked is None or source.collection == "paper" or name in asked or name in recipe.include.tasks
    ]
    wanted = [name for name in named if not (recipe.unseen and name in held_out)]
    withheld = {name: reason for name in wanted if (reason := _refusal(recipe, *declared[name]))}
    tasks = tuple(name for name in wanted if name not in withheld)
    if not tasks:
        raise _nothing(recipe, withheld)
    _check_quotas(recipe, {name: declared[name][1].category for name in tasks}, withheld)
    return Chosen(tasks, withheld)


def _means(selection: Selection, source: Source, task: Task) -> bool:
    return task.name in selection.tasks or task.category in selection.categories or source.id in selection.sources


def _refusal(recipe: Recipe, source: Source, task: Task) -> str | None:
    if task.answerable not in recipe.answerable:
        wanted = ", ".join(recipe.answerable)
        return (
            f"the recipe takes only tasks with `answerable: {wanted}`, this one has `{task.answerable}`: {task.because}"
        )
    limits = (licence.terms for licence in source.licences(task, "train") if not licence.terms.commercial)
    if recipe.commercial and (limit := next(limits, None)):
        return f"the recipe is `commercial`, and the licence does not permit commercial use: {limit.title}"
    return source.refusal(recipe.profile, task, "train")


def _check_names(recipe: Recipe, declared: Declared) -> None:
    sources = {source.id for source, _ in declared.values()}
    for field in ("include", "exclude"):
        selection: Selection = getattr(recipe, field)
        for kind, known in (("tasks", declared), ("categories", CATEGORIES), ("sources", sources)):
            for name in getattr(selection, kind):
                _check(
                    name, known, f"{recipe.name}: {field}.{kind}", f"medinst {'tasks' if kind != 'sources' else kind}"
                )
    for field in ("caps", "quotas"):
        for name in getattr(recipe, field):
            _check(name, {**declared, **CATEGORIES}, f"{recipe.name}: {field}", "medinst tasks")


def _check(name: str, known: Mapping[str, object] | set[str], place: str, command: str) -> None:
    if name not in known:
        raise MixtureError(
            f"{place} names `{name}`, which is not there{did_you_mean(name, known)}. All names: {command}"
        )


def _nothing(recipe: Recipe, withheld: Mapping[str, str]) -> MixtureError:
    if not withheld:
        return MixtureError(f"{recipe.name}: include, exclude and unseen leave no task. All tasks: medinst tasks")
    reasons = "; ".join(f"{reason} ({number} tasks)" for reason, number in Counter(withheld.values()).most_common(3))
    wider = "`commercial: false`" if recipe.commercial else "`profile: local`"
    if any("`answerable: " in reason for reason in withheld.values()):
        wider = "`answerable: [yes, partly, no]`"
    return MixtureError(
        f"{recipe.name}: no task that it chooses may be in it under profile `{recipe.profile}`: {reasons}. "
        f"Choose other tasks, or say {wider}. The licences: medinst sources",
        withheld=dict(withheld),
    )


def _check_quotas(recipe: Recipe, tasks: Mapping[str, str], withheld: Mapping[str, str]) -> None:
    """Refuse quotas that cannot all hold, whatever the samples are.

    Args:
        recipe: the recipe.
        tasks: the tasks that may be drawn from -> their categories.
        withheld: those that may not -> why.
    """
    asked = recipe.asked
    for name, amount in asked.items():
        if name not in tasks and name not in tasks.values():
            why = withheld.get(name, "the recipe does not choose it")
            raise MixtureError(f"{recipe.name}: quota of {amount:,} for {name}, which has nothing to give: {why}")
        general = recipe.category_cap if name in CATEGORIES else recipe.task_cap
        limit = recipe.caps.get(name, general)
        if limit is not None and limit < amount:
            raise MixtureError(f"{recipe.name}: quota of {amount:,} for {name} is above its cap of {limit:,}")
    for category in sorted(set(tasks.values())):
        within = sum(amount for name, amount in asked.items() if tasks.get(name) == category)
        room = asked.get(category, recipe.caps.get(category, recipe.category_cap))
        if room is not None and within > room:
            raise MixtureError(
                f"{recipe.name}: task quotas in {category} add up to {within:,}, but its own quota is {room:,}"
            )
    whole = sum(amount for name, amount in asked.items() if tasks.get(name) not in asked)
    if recipe.size is not None and whole > recipe.size:
        raise MixtureError(
            f"{recipe.name}: quotas ask for {whole:,}, and the whole mixture has {recipe.size:,}. "
            "Lower the quotas or raise the size."
        )
