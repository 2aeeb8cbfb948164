"""Which release a build is compared with."""

import json
from pathlib import Path

import pytest

from schemas.manifest import ReleasedTask
from tasks.base.store.root import Root
from tasks.build.drift.published import history, note, predecessor
from tests.support.manifests import put, release


@pytest.fixture
def root(tmp_path) -> Root:
    return Root(str(tmp_path))


def publish(
    root: Root,
    version: str,
    *tasks: str,
    profile: str = "open",
    withheld: tuple[str, ...] = (),
    original: bool = True,
) -> None:
    said = ReleasedTask(category="QA", source="s", language="en", licence="mit", rows={"train": 1})
    fields = {"profile": profile, "tasks": dict.fromkeys(tasks, said), "withheld": dict.fromkeys(withheld, "gone")}
    fields["original"] = original
    put(root, f"releases/{version}", release(version, **fields))
    note(root, release(profile=profile).profile, version)


def base(root: Root, *chosen: str, profile: str = "open", original: bool = True) -> str | None:
    found = predecessor(root, release(profile=profile).profile, chosen, original)
    return found and found.version


def test_a_first_release_has_nothing_before_it(root):
    assert base(root, "A") is None


def test_it_is_the_newest_of_the_profile_whatever_its_name(root):
    for version, profile in (("z", "open"), ("b", "open"), ("a", "local")):
        publish(root, version, "A", profile=profile)
    assert base(root, "A") == "b"
    assert base(root, "A", profile="local") == "a"
    assert base(root, "A", profile="research") is None


def test_miniatures_are_compared_with_miniatures_and_real_files_with_real_ones(root):
    publish(root, "demo", "A", "B", original=False)
    assert base(root, "A") is None
    publish(root, "real", "A")
    assert base(root, "A", "B") == "real"
    assert base(root, "A", "B", original=False) == "demo"


def test_a_version_that_is_published_again_is_the_newest_again(root):
    for version in ("a", "b", "a"):
        publish(root, version, "A")
    assert base(root, "A") == "a"
    assert [each.version for each in history(root, "open")] == ["a", "b"]


def test_a_part_of_the_tasks_is_not_what_all_are_compared_with(root):
    publish(root, "all", "A", "B", withheld=("C",))
    publish(root, "part", "A")
    assert base(root, "A", "B", "C") == "all"
    assert base(root, "A") == "part"


def test_with_a_new_task_it_is_the_release_that_was_asked_for_most(root):
    publish(root, "all", "A", "B")
    publish(root, "part", "A")
    assert base(root, "A", "B", "new") == "all"
    assert base(root, "new") is None


def test_whoever_moves_the_pointer_back_takes_back_what_came_later(root):
    publish(root, "good", "A")
    publish(root, "bad", "A")
    pointer = Path(root.uri("releases/latest.json"))
    pointer.write_text(json.dumps({"version": "good"}))
    assert base(root, "A") == "good"


def test_releases_that_nobody_noted_count_too(root):
    put(root, "releases/old", release("old", withheld={"A": "gone"}))
    assert base(root, "A") == "old"
