"""Which version `latest.json` names, and how somebody moves it."""

from pathlib import Path

import pytest

from schemas.errors import VersionError
from tasks.base.store.root import Root
from tasks.base.versions.find import mixtures, releases
from tasks.base.versions.pointers import held_back, lacking, point
from tasks.base.versions.rollback import choices, roll_back
from tests.support.manifests import mixture, put, release

TASK = {"category": "QA", "source": "s", "language": "en", "licence": "cc-by-4.0", "rows": {"train": 1}}


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(str(tmp_path))


def publish(root: Root, version: str, tasks: str, replace: bool = False, **fields: object) -> str | None:
    """Publish a release of some tasks, a letter each; gives the latest."""
    said = {"tasks": dict.fromkeys(tasks, TASK), "partial": True} | fields
    put(root, f"releases/{version}", release(version, **said), latest=False)
    versions = releases(root)
    found = versions.find(version)
    assert found is not None
    point(versions, found, replace)
    return versions.latest


def partial(root: Root) -> str:
    return root.read_json("releases/latest-partial.json")["version"]


def test_the_first_release_is_the_latest_even_if_it_is_partial(root: Root) -> None:
    assert publish(root, "r1", "A") == "r1"
    assert partial(root) == "r1"


@pytest.mark.parametrize("whole", [False, True], ids=["whole", "partial"])
def test_a_partial_release_that_lacks_tasks_does_not_replace_one(root: Root, whole: bool) -> None:
    publish(root, "r1", "ABCDE", partial=whole)
    assert publish(root, "r2", "AX") == "r1"
    assert partial(root) == "r2"
    assert held_back(releases(root), "r2", "medinst build a") == (
        "releases/latest.json still names r1: the new release lacks B, C, D and 1 more, so latest-partial.json names "
        "it. To replace the latest release all the same: medinst build a --replace"
    )
    assert held_back(releases(root), "r1", "") == ""
    assert publish(root, "r2", "AX", replace=True) == "r2"


def test_miniatures_never_replace_the_publishers_files_unless_asked_and_always_make_way_for_them(root: Root) -> None:
    publish(root, "demo1", "ABCDE", original=False)
    assert publish(root, "r1", "A") == "r1"
    assert publish(root, "demo2", "ABCDE", original=False) == "r1"
    assert publish(root, "demo3", "ABCDE", original=False, partial=False) == "r1"
    assert held_back(releases(root), "demo3", "medinst build") == (
        "releases/latest.json still names r1: the new release is not made of the publishers' files. To replace the "
        "latest release all the same: medinst build --replace"
    )
    assert publish(root, "demo4", "A", original=False, replace=True) == "demo4"
    assert publish(root, "demo5", "AB", original=False) == "demo5"


def test_one_that_has_all_and_more_does(root: Root) -> None:
    publish(root, "r1", "AB")
    assert publish(root, "r2", "ABC") == "r2"


def test_a_task_that_is_withheld_for_a_reason_is_accounted_for(root: Root) -> None:
    """Such as one whose file cannot be reached: the gate says whether it may be lost."""
    publish(root, "r1", "AB", partial=False)
    assert publish(root, "r2", "A", withheld={"B": "`b.zip` is unreachable"}) == "r2"


def test_a_full_release_always_does(root: Root) -> None:
    """A task that no source declares any more is gone."""
    publish(root, "r1", "AB", partial=False)
    assert publish(root, "r2", "A", partial=False) == "r2"
    assert not root.exists("releases/latest-partial.json")


def test_a_latest_release_that_is_gone_holds_nothing_back(root: Root) -> None:
    root.write_json("releases/latest.json", {"version": "gone"})
    assert publish(root, "r1", "A") == "r1"


def test_pointers_are_no_versions(root: Root) -> None:
    publish(root, "r1", "A")
    assert releases(root).names() == ["r1"]


def test_mixtures_are_never_held_back(root: Root) -> None:
    put(root, "mixtures/small/m1", mixture("m1"))
    put(root, "mixtures/small/m2", mixture("m2", partial=True), latest=False)
    versions = mixtures(root, "small")
    found = versions.find("m2")
    assert found is not None
    assert lacking(versions, found) == ()
    point(versions, found)
    assert versions.latest == "m2"
    assert not root.exists("mixtures/small/latest-partial.json")


def test_any_version_with_a_pointer_can_be_rolled_back_to(root: Root) -> None:
    publish(root, "r1", "ABC")
    publish(root, "r2", "A", replace=True)
    put(root, "mixtures/small/m1", mixture("m1"), latest=False)
    put(root, "mixtures/small/m2", mixture("m2"))
    named = {(each.found.folder, each.latest) for each in choices(root)}
    assert named == {
        ("releases/r1", False),
        ("releases/r2", True),
        ("mixtures/small/m1", False),
        ("mixtures/small/m2", True),
    }
    assert roll_back(root, "r1") == ("releases", "r2", "r1")
    assert roll_back(root, "mixtures/small/m1/") == ("mixtures/small", "m2", "m1")
    assert roll_back(root, "r1") == ("releases", "r1", "r1")
    assert (releases(root).latest, mixtures(root, "small").latest) == ("r1", "m1")


def test_a_version_that_is_not_there_or_not_the_only_one_moves_nothing(root: Root) -> None:
    publish(root, "2026.11.0-local-0123abcd", "A")
    for name in ("one", "two"):
        put(root, f"mixtures/{name}/same", mixture("same"))
    with pytest.raises(VersionError, match=r"did you mean `2026.11.0-local-0123abcd`.*medinst rollback"):
        roll_back(root, "2026.11.0-local-0123abce")
    with pytest.raises(VersionError, match="mixtures/one/same, mixtures/two/same"):
        roll_back(root, "same")
    (root_ := Path(root.url, "releases", "half")).mkdir()
    with pytest.raises(VersionError, match="has no version `half`"):
        roll_back(root, root_.name)
