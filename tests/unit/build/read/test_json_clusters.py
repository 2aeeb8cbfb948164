"""JSON of texts with entities, their names and their mentions."""

import json
from typing import Any

import pytest

from schemas.errors import FormatError
from schemas.formats import JsonClusters
from schemas.records import Argument, Document, Entity, Link, Mention, Relation
from tasks.build.read.check import checked
from tests.support.reading import documents, put, rejects, split

CLUSTERS = JsonClusters(
    databases={r"https://uni\.org/([^/?]+).*": "UniProt", r"https://gene\.org/(\d+)": "NCBI Gene"},
    keys={"gene": "NCBI Gene", "symbol": "HGNC"},
    nothing=("NA", ""),
)


def entity(label: str, grounding: Any = None, **names: list[list[Any]]) -> dict[str, Any]:
    told = {name: {"is_mentioned": bool(mentions), "mentions": mentions} for name, mentions in names.items()}
    return {"label": label, "names": told, "grounding": grounding}


ROW: dict[str, Any] = {
    "id": "x.0",
    "text": "😀 ab (Cd) is AB, ab e",
    "entities": [
        entity(
            "p", {"gene": "1", "symbol": "NA", "link": "https://uni.org/P1?v=2"}, Cd=[[6, 8]], ab=[[17, 19], [2, 4]]
        ),
        entity("q", {"gene": 2, "symbol": "S", "link": "https://gene.org/2"}, e=[[20, 21]], absent=[]),
        entity("r", {"gene": "NA", "link": "https://else.org/2"}, missing=[]),
        entity("r", {}),
    ],
    "interactions": [{"participants": [1, 0], "label": -1}, {"participants": [0, 2], "label": 1}],
}


def test_all_that_the_format_has():
    one = (Link("NCBI Gene", "1"), Link("UniProt", "P1"))
    two = (Link("NCBI Gene", "2"), Link("HGNC", "S"))
    expected = Document(
        "x.0",
        ROW["text"],
        (
            Entity("T3", "p", ((2, 4),), "ab", one),
            Entity("T1", "p", ((6, 8),), "Cd", one),
            Entity("T2", "p", ((17, 19),), "ab", one),
            Entity("T4", "q", ((20, 21),), "e", two),
        ),
        (
            Relation("R1", "-1", (Argument("Arg1", "1", "concept", "e"), Argument("Arg2", "0", "concept", "ab"))),
            Relation("R2", "1", (Argument("Arg1", "0", "concept", "ab"), Argument("Arg2", "2", "concept", ""))),
        ),
        chains=((Mention("T3", "ab"), Mention("T1", "Cd"), Mention("T2", "ab")),),
    )
    assert documents(CLUSTERS, put("f", json.dumps([ROW]))) == [expected]
    assert documents(CLUSTERS, put("f", json.dumps([ROW], ensure_ascii=False))) == [expected]
    assert checked(expected) == expected


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"text": None}, "expected a text"),
        ({"text": "\ud800"}, "expected text, found half of a surrogate pair"),
        ({"entities": None}, "not iterable"),
        ({"entities": [{}]}, "no 'grounding'"),
        ({"entities": [entity("p", None, a=[[0]])]}, "expected 2 values"),
        ({"entities": [entity("p", None, a=[["x", 1]])]}, "expected an integer, found '"),
        ({"interactions": [{"participants": [0, 9], "label": 1}]}, "expected further values"),
        ({"interactions": [{"participants": [0, -1], "label": 1}]}, "participant -1"),
        ({"interactions": [{"participants": [0, 1]}]}, "no 'label'"),
    ],
)
def test_a_row_that_does_not_fit(changes: dict[str, Any], detail: str):
    ((id_, reason, told),) = rejects(CLUSTERS, put("f", json.dumps([{**ROW, **changes}, ROW])))
    assert (id_, reason) == ("x.0", "malformed row")
    assert told.startswith("f#0: ")
    assert detail in told


def test_rows_without_an_id():
    found = rejects(CLUSTERS, put("f", json.dumps([1, None, "a", []])))
    assert [reject[:2] for reject in found] == [(f"f#{number}", "malformed row") for number in range(4)]


@pytest.mark.parametrize("text", ["", "{}", "[", "1", '{"a": []}'])
def test_a_file_that_is_no_list(text: str):
    with pytest.raises(FormatError, match="`f` is not JSON of texts"):
        split(CLUSTERS, put("f", text))
