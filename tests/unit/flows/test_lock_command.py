"""`medinst lock` pins what the publishers' files were when they could be read, and nothing else."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

import tasks.build.fetch.lock
from flows.commands import lock as command
from flows.commands.lock import lock
from schemas.errors import RootInUse
from schemas.source import Source
from tasks.base.store.root import Root
from tasks.build.builds.runs import refuse_unusable
from tasks.build.fetch.lock import LockLine, merge_into, read_lock
from tests.support.places import DEMO
from tests.support.servers import Site, data, running_site

pytestmark = pytest.mark.heavy

BODY = (DEMO / "mqp" / "mqp.csv").read_bytes()
SHA256 = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    """A publisher's site, and a committed lock of one's own."""
    monkeypatch.setattr(tasks.build.fetch.lock, "COMMITTED", tmp_path / "sources.lock")
    monkeypatch.setenv("MEDINST_ATTEMPTS", "1")
    with running_site() as site:
        monkeypatch.setattr(Source, "urls", lambda source, file: (f"{site.url}/{source.id}/{file}",))
        yield site


def test_a_file_that_can_be_read_is_pinned(site: Site, tmp_path: Path) -> None:
    url = site.on("/mqp/mqp.csv", data(BODY))
    assert lock(["mqp"], root=str(tmp_path / "root")) == 0
    assert [*read_lock(tmp_path / "sources.lock")] == [url]


def test_the_root_is_held_meanwhile(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that began now would sweep away what is being fetched."""
    root = tmp_path / "root"

    def pin(*_: object) -> None:
        with pytest.raises(RootInUse):
            refuse_unusable(Root(str(root)))

    monkeypatch.setattr(command, "_pin", pin)
    assert lock(["mqp"], root=str(root)) == 0
    refuse_unusable(Root(str(root)))


def test_a_file_that_cannot_be_read_is_not(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site.on("/mqp/mqp.csv", data(b"an answer\nof another kind\n"))
    assert lock(["mqp"], root=str(tmp_path / "root")) == 1
    assert not (tmp_path / "sources.lock").exists()
    assert "`mqp.csv` has no column" in capsys.readouterr().out
    assert "mqp.csv" not in (tmp_path / "root" / "sources.lock").read_text()


def test_a_copy_that_a_mirror_has_is_not_pinned(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mirror" / "mqp").mkdir(parents=True)
    (tmp_path / "mirror" / "mqp" / "mqp.csv").write_bytes(BODY)
    monkeypatch.setattr(Source, "known_copies", frozenset({SHA256}))
    assert lock(["mqp"], mirror=[str(tmp_path / "mirror")], root=str(tmp_path / "root")) == 0
    assert read_lock(tmp_path / "sources.lock") == {}
    assert "mqp: 0 pinned" in capsys.readouterr().out


def test_a_pin_says_that_it_is_what_a_mirror_has(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mirror" / "mqp").mkdir(parents=True)
    (tmp_path / "mirror" / "mqp" / "mqp.csv").write_bytes(BODY)
    assert lock(["mqp"], mirror=[str(tmp_path / "mirror")], root=str(tmp_path / "root")) == 0
    assert [line.note for line in read_lock(tmp_path / "sources.lock").values()] == ["mirror"]
    assert "mqp: 1 pinned (1 as a mirror has them)" in capsys.readouterr().out


@pytest.mark.parametrize("note", ["record", "mirror"])
def test_a_download_confirms_what_others_said_even_where_the_bytes_are_here(
    site: Site, tmp_path: Path, note: Literal["record", "mirror"]
) -> None:
    url, root = site.on("/mqp/mqp.csv", data(BODY)), str(tmp_path / "root")
    (tmp_path / "mirror" / "mqp").mkdir(parents=True)
    (tmp_path / "mirror" / "mqp" / "mqp.csv").write_bytes(BODY)
    merge_into(tmp_path / "sources.lock", {url: LockLine(SHA256, len(BODY), "2026-01-01", note)})
    assert lock(["mqp"], mirror=[str(tmp_path / "mirror")], root=root) == 0
    assert read_lock(tmp_path / "sources.lock")[url].note == note, "a mirror confirms nothing"
    assert not site.seen
    assert lock(["mqp"], root=root) == 0
    assert read_lock(tmp_path / "sources.lock")[url].note == ""
    asked = len(site.seen)
    assert asked
    assert lock(["mqp"], root=root) == 0
    assert len(site.seen) == asked, "what was downloaded for the lock is not fetched again"
