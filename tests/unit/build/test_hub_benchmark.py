"""A benchmark on the Hub: as a release goes there, and never in its place."""

from pathlib import Path

import pytest

from schemas.errors import EvaluationError, PublishError
from schemas.manifest import BenchmarkManifest
from tasks.base.store.root import Root
from tasks.base.versions.copy import copy
from tasks.base.versions.find import Found, benchmarks
from tasks.base.versions.write import write
from tasks.build.hub.address import HubDataset
from tasks.build.hub.sending import look, send
from tasks.model.benchmark.place import of_profile
from tests.support import manifests
from tests.support.hub import Hub, refused
from tests.unit.build.test_hub import REPO, TO, bytes_of, release

pytestmark = [
    pytest.mark.heavy,  # huggingface_hub and its client: one second
    pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning"),  # huggingface_hub's use of httpx2
]

NAMES = ("README.md", "eval.yaml", "data/AnEM/test.parquet", "data/AnEM-zs/test.parquet")


def benchmark(root: Path, version: str = "b1", names: tuple[str, ...] = NAMES, **said: object):
    def fill(folder: Path) -> BenchmarkManifest:
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(f"{version} {name}".encode() * 9)
        return manifests.benchmark(version, ("AnEM",), **said)

    return write(benchmarks(Root(str(root))), version, fill, replace=True)


def test_it_is_one_commit_and_one_tag(hub: Hub, target: HubDataset, tmp_path: Path) -> None:
    found = benchmark(tmp_path)
    seen = look(found, target)
    assert (seen.files, seen.due, hub.sent) == (len(NAMES) + 1, "all", [])
    published = send(found, target)
    assert hub.files(REPO, "b1").items() >= bytes_of(found).items()
    assert [len(hub.commits[REPO]), [*hub.tags[REPO]]] == [2, ["b1"]]
    assert (published.tasks, published.uri) == (1, f"{TO}@b1")
    hub.asked.clear()
    assert send(found, target) == published
    assert not hub.sent, "what is there is not sent again"


def test_a_run_that_ended_before_the_tag_is_continued(hub: Hub, target: HubDataset, tmp_path: Path) -> None:
    hub.faults[f"POST /api/datasets/{REPO}/tag"] = 503
    found = benchmark(tmp_path)
    message = refused(lambda: send(found, target))
    assert message.endswith(f"medinst publish --to {TO} --profile open --benchmark")
    hub.faults.clear()
    hub.asked.clear()
    send(found, target)
    assert [each.rpartition("/")[0] for each in hub.sent] == [f"POST /api/datasets/{REPO}/tag"]


def test_a_later_version_takes_the_place_of_the_earlier(hub: Hub, target: HubDataset, tmp_path: Path) -> None:
    send(benchmark(tmp_path), target)
    send(benchmark(tmp_path, "b2", NAMES[:3]), target)
    assert "data/AnEM-zs/test.parquet" not in hub.files(REPO)
    assert "data/AnEM-zs/test.parquet" in hub.files(REPO, "b1")


@pytest.mark.parametrize("first", [release, benchmark])
def test_neither_takes_the_place_of_the_other(hub: Hub, target: HubDataset, tmp_path: Path, first: object) -> None:
    there, other = (release, benchmark) if first is release else (benchmark, release)
    send(there(tmp_path), target)
    before = hub.files(REPO)
    hub.asked.clear()
    late: Found = other(tmp_path)
    message = refused(lambda: send(late, target))
    kinds = ("release", "benchmark") if first is release else ("benchmark", "release")
    assert f"holds a {kinds[0]}, " in message
    assert f"Name a dataset of its own for the {kinds[1]}" in message
    assert not hub.sent
    assert hub.files(REPO) == before


def test_what_may_not_be_shown_is_refused(hub: Hub, target: HubDataset, tmp_path: Path) -> None:
    local = refused(lambda: send(benchmark(tmp_path, profile="local"), target))
    assert local.endswith(f"medinst publish --to {TO} --profile open --benchmark")
    assert not hub.asked


def test_the_latest_is_published_if_it_has_the_profile(tmp_path: Path) -> None:
    root = Root(str(tmp_path))
    with pytest.raises(EvaluationError, match="no benchmark yet"):
        of_profile(root, "open")
    benchmark(tmp_path)
    assert of_profile(root, "open").version == "b1"
    benchmark(tmp_path, "b2", profile="local")
    with pytest.raises(PublishError, match="medinst benchmark --profile open"):
        of_profile(root, "open")


def test_it_goes_to_a_folder_too(tmp_path: Path) -> None:
    found = benchmark(tmp_path / "one")
    there = copy(found, benchmarks(Root(str(tmp_path / "two"))))
    assert bytes_of(there) == bytes_of(found)
    assert benchmarks(Root(str(tmp_path / "two"))).latest == "b1"
