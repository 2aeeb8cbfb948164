"""Locks: one line an address, sorted, and safe to add to from several threads."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import DeclarationError
from tasks.base.store.root import Root
from tasks.build.fetch.lock import COMMITTED, LockLine, lock_text, merge_into, read_lock, remember, root_lock

A = LockLine("a" * 64, 12, "2026-11-20")
B = LockLine("b" * 64, 3, "2026-11-21")


def test_a_lock_is_lines_sorted_by_address():
    text = lock_text({"https://z": A, "https://a": B})
    assert [line for line in text.splitlines() if not line.startswith("#")] == [
        f"{'b' * 64}  3  2026-11-21  https://a",
        f"{'a' * 64}  12  2026-11-20  https://z",
    ]
    assert read_lock(text) == {"https://z": A, "https://a": B}


addresses = st.text(st.characters(blacklist_categories=("Z", "C")), min_size=1)
lines = st.builds(
    LockLine,
    st.sampled_from(["a" * 64, "0" * 64]),
    st.integers(0, 2**50),
    st.just("2026-01-01"),
    st.sampled_from(["", "record", "mirror", "unread"]),
)


@given(st.dictionaries(addresses, lines))
def test_reading_is_the_inverse_of_writing(lock):
    assert read_lock(lock_text(lock)) == lock


def test_the_committed_lock_can_be_read():
    assert COMMITTED.exists()
    read_lock(COMMITTED)


def test_no_file_is_an_empty_lock(tmp_path):
    assert read_lock(tmp_path / "sources.lock") == {}
    assert root_lock(Root(str(tmp_path))) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# x\nabc  1  2026-01-01  https://a\n", "line 2: .*found 'abc"),
        (f"{'a' * 64} 1 2026-01-01 https://a\n", "line 1"),
        (f"{'a' * 64}  1  2026-01-01  https://a\n" * 2, "line 2: .*second line"),
    ],
)
def test_a_wrong_line_is_told_with_its_number(text, words):
    with pytest.raises(DeclarationError, match=words):
        read_lock(text)


def test_a_line_that_says_nothing_new_keeps_its_date(tmp_path: Path):
    path = tmp_path / "sources.lock"
    merge_into(path, {"https://a": A, "https://b": B})
    merge_into(path, {"https://a": A._replace(date="2027-01-01"), "https://b": A})
    assert read_lock(path) == {"https://a": A, "https://b": A}


def test_a_download_confirms_what_a_record_said(tmp_path: Path):
    path = tmp_path / "sources.lock"
    merge_into(path, {"https://a": A._replace(note="record"), "https://b": B})
    assert f"{A.sha256}  12  2026-11-20  record  https://a\n" in path.read_text()
    merge_into(path, {"https://a": A._replace(date="2027-01-01"), "https://b": B._replace(note="record")})
    assert read_lock(path) == {"https://a": A._replace(date="2027-01-01"), "https://b": B}


def test_several_threads_add_lines(tmp_path):
    root = Root(str(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: remember(root, {f"https://{number}": A}), range(40)))
    assert root_lock(root) == {f"https://{number}": A for number in range(40)}
    assert [path.name for path in tmp_path.iterdir()] == ["sources.lock"]
