"""The pages of a root, served: what people look at and nothing else, to nobody but this machine."""

from pathlib import Path

import fsspec
import pytest
from starlette.testclient import TestClient

from schemas.errors import OutsideRoot
from tasks.base.store.root import Root
from tasks.tools.reports import listed, read
from tasks.tools.reports.site import site

PAGES = {
    "releases/v1/report.html": "report",
    "releases/v1/quality/index.html": "quality",
    "releases/v1/quality/validations/samples/found.html": "found",
    "releases/v2/report.html": "newer",
    "evaluations/b1/leaderboard.html": "leaderboard",
    "models/m1/loss.html": "loss",
    "diffs/v2/v1.html": "diff",
    "links/2026-11-30/links.html": "addresses",
}
OTHERS = (
    "releases/latest.json",
    "releases/v1/manifest.json",
    "releases/v1/data/MQP/train.parquet",
    "releases/v1/quality/.hidden.html",
    "releases/.part/report.html",
    "catalogue/build.json",
    "catalogue/report.html",
    "records/mqp/x/report.html",
    "blobs/report.html",
    "models/m1/model.safetensors",
    "diffs/v2/v1.json",
    "links/2026-11-30/links.json",
    "report.html",
)
OUT = (
    "/../secret.html",
    "/%2e%2e/secret.html",
    "/releases/v1/quality/%2e%2e/%2e%2e/%2e%2e/%2e%2e/secret.html",
    "/releases/v1/quality/..%2f..%2fv2/report.html",
    "//etc/passwd",
    "/file:///etc/passwd",
    "/releases/v1/quality/%00.html",
)


@pytest.fixture
def root(tmp_path: Path) -> Root:
    root = Root(str(tmp_path / "root"))
    (tmp_path / "secret.html").write_text("secret")
    for place, text in PAGES.items():
        root.write_bytes(place, f"<!doctype html><p>{text}</p>".encode())
    for place in OTHERS:
        root.write_bytes(place, b"secret")
    root.write_json("releases/latest.json", {"version": "v1"})
    return root


@pytest.fixture
def client(root: Root) -> TestClient:
    return TestClient(site(root), base_url="http://127.0.0.1:4201")


@pytest.mark.parametrize("place", PAGES)
def test_a_page_is_served_as_what_it_is_and_may_call_nobody(place: str, client: TestClient) -> None:
    answer = client.get(f"/{place}")
    assert answer.status_code == 200
    assert PAGES[place] in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    scripts = "quality" not in place and "links" not in place
    assert ("script-src" in policy) == scripts, "not every page has scripts"


@pytest.mark.parametrize("place", OTHERS)
def test_nothing_else_of_the_root_is_served(place: str, client: TestClient) -> None:
    answer = client.get(f"/{place}")
    assert answer.status_code == 404
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", OUT)
def test_nothing_outside_is_served(path: str, client: TestClient) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_a_link_out_of_the_root_is_not_followed(root: Root, client: TestClient, tmp_path: Path) -> None:
    link = Path(root.uri("releases/v2/quality/index.html"))
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "secret.html")
    assert client.get("/releases/v2/quality/index.html").status_code == 404
    with pytest.raises(OutsideRoot, match="link out of it"):
        read(root, "releases/v2/quality/index.html")


def test_only_reading_is_allowed(client: TestClient) -> None:
    assert client.head("/releases/v1/report.html").status_code == 200
    for method in ("POST", "PUT", "DELETE"):
        assert client.request(method, "/releases/v1/report.html").status_code == 405


def test_a_name_of_another_site_that_leads_here_is_refused(root: Root) -> None:
    assert TestClient(site(root), base_url="http://evil.example").get("/").status_code == 400
    named = site(root, "https://reports.example/medinst")
    assert TestClient(named, base_url="http://reports.example").get("/").status_code == 200


def test_the_list_has_the_latest_release_first(root: Root, client: TestClient) -> None:
    rows = listed(root)
    assert [(row.version, row.latest) for row in rows["releases"]] == [("v1", True), ("v2", False)]
    assert [place for _, place in rows["releases"][0].pages] == [
        "releases/v1/report.html",
        "releases/v1/quality/index.html",
    ]
    page = client.get("/").text
    assert rows["diffs"][0].pages == (("Changes since v1", "diffs/v2/v1.html"),)
    listed_places = {place for folder in rows.values() for row in folder for _, place in row.pages}
    assert listed_places == {*PAGES} - {"releases/v1/quality/validations/samples/found.html"}
    for place in listed_places:
        assert f'href="/{place}"' in page


def test_an_empty_root_says_what_to_do(tmp_path: Path) -> None:
    page = TestClient(site(Root(str(tmp_path / "none"))), base_url="http://localhost").get("/")
    assert page.status_code == 200
    assert "medinst build" in page.text


def test_a_bucket_is_served_as_a_folder_is() -> None:
    fsspec.filesystem("memory").pipe_file("/watched/releases/v1/report.html", b"<p>far away</p>")
    client = TestClient(site(Root("memory://watched")), base_url="http://127.0.0.1")
    assert "far away" in client.get("/releases/v1/report.html").text
    assert client.get("/releases/v2/report.html").status_code == 404
    assert "releases/v1/report.html" in client.get("/").text


def test_a_root_that_cannot_be_read_is_said(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> bytes:
        raise ConnectionError("s3://bucket/with/details")

    monkeypatch.setattr(Root, "read_bytes", gone)
    answer = TestClient(site(root), base_url="http://127.0.0.1").get("/releases/v1/report.html")
    assert answer.status_code == 503
    assert "details" not in answer.text
