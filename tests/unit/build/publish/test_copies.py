"""Releases copied to other folders and buckets."""

from pathlib import Path

import pytest

from schemas.errors import BucketError, PublishError
from tasks.base.store.root import Root
from tasks.build.publish.copy import copy_release
from tasks.build.publish.release import write_release
from tests.support.released import VERSION, content_of, tree


def test_copy_to_another_folder(release, root, tmp_path):
    other = Root(str(tmp_path / "mirror"))
    copied = copy_release(release.version, root, other.url, "open")
    assert tree(Path(copied.uri)) == tree(Path(release.uri))
    assert copied.manifest_sha256 == release.manifest_sha256
    assert other.read_json("releases/latest.json")["version"] == VERSION
    assert copy_release(release.version, root, other.url, "open") == copied


def test_copy_refuses_a_version_that_differs(release, root, tmp_path):
    other = Root(str(tmp_path / "mirror"))
    copied = copy_release(release.version, root, other.url, "open")
    path = Path(copied.uri, "manifest.json")
    path.write_text(path.read_text().replace('"original": true', '"original": false'))
    with pytest.raises(PublishError, match=r"other fields: original.*never overwritten.*medinst publish --to"):
        copy_release(release.version, root, other.url, "open")


def test_copy_refuses_damage(release, root, tmp_path):
    Path(release.uri, "report.html").write_text("changed")
    with pytest.raises(PublishError, match=r"report.html is damaged"):
        copy_release(release.version, root, str(tmp_path / "mirror"), "open")
    assert not (tmp_path / "mirror" / "releases" / VERSION).exists()


def test_copy_refuses_what_is_not_there(root, tmp_path):
    with pytest.raises(PublishError, match=r"not a complete release.*medinst publish"):
        copy_release("9", root, str(tmp_path / "mirror"), "open")


def test_local_releases_stay_on_the_machine(root, tmp_path):
    release = write_release(content_of(root, profile="local", version="1.0.0-local-a"), root, {})
    with pytest.raises(PublishError, match=r"must not leave this machine.*--profile open"):
        copy_release(release.version, root, "memory://bucket", "local")
    with pytest.raises(PublishError, match="has profile `local`, but `open` was asked for"):
        copy_release(release.version, root, "memory://bucket", "open")
    assert copy_release(release.version, root, str(tmp_path / "mirror"), "local").profile == "local"


def test_an_interrupted_upload_is_no_release(release, root, bucket):
    remote = Root(bucket)
    remote.fs.pipe_file(f"{bucket}/releases/{VERSION}/stale.txt", b"stale")
    copied = copy_release(release.version, root, bucket, "open")
    found = {uri.split(f"{VERSION}/")[1] for uri in remote.fs.find(copied.uri, refresh=True)}
    assert found == set(tree(Path(release.uri)))
    with pytest.raises(BucketError, match=r"The bucket `missing` .*is not there"):
        copy_release(release.version, root, "s3://missing/prefix", "open")
