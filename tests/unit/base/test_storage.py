"""The root: files appear whole or not at all, on this machine and in a bucket."""

import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tasks.base.store.root import DONE, Root
from tests.support.buckets import running_store

BUCKET = "medinst-test"


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A bucket on the loopback, which this process reaches."""
    with running_store(BUCKET):
        yield f"s3://{BUCKET}"


@pytest.fixture(params=["local", "s3"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Root:
    if request.param == "local":
        return Root(str(tmp_path / "root"))
    return Root(f"{request.getfixturevalue('bucket')}/{request.node.name.split('[')[0]}/")


def everything(root: Root) -> list[str]:
    """All files of a root, relative to it."""
    if root.is_local:
        return sorted(p.relative_to(root.url).as_posix() for p in Path(root.url).rglob("*") if p.is_file())
    prefix = root.url.removeprefix("s3://") + "/"
    return sorted(path.removeprefix(prefix) for path in root.fs.find(root.url, refresh=True))


def test_bytes_and_json_come_back(root: Root) -> None:
    root.write_bytes("a/b.bin", b"\0\r\n\xff")
    root.write_json("a/c.json", {"z": "é", "a": [1, None]})
    assert root.read_bytes("a/b.bin") == b"\0\r\n\xff"
    assert root.read_json("a/c.json") == {"z": "é", "a": [1, None]}
    assert list(root.read_json("a/c.json")) == ["z", "a"]
    assert "é".encode() in root.read_bytes("a/c.json")
    assert root.names("a") == ["b.bin", "c.json"]
    assert root.local("a/b.bin").read_bytes() == b"\0\r\n\xff"


def test_a_file_is_replaced(root: Root) -> None:
    root.write_bytes("a", b"old and long")
    root.write_bytes("a", b"new")
    assert root.read_bytes("a") == b"new"
    assert everything(root) == ["a"]


def test_an_error_leaves_no_trace(root: Root) -> None:
    root.write_bytes("folder/there", b"old")

    def fail(name: str) -> None:
        with root.writing(f"folder/{name}") as path:
            path.write_bytes(b"half of it")
            raise KeyError

    for name in ("there", "new"):
        with pytest.raises(KeyError):
            fail(name)
    assert everything(root) == ["folder/there"]
    assert root.read_bytes("folder/there") == b"old"


def test_a_file_is_not_there_before_it_is_whole(root: Root) -> None:
    place = "folder/file"
    with root.writing(place) as path:
        path.write_bytes(b"half")
        assert not root.exists(place)
        assert "file" not in root.names("folder")
    assert root.exists(place)
    assert everything(root) == ["folder/file"]


def test_names_are_sorted_and_none_where_nothing_is(root: Root) -> None:
    assert root.names("nowhere") == []
    for name in ("b", "a", "C", "deep/er/file"):
        root.write_bytes(f"folder/{name}", b"x")
    assert root.names("folder") == ["C", "a", "b", "deep"]
    assert root.names("folder/deep") == ["er"]


def test_names_show_what_was_written_since(root: Root) -> None:
    root.write_bytes("folder/a", b"x")
    assert root.names("folder") == ["a"]
    root.write_bytes("folder/b", b"x")
    assert root.names("folder") == ["a", "b"]


def test_existence_of_files_and_folders(root: Root) -> None:
    assert not root.exists("folder")
    root.write_bytes("folder/a", b"x")
    assert root.exists("folder")
    assert root.exists("folder/a")
    assert not root.exists("folder/b")


def test_files_and_folders_are_removed(root: Root) -> None:
    for name in ("a", "folder/b", "folder/deep/c", "folder-not/d"):
        root.write_bytes(name, b"x")
    root.remove("a")
    root.remove("folder")
    root.remove("nowhere")
    assert everything(root) == ["folder-not/d"]


def test_a_stage_is_complete_when_its_receipt_is_there(root: Root) -> None:
    folder = "records/x"
    assert root.done(folder) is None
    root.write_bytes(f"{folder}/main-train.parquet", b"x")
    assert root.done(folder) is None
    root.finish(folder, {"kept": 1})
    assert root.done(folder) == {"kept": 1}
    assert everything(root) == [f"records/x/{DONE}", "records/x/main-train.parquet"]


def test_a_missing_file_is_not_an_empty_one(root: Root) -> None:
    with pytest.raises(FileNotFoundError):
        root.read_bytes("nowhere")


# On this machine


def test_a_local_root_is_an_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Root("data").url == Root("./data/").url == Root(f"file://{tmp_path}/data").url == f"{tmp_path}/data"
    assert Root("data").uri("a", "b") == f"{tmp_path}/data/a/b"


def test_a_path_with_a_blank_quote_or_percent_is_itself(tmp_path: Path) -> None:
    root = Root(str(tmp_path / "it's 100% [mine]"))
    root.write_bytes("a b/c", b"x")
    assert root.read_bytes("a b/c") == b"x"
    assert (tmp_path / "it's 100% [mine]" / "a b" / "c").read_bytes() == b"x"


def test_a_written_file_may_be_read_by_others(tmp_path: Path) -> None:
    root = Root(str(tmp_path))
    root.write_bytes("a", b"x")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o644


def test_the_bytes_are_on_the_disk_before_the_name_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash between the two must not leave a name without its bytes."""
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted(name: str, function: Callable[..., object]) -> Callable[..., object]:
        return lambda *arguments: (done.append(name), function(*arguments))[1]

    monkeypatch.setattr(os, "fsync", noted("fsync", fsync))
    monkeypatch.setattr(Path, "replace", noted("replace", replace))
    root = Root(str(tmp_path))
    root.write_bytes("a", b"x")
    assert done == ["fsync", "replace"]


def test_the_temporary_file_lies_in_the_same_folder(tmp_path: Path) -> None:
    """Only there is a rename atomic."""
    root = Root(str(tmp_path))
    with root.writing("deep/a") as path:
        assert path.parent == tmp_path / "deep"
        assert path.name.startswith(".")


# In a bucket


def test_two_roots_of_a_bucket_do_not_see_each_other(bucket: str) -> None:
    first, second = Root(f"{bucket}/first"), Root(f"{bucket}/first-not")
    first.write_bytes("a", b"1")
    second.write_bytes("b", b"2")
    assert everything(first) == ["a"]
    first.remove("")
    assert second.read_bytes("b") == b"2"


def test_a_replaced_file_is_copied_anew(bucket: str) -> None:
    root = Root(f"{bucket}/replaced")
    root.write_bytes("catalogue/x", b"old")
    assert root.local("catalogue/x").read_bytes() == b"old"
    root.write_bytes("catalogue/x", b"new")
    assert root.local("catalogue/x").read_bytes() == b"new"


def test_copies_of_two_roots_are_apart(bucket: str) -> None:
    first, second = Root(f"{bucket}/one"), Root(f"{bucket}/two")
    for root, data in ((first, b"1"), (second, b"2")):
        root.write_bytes("catalogue/y", data)
    paths = [root.local("catalogue/y") for root in (first, second)]
    assert [path.read_bytes() for path in paths] == [b"1", b"2"]


def test_threads_that_ask_for_one_file_all_get_it(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Root(f"{bucket}/threads")
    root.write_bytes("blobs/file", b"whole")
    together = Barrier(4)
    fetch = type(root.fs).get_file

    def slow(self: object, *arguments: object, **options: object) -> None:
        fetch(self, *arguments, **options)  # pyright: ignore[reportArgumentType, reportCallIssue]
        together.wait(20)  # every copy is written before the first gets its name

    monkeypatch.setattr(type(root.fs), "get_file", slow)
    with ThreadPoolExecutor(4) as threads:
        copies = list(threads.map(lambda _: root.local("blobs/file").read_bytes(), range(4)))
    assert copies == [b"whole"] * 4


def test_what_another_process_wrote_since_a_listing_is_there_and_stamped_the_same(bucket: str) -> None:
    root, other = Root(f"{bucket}/since"), Root(f"{bucket}/since")
    other.fs = type(other.fs)(skip_instance_cache=True)
    root.write_bytes("folder/one", b"1")
    before = root.stamp("folder/one")
    root.fs.find(root.url, detail=True)
    assert root.stamp("folder/one") == before
    other.write_bytes("folder/two", b"2")
    assert root.exists("folder/two")
    assert root.read_bytes("folder/two") == b"2"
    assert root.local("folder/two").read_bytes() == b"2"
