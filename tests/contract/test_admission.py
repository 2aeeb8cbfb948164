"""For each source and profile, what may be published follows from the declared licence and access, at every gate."""

import re

import pytest

from schemas.errors import PublishError
from schemas.licence import Profile, together
from schemas.receipts import Order
from schemas.release import ReleaseContent, ReleaseTask
from schemas.source import Source
from schemas.state import Built, State
from schemas.task import SPLITS
from sources import find, registry
from tasks.base.licences.profiles import PROFILES, contents
from tasks.build.builds.build import Build
from tasks.build.builds.order import refused
from tasks.build.publish import release
from tasks.tools.declare.licences_page import licences_page

EACH = [pytest.param(name, profile, id=f"{name} {profile}") for name in registry() for profile in PROFILES]


def may_hold(profile: Profile, source: Source, *wanted: str) -> bool:
    """The rule in its own words, for any of a source's tasks, or for one of them.

    `open` wants the right of everybody to pass on and to change what is in it, and only `local` holds what an agreement
    binds.
    """
    if profile == "open":
        return source.access != "agreement" and any(
            all(
                licence.terms.redistribute and licence.terms.derivatives and not licence.terms.non_profit
                for licence in source.licences(task)
            )
            for task in source.tasks
            if not wanted or task.name in wanted
        )
    return profile == "local" or source.access != "agreement"


def state(profile: Profile) -> State:
    return State(
        order=Order(profile=profile, collection="all"), sources=tuple(Built(source=name) for name in registry())
    )


@pytest.mark.parametrize("profile", PROFILES)
def test_a_build_leaves_out_what_its_profile_may_not_hold(profile: Profile) -> None:
    wanted = {name for name, source in registry().items() if not may_hold(profile, source)}
    assert set(refused(state(profile).order)) == wanted
    narrowed = Build(state("local")).admitted(profile)
    assert {built.source for built in narrowed.state.sources if built.withheld} == wanted
    assert narrowed.order.profile == profile
    lost = contents(profile).lost
    assert {one.source for one in lost if set(one.tasks) == {task.name for task in find(one.source).tasks}} == wanted


@pytest.mark.parametrize(("name", "profile"), EACH)
def test_publication_refuses_exactly_what_the_profile_may_not_hold(name: str, profile: Profile) -> None:
    source = find(name)
    task = ReleaseTask(
        name=source.tasks[0].name, category=source.tasks[0].category, source=name, language=source.language,
        licence=together(source.licences(source.tasks[0])), instruction="", splits={},
    )  # fmt: skip
    content = ReleaseContent.model_construct(version="v", profile=profile, tasks=(task,))
    if may_hold(profile, source, task.name):
        release._check_licences(content, {name: source})
    else:
        with pytest.raises(PublishError, match=rf"{re.escape(task.name)}: profile `{profile}`"):
            release._check_licences(content, {name: source})


@pytest.mark.parametrize("name", registry())
def test_the_page_says_what_each_profile_may_hold(name: str) -> None:
    source = find(name)
    lines = [line for line in licences_page().splitlines() if f"(sources/{name}.md)" in line]
    assert len(lines) == len({licence for task in source.tasks for licence in source.licences(task, *SPLITS)})
    for profile, shown in zip(PROFILES, zip(*(cells(line) for line in lines), strict=True), strict=True):
        admitted = {source.refusal(profile, task, split) is None for task in source.tasks for split in SPLITS}
        assert ("no" in shown) <= (False in admitted)
        assert ("yes" in shown) <= (True in admitted)
        assert ("in part" in shown) <= (len(admitted) == 2)
    for statement in (source.evidence, *source.also):
        assert any(statement.url in line for line in lines)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split(" | ")][3:6]
