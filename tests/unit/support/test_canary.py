"""The search for a canary finds it wherever it hides, and nowhere else."""

import base64
import gzip
import html
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import duckdb
import polars as pl
import pytest

from tests.support.canary import places

WORD = "qzvkjwx"
OTHER = "qzvcjwx"
NOISE = "The canary sings of other things. " * 40


def in_parquet(path: Path, text: str) -> None:
    pl.DataFrame({"a": [[NOISE], [NOISE + text]]}).write_parquet(path, compression="zstd")


def in_duckdb(path: Path, text: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE hidden AS SELECT ? AS a FROM range(3000)", [NOISE + text])


def in_zip(path: Path, text: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.txt", NOISE + text)


HIDING: dict[str, tuple[str, Callable[[Path, str], object]]] = {
    "plain": ("a.txt", lambda path, text: path.write_text(NOISE + text)),
    "capitals": ("a.txt", lambda path, text: path.write_text(NOISE + text.upper())),
    "utf-16": ("a.txt", lambda path, text: path.write_bytes((NOISE + text).encode("utf-16"))),
    "utf-16-be": ("a.txt", lambda path, text: path.write_bytes((NOISE + text).encode("utf-16-be"))),
    "hex": ("a.txt", lambda path, text: path.write_text((NOISE + text).encode().hex())),
    **{
        f"base64 after {shift}": (
            "a.txt",
            lambda path, text, shift=shift: path.write_bytes(base64.b64encode(b"." * shift + text.encode() + b"end")),
        )
        for shift in range(3)
    },
    "url": ("a.txt", lambda path, text: path.write_text("".join(f"%{byte:02X}" for byte in text.encode()))),
    "html": ("a.html", lambda path, text: path.write_text("".join(f"&#{ord(each)};" for each in text))),
    "json": ("a.json", lambda path, text: path.write_text("".join(f"\\u{ord(each):04x}" for each in text))),
    "gzip": ("a.gz", lambda path, text: path.write_bytes(gzip.compress((NOISE + text).encode()))),
    "zip": ("a.zip", in_zip),
    "parquet": ("a.parquet", in_parquet),
    "duckdb": ("a.duckdb", in_duckdb),
}


@pytest.mark.parametrize("hidden", HIDING)
def test_a_hidden_word_is_found(hidden: str, tmp_path: Path) -> None:
    name, hide = HIDING[hidden]
    hide(tmp_path / name, f"about {WORD}s")
    assert places(tmp_path, WORD) == {name}


@pytest.mark.parametrize("hidden", HIDING)
def test_another_word_is_not(hidden: str, tmp_path: Path) -> None:
    name, hide = HIDING[hidden]
    hide(tmp_path / name, f"about {OTHER}s")
    assert places(tmp_path, WORD) == set()


def test_names_of_files_are_searched(tmp_path: Path) -> None:
    (tmp_path / "deep" / WORD).mkdir(parents=True)
    (tmp_path / "deep" / WORD / "a.txt").write_text(NOISE)
    assert places(tmp_path, WORD) == {f"deep/{WORD}/a.txt"}


def test_markup_around_it_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(html.escape(f"<b>{WORD}</b>") + quote("ä") + json.dumps("ä"))
    assert places(tmp_path, WORD) == {"a.html"}
