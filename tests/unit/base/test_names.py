"""Names of roots, mirrors, files and members are only names: no pattern is expanded that no declaration wrote."""

import ast
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import OutsideRoot
from schemas.formats import Iob, ParallelText
from schemas.settings import Settings
from tasks.base.store import frames
from tasks.base.store.root import Root
from tasks.build.fetch.mirror import lent, open_mirror
from tasks.build.unpack import members
from tests.support.places import CHECKOUT
from tests.support.reading import Reader

NAMES = (
    "a b", "run [1]", "x*", "y?", "it's", "h#h", "p%20p", "é", "{a,b}", "q=1", "a::b", "$HOME", "~x", "s3:x", '"q"',
    "back\\slash", "!", "[a-c]",
)  # fmt: skip
"""In which shells, Polars, DuckDB, fsspec or URLs see more than a name."""


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def test_a_root(name: str, tmp_path: Path) -> None:
    (tmp_path / "run 1").mkdir()
    root = Root(str(tmp_path / name))
    assert root.is_local
    with root.writing(f"records/{name}/x.parquet") as path:
        pl.DataFrame({"a": [1]}).write_parquet(path)
    place = f"records/{name}/x.parquet"
    assert root.names("records") == [name]
    assert frames.read(root.local(place)).rows() == [(1,)]
    assert frames.scan([root.local(place)] * 2).collect().rows() == [(1,), (1,)]
    assert root.uri(place) == f"{tmp_path}/{name}/{place}"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["run 1", name])


def test_a_mirror_and_its_files(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name
    (folder / "src").mkdir(parents=True)
    (folder / "src" / name).write_bytes(b"its own")
    mirror = open_mirror(str(folder), Settings())
    with lent(mirror, "src", name, tmp_path, Settings()) as path:
        assert path is not None
        assert path.read_bytes() == b"its own"
    with lent(mirror, "src", "other", tmp_path, Settings()) as path:
        assert path is None


@pytest.mark.parametrize("name", [name for name in NAMES if not {"!", "\\", ":"} & set(name)])
def test_a_member_of_an_archive(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(name, "one\ntwo\n")
    (member,) = members(tmp_path / "x.zip", f"x.zip!{name}", tmp_path / name, Settings())
    assert member.name == name
    assert frames.scan_lines(member.content).collect()["line"].to_list() == ["one", "two"]


@pytest.mark.parametrize("name", [name for name in NAMES if "!" not in name])
def test_a_file_of_lines_is_read_alone(name: str, tmp_path: Path) -> None:
    beside = {"c1.tsv": "B\tO\n", "run 1.tsv": "C\tO\n", "xx.tsv": "D\tO\n", "yy.tsv": "E\tO\n"}
    for other, text in {**beside, f"{name}.tsv": "A\tO\n"}.items():
        (tmp_path / other).write_text(text)
    assert frames.scan_lines(tmp_path / f"{name}.tsv").collect()["line"].to_list() == ["A\tO"]


def test_formats_that_are_read_by_lines_read_from_a_root_of_any_name(name: str, tmp_path: Path) -> None:
    """What a declaration writes is the name of one file, though it looks like a pattern that matches another."""
    reader = Reader(tmp_path / name)
    sides = {"source": "d[1].en", "target": "d*.pt"}
    reader(ParallelText(), {"d[1].en": "one\n", "d*.pt": "um\n", "d1.en": "x\n", "dx.pt": "y\n"}, train=sides)
    assert reader.tally("train") == (1, 1, 0)
    reader(Iob(), {"c*.tsv": "A\tO\n", "c1.tsv": "B\tO\nC\tO\n"}, train="c*.tsv")
    assert reader.tally("train") == (1, 1, 0)


@given(st.text(min_size=1, max_size=12).filter(lambda text: ".." not in text and "/" not in text))
def test_a_place_is_kept_as_it_is(name: str) -> None:
    assert Root("/r").uri(f"a/{name}") == (f"/r/a/{name}")


@pytest.mark.parametrize("place", ["/etc/passwd", "../x", "a/../../x", "s3://b/x", "file:///x", ".."])
def test_nothing_outside_a_root_is_reached_through_it(place: str, tmp_path: Path) -> None:
    root = Root(str(tmp_path))
    for method in (root.exists, root.read_bytes, root.local, root.names, root.remove, root.uri, root.done):
        with pytest.raises(OutsideRoot, match="expected a path relative to the root"):
            method(place)
    with pytest.raises(OutsideRoot):
        root.write_bytes(place, b"")


READS = ("scan_parquet", "read_parquet", "scan_ipc", "read_ipc", "scan_lines", "scan_csv", "read_csv", "scan_ndjson")


def test_polars_opens_files_only_where_names_are_names() -> None:
    """Everything else that reads a file with Polars says `glob=False` itself."""
    found = []
    for path in (path for wing in ("tasks", "flows") for path in (CHECKOUT / wing).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"pl.{name}" for name in READS}:
                options = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                found.append((path.name, options.get("glob")))
    assert len(found) >= 5
    assert [each for each in found if each[1] != "False"] == []
