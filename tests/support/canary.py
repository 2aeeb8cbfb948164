"""Searching published files for a word: in every byte, also where it is compressed, encoded or escaped.

The word must be of small letters and digits, and long enough to occur by no accident.
"""

import base64
import gzip
import html
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import duckdb
import polars as pl

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")


def places(folder: Path, word: str) -> set[str]:
    """The files of a folder, by their relative names, that hold a word in any form, in their names too."""
    names = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name for name, path in names.items() if shows(name.encode(), word) or holds(path, word)}


def holds(path: Path, word: str) -> bool:
    """Whether a file holds a word in any form."""
    return any(shows(piece, word) for piece in pieces(path))


def pieces(path: Path) -> Iterator[bytes]:
    """All that a file holds: its bytes, and what they mean to whoever opens it."""
    data = path.read_bytes()
    yield data
    if path.suffix == ".parquet":
        yield repr(pl.read_parquet(path).rows()).encode()
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                yield repr(connection.execute(f'FROM "{table}"').fetchall()).encode()
    elif data.startswith(b"\x1f\x8b"):
        yield gzip.decompress(data)
    elif data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def shows(data: bytes, word: str) -> bool:
    """Whether bytes show a word, in whatever case, encoding or escape."""
    if any(form in data for form in forms(word)):
        return True
    text = data.decode("utf-8", "replace").lower()
    return any(word in read(text) for read in (str, html.unescape, unquote, _unescaped))


def forms(word: str) -> set[bytes]:
    """The bytes of a word in encodings that a search of texts does not see."""
    plain = word.encode()
    coded = {_base64(plain, shift) for shift in range(3)}
    return {
        word.encode("utf-16-le"),
        word.encode("utf-16-be"),
        plain.hex().encode(),
        plain.hex().upper().encode(),
        *coded,
    }


def _base64(word: bytes, shift: int) -> bytes:
    """The letters that depend on nothing but the word, where it begins `shift` bytes after a group of three."""
    coded = base64.b64encode(b"\0" * shift + word + b"\0" * 3)
    return coded[-(-shift * 8 // 6) : (shift + len(word)) * 8 // 6]


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), text)
