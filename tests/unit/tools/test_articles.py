"""The licences of single articles, from the list that PubMed Central publishes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from schemas.errors import DeclarationError
from tasks.build.builds.build import Build
from tasks.build.builds.state import save_state
from tasks.tools.declare.articles import articles
from tests.support.gathering import gather
from tests.support.places import DEMO

HEADER = "File,Article Citation,Accession ID,Last Updated (YYYY-MM-DD HH:MM:SS),PMID,License\n"


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    state = gather(tmp_path_factory.mktemp("articles"), DEMO, ["bionlp_2013_ge", "mqp"])
    save_state(state)
    return Build(state)


def written(folder: Path, documents: list[str]) -> Path:
    path = folder / "oa_file_list.csv"
    listed = zip(documents, ("CC BY", "CC BY-NC", "NO-CC CODE"), strict=False)
    lines = [f'a.tar.gz,"J, 1",{name},2020-01-01 00:00:00,,{kind}\n' for name, kind in listed]
    path.write_text(HEADER + "".join(lines))
    return path


def test_each_article_has_the_licence_of_the_list(build: Build, tmp_path: Path) -> None:
    path = tmp_path / "oa_file_list.csv"
    path.write_text(HEADER)
    unlisted = articles(build, path)
    assert {each.licence for each in unlisted} == {"not listed"}
    assert {each.source for each in unlisted} == {"bionlp_2013_ge"}  # the other one has no articles
    names = [each.document.removeprefix("pmcid:") for each in unlisted]
    assert all(name.startswith("PMC") for name in names)
    first, *others = articles(build, written(tmp_path, names))
    assert (first.licence, first.commercial) == ("CC BY", True)
    assert not any(each.commercial for each in others)


def test_a_list_of_something_else_is_refused(build: Build, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(DeclarationError, match="no column Accession ID, PMID, License; expected the file"):
        articles(build, path)
    with pytest.raises(DeclarationError, match="cannot be read as a list"):
        articles(build, tmp_path / "none.csv")


def test_the_command_lists_them(build: Build, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [each.document.removeprefix("pmcid:") for each in articles(build, written(tmp_path, []))]
    path = written(tmp_path, names)
    asked = ["licences", "--articles", str(path), "--root", build.root.url]
    shown = CliRunner().invoke(app, asked)
    assert shown.exit_code == 0, shown.output
    assert "CC BY" in shown.output
    done = CliRunner().invoke(app, [*asked, "--json"])
    told = json.loads(done.stdout or capsys.readouterr().out)
    assert {each["source"] for each in told} == {"bionlp_2013_ge"}
