"""What is in memory at once is bounded by the settings, whatever a file holds: measured in a process of its own."""

import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.places import CHECKOUT

pytestmark = pytest.mark.heavy

LINE = 2**22
"""Bytes of a line, cell or value that the process allows; files are sixteen times as large."""

FACTOR = 4
"""Most that the process may grow by, in such lines: the bytes, their text, and what is being joined of it."""

SCRIPT = """
import json, resource, sys
from pathlib import Path
from schemas.errors import MedinstError
from schemas.formats import Delimited, Iob, JsonRows, XmlRows
from schemas.settings import Settings
from tasks.build.read import Table, read
from tasks.build.read import readers
from tasks.build.unpack import Member, members

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

def attempt(kind, path):
    if kind == "archive":
        return members(path, "a.zip!x", path.parent / "into", Settings())
    fields = {"first": "a", "second": "b"} if kind != "table without header" else {"first": 0, "second": 1}
    options = {
        "lines of JSON": lambda: JsonRows(record="Pair", fields=fields, lines=True),
        "JSON": lambda: JsonRows(record="Pair", fields=fields),
        "table with quotes": lambda: Delimited(record="Pair", fields=fields, separator=",", quote='"'),
        "table": lambda: Delimited(record="Pair", fields=fields, separator=",", quote=None),
        "XML": lambda: XmlRows(record="Pair", row="r", fields=fields),
        "a whole file": lambda: Iob(),
    }[kind]()
    found = read(options, {"0": [Member(path.name, path)]})
    return found.frame.collect() if isinstance(found, Table) else list(found)

warm = Path(sys.argv[1], "warm.jsonl")
warm.write_text('{"a": "x", "b": "y"}\\n')
attempt("lines of JSON", warm)
for name, kind in json.loads(sys.argv[2]).items():
    before = peak()
    try:
        attempt(kind, Path(sys.argv[1], name))
        said = "nothing"
    except MedinstError as error:
        said = str(error)
    print(json.dumps([name, peak() - before, said]), flush=True)
"""

FILES = {
    "line.jsonl": ("lines of JSON", b'{"a": "', b"x", b'", "b": "y"}\n'),
    "string.json": ("JSON", b'[{"a": "', b"x", b""),
    "list.json": ("JSON", b'[{"a": [', b'"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",', b""),
    "cell.csv": ("table with quotes", b'a,b\n"', b"x\n", b""),
    "quoted.csv": ("table with quotes", b'a,b\n"', b"x", b'",y\n'),
    "line.csv": ("table", b"a,b\n", b"x", b",y\n"),
    "text.xml": ("XML", b"<x><r><a>", b"x", b"</a></r></x>"),
    "attribute.xml": ("XML", b'<x><r a="', b"x", b'"/></x>'),
    "deep.xml": ("XML", b"<x>", b"<r>", b""),
    "large.iob": ("a whole file", b"", b"x O\n", b""),
}
"""Name -> kind, and what the file begins with, repeats and ends with."""


def crowd(count: int) -> bytes:
    """A zip of many empty members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(count):
            archive.writestr(zipfile.ZipInfo(f"{number:06d}" + "n" * 60), b"")
    return target.getvalue()


def crowd_of_tar(count: int) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for number in range(count):
            archive.addfile(tarfile.TarInfo(f"{number:06d}"))
    return target.getvalue()


def bomb_of_entities() -> bytes:
    names = "abcdefghij"
    lines = [f'<!ENTITY {now} "{f"&{before};" * 10}">' for before, now in pairwise(names)]
    return f'<!DOCTYPE x [<!ENTITY a "xxxxxxxxxx">{"".join(lines)}]><x><r><a>&j;</a></r></x>'.encode()


def test_memory_is_bounded_by_what_the_settings_allow(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    kinds = {name: kind for name, (kind, *_) in FILES.items()}
    for name, (_, begin, repeated, end) in FILES.items():
        with (tmp_path / name).open("wb") as file:
            file.write(begin)
            for _ in range(16):
                file.write(repeated * (LINE // len(repeated)))
            file.write(end)
    (tmp_path / "entities.xml").write_bytes(bomb_of_entities())
    (tmp_path / "crowd.zip").write_bytes(crowd(20_000))
    (tmp_path / "crowd.tar").write_bytes(crowd_of_tar(20_000))
    kinds |= {"entities.xml": "XML", "crowd.zip": "archive", "crowd.tar": "archive"}
    limits = {"LINE_BYTES": LINE, "FILE_BYTES": LINE, "ARCHIVE_MEMBERS": 1000}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path), json.dumps(kinds)],
        cwd=CHECKOUT,
        env=os.environ
        | {f"MEDINST_{name}": str(value) for name, value in limits.items()}
        | {"POLARS_MAX_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )
    assert done.returncode == 0, done.stderr
    found = {name: (grown, said) for name, grown, said in map(json.loads, done.stdout.splitlines())}
    assert found.keys() == kinds.keys()
    for name, (grown, said) in found.items():
        print(f"{name}: {grown / LINE:.1f} times the longest line; {said[:160]}")
        assert grown <= FACTOR * LINE, f"{name} took {grown / LINE:.1f} times what a line may have"
        assert name.partition(".")[0] == "entities" or "expected" in said, said
        assert said != "nothing", name
    record_property("tried", len(found))
