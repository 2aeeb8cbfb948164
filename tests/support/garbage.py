"""Bytes that mean nothing to any reader, and what a reader makes of them."""

import re
from typing import Any

import pytest
from hypothesis import strategies as st

from schemas.errors import MedinstError
from schemas.formats import Format
from schemas.records import Document, Reject
from tasks.build.read import Table, read
from tasks.build.read.check import checked
from tasks.build.read.records import batch
from tests.support.reading import put


def found_in(options: Format, files: dict[str, bytes]) -> tuple[list[Any], list[Reject]] | None:
    """Records and rejects; None after an error with a message."""
    try:
        found = read(options, {name: [put(name, data)] for name, data in files.items()})
        if isinstance(found, Table):
            return found.frame.collect().rows(), list(found.rejects)
        items = [item if isinstance(item, Reject) else checked(item) for item in found]
    except MedinstError as error:
        return None if re.match(r"`|The lines of parallel files", str(error)) else pytest.fail(str(error))
    records = [item for item in items if isinstance(item, Document)]
    batch(records)
    return records, [item for item in items if isinstance(item, Reject)]


_PIECES = (
    *("7|t|", "7|a|", "7\t", "T1\tX 0 1\ta\n", "E1\tX:T1\n", "R1\tX a:T1\n", "*\tEquiv T1\n", "B-X", "O\n"),
    *("<a>", "<document><id>7</id>", "<sentence text='a'>", "<", ">", "&x;", "&#1;", "<!DOCTYPE a [<!ENTITY x 'y'>]>"),
    *('"', ",", "{", "}", "[", "]", ":", '{"k": 1}', '"\\ud800"', "null", "1e999", "-1", "9" * 20, "NaN", "PK\x03\x04"),
    *("\t", "\n", "\r\n", "\r", "\n\n", "\0", "\ufeff", "\u2028", "\x85", "😀", "é", "a", "0"),
)

pieces = st.sampled_from(_PIECES)

garbage = st.one_of(
    st.binary(max_size=40),
    st.lists(pieces, max_size=12).map(lambda parts: "".join(parts).encode()),
)
