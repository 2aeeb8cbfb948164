"""Fetching a source: from its addresses or from mirrors, against the locks, or withheld with a reason."""

import hashlib
import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from schemas.errors import ChecksumMismatch, FetchError, NotAFile, NotLocked
from schemas.formats import Iob
from schemas.receipts import Order
from schemas.source import Part
from schemas.task import Ner
from tasks.base.store.bucket import Bucket
from tasks.base.store.root import Root
from tasks.build.fetch.lock import LockLine, read_lock
from tasks.build.fetch.source import fetch_source, lock_key, settle
from tasks.build.unpack import members
from tests.support.buckets import running_store
from tests.support.declared import source
from tests.support.servers import cut, data, missing, quick, ranged, running_site, status


def zipped(**files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


BODY = zipped(train="A O\n")
SHA = hashlib.sha256(BODY).hexdigest()


def declared(*urls, access: Any = "open", name="sub/x.zip", id="src"):
    return source(
        id=id,
        access=access,
        apply=None if access == "open" else "https://example.org/apply",
        files={name: urls},
        format=Iob(),
        parts={"main": Part(train=f"{name}!train")},
        tasks=(Ner.model_construct(name="T", part="main"),),
    )


def line(body=BODY):
    return LockLine(hashlib.sha256(body).hexdigest(), len(body), "2026-11-20")


@pytest.fixture
def site():
    with running_site() as site:
        yield site


@pytest.fixture
def root(tmp_path):
    return tmp_path / "root"


@pytest.fixture
def fetch(root):
    def fetch(source, *mirrors, committed=None, frozen=False, update=False, strict=True, fresh=False, **changes):
        places = tuple(map(str, mirrors)) or ("origin",)
        order = Order(root=str(root), mirrors=places, frozen=frozen, strict=strict, fresh=fresh)
        return fetch_source(source, order, quick(**changes), committed=committed or {}, update=update)

    return fetch


def own_lock(root):
    return read_lock(root / "sources.lock")


def blobs(root):
    return sorted(path.name for path in (root / "blobs").iterdir())


def grown(folder, files, note=None):
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    if note is not None:
        (folder / "mirror.json").write_text(json.dumps(note))
    return folder


def test_a_download_becomes_a_blob_and_a_line_of_the_roots_lock(site, fetch, root):
    url = site.on("/x.zip", data(BODY))
    (blob,) = fetch(declared(url)).blobs
    assert (blob.name, blob.url, blob.sha256, blob.bytes) == ("sub/x.zip", url, SHA, len(BODY))
    assert (blob.original, blob.trust) == (True, "first-use")
    assert Root(str(root)).read_bytes(blob.place) == BODY
    assert blobs(root) == [SHA]
    assert own_lock(root)[url][:2] == (SHA, len(BODY))


def test_a_known_blob_is_not_fetched_again(site, fetch):
    source = declared(site.on("/x.zip", data(BODY)))
    assert fetch(source).blobs == fetch(source).blobs
    assert len(site.seen) == 1


def test_two_sources_with_one_address_fetch_it_once(site, fetch, root):
    url = site.on("/x.zip", data(BODY))
    sources = [declared(url, id=f"s{number}") for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        assert {result.blobs[0].sha256 for result in pool.map(fetch, sources)} == {SHA}
    assert len(site.seen) == 1
    assert blobs(root) == [SHA]


def test_the_committed_lock_is_obeyed(site, fetch, root):
    source = declared(url := site.on("/x.zip", data(BODY)))
    (blob,) = fetch(source, committed={url: line()}, frozen=True).blobs
    assert blob.trust == "locked"
    assert own_lock(root) == {}


def test_bytes_that_the_lock_does_not_pin_are_refused(site, fetch, root):
    source = declared(url := site.on("/x.zip", data(b"changed")))
    with pytest.raises(ChecksumMismatch) as caught:
        fetch(source, committed={url: line()})
    assert f"the lock says {SHA} (bytes 7, locked {len(BODY)})" in str(caught.value)
    assert "`medinst lock src --update`" in str(caught.value)
    assert caught.value.facts["locked"] == SHA
    assert blobs(root) == []


def test_the_roots_lock_is_obeyed_until_it_is_updated(site, fetch, root):
    other = zipped(train="B O\n")
    source = declared(url := site.on("/x.zip", data(BODY), data(other)))
    fetched = fetch(source)
    settle(source, fetched, ["main"], Root(str(root)), read=True)
    (root / "blobs" / SHA).unlink()
    with pytest.raises(ChecksumMismatch, match="the root's own lock"):
        fetch(source)
    (blob,) = fetch(source, committed={url: line()}, update=True).blobs
    assert (blob.bytes, blob.trust) == (len(other), "first-use")
    assert own_lock(root)[url][:2] == line(other)[:2]


def test_frozen_refuses_what_is_not_pinned_before_it_is_fetched(site, fetch):
    source = declared(site.on("/x.zip", data(BODY)))
    fetch(source)
    with pytest.raises(NotLocked, match="Pin it: `medinst lock src`"):
        fetch(source, frozen=True)
    assert len(site.seen) == 1


def test_the_next_address_is_tried(site, fetch):
    first = site.on("/gone.zip", missing)
    wrong = site.on("/wrong.zip", data(b"other"))
    url = site.on("/x.zip", data(BODY))
    (blob,) = fetch(declared(first, wrong, url), committed={first: line()}).blobs
    assert (blob.url, blob.sha256) == (url, SHA)


def test_all_addresses_failing_are_told(site, fetch):
    with pytest.raises(FetchError, match=r"none of the addresses gave `sub/x.zip`: .*404.* Tried 3 times"):
        fetch(declared(site.on("/a", missing), site.on("/b", status(503))))


def test_a_page_instead_of_an_archive_is_refused(site, fetch, root):
    with pytest.raises(NotAFile):
        fetch(declared(site.on("/x.zip", data(b"<html><title>Sign in</title>", Content_Type="text/html"))))
    assert blobs(root) == []


def test_a_killed_download_goes_on_in_the_next_run(site, fetch, root):
    url = site.on("/x.zip", cut(BODY * 9, 600, ETag='"1"'), ranged(BODY * 9, '"1"'))
    with pytest.raises(FetchError):
        fetch(declared(url), attempts=1)
    assert [name for name in blobs(root) if name.startswith(".partial-")]
    fetch(declared(url))
    assert site.seen[1][1]["Range"] == "bytes=600-"
    assert blobs(root) == [line(BODY * 9).sha256]


def test_no_credentials_reach_the_lock(site, fetch, root):
    source = declared(site.on("/x.zip", data(BODY)))
    url = source.urls("sub/x.zip")[0].replace("://", "://me:pw@") + "?token=t0k3n&id=1"
    source = source.model_copy(update={"files": {"sub/x.zip": url}})  # as no declaration may say it
    (blob,) = fetch(source).blobs
    written = (root / "sources.lock").read_text() + blob.model_dump_json() + lock_key(source, "sub/x.zip")
    assert "pw" not in written
    assert "t0k3n" not in written


def test_a_mirror_is_checked_like_a_download(fetch, root, tmp_path):
    mirror = grown(tmp_path / "mirror", {"src/sub/x.zip": BODY})
    url = "https://example.org/x.zip"
    (blob,) = fetch(declared(url), mirror, committed={url: line()}, frozen=True).blobs
    assert (blob.trust, blob.original, blob.sha256) == ("locked", True, SHA)
    assert blob.url == f"{mirror}/src/sub/x.zip"
    assert not Root(str(root)).local(blob.place).samefile(mirror / "src/sub/x.zip")
    with pytest.raises(ChecksumMismatch, match=r"mirror/src/sub/x\.zip"):
        fetch(declared(url), mirror, committed={url: line(b"other")})
    with pytest.raises(NotLocked):
        fetch(declared(url), mirror, frozen=True)
    assert own_lock(root) == {}
    assert fetch(declared(url), mirror).blobs[0].trust == "first-use"
    assert own_lock(root)[url].sha256 == SHA
    assert blobs(root) == [SHA]


def test_a_mirror_of_invented_files_needs_no_lock(fetch, root, tmp_path):
    mirror = grown(tmp_path / "demo", {"src/sub/x.zip/train": b"B O\n"}, note={"original": False, "about": "invented"})
    url = "https://example.org/x.zip"
    (blob,) = fetch(declared(url), mirror, committed={url: line()}, frozen=True).blobs
    assert (blob.original, blob.trust) == (False, "mirror")
    assert not (root / "sources.lock").exists()
    (member,) = members(Root(str(root)).local(blob.place), "sub/x.zip!train", tmp_path / "into", quick())
    assert member.read() == b"B O\n"
    assert fetch(declared(url), mirror).blobs == (blob,)


def test_the_first_mirror_that_has_a_file_gives_it(site, fetch, tmp_path):
    empty = grown(tmp_path / "empty", {"README": b""})
    full = grown(tmp_path / "full", {"src/sub/x.zip": BODY})
    source = declared(site.on("/x.zip", data(BODY)))
    assert fetch(source, empty, full, "origin").blobs[0].url.startswith(str(full))
    assert site.seen == []
    assert fetch(source, empty, "origin").blobs[0].sha256 == SHA


def test_what_no_mirror_has_is_withheld(fetch, tmp_path):
    one, other = (grown(tmp_path / name, {"README": b""}) for name in ("one", "other"))
    result = fetch(declared("https://example.org/x.zip"), one, other)
    assert result.blobs == ()
    assert result.withheld == {
        "sub/x.zip": "`sub/x.zip` is in none of the mirrors given; add `--mirror origin` to download it"
    }


@pytest.mark.parametrize(
    ("access", "words"),
    [
        ("registration", "(access: registration); apply at https://example.org/apply, put it at "),
        ("agreement", "(access: agreement); apply at "),
        ("gone", "(access: gone); ask at "),
    ],
)
def test_what_is_not_open_is_withheld_and_never_asked_for(site, fetch, tmp_path, access, words):
    source = declared(site.on("/x.zip", data(BODY)), access=access)
    reason = fetch(source, frozen=True).withheld["sub/x.zip"]
    assert words in reason
    assert reason.endswith("put it at <mirror>/src/sub/x.zip and pass `--mirror <mirror>`")
    mirror = grown(tmp_path / "mirror", {"README": b""})
    reason = fetch(source, mirror, "origin").withheld["sub/x.zip"]
    assert reason.endswith("put it at <mirror>/src/sub/x.zip and pass `--mirror <mirror>`")
    assert site.seen == []
    grown(mirror, {"src/sub/x.zip": BODY})
    assert fetch(source, mirror).blobs[0].sha256 == SHA


def test_a_file_without_an_address_is_withheld(fetch):
    assert "declares no address" in fetch(declared()).withheld["sub/x.zip"]


def test_a_mirror_that_is_not_there_is_an_error(fetch, tmp_path):
    with pytest.raises(FetchError, match="Correct `--mirror`"):
        fetch(declared("https://example.org/x.zip"), tmp_path / "nowhere")


def test_a_wrong_note_or_tree_of_a_mirror_is_an_error(fetch, tmp_path):
    mirror = grown(tmp_path / "mirror", {"src/x.tsv/a": b""}, note={"orginal": False})
    with pytest.raises(FetchError, match=r"mirror.json.*found orginal: Extra inputs are not permitted"):
        fetch(declared("https://example.org/x.zip"), mirror)
    (mirror / "mirror.json").unlink()
    with pytest.raises(FetchError, match="found a folder"):
        fetch(declared("https://example.org/x.tsv", name="x.tsv"), mirror)


def test_a_mirror_may_be_a_web_site(site, fetch):
    site.on("/m/mirror.json", data(b'{"original": false}'))
    site.on("/m/src/sub/x.zip", data(BODY))
    (blob,) = fetch(declared("https://example.org/x.zip"), f"{site.url}/m").blobs
    assert (blob.sha256, blob.trust) == (SHA, "mirror")
    assert "none of the mirrors" in fetch(declared(name="y.zip"), f"{site.url}/m").withheld["y.zip"]


@pytest.fixture(scope="module")
def bucket():
    """A bucket on loopback with a source's files."""
    with running_store("mirror"):
        fs = Bucket()
        fs.pipe_file("mirror/top/src/sub/x.zip", BODY)
        fs.pipe_file("mirror/top/src/y.tgz/d/train", b"C O\n")
        yield fs


def test_a_bucket_is_a_mirror(bucket, fetch, root, tmp_path):
    url = "https://example.org/x.zip"
    (blob,) = fetch(declared(url), "s3://mirror/top", committed={url: line()}).blobs
    assert (blob.trust, blob.sha256, blob.url) == ("locked", SHA, "s3://mirror/top/src/sub/x.zip")
    (packed,) = fetch(declared(url, name="y.tgz"), "s3://mirror/top").blobs
    (member,) = members(Root(str(root)).local(packed.place), "y.tgz!d/train", tmp_path / "into", quick())
    assert member.read() == b"C O\n"
    assert "none of the mirrors" in fetch(declared("https://z", name="z"), "s3://mirror/top").withheld["z"]
    with pytest.raises(FetchError, match="expected a folder"):
        fetch(declared(url), "s3://mirror/nothing")


def test_a_remote_mirror_is_not_read_again_for_a_known_blob(bucket, fetch):
    url = "https://example.org/known.zip"
    bucket.pipe_file("mirror/top/src/k.zip", BODY)
    fetch(declared(url, name="k.zip"), "s3://mirror/top")
    bucket.pipe_file("mirror/top/src/k.zip", b"changed")
    assert fetch(declared(url, name="k.zip"), "s3://mirror/top").blobs[0].sha256 == SHA


def test_a_root_may_be_a_bucket(bucket, site):
    url = site.on("/x.zip", data(BODY))
    order = Order(root="s3://mirror/root", mirrors=("origin",))
    (blob,) = fetch_source(declared(url), order, quick(), committed={}).blobs
    assert blob.place == f"blobs/{SHA}"
    assert bucket.cat_file(f"s3://mirror/root/{blob.place}") == BODY
    assert fetch_source(declared(url), order, quick(), committed={}).blobs == (blob,)
    assert len(site.seen) == 1


def test_a_mirror_may_have_a_copy_that_the_declaration_knows(fetch, root, tmp_path):
    """Of a file that the lock pins, a partial copy or one packed anew; but not where only pinned bytes may be used."""
    url = "https://example.org/x.zip"
    mirror = grown(tmp_path / "mirror", {"src/sub/x.zip": BODY})
    pins = {url: line(b"the publisher's")}
    for field in ("partial", "copies"):
        known = declared(url).model_copy(update={field: frozenset({SHA})})
        (blob,) = fetch(known, mirror, committed=pins).blobs
        assert (blob.sha256, blob.trust, blob.original) == (SHA, "copy", True)
        with pytest.raises(ChecksumMismatch):
            fetch(known, mirror, committed=pins, frozen=True)
    assert own_lock(root) == {}


def test_a_publisher_may_not_send_a_copy(site, fetch):
    source = declared(url := site.on("/x.zip", data(BODY))).model_copy(update={"copies": frozenset({SHA})})
    with pytest.raises(ChecksumMismatch):
        fetch(source, committed={url: line(b"the publisher's")})


def test_what_cannot_be_had_now_is_withheld_with_the_day_and_the_error(site, fetch, root):
    found = fetch(declared(url := site.on("/x.zip", missing)), strict=False)
    assert found.blobs == ()
    assert [*found.unreachable] == ["sub/x.zip"]
    assert not found.stale
    assert found.withheld["sub/x.zip"].startswith("`sub/x.zip` is unreachable since 20")
    assert f"`{url}`: expected a file, found 404" in found.withheld["sub/x.zip"]


def test_the_last_good_bytes_serve_while_the_server_fails(site, fetch):
    url = site.on("/x.zip", data(BODY), status(503))
    fetch(declared(url))
    found = fetch(declared(url), strict=False, fresh=True)
    assert [blob.sha256 for blob in found.blobs] == [SHA]
    assert "503" in found.stale["sub/x.zip"].error
    assert not found.withheld
    with pytest.raises(FetchError, match="503"):
        fetch(declared(url), fresh=True)


def test_a_mirror_that_fails_hands_over_to_the_next(site, fetch):
    site.on("/bad/src/sub/x.zip", status(500))
    source = declared(site.on("/x.zip", data(BODY)))
    found = fetch(source, f"{site.url}/bad", "origin", strict=False)
    assert [blob.sha256 for blob in found.blobs] == [SHA]
    assert not found.outages


def test_an_error_that_is_kept_does_not_name_the_root(fetch, root, site, monkeypatch):
    def full(*_):
        raise FetchError(f"{root}/blobs: no room")

    monkeypatch.setattr("tasks.build.fetch.source.download", full)
    found = fetch(declared("https://example.org/x"), strict=False)
    assert found.outages["sub/x.zip"].error == "blobs: no room"


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("x.zip", b"", "found nothing"),
        ("x.csv", b"", "found nothing"),
        ("x.zip", b"quota exceeded", "do not begin like a .zip file: b'quota exceeded'"),
        ("x.tar.gz", b"PK\x03\x04", "do not begin like a .gz file"),
        ("x.jsonl", b'{"error": {"code": 429, "message": "slow down"}}', "an error in JSON"),
        ("x.csv", b'{"message": "Not Found", "documentation_url": "https://example.org"}', "an error in JSON"),
        ("x.xml", b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "an error in XML"),
        ("x.tsv", b"<?xml version='1.0'?><feed/>", "markup"),
    ],
)
def test_an_answer_that_is_not_the_file_is_refused(site, fetch, root, name, body, words):
    source = declared(site.on(f"/{name}", data(body)), name=name)
    with pytest.raises(FetchError) as caught:
        fetch(source)
    assert words in str(caught.value)
    assert own_lock(root) == {}
    assert blobs(root) == []


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("x.json", b'{"message": "", "rows": []}'),
        ("x.json", b'{"q1": {"error": "the text of a question"}}'),
        ("x.jsonl", b'{"message": "hello", "label": 1}\n{"message": "again", "label": 0}'),
        ("x.xml", b"<?xml version='1.0'?><collection/>"),
        ("x.csv", b"error,message\n1,2\n"),
        ("x.txt", b"\xef\xbb\xbfAspirin helps."),
    ],
)
def test_what_only_resembles_an_error_is_a_file(site, fetch, name, body):
    assert fetch(declared(site.on(f"/{name}", data(body)), name=name)).blobs[0].bytes == len(body)
