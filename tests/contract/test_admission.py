"""For each source and profile, what may be published follows from the declared licence and access, at every gate."""

import re

import pytest

import tasks.build.publish
from schemas.errors import PublishError
from schemas.licence import Profile
from schemas.receipts import Order
from schemas.release import ReleaseContent, ReleaseTask
from schemas.source import Source
from schemas.state import Built, State
from sources import find, registry
from tasks.base.licences.profiles import PROFILES, contents
from tasks.build.builds.build import Build
from tasks.build.builds.order import refused
from tests.support.places import CHECKOUT

PAGE = CHECKOUT / "docs" / "licences.md"
EACH = [pytest.param(name, profile, id=f"{name} {profile}") for name in registry() for profile in PROFILES]


def may_hold(profile: Profile, source: Source) -> bool:
    """The rule in its own words: `open` wants the right to pass on, and only `local` holds what an agreement binds."""
    if profile == "open":
        return source.licence.terms.redistribute and source.access != "agreement"
    return profile == "local" or source.access != "agreement"


def state(profile: Profile) -> State:
    return State(order=Order(profile=profile), sources=tuple(Built(source=name) for name in registry()))


@pytest.mark.parametrize("profile", PROFILES)
def test_a_build_leaves_out_what_its_profile_may_not_hold(profile: Profile) -> None:
    wanted = {name for name, source in registry().items() if not may_hold(profile, source)}
    assert set(refused(state(profile).order)) == wanted
    narrowed = Build(state("local")).admitted(profile)
    assert {built.source for built in narrowed.state.sources if built.withheld} == wanted
    assert narrowed.order.profile == profile
    assert {lost.source for lost in contents(profile).lost} == wanted


@pytest.mark.parametrize(("name", "profile"), EACH)
def test_publication_refuses_exactly_what_the_profile_may_not_hold(name: str, profile: Profile) -> None:
    source = find(name)
    task = ReleaseTask(
        name=source.tasks[0].name, category=source.tasks[0].category, source=name, language=source.language,
        licence=source.licence.value, instruction="", splits={},
    )  # fmt: skip
    content = ReleaseContent.model_construct(version="v", profile=profile, tasks=(task,))
    if may_hold(profile, source):
        tasks.build.publish._check_licences(content, {name: source})
    else:
        with pytest.raises(PublishError, match=rf"{re.escape(task.name)}: profile `{profile}`"):
            tasks.build.publish._check_licences(content, {name: source})


@pytest.mark.parametrize(("name", "profile"), EACH)
def test_the_page_says_what_each_profile_may_hold(name: str, profile: Profile) -> None:
    line = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if f"(sources/{name}.md)" in line)
    cells = [cell.strip() for cell in line.strip("|").split(" | ")]
    shown = dict(zip(PROFILES, cells[3:6], strict=True))
    assert shown[profile] == ("yes" if may_hold(profile, find(name)) else "no")
    assert find(name).evidence.url in line
