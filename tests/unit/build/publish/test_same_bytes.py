"""A release is the same everywhere: other folders, processes, threads and stores."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sources
from schemas.release import ReleaseContent
from tasks.base.store.root import Root
from tasks.build.publish.release import write_release
from tests.support.places import CHECKOUT
from tests.support.released import VERSION, content_of, tree


def test_no_address_of_this_machine_is_in_a_release(release, tmp_path):
    for name, data in tree(Path(release.uri)).items():
        assert str(tmp_path).encode() not in data, name


def test_equal_content_is_equal_bytes(release, extras, tmp_path):
    other = Root(str(tmp_path / "other"))
    again = write_release(content_of(other), other, extras)
    assert again.manifest_sha256 == release.manifest_sha256
    assert tree(Path(again.uri)) == tree(Path(release.uri))


@pytest.mark.heavy
def test_equal_bytes_in_another_process_with_other_threads(release, tmp_path):
    code = f"""
import sources
from pathlib import Path
from tasks.base.store.root import Root
from tasks.build.publish.release import write_release
from tests.support.released import DECLARED, content_of
sources.FOLDER, sources.registry = Path({str(sources.FOLDER)!r}), lambda: DECLARED
root = Root({str(tmp_path / "third")!r})
extras = {{"report.html": b"<p>report</p>", "quality": Path({str(tmp_path / "site")!r})}}
print(write_release(content_of(root), root, extras).manifest_sha256)
"""
    environment = os.environ | {"POLARS_MAX_THREADS": "1", "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.split()[-1] == release.manifest_sha256


@pytest.mark.heavy
def test_many_row_groups_do_not_depend_on_threads(tmp_path):
    code = f"""
from pathlib import Path
from hashlib import sha256
from tasks.base.store.root import Root
from tasks.build.publish.data import _write
from tests.support.released import samples
root = Root({str(tmp_path)!r})
split = samples(root, "BIG", "alpha", 90_000, "train", tuple(range(0, 90_000, 3)))
out = Path({str(tmp_path)!r}) / "out.parquet"
print(_write(split, "train", root, out), sha256(out.read_bytes()).hexdigest())
"""
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"POLARS_MAX_THREADS": str(threads)},
        ).stdout
        for threads in (1, 4)
    }
    assert len(found) == 1
    assert found.pop().startswith("(60000, ")


def on_s3(content: ReleaseContent, local: Root, remote: Root) -> ReleaseContent:
    remote.fs.put(local.uri("samples") + "/", remote.uri("samples") + "/", recursive=True)
    return ReleaseContent.model_validate_json(content.model_dump_json().replace(local.url, remote.url))


@pytest.mark.heavy
def test_s3_root(release, root, extras, bucket, monkeypatch):
    remote = Root(bucket)
    content = on_s3(content_of(root), root, remote)
    uploads = []
    put_file = remote.fs.put_file
    monkeypatch.setattr(remote.fs, "put_file", lambda path, uri: (uploads.append(uri), put_file(path, uri)))
    there = write_release(content, remote, extras)
    assert there.uri == f"{bucket}/releases/{VERSION}"
    assert there.manifest_sha256 == release.manifest_sha256
    for name, data in tree(Path(release.uri)).items():
        assert remote.read_bytes(f"releases/{VERSION}/{name}") == data
    assert [uri.rsplit("/", 1)[-1] for uri in uploads] == ["manifest.json", "latest-partial.json", "latest.json"]
    assert write_release(content, remote, {}) == there
    assert len(uploads) == 3
