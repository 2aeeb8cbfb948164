"""Downloads: whole or not at all, patient with stumbling servers, clear about refusals."""

import gzip
import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic, sleep

import httpx
import pytest

from schemas.errors import FetchError, NotAFile
from tasks.build.fetch.address import redact
from tasks.build.fetch.believed import redirects
from tasks.build.fetch.download import download
from tasks.build.fetch.web_file import Missing
from tasks.build.fetch.web_page import is_page
from tests.support.servers import cut, data, quick, ranged, running_site, slow, status

BODY = bytes(range(256)) * 1000
SHA = hashlib.sha256(BODY).hexdigest()
FORM = """<!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title></head><body>
<p>too large to scan</p><form id="download-form" action="{action}" method="get">
<input type="submit" value="Download anyway"><input type="hidden" name="id" value="abc">
<input type="hidden" name="export" value="download"><input type="hidden" name="confirm" value="t">
<input type="hidden" name="uuid" value="1-2"></form></body></html>"""


@pytest.fixture
def site():
    with running_site() as site:
        yield site


@pytest.fixture
def target(tmp_path):
    return tmp_path / "file"


def test_a_file_arrives_with_its_hash(site, target):
    assert download(site.on("/a.zip", data(BODY)), target, quick()) == (SHA, len(BODY))
    assert target.read_bytes() == BODY
    assert [path.name for path in target.parent.iterdir()] == ["file"]


def test_what_is_packed_for_the_transfer_only_is_not_asked_for(site, target):
    download(site.on("/a.tsv", data(BODY)), target, quick())
    assert site.seen[0][1]["Accept-Encoding"] == "identity"


def test_a_cut_transfer_goes_on_where_it_broke_off(site, target):
    url = site.on("/a.zip", cut(BODY, 100_000, ETag='"1"'), ranged(BODY, '"1"'))
    assert download(url, target, quick()) == (SHA, len(BODY))
    assert site.seen[1][1]["Range"] == "bytes=100000-"


def test_a_killed_run_goes_on_in_the_next(site, target):
    url = site.on("/a.zip", cut(BODY, 100_000, ETag='"1"'), ranged(BODY, '"1"'))
    with pytest.raises(FetchError, match="run the command again"):
        download(url, target, quick(attempts=1))
    assert target.stat().st_size == 100_000
    assert download(url, target, quick(attempts=1)) == (SHA, len(BODY))
    assert site.seen[1][1]["Range"] == "bytes=100000-"


def test_a_changed_file_starts_over(site, target):
    url = site.on("/a.zip", cut(b"old" * 1000, 1000, ETag='"1"'), ranged(BODY, '"2"'))
    assert download(url, target, quick()) == (SHA, len(BODY))


def test_a_server_without_ranges_starts_over(site, target):
    url = site.on("/a.zip", cut(BODY, 100_000, Last_Modified="Mon, 02 Nov 2026 00:00:00 GMT"), data(BODY))
    assert download(url, target, quick()) == (SHA, len(BODY))
    assert site.seen[1][1]["If-Range"] == "Mon, 02 Nov 2026 00:00:00 GMT"


def test_without_a_version_no_rest_is_asked_for(site, target):
    url = site.on("/a.zip", cut(BODY, 100_000, ETag='W/"weak"'), data(BODY))
    assert download(url, target, quick()) == (SHA, len(BODY))
    assert "Range" not in site.seen[1][1]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda visit: visit.reply(206, BODY[:10], Content_Range=f"bytes 0-9/{len(BODY)}"),
        lambda visit: visit.reply(206, BODY[100_000:-1], Content_Range=f"bytes 100000-{len(BODY) - 2}/{len(BODY)}"),
        lambda visit: visit.reply(206, BODY[100_000:], Content_Range=f"bytes 100000-{len(BODY) - 1}/*"),
        lambda visit: visit.reply(
            206, BODY[100_000:], Content_Range=f"bytes 100000-{len(BODY) - 1}/{len(BODY)}", ETag='"2"'
        ),
        lambda visit: visit.reply(206, BODY[100_000:]),
        lambda visit: visit.reply(416, Content_Range=f"bytes */{len(BODY)}"),
    ],
    ids=["other range", "other end", "no total", "other version", "no range", "not satisfiable"],
)
def test_a_wrong_rest_starts_over(site, target, wrong):
    url = site.on("/a.zip", cut(BODY, 100_000, ETag='"1"'), wrong, data(BODY))
    assert download(url, target, quick()) == (SHA, len(BODY))
    assert "Range" not in site.seen[2][1]


@pytest.mark.parametrize("code", [408, 429, 500, 503])
def test_a_stumbling_server_is_asked_again(site, target, code):
    url = site.on("/a.zip", status(code), status(code), data(BODY))
    assert download(url, target, quick()) == (SHA, len(BODY))


def test_retry_after_is_honoured_in_both_forms(site, target):
    due = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    url = site.on("/a.zip", status(429, Retry_After="1"), status(503, Retry_After=due), data(BODY))
    start = monotonic()
    download(url, target, quick(wait_longest=0.3))
    assert 0.6 <= monotonic() - start < 2


def test_no_answer_in_time_is_a_stumble(site, target):
    url = site.on("/a.zip", lambda visit: sleep(0.4), data(BODY))
    assert download(url, target, quick(timeout=0.2)) == (SHA, len(BODY))


def test_nobody_there_is_said_after_all_tries(target):
    with pytest.raises(FetchError, match="Tried 3 times"):
        download("http://127.0.0.1:9/a.zip", target, quick())


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (404, Missing, "found 404"),
        (410, Missing, "correct `files`"),
        (401, FetchError, "registration"),
        (403, FetchError, "registration"),
        (400, FetchError, "browser"),
    ],
)
def test_a_refusal_is_not_asked_again(site, target, code, kind, words):
    with pytest.raises(kind, match=words):
        download(site.on("/a.zip", status(code)), target, quick())
    assert len(site.seen) == 1


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        (b"<!DOCTYPE html><html><title>Moved</title>", "application/zip"),
        (b"\xef\xbb\xbf\n <!-- x --> <HTML><title>Moved</title>", "text/plain"),
        (b"<p>Moved", "text/html; charset=utf-8"),
    ],
)
def test_a_web_page_is_no_data(site, target, body, type_):
    with pytest.raises(NotAFile, match="Moved"):
        download(site.on("/a.zip", data(body, Content_Type=type_)), target, quick(), name="a.zip")
    assert not target.exists()


def test_an_archive_called_a_page_by_its_server_is_data():
    assert not is_page("a.zip", "text/html", b"PK\x03\x04")
    assert not is_page("page.html", "text/html", b"<!doctype html>")
    assert is_page("a.tsv", "text/html", b"Sorry, gone")


def test_the_confirmation_page_of_drive_is_answered(site, target):
    page = FORM.format(action=f"{site.url}/usercontent?authuser=0").encode()
    url = site.on("/uc", data(page, Content_Type="text/html"))
    site.on("/usercontent", cut(BODY, 100_000, ETag='"1"'), ranged(BODY, '"1"'))
    assert download(f"{url}?export=download&id=abc", target, quick(), name="a.zip") == (SHA, len(BODY))
    assert site.seen[1][0] == "/usercontent?authuser=0&id=abc&export=download&confirm=t&uuid=1-2"
    assert site.seen[3][1]["Range"] == "bytes=100000-"


def test_a_confirmation_that_leads_to_itself_ends(site, target):
    url = site.on("/uc", data(FORM.format(action="/uc").encode()))
    with pytest.raises(NotAFile, match="second confirmation"):
        download(url, target, quick(), name="a.zip")


def test_a_form_that_leads_to_a_file_of_this_machine_is_no_answer(site, target):
    url = site.on("/uc", data(FORM.format(action="file:///etc/passwd").encode()))
    with pytest.raises(NotAFile, match="leads nowhere"):
        download(url, target, quick(), name="a.zip")


def test_the_quota_page_of_drive_is_told(site, target):
    page = b"<html><p>Too many users have viewed or downloaded this file recently.</p></html>"
    with pytest.raises(FetchError, match="too many users") as caught:
        download(site.on("/uc", data(page)), target, quick(), name="a.zip")
    assert not isinstance(caught.value, NotAFile)


def test_a_redirect_is_followed_and_one_to_nowhere_told(site, target):
    there = site.on("/there", data(BODY))
    url = site.on("/a.zip", status(302, Location=there))
    assert download(url, target, quick()) == (SHA, len(BODY))
    with pytest.raises(FetchError, match="redirect to nowhere"):
        download(site.on("/b.zip", status(302, Location="ftp://127.0.0.1/b.zip")), target, quick())


def test_a_host_gets_no_more_connections_than_allowed(site, tmp_path):
    urls = [site.on(f"/{number}", slow(BODY)) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        results = pool.map(lambda url: download(url, tmp_path / url[-1], quick(per_host=2)), urls)
        assert set(results) == {(SHA, len(BODY))}
    assert site.most == 2


def test_other_addresses_are_copied(tmp_path, target):
    (tmp_path / "there").write_bytes(BODY)
    assert download(f"file://{tmp_path}/there", target, quick()) == (SHA, len(BODY))
    with pytest.raises(Missing, match="nothing there"):
        download(f"file://{tmp_path}/elsewhere", target, quick())
    with pytest.raises(FetchError, match="IsADirectoryError"):
        download(f"file://{tmp_path}", target, quick())
    with pytest.raises(FetchError, match="nosuch"):
        download("nosuch://host/file", target, quick())


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:pw@host.org:8080/a?id=1", "https://host.org:8080/a?id=1"),
        (
            "https://h/a?export=download&id=x&X-Amz-Signature=s3cr3t",
            "https://h/a?export=download&id=x&X-Amz-Signature=…",
        ),
        ("https://h/a?access_token=t&key=k#token=t", "https://h/a?access_token=…&key=…#token=…"),
        ("s3://bucket/prefix", "s3://bucket/prefix"),
        ("a folder/at home@2", "a folder/at home@2"),
    ],
)
def test_shown_addresses_hold_no_secrets(url, shown):
    assert redact(url) == shown


def test_messages_hold_no_secrets(site, target):
    url = site.on("/a.zip", status(503)).replace("://", "://me:pw@") + "?token=t0k3n"
    with pytest.raises(FetchError) as caught:
        download(url, target, quick())
    assert "pw" not in str(caught.value)
    assert "t0k3n" not in str(caught.value)


def test_what_was_packed_without_being_asked_for_is_unpacked(site, target):
    packed = gzip.compress(BODY)
    url = site.on("/a.tsv", data(packed, Content_Encoding="gzip", ETag='"1"'))
    assert download(url, target, quick(), name="a.tsv") == (SHA, len(BODY))


def test_a_packed_file_whose_server_calls_it_packed_for_the_transfer_stays_as_it_is(site, target):
    packed = gzip.compress(BODY)
    url = site.on("/a.tsv.gz", data(packed, Content_Encoding="x-gzip"))
    download(url, target, quick(), name="a.tsv.gz")
    assert target.read_bytes() == packed


def test_a_file_is_not_longer_than_its_pin(site, target):
    with pytest.raises(FetchError, match=r"more than the 1,000 bytes that the lock pins"):
        download(site.on("/a.zip", data(BODY)), target, quick(), most=1000)
    assert len(site.seen) == 1
    assert download(site.on("/b.zip", data(BODY)), target, quick(), most=len(BODY)) == (SHA, len(BODY))


def test_a_transfer_has_an_end(site, target):
    with pytest.raises(FetchError, match=r"no end after .* MEDINST_LONGEST"):
        download(site.on("/a.zip", data(BODY)), target, quick(longest=1e-9))


def test_a_transfer_has_a_pace(site, target, monkeypatch):
    monkeypatch.setattr("tasks.build.fetch.believed._PATIENCE", 0.0)
    with pytest.raises(FetchError, match=r"bytes a second\. Lower MEDINST_SLOWEST"):
        download(site.on("/a.zip", data(BODY)), target, quick(slowest=1e15))


@pytest.mark.parametrize(
    ("first", "then", "words"),
    [
        ("https://example.org/a", "http://example.org/a", "a redirect from https to http"),
        ("https://example.org/a", "https://10.0.0.1/a", "a redirect to a private address"),
        ("http://example.org/a", "http://127.0.0.1:8080/a", "a redirect to a private address"),
        ("http://example.org/a", "http://localhost/a", "a redirect to a private address"),
        ("http://example.org/a", "http://[::1]/a", "a redirect to a private address"),
        ("https://example.org/a", "https://cdn.example.net/a?token=x", ""),
        ("http://example.org/a", "https://example.org/a", ""),
        ("http://127.0.0.1:9000/a", "http://127.0.0.1:9001/a", ""),
    ],
)
def test_where_a_redirect_may_lead(first, then, words):
    check = redirects(first)
    if not words:
        check(httpx.Request("GET", then))
        return
    with pytest.raises(FetchError, match=words):
        check(httpx.Request("GET", then))


def test_a_redirect_is_checked_when_it_is_followed(site, target, monkeypatch):
    monkeypatch.setattr("tasks.build.fetch.believed._is_private", lambda host: host == "localhost")
    site.on("/b.zip", data(BODY))
    port = site.url.rpartition(":")[2]
    url = site.on("/a.zip", lambda visit: visit.reply(302, Location=f"http://localhost:{port}/b.zip"))
    with pytest.raises(FetchError, match="private address"):
        download(url, target, quick())
    assert [path for path, _ in site.seen] == ["/a.zip"]
