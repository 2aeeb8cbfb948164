"""Tables that are read line by line though they were written with quotes, or with columns that the header forgets."""

import pytest
from pydantic import ValidationError

from schemas.formats import Delimited
from tests.support.reading import put, rejects, rows

FIELDS = {"first": "a", "second": "b", "label": "c"}
LEADING = Delimited(record="Pair", separator="\t", quote=None, leading=True, fields=FIELDS)
UNWRAP = Delimited(record="Pair", separator="\t", quote=None, unwrap=True, header=False, fields={"first": 0})


def test_columns_in_front_that_the_header_does_not_name() -> None:
    member = put("x", "a\tb\tc\n1\t2\t3\n0\t1\t2\t3\nx\ty\t4\t5\t6\nx\ty\n")
    assert [tuple(row.values()) for row in rows(LEADING, member)] == [("1", "2", "3"), ("1", "2", "3"), ("4", "5", "6")]
    assert rejects(LEADING, member) == [("x:5", "malformed line", "expected 3 columns, found 2")]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('"a ""b"" c"', 'a "b" c'),
        ('"""a """"b"""" c"""', 'a "b" c'),
        ('"""a """"b"""" is cut "', 'a "b" is cut'),
        (' "a" ', "a"),
        ('""', ""),
        ('"', ""),
        ('"a ""b.', 'a "b.'),
        ('"a" and "b"', '"a" and "b"'),
        ('say "a"', 'say "a"'),
        ('"it\'s" ', "it's"),
        ('a ""', 'a ""'),
        ("", ""),
    ],
)
def test_a_cell_in_quotes_loses_them(cell: str, expected: str) -> None:
    (row,) = rows(UNWRAP, put("x", f"{cell}\tx\n"))
    assert row == {"first": expected}


@pytest.mark.parametrize("option", [{"leading": True}, {"unwrap": True}])
def test_both_are_for_tables_without_a_quoting_character(option: dict[str, bool]) -> None:
    with pytest.raises(ValidationError, match="say `quote=None`"):
        Delimited(record="Pair", fields=FIELDS, **option)  # pyright: ignore[reportArgumentType]
