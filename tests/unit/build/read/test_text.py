"""The text of files: declared encodings, places in messages, and that only LF and CRLF end a line; XML is harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import FormatError
from tasks.build.read import readers, text
from tasks.build.read.text import _CHUNK, check, chunks, decode, each_line, lines, scan_lines, with_lf
from tasks.build.read.xml import exact_text, parse, text_of
from tests.support.reading import often, put

assert readers


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("utf-8", "é’\n".encode()),
        ("utf-8", "\ufeffé’\n".encode()),
        ("cp1252", b"\xe9\x92\n"),
        ("mac-roman", b"\x8e\xd5\n"),
    ],
)
def test_the_declared_encoding(encoding, data):
    member = put("x", data)
    assert decode(member, encoding) == "é’\n"
    assert lines(member, encoding) == ["é’"]
    assert scan_lines(member, encoding).collect()["line"].to_list() == ["é’"]


@pytest.mark.parametrize("first", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("function", [decode, lines, scan_lines, check])
def test_a_wrong_encoding_names_line_and_byte(first, function):
    member = put("a/b.txt", first + b"one\r\ntwo\n th\xe9ee\n")
    with pytest.raises(
        FormatError, match=rf"`a/b\.txt`, line 3, byte {len(first) + 12}: 0xe9 is not text in utf-8"
    ) as caught:
        function(member, "utf-8")
    assert caught.value.facts == {"file": "a/b.txt", "line": 3, "byte": len(first) + 12}


@pytest.mark.parametrize(("encoding", "byte"), [("ascii", b"\xc3"), ("cp1252", b"\x81"), ("utf-8", b"\xf0\x9f")])
def test_bytes_that_an_encoding_does_not_have(encoding, byte):
    for function in (decode, lines, scan_lines, check):
        with pytest.raises(FormatError, match=rf"line 1, byte 1: 0x{byte[:1].hex()} is not text in {encoding}"):
            function(put("x", b"a" + byte), encoding)


def test_a_character_may_stand_across_the_blocks_of_a_large_file():
    text = "a" * (_CHUNK - 1) + "😀" + "b" * _CHUNK + "\n"
    check(put("x", text), "utf-8")
    with pytest.raises(FormatError, match=f"byte {_CHUNK - 1}: 0xf0"):
        check(put("x", text.encode().replace(b"\x80", b"\x20")), "utf-8")


def test_only_lf_and_crlf_end_a_line():
    member = put("x", "a\u2028b\x85c\x0bd\x0ce\x1cf\rg\r\nh\n\n\ufeffi")
    expected = ["a\u2028b\x85c\x0bd\x0ce\x1cf\rg", "h", "", "\ufeffi"]
    assert lines(member, "utf-8") == expected
    assert scan_lines(member, "utf-8").collect()["line"].to_list() == expected


@often
@given(
    st.lists(st.text(st.sampled_from("ab \t\u2028\x85\ufeff😀é\x0b\0"), max_size=5)), st.sampled_from(["\n", "\r\n"])
)
def test_both_ways_of_reading_lines_agree(rows, end):
    for mark in ("", "\ufeff"):
        member = put("x", mark + end.join([*rows, ""]))
        expected = [row.removeprefix("\ufeff" if number == 0 and not mark else "") for number, row in enumerate(rows)]
        assert lines(member, "utf-8") == expected
        assert scan_lines(member, "utf-8").collect()["line"].to_list() == (expected or [""] * len(mark))


@often
@given(st.text(st.sampled_from("ab\r\n")))
def test_offsets_move_with_the_line_ends(text):
    mended, moved = with_lf(text)
    assert mended == text.replace("\r\n", "\n")
    for start in range(len(text) + 1):
        for end in range(start, len(text) + 1):
            cut = text[start:end].replace("\r\n", "\n")
            expected = cut[:-1] if cut.endswith("\r") and text[end:].startswith("\n") else cut
            assert mended[moved(start) : moved(end)] == expected


def test_xml_keeps_all_text():
    root = parse(put("x", "<x><t>a<!-- c -->b<?p i?>c<![CDATA[<&>]]>&lt;&#945;</t><u>a <i>b</i> c</u></x>"))
    assert exact_text(root.find("t")) == "abc<&><α"
    assert exact_text(None) == ""
    assert text_of(root.find("u")) == "a b c"
    with pytest.raises(ValueError, match="elements stand within the text of <u>"):
        exact_text(root.find("u"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ('<!DOCTYPE x [<!ENTITY e "A">]>\n<x>a &e; b</x>', r"`x`, line 2: &e; is an entity"),
        ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "&e; is an entity"),
        ("<x>\n<y></x>", r"`x` is not well-formed XML: .*mismatch.*line 2"),
        ("", "`x` is not well-formed XML"),
        ("\0", "`x` is not well-formed XML"),
        (b"<x>\xff</x>", "`x` is not well-formed XML"),
    ],
)
def test_xml_that_is_refused(data, message):
    with pytest.raises(FormatError, match=message):
        parse(put("x", data))


@pytest.mark.parametrize("data", [b"\xef", b"\xef\xbb", b"a\xef", b"\xef\xbb\xbfa\xc3"])
def test_a_file_that_ends_within_a_character_is_refused(data):
    for read_it in (check, decode, scan_lines):
        with pytest.raises(FormatError, match="is not text in utf-8"):
            read_it(put("x", data), "utf-8")


pieces = st.sampled_from(
    [b"a", b"\n", b"\r\n", "é".encode(), "😀".encode(), b"\xe9", b"\xf0\x9f", b"\x81", b"\xef\xbb"]
)


@often
@given(st.lists(pieces, max_size=9).map(b"".join), st.integers(1, 5), st.sampled_from(["utf-8", "ascii", "cp1252"]))
def test_pieces_of_any_size_name_the_same_byte_as_the_whole(data, size, encoding):
    """However the file is cut, each way of reading finds the fault where Python finds it in the whole."""
    expected = None
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        expected = (data.count(b"\n", 0, error.start) + 1, error.start)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "_CHUNK", size)
        for read_all in (
            check,
            decode,
            scan_lines,
            lambda *file: list(each_line(*file)),
            lambda *file: list(chunks(*file)),
        ):
            for mark in (b"", b"\xef\xbb\xbf" * (encoding == "utf-8")):
                member = put("x", mark + data)
                if expected is None:
                    read_all(member, encoding)
                    continue
                with pytest.raises(FormatError) as caught:
                    read_all(member, encoding)
                assert (caught.value.facts["line"], caught.value.facts["byte"]) == (
                    expected[0],
                    expected[1] + len(mark),
                )
