"""What others are made of: the build of the latest release, which neither a refused nor a partial build replaces."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from schemas.errors import MedinstError, VersionError
from schemas.mixture import Recipe
from schemas.plan import Plan
from schemas.state import State
from tasks.base.store.root import Root
from tasks.base.versions.find import mixtures, releases
from tasks.base.versions.pointers import held_back
from tasks.base.versions.rollback import choices, roll_back
from tasks.build.builds.base import base, unpublished
from tasks.build.builds.runs import Run, now
from tasks.build.builds.state import newest
from tasks.build.garbage.collect import collect, remove
from tasks.build.pipeline import finish
from tasks.build.pipeline.plan import make_plan
from tasks.model.mixture.write import write_mixture
from tests.support.gathering import gather
from tests.support.places import DEMO

pytestmark = pytest.mark.slow

SOURCES = ("bioinfer", "mqp")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Root:
    """Great Expectations is imported once for all tests."""
    monkeypatch.setattr(finish, "in_own_process", lambda function, *given: function(*given))
    return Root(str(tmp_path / "root"))


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A mirror whose spans miss their texts, which the gate refuses."""
    mirror = tmp_path / "mirror"
    (mirror / "bioinfer").mkdir(parents=True)
    (mirror / "mirror.json").write_text((DEMO / "mirror.json").read_text())
    for name in ("BioInfer-train.xml", "BioInfer-test.xml"):
        text = (DEMO / "bioinfer" / name).read_bytes()
        (mirror / "bioinfer" / name).write_bytes(text.replace(b'charOffset="', b'charOffset="1', 40))
    return mirror


def built(root: Root, sources: Sequence[str] = SOURCES, mirror: Path = DEMO, **options: object) -> tuple[State, str]:
    """Build; gives the build and its release, or nothing where the gate refused."""
    state = gather(Path(root.url), mirror, sources, **options)
    judged = finish.finish(state, Run(run=f"{now().timestamp()}", name="r", started=now(), profile="local"))
    return state, judged.release.version if judged.release else ""


def drawn(root: Root) -> str | None:
    """The release that a mixture drawn now says it is from."""
    made = write_mixture(base(root).state, Recipe(name="small", rows=5, samples="all"))
    found = mixtures(root, "small").find(made.version)
    assert found is not None
    return found.manifest.base


def test_a_refused_build_is_nobodys_base(root: Root, broken: Path) -> None:
    with pytest.raises(MedinstError, match="Nothing has been built"):
        base(root)
    _, first = built(root, ["bioinfer"])
    assert base(root) == (newest(root), "")
    assert unpublished(root, newest(root)) == ""
    _, refused = built(root, ["bioinfer"], broken)
    assert refused == ""
    assert newest(root).release == ""
    chosen = base(root)
    assert chosen.state.release == first
    assert "was refused by the gate" in chosen.about
    assert first in chosen.about
    assert drawn(root) == first
    _, again = built(root, ["bioinfer"])
    assert again == first
    assert base(root) == (newest(root), "")


def test_nothing_is_drawn_where_no_build_ever_passed(root: Root, broken: Path) -> None:
    built(root, ["bioinfer"], broken)
    with pytest.raises(MedinstError, match=f"refused by the gate.*medinst build bioinfer --mirror {broken}"):
        base(root)


def test_a_query_is_not_put_to_the_catalogue_of_another_build(root: Root, broken: Path) -> None:
    built(root, ["bioinfer"])
    built(root, ["bioinfer"], broken)
    recipe = Recipe(name="asked", rows=5, samples="all", query="SELECT id FROM samples WHERE split = 'train'")
    with pytest.raises(MedinstError, match=r"the catalogue of the newest build.*refused by the gate"):
        write_mixture(base(root).state, recipe)


def test_a_partial_build_replaces_the_latest_release_only_on_request(root: Root) -> None:
    _, whole = built(root)
    _, part = built(root, ["mqp"])
    versions = releases(root)
    assert (versions.latest, root.read_json("releases/latest-partial.json")["version"]) == (whole, part)
    said = held_back(versions, part, "medinst build mqp")
    assert "BioInfer, BioInfer-RE" in said
    assert said.endswith("medinst build mqp --replace")
    assert base(root).state.release == whole
    assert part in base(root).about
    assert drawn(root) == whole

    _, same = built(root, ["mqp"], replace=True)
    assert (same, versions.latest) == (part, part)
    assert held_back(versions, part, "") == ""
    assert drawn(root) == part

    assert {(each.found.version, each.latest) for each in choices(root) if each.versions.folder == "releases"} == {
        (whole, False),
        (part, True),
    }
    assert roll_back(root, whole)[1:] == (part, whole)
    assert base(root).state.release == whole
    with pytest.raises(VersionError, match=f"did you mean `{whole}`"):
        roll_back(root, whole[:-1] + "x")


def test_what_no_build_needs_is_removed_and_the_next_build_has_nothing_to_do(root: Root, broken: Path) -> None:
    state, first = built(root, near="remove")
    clean = {unit.place for each in collect(root, 0) for unit in each.garbage}
    assert clean == set()
    built(root, ["bioinfer"], broken)
    theirs = newest(root)
    kept = {unit.place for each in collect(root, 0) for unit in each.garbage}
    assert not kept & {batch.place for each in theirs.sources for batch in each.batches}, "the newest build stays"
    built(root, near="remove")
    assert not any(each.garbage for each in collect(root, 1))
    found = collect(root, 0)
    places = {unit.place for each in found for unit in each.garbage}
    assert {batch.place for each in theirs.sources for batch in each.batches} <= places
    assert {blob.place for each in theirs.sources if each.fetched for blob in each.fetched.blobs} <= places
    Path(root.url, "records", "notes.txt").write_text("of somebody")
    for unit in (unit for each in found for unit in each.garbage):
        remove(root, unit)
    assert Path(root.url, "records", "notes.txt").exists()
    assert not any(each.garbage for each in collect(root, 0))
    assert _due(make_plan(state.order)) == []
    assert drawn(root) == first


def _due(plan: Plan) -> list[str]:
    return [f"{due.stage} {due.subject}: {due.reason}" for source in plan.sources for due in source.due] + [
        f"{due.stage}: {due.reason}" for due in plan.ends
    ]
