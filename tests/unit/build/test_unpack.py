"""Unpacking: the wanted members, whole and sorted, and nothing that a hostile archive wants."""

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import ArchiveError, FetchError
from tasks.build.fetch.blobs import hash_file
from tasks.build.fetch.pack import is_archive_name, pack
from tasks.build.unpack import members, unpack_all
from tasks.build.unpack.archive import entries
from tests.support.servers import quick

FILES = {"d/a.txt": b"A", "d/b.txt": b"B", "d/e/c.txt": b"C", "list.tsv": b"1\t2\n", "d/._a.txt": b"mac"}


def zipped(files, **changes):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in changes.items():
                setattr(info, key, value)
            archive.writestr(info, data)
    return buffer.getvalue()


def tarred(files, mode: Any = "w:gz", change=lambda info: None, format=tarfile.PAX_FORMAT):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, format=format) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            change(info)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


@pytest.fixture
def unpacked(tmp_path):
    def unpack(data, spec, **limits):
        path = tmp_path / "blob"
        path.write_bytes(data)
        found = members(path, spec, tmp_path / "into", quick(**limits), "src")
        return {member.name: member.read() for member in found}

    return unpack


KINDS = {
    "x.zip": zipped,
    "x.tar": lambda files: tarred(files, "w"),
    "x.tgz": tarred,
    "x.tar.gz": lambda files: tarred(files, format=tarfile.GNU_FORMAT),
    "x.tar.bz2": lambda files: tarred(files, "w:bz2"),
    "x.tar.xz": lambda files: tarred(files, "w:xz", format=tarfile.USTAR_FORMAT),
    "x.zip.but.named.otherwise": tarred,
}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    ("glob", "names"),
    [
        ("d/a.txt", ["d/a.txt"]),
        ("d/*.txt", ["d/a.txt", "d/b.txt"]),
        ("**/*.txt", ["d/a.txt", "d/b.txt", "d/e/c.txt"]),
        ("**", ["d/a.txt", "d/b.txt", "d/e/c.txt", "list.tsv"]),
        ("d/[b-z].txt", ["d/b.txt"]),
        ("?ist.[a-z]sv", ["list.tsv"]),
        ("d/._a.txt", ["d/._a.txt"]),
    ],
)
def test_the_members_that_a_declaration_names(unpacked, name, glob, names):
    found = unpacked(KINDS[name](FILES), f"{name}!{glob}")
    assert list(found) == names
    assert found == {name: FILES[name] for name in names}


def test_without_a_member_the_file_itself_stands_and_is_not_copied(tmp_path):
    path = tmp_path / "blob"
    path.write_bytes(b"data")
    assert members(path, "x.tsv", tmp_path / "into", quick()) == [("x.tsv", path)]


@pytest.mark.parametrize("packed", [gzip.compress, bz2.compress, lzma.compress])
def test_a_lone_packed_file_has_the_name_of_its_archive(unpacked, packed):
    for spec in ("a/x.tsv.gz!x.tsv", "a/x.tsv.gz!*"):
        assert unpacked(packed(b"1\t2\n"), spec) == {"x.tsv": b"1\t2\n"}


def test_archives_in_archives(unpacked):
    inner = {"1.zip": zipped({"x.txt": b"1"}), "2.zip": tarred({"x.txt": b"2", "y": b""})}
    data = tarred({"in/1.zip": inner["1.zip"], "in/2.zip": inner["2.zip"]})
    assert unpacked(data, "o.tgz!in/2.zip!x.txt") == {"x.txt": b"2"}


def test_several_declarations_take_one_pass(tmp_path, monkeypatch):
    path = tmp_path / "blob"
    path.write_bytes(zipped({"in.tgz": tarred(FILES), "r.txt": b"R"}))
    passes = []

    def counted(archive, *rest):
        passes.append(archive.name)
        return entries(archive, *rest)

    monkeypatch.setattr("tasks.build.unpack.entries", counted)
    specs = {"a": "o.zip!in.tgz!d/*.txt", "b": "o.zip!in.tgz!**/b.txt", "c": "o.zip!r.txt", "d": "o.zip"}
    found = unpack_all(path, specs, tmp_path / "into", quick())
    assert {key: [member.name for member in reached] for key, reached in found.items()} == {
        "a": ["d/a.txt", "d/b.txt"],
        "b": ["d/b.txt"],
        "c": ["r.txt"],
        "d": ["o.zip"],
    }
    assert passes == ["o.zip", "in.tgz"]


def test_few_bytes_stay_in_memory_until_they_are_many(tmp_path, monkeypatch):
    monkeypatch.setattr("tasks.build.unpack.allowance.SMALL", 3)
    monkeypatch.setattr("tasks.build.unpack.allowance.HELD", 5)
    (tmp_path / "blob").write_bytes(zipped({"1": b"abc", "2": b"abcd", "3": b"", "4": b"abc", "5": b"ab"}))
    found = members(tmp_path / "blob", "o.zip!*", tmp_path / "into", quick())
    assert [(member.name, isinstance(member.content, bytes)) for member in found] == [
        ("1", True),
        ("2", False),
        ("3", True),
        ("4", False),
        ("5", True),
    ]
    assert [(member.read(), member.size) for member in found] == [
        (b"abc", 3),
        (b"abcd", 4),
        (b"", 0),
        (b"abc", 3),
        (b"ab", 2),
    ]


def test_the_last_of_two_members_of_one_name_counts(unpacked):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for data in (b"old", b"new"):
            info = tarfile.TarInfo("./a.txt")
            info.size = 3
            archive.addfile(info, io.BytesIO(data))
    assert unpacked(buffer.getvalue(), "x.tar!a.txt") == {"a.txt": b"new"}


def test_names_that_say_utf_8_only_by_their_bytes(unpacked):
    name = "caffè.txt"
    data = zipped({"caffXY.txt": b"x"}).replace(b"caffXY.txt", name.encode())
    assert list(unpacked(data, "x.zip!*.txt")) == [name]


def test_a_member_that_is_not_there_is_told_with_its_neighbours(unpacked):
    with pytest.raises(ArchiveError) as caught:
        unpacked(zipped(FILES), "x.zip!d/A.text")
    message = str(caught.value)
    assert message.startswith("`src: x.zip`: expected a member that `d/A.text` names, found others: `d/")
    assert message.endswith("Correct the declaration in `sources/src.py`.")
    assert message.count("`, `") == 4


@pytest.mark.parametrize(
    "name",
    ["../evil", "a/../../evil", "/etc/evil", "C:evil", "c:\\evil", "a\\..\\evil", "..", "a/.."],
)
@pytest.mark.parametrize("make", [zipped, tarred], ids=["zip", "tar"])
def test_a_name_that_leaves_the_folder_refuses_the_archive(unpacked, make, name):
    with pytest.raises(ArchiveError, match="own folder"):
        unpacked(make({"good.txt": b"", name: b"evil"}), "x!good.txt")


def test_a_name_with_a_nul_refuses_the_archive(unpacked):
    data = zipped({"a.txtX.exe": b""}).replace(b"a.txtX.exe", b"a.txt\0.exe")
    with pytest.raises(ArchiveError, match="own folder"):
        unpacked(data, "x.zip!a.txt")


def test_links_and_devices_are_never_members(unpacked):
    def link(info):
        if info.name.startswith("evil"):
            info.type, info.linkname, info.size = info.name[4:].encode(), "/etc/passwd", 0

    files = {"good": b"good", "evil1": b"", "evil2": b"", "evil3": b"", "evil6": b""}
    assert unpacked(tarred(files, change=link), "x.tgz!*") == {"good": b"good"}
    with pytest.raises(ArchiveError, match="links are never followed"):
        unpacked(tarred(files, change=link), "x.tgz!evil2")


def test_a_link_in_a_zip_is_no_member(unpacked):
    data = zipped({"evil": b"/etc/passwd"}, create_system=3, external_attr=(stat.S_IFLNK | 0o777) << 16)
    with pytest.raises(ArchiveError, match="found others: none"):
        unpacked(data, "x.zip!evil")


@pytest.mark.parametrize("make", [zipped, tarred], ids=["zip", "tar"])
@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"member_bytes": 2**20}, "1,048,576 bytes, found more.*MEDINST_MEMBER_BYTES"),
        ({"archive_bytes": 3 * 2**20}, "bytes in all, found more.*MEDINST_ARCHIVE_BYTES"),
        ({"ratio": 100}, "100 times the packed size.*MEDINST_RATIO"),
        ({"archive_members": 1}, "at most 1 members.*MEDINST_ARCHIVE_MEMBERS"),
    ],
    ids=["member", "archive", "ratio", "members"],
)
def test_a_bomb_does_not_go_off(unpacked, make, limits, words):
    with pytest.raises(ArchiveError, match=words):
        unpacked(make({"a": bytes(2 * 2**20), "b": bytes(2 * 2**20)}), "x!*", **{"ratio": 10**6, **limits})


def test_a_size_in_a_header_is_not_believed(unpacked):
    data = bytearray(zipped({"a": bytes(2**22)}))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(ArchiveError, match=r"damage|more"):
        unpacked(bytes(data), "x.zip!a", member_bytes=2**20)


def test_a_huge_header_is_not_read_into_memory(unpacked):
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 2**31
    with pytest.raises(ArchiveError, match=r"headers of|damage"):
        unpacked(info.tobuf(tarfile.USTAR_FORMAT) + bytes(2**20), "x.tar!x")


def test_an_encrypted_zip_is_told(unpacked):
    data = bytearray(zipped({"a.txt": b"secret"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ArchiveError, match=r"`a.txt` encrypted"):
        unpacked(bytes(data), "x.zip!a.txt")


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


STORED = b"".join(bytes([number % 251]) for number in range(3000))
DAMAGED = {
    "zip cut": zipped(FILES)[:-30],
    "zip crc": flipped(zipped({"a": STORED}, compress_type=0), 40),
    "zip method": zipped({"a": b"x"}).replace(b"\x08\0\0\0!\0", b"\x63\0\0\0!\0"),
    "tar.gz cut": tarred({"a": STORED})[:-20],
    "tar.gz crc": flipped(tarred({"a": STORED}), -6),
    "tar.gz cut early": tarred({"a": STORED})[:15],
    "tar cut in a member": tarred({"a": STORED}, "w")[:2000],
    "tar cut between members": tarred({"a": bytes(512), "b": b"x"}, "w", format=tarfile.USTAR_FORMAT)[:1024],
    "tar header": flipped(tarred({"a": bytes(512), "b": b"x"}, "w", format=tarfile.USTAR_FORMAT), 1024),
    "gz crc": flipped(gzip.compress(STORED), -6),
    "xz cut": lzma.compress(STORED)[:-10],
    "bz2 crc": flipped(bz2.compress(STORED), 50),
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_damage_is_told(unpacked, data):
    with pytest.raises(ArchiveError, match=r"^`src: x`: expected .*damage.*medinst lock src --update"):
        unpacked(data, "x!*")


def test_an_unknown_kind_is_told_by_its_first_bytes(unpacked):
    with pytest.raises(ArchiveError, match=r"begins with b'Rar!"):
        unpacked(b"Rar!\x1a\x07\0" + bytes(100), "x.rar!a")


def test_damage_of_an_inner_archive_names_the_way_to_it(unpacked):
    with pytest.raises(ArchiveError, match=r"`src: o.zip!in.zip`: expected a sound archive"):
        unpacked(zipped({"in.zip": zipped(FILES)[:-30]}), "o.zip!in.zip!*")


def grow(folder: Path, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz", "x.tgz", "x.xlsx"])
def test_the_same_tree_is_always_packed_to_the_same_bytes(tmp_path, name):
    one = grow(tmp_path / "1" / name, FILES)
    other = grow(tmp_path / "2" / name, dict(reversed(FILES.items())))
    (other / "list.tsv").chmod(0o600)
    pack(one, tmp_path / "one")
    pack(other, tmp_path / "other")
    assert hash_file(tmp_path / "one") == hash_file(tmp_path / "other")


def test_packed_bytes_do_not_change_from_release_to_release(tmp_path):
    for name in ("x.zip", "x.tar.gz"):
        pack(
            grow(tmp_path / name, {"a/b.txt": b"text\n", "in.zip/c.txt": b"more\n"}),
            tmp_path / f"{name}.packed",
        )
    assert hash_file(tmp_path / "x.zip.packed")[0][:16] == "4591a3c92916f552"
    assert hash_file(tmp_path / "x.tar.gz.packed")[0][:16] == "68920d9412d2b5b3"


def test_a_workbook_begins_with_its_content_types(tmp_path):
    tree = grow(tmp_path / "x.xlsx", {"A.xml": b"", "[Content_Types].xml": b"", "xl/b.xml": b""})
    pack(tree, tmp_path / "packed")
    with zipfile.ZipFile(tmp_path / "packed") as archive:
        assert archive.namelist() == ["[Content_Types].xml", "A.xml", "xl/b.xml"]


def test_a_folder_in_a_tree_with_the_name_of_an_archive_is_packed_too(tmp_path):
    tree = grow(tmp_path / "o.zip", {"in.tar.gz/deep.zip/x.txt": b"X", "in.tar.gz/y": b"Y", "z.tsv.gz/z.tsv": b"Z"})
    pack(tree, tmp_path / "packed")
    specs = {"x": "o.zip!in.tar.gz!deep.zip!x.txt", "y": "o.zip!in.tar.gz!y", "z": "o.zip!z.tsv.gz!z.tsv"}
    found = unpack_all(tmp_path / "packed", specs, tmp_path / "into", quick())
    assert [found[key][0].read() for key in "xyz"] == [b"X", b"Y", b"Z"]


def test_what_cannot_be_packed_is_told(tmp_path):
    tree = grow(tmp_path / "x.gz", {"a": b"", "b": b""})
    with pytest.raises(FetchError, match="holds one file"):
        pack(tree, tmp_path / "packed")
    (tmp_path / "y.zip").mkdir()
    (tmp_path / "y.zip" / "link").symlink_to("/etc/passwd")
    with pytest.raises(FetchError, match="found a link"):
        pack(tmp_path / "y.zip", tmp_path / "packed")
    assert not is_archive_name("x.tsv")


parts = st.text("abé .[]*-", min_size=1, max_size=4).filter(lambda part: part.strip(". ") != "")
trees = st.recursive(
    st.binary(max_size=2000),
    lambda inner: st.dictionaries(parts, inner, min_size=1, max_size=4),
    max_leaves=8,
).filter(lambda tree: isinstance(tree, dict))


def leaves(tree, prefix=""):
    if isinstance(tree, bytes):
        return {prefix[:-1]: tree}
    return {name: data for part, inner in tree.items() for name, data in leaves(inner, f"{prefix}{part}/").items()}


@pytest.mark.heavy
@settings(max_examples=60, deadline=None)
@given(tree=trees, name=st.sampled_from(["x.zip", "x.tar", "x.tar.gz"]))
def test_unpacking_is_the_inverse_of_packing(tmp_path_factory, tree, name):
    folder = tmp_path_factory.mktemp("tree")
    files = leaves(tree)
    pack(grow(folder / name, files), folder / "packed")
    found = members(folder / "packed", f"{name}!**", folder / "into", quick())
    assert {member.name: member.read() for member in found} == files
    assert [member.name for member in found] == sorted(files)
    exact = unpack_all(folder / "packed", {leaf: f"{name}!{leaf}" for leaf in files}, folder / "exact", quick())
    assert all(leaf in [member.name for member in reached] for leaf, reached in exact.items())
