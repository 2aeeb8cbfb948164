"""Tagged sentences as documents, and text files in pairs."""

import pytest

from schemas.errors import FormatError
from schemas.formats import PairedTexts, Tagged
from schemas.records import Document, Entity
from tasks.build.read import Table
from tasks.build.read.check import checked
from tests.support.reading import documents, put, rejects, split


def test_runs_of_tags_are_entities():
    first = "A\tO\r\n[b]\tB-X\r\né\tI-X\r\n😀\tB-X\r\n\r\n\r\nc\tI-Y\r\nd\tI-X\r\ne\tI-X\r\n \r\n"
    found = documents(Tagged(), put("a", first), put("b", "f\tO"))
    assert found == [
        Document("0", "A [b] é 😀", (Entity("T1", "X", ((2, 7),), "[b] é"), Entity("T2", "X", ((8, 9),), "😀"))),
        Document("1", "c d e", (Entity("T1", "Y", ((0, 1),), "c"), Entity("T2", "X", ((2, 5),), "d e"))),
        Document("2", "f"),
    ]
    assert all(isinstance(checked(item), Document) for item in found)


@pytest.mark.parametrize("line", ["a", "a O", "\tO", "a\tX", "a\tB-", "a\tB-X\tO", "a\tB"])
def test_a_line_without_token_and_tag_rejects_its_sentence(line):
    text = f"ok\tO\n\nb\tO\n{line}\n\nc\tO\n"
    ((id_, reason, detail),) = rejects(Tagged(), put("a", text))
    assert (id_, reason) == ("1", "malformed line")
    assert detail.startswith("a, sentence 1: expected token<TAB>tag, found ")
    found = split(Tagged(), put("a", text))
    assert isinstance(found, list)
    assert [item.id for item in found] == ["0", "1", "2"]


PAIRS = PairedTexts(encoding="latin-1", suffixes={"source": ".en", "target": ".de"})


def test_texts_called_alike_are_translations():
    source = [put("x/b.1.en", "B\n\ntwo\n"), put("a.en", " é ".encode("latin-1")), put("c.en", "C"), put("README", "x")]
    target = [put("y/a.de", "A\r\n"), put("b.1.de", "b"), put("d.de", "D")]
    found = split(PAIRS, source=source, target=target)
    assert isinstance(found, Table)
    assert found.frame.collect().to_dicts() == [
        {"id": "b.1", "text": "B\n\ntwo", "translation": "b"},
        {"id": "a", "text": "é", "translation": "A"},
    ]
    assert [(reject.id, reject.reason, reject.detail) for reject in found.rejects] == [
        ("c", "no counterpart", "`c.en` is called like no file of the role `target`"),
        ("d", "no counterpart", "`d.de` is called like no file of the role `source`"),
    ]


def test_a_role_without_a_file():
    with pytest.raises(FormatError, match=r"`target`: expected files whose names end with `.de`, found \['a.en'\]"):
        split(PAIRS, source=put("a.en", "A"), target=put("a.en", "A"))
    with pytest.raises(FormatError, match="`source`: expected files"):
        split(PAIRS, target=put("a.de", "A"))
