"""A release of invented sources."""

import pytest

import sources
from tasks.base.store.root import Root
from tasks.build.publish.release import write_release
from tests.support.released import BIB, DECLARED, content_of


@pytest.fixture(autouse=True)
def declared(tmp_path_factory, monkeypatch):
    sources.registry()  # it is kept for all tests, so not read first while other folders count as ours
    folder = tmp_path_factory.mktemp("sources")
    (folder / "references.bib").write_text(BIB, encoding="utf-8")
    monkeypatch.setattr(sources, "FOLDER", folder)
    monkeypatch.setattr(sources, "registry", lambda: DECLARED)


@pytest.fixture
def root(tmp_path):
    return Root(str(tmp_path / "root"))


@pytest.fixture
def extras(tmp_path):
    quality = tmp_path / "site" / "pages"
    quality.mkdir(parents=True)
    (quality / "one.html").write_text("<p>one</p>")
    return {"report.html": b"<p>report</p>", "quality": tmp_path / "site"}


@pytest.fixture
def release(root, extras):
    return write_release(content_of(root), root, extras)
