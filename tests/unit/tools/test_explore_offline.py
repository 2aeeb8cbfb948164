"""The explorer as a folder: its files, its tables, who may read it, and what it says when DuckDB is not there."""

import hashlib
import io
import json
import tarfile
from html.parser import HTMLParser

import polars as pl
import pytest
from starlette.testclient import TestClient

from schemas.errors import MedinstError
from tasks.base.store.root import Root
from tasks.tools.explore.filters import Filters
from tasks.tools.explore.find import shown
from tasks.tools.explore.offline import engine
from tasks.tools.explore.offline.pages import POLICY
from tasks.tools.explore.offline.serve import served
from tasks.tools.explore.offline.texts import GROUP
from tasks.tools.explore.offline.write import is_explorer, may_write, write
from tasks.tools.explore.start import loaded
from tests.support.explored import define, exploring, fill, id_of

FILES = {"duckdb-eh.wasm": b"\0asm"}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explored")
    fill(folder)
    return folder


@pytest.fixture(scope="module")
def folder(root, tmp_path_factory):
    place = tmp_path_factory.mktemp("out") / "explorer"
    counts = []
    with loaded(shown(None, Root(str(root))), define) as explorer:
        write(explorer, place, FILES, counts.append)
    assert counts == [5]
    return place


@pytest.fixture(scope="module")
def client(folder):
    return TestClient(served(folder), base_url="http://127.0.0.1:4202")


def test_a_label_finds_what_it_finds_on_the_server(folder, root):
    labels = pl.read_parquet(folder / "data/labels.parquet", glob=False)
    with exploring(None, root) as explorer:
        for label in explorer.choices["label"]:
            found = labels.filter(pl.col("label") == label)["nr"].to_list()
            assert found == explorer.numbers(Filters(label=label)).tolist(), label
    assert "tissue" in labels["label"].to_list()


def test_words_are_in_order_and_without_case_and_accents(tmp_path):
    fill(tmp_path, [("AnEM", "train", "01", "Über-Gland’s IL-2", "none"), ("AnEM", "train", "02", "gland", "none")])
    (tmp_path / "releases/r1/audit").mkdir(exist_ok=True)
    with loaded(shown(None, Root(str(tmp_path))), define) as explorer:
        write(explorer, tmp_path / "out", FILES, lambda _: None)
    words = pl.read_parquet(tmp_path / "out/data/words.parquet", glob=False)
    assert words.rows() == sorted(words.rows())
    assert words.filter(pl.col("nr") == 1)["word"].to_list() == ["2", "gland", "il", "none", "s", "uber"]
    assert words.filter(pl.col("word") == "gland")["nr"].to_list() == [1, 2]


def test_a_group_of_texts_holds_the_numbers_that_the_page_expects(root, tmp_path):
    samples = [("AnEM", "train", f"{number:x}", f"gland {number}", "none") for number in range(GROUP + 3)]
    fill(tmp_path, samples)
    with loaded(shown(None, Root(str(tmp_path))), define) as explorer:
        write(explorer, tmp_path / "out", FILES, lambda _: None)
    import pyarrow.parquet as pq

    file = pq.ParquetFile(tmp_path / "out/data/texts.parquet")
    assert [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)] == [GROUP, 3]
    config = json.loads((tmp_path / "out/explorer.json").read_text())
    assert config["group"] == GROUP
    assert config["tasks"] == [["AnEM", 1, GROUP + 3]]


class Elements(HTMLParser):
    """The names of elements and attributes of a page."""

    def __init__(self, text):
        super().__init__()
        self.names, self.attributes = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.attributes |= {name for name, _ in attrs}


def test_no_text_of_the_data_is_markup(folder):
    texts = pl.read_parquet(folder / "data/texts.parquet", glob=False)
    rejects = pl.read_parquet(folder / "data/rejects.parquet", glob=False)
    parts = [*texts["row"], *texts["page"], *rejects["row"]]
    parts += [path.read_text() for path in (folder / "pages").rglob("*.html")]
    assert sum("window.ran" in part for part in parts) >= 5
    for part in parts:
        found = Elements(part)
        assert not {"script", "img", "iframe", "style"} & set(found.names)
        assert not {name for name in found.attributes if name.startswith("on")}
    assert Elements((folder / "index.html").read_text()).names.count("script") == 2


def test_what_a_page_cannot_tell_it_does_not_link(folder):
    texts = pl.read_parquet(folder / "data/texts.parquet", glob=False)
    assert not [page for page in texts["page"] if "/why/" in page]
    page = texts.filter(pl.col("id") == id_of("03"))["page"][0]
    assert 'href="/samples/AnEM/' + id_of("01") in page, "what it leaks"


def test_a_range_of_a_file_can_be_asked_for(client, folder):
    whole = (folder / "data/texts.parquet").read_bytes()
    answer = client.get("/data/texts.parquet", headers={"Range": "bytes=4-11"})
    assert (answer.status_code, answer.content) == (206, whole[4:12])
    assert answer.headers["Content-Range"] == f"bytes 4-11/{len(whole)}"


def test_only_loopback_names_are_answered_and_the_policy_goes_along(client, folder, tmp_path):
    assert client.get("/", headers={"Host": "attacker.example"}).status_code == 400
    answer = client.get("/")
    assert answer.headers["Content-Security-Policy"].startswith(POLICY)
    assert POLICY in answer.text.replace("&#39;", "'")
    assert client.get("/report.html").headers["Content-Security-Policy"].startswith("sandbox")
    assert client.get("/%2e%2e/r1").status_code == 404
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (folder / "link").symlink_to(secret)
    assert client.get("/link").status_code == 404
    (folder / "link").unlink()


def test_nothing_but_an_explorer_is_replaced(folder, root, tmp_path):
    assert is_explorer(folder)
    may_write(folder)
    may_write(tmp_path / "new")
    (tmp_path / "mine").mkdir()
    may_write(tmp_path / "mine")
    (tmp_path / "mine/thesis.txt").write_text("kept")
    for place, words in ((tmp_path / "mine", "expected a new or empty folder"), (tmp_path / "no/such", "found no")):
        with pytest.raises(MedinstError, match=words):
            may_write(place)


def test_the_same_release_gives_the_same_files(folder, root, tmp_path):
    with loaded(shown(None, Root(str(root))), define) as explorer:
        write(explorer, tmp_path / "again", FILES, lambda _: None)
    for path in folder.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(folder)).read_bytes(), path
    assert [path.name for path in tmp_path.iterdir()] == ["again"], "nothing is left beside it"


def packed(folder, members):
    path = folder / "thing-1.0.0.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    content = path.read_bytes()
    return engine.Package("thing@1.0.0", path.name, hashlib.sha256(content).hexdigest(), {"package/a.js": "b.js"}), path


def test_an_archive_gives_the_files_that_are_declared_and_no_others(tmp_path):
    package, _ = packed(tmp_path, {"package/a.js": b"let a", "../evil.js": b"evil"})
    assert engine.engine(tmp_path, (package,)) == {"b.js": b"let a"}


def test_an_archive_of_other_content_is_refused(tmp_path):
    package, path = packed(tmp_path, {"package/a.js": b"let a"})
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(MedinstError, match=r"has SHA-256 .*, expected .*npm pack thing@1\.0\.0"):
        engine.engine(tmp_path, (package,))


def test_without_npm_the_command_that_fetches_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "_npm", list)
    with pytest.raises(MedinstError, match=r"npm pack @duckdb/duckdb-wasm@1\.28\.0 apache-arrow@13\.0\.0"):
        engine.engine(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_npm_that_fails_is_heard(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "_npm", lambda: ["sh", "-c", "echo npm error network >&2; exit 1"])
    with pytest.raises(MedinstError, match=r"could not fetch @duckdb/duckdb-wasm@1\.28\.0: npm error network"):
        engine.engine(tmp_path / "new")
