"""Bad files: whatever is in a file, every reader says what is wrong, or accounts for all that it read.

The files are those of the miniatures, so that a format is tried with the options that sources declare for it. A format
that no source uses is not tried, and fails the first test.
"""

import codecs
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, get_args

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import formats
from schemas.errors import ArchiveError
from schemas.formats import Encoding, Format
from schemas.settings import Settings
from sources import find, registry
from tasks.base.store.root import Root
from tasks.build.fetch.pack import is_archive_name
from tasks.build.read import read, readers
from tasks.build.unpack import unpack_all
from tests.support.damage import Files, Outcome, fetched_of, helps, outcome, splits_of
from tests.support.garbage import garbage
from tests.support.places import DEMO

pytestmark = pytest.mark.heavy

FORMATS = [
    kind
    for kind in vars(formats).values()
    if isinstance(kind, type) and issubclass(kind, Format)
    if (kind in read.registry or not kind.__subclasses__()) and not kind.__name__.startswith("Parquet")
]
"""All that a source's own files can have: the rest are bases of others. Conversions in Parquet have no miniatures:
garbage in theirs is in test_garbage.py, and other bad files in test_parquet.py."""
SOURCES = sorted(registry())
_folder = tempfile.TemporaryDirectory(prefix="medinst-test-")
ROOT = Root(f"{_folder.name}/root")
assert readers  # registers them


@cache
def miniature(source: str) -> tuple[Files, ...]:
    """The splits of a miniature."""
    return tuple(splits_of(find(source), DEMO, ROOT, Path(_folder.name)))


@cache
def whole(source: str, number: int) -> Outcome:
    """What is read from a split of a miniature as it is."""
    return outcome(miniature(source)[number], ROOT)


@cache
def examples(kind: type[Format]) -> tuple[Files, ...]:
    """Splits of up to three sources that declare a format."""
    declared = [
        source.id
        for source in registry().values()
        if any(type(source.format_of(part)) is kind for part in source.parts)
    ]
    found = [next(files for files in miniature(source) if type(files.options) is kind) for source in declared[:3]]
    return tuple(found)


def damaged(files: Files, role: str, place: int, data: bytes) -> Outcome:
    return outcome(files.changed(role, place, data, Path(_folder.name)), ROOT)


def no_other(found: Outcome, expected: Outcome, new: int = 0) -> None:
    """No record but those of the whole files, save some."""
    if not found.error:
        known = expected.records.select(pl.struct(pl.all())).to_series()
        others = found.records.select(pl.struct(pl.all())).to_series().is_in(known.implode()).not_()
        assert others.sum() <= new, found.records.filter(others)


def broken(found: Outcome) -> str:
    """What is said of the files that alone were broken."""
    return "; ".join(found.rejects.filter(pl.col("reason") == "broken file")["detail"])


# Every format


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.__name__)
def test_every_format_is_tried(kind):
    assert examples(kind), (
        f"No source declares {kind.__name__}, so nothing shows how its reader takes bad files. Declare one with a "
        "miniature, or remove the format."
    )


NASTY = {
    "nothing": b"",
    "a mark alone": codecs.BOM_UTF8,
    "a line end": b"\n",
    "blank lines": b"\r\n" * 500 + b" \t\n" * 500,
    "lone CRs": b"a\tb\rc\td\r" * 50,
    "NULs": b"\0" * 5000,
    "all bytes": bytes(range(256)) * 9,
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\0",
    "a web page": b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head><body>Gone.</body></html>\n",
    "a message": b"404: Not Found",
    "a zip": b"PK\x03\x04" + b"\0" * 26 + b"PK\x05\x06" + b"\0" * 18,
    "gzip": b"\x1f\x8b\x08" + bytes(50),
    "a pointer of Git LFS": b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12\n",
    "UTF-16": "7|t|é😀\n7\t0\t1\té\tX\t1\n".encode("utf-16"),
    "surrogates": b"7|t|\xed\xa0\xbd\xed\xb8\x80\n",
    "an overlong character": b"7|t|\xc0\xaf\n",
    "brackets": b"[" * 100_000,
    "elements": b"<a>" * 30_000,
    "a long line": b"x" * 1_000_000,
    "a wide line": b"\t" * 50_000 + b"\n" + b"," * 50_000,
    "quotes": b'"a","b"\n"c\n' + b'"' * 333,
    "numbers": b"1\t-1\t99999999999999999999\n" * 20,
    "entities": b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d SYSTEM "file:///etc/passwd">]><a>&b;&d;</a>',
    "duplicate keys": b'{"a": {"a": 1, "a": 2}, "a": []}\n',
    "not numbers": b'[NaN, Infinity, 1e999, "\\ud800"]',
}


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.__name__)
def test_a_file_of_something_else(kind):
    for files in examples(kind):
        for role, members in files.roles.items():
            for data in NASTY.values():
                damaged(files, role, len(members) - 1, data)


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.__name__)
@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_garbage_in_place_of_bytes(kind, data):
    files = data.draw(st.sampled_from(examples(kind)))
    role, place = data.draw(st.sampled_from([*files.some()]))
    good = files.bytes_of(role, place)
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 200)))
    damaged(files, role, place, good[:start] + data.draw(garbage) + good[end:])


# Every source


@pytest.mark.parametrize("source", SOURCES)
def test_truncated_files(source):
    for number, files in enumerate(miniature(source)):
        for role, place in files.some():
            data = files.bytes_of(role, place)
            for end in {0, len(data) // 3, len(data) // 2, len(data) * 4 // 5, max(0, len(data) - 2)}:
                found = damaged(files, role, place, data[:end])
                assert found.records.height <= whole(source, number).records.height


@pytest.mark.parametrize("source", SOURCES)
def test_truncated_archives(source, tmp_path):
    declared = find(source)
    for blob in fetched_of(declared, DEMO, ROOT).blobs:
        members = {
            each for part in declared.parts.values() for each in part.members if each.startswith(f"{blob.name}!")
        }
        if not is_archive_name(blob.name) or not members:
            continue
        data = ROOT.local(blob.place).read_bytes()
        for end in (0, 1, len(data) // 3, len(data) // 2, len(data) - 9):
            path = tmp_path / "cut"
            path.write_bytes(data[:end])
            try:
                found = unpack_all(path, {each: each for each in members}, tmp_path, Settings(), source)
            except ArchiveError as error:
                helps(str(error), iter([f"{source}: {blob.name}"]))
            else:  # a tar ends with blocks of nothing
                assert not any(data[end:])
                assert all(found.values())


def as_text(data: bytes) -> str | None:
    """Text in UTF-8, or None."""
    try:
        return None if b"\0" in data else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


OFFSETS_IN_TEXTS = {"Standoff", "MentionTable"}
"""Formats with offsets into plain text files, in which CRLF is two characters."""


@pytest.mark.parametrize("source", SOURCES)
def test_a_mark_of_utf_8_and_crlf_change_nothing(source):
    for number, files in enumerate(miniature(source)):
        expected = whole(source, number)
        for role, place in files.some():
            text = as_text(files.bytes_of(role, place))
            if text is None or files.options.encoding != "utf-8":
                continue
            marked = damaged(files, role, place, codecs.BOM_UTF8 + text.encode())
            assert not marked.error, marked.error
            assert marked.records.equals(expected.records)
            crlf = damaged(files, role, place, text.replace("\r\n", "\n").replace("\n", "\r\n").encode())
            if type(files.options).__name__ in OFFSETS_IN_TEXTS and not crlf.error:
                no_other(crlf, expected)
                assert set(crlf.rejects["reason"]) <= {"span mismatch", *expected.rejects["reason"]}
            else:
                assert crlf.records.equals(expected.records), crlf.error


@pytest.mark.parametrize("source", SOURCES)
def test_another_encoding_than_the_declared_one_is_named(source):
    for number, files in enumerate(miniature(source)):
        for role in files.roles:
            text = as_text(files.bytes_of(role, 0))
            if text is None or text.isascii() or files.options.encoding != "utf-8":
                continue
            text = "".join(character if ord(character) < 256 else "é" for character in text)
            for encoding in ("latin-1", "cp1252", "mac-roman", "utf-16", "utf-16-le", "utf-32"):
                found = damaged(files, role, 0, text.encode(encoding, "replace"))
                if told := found.error or broken(found):
                    assert "line " in told
                else:  # XML says itself that it is UTF-16
                    assert encoding.startswith("utf"), encoding
                    assert found.records.equals(damaged(files, role, 0, text.encode()).records), number


@pytest.mark.parametrize("encoding", [name for name in get_args(Encoding) if name not in ("utf-8", "ascii")])
@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.__name__)
def test_the_declared_encoding_is_the_one_that_is_read(kind, encoding):
    """Text of eight bits a character, in each of its encodings, gives the records of the same text in UTF-8."""
    for files in examples(kind):
        texts = {role: [as_text(member.read()) for member in members] for role, members in files.roles.items()}
        if files.options.encoding != "utf-8" or any(text is None for found in texts.values() for text in found):
            continue
        outcomes = []
        for name in ("utf-8", encoding):
            roles: dict[str, Any] = {}
            for role, members in files.roles.items():
                roles[role] = []
                for place, (member, text) in enumerate(zip(members, texts[role], strict=True)):
                    path = Path(_folder.name) / f"{role}-{place}"
                    path.write_bytes("".join(each if each.isascii() else "é" for each in text or "").encode(name))
                    roles[role].append(member._replace(content=path))
            outcomes.append(outcome(files._replace(roles=roles).options_changed(encoding=name), ROOT))
        one, other = outcomes
        told = other.error or broken(other)
        if told and not one.error:  # XML says its encoding itself
            assert "is not well-formed XML" in told
        else:
            assert other.records.equals(one.records)
            assert other.rejects.equals(one.rejects)
