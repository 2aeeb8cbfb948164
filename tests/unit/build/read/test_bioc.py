"""BioC XML: the options of annotations and relations, and annotations that stand in a table."""

import pytest

from schemas.errors import FormatError
from schemas.formats import BioC, BioCTable
from schemas.records import Document, Entity, Link, Reject
from tasks.build.read import read
from tasks.build.read.check import checked
from tests.support.reading import documents, put, rejects, split
from tests.unit.build.read.test_xml import annotation, bioc


def passage(text: str, *annotations: str) -> str:
    return bioc(f"<passage><offset>0</offset><text>{text}</text>{''.join(annotations)}</passage>")


def test_identifiers_by_what_they_look_like():
    options = BioC(links={"id": "NCBI Gene"}, patterns={r"MESH:(.+)": "MeSH", r"(\d+)\([Tt]ax:\d+\)": "NCBI Gene"})
    infons = "<infon key='type'>X</infon><infon key='id'>1(Tax:9),MESH:D1;-,2,MESH:</infon>"
    (found,) = documents(options, put("x", passage("a", annotation("T1", "a", (0, 1), more=infons))))
    links = (Link("NCBI Gene", "1"), Link("MeSH", "D1"), Link("NCBI Gene", "2"))
    assert found.entities == (Entity("T1", "X", ((0, 1),), "a", links),)


def test_annotations_without_a_place():
    index = "<annotation id='M1'><infon key='type'>Index</infon><text/></annotation>"
    text = passage("a b", index, annotation("T1", "b", (2, 1)))
    (found,) = documents(BioC(placeless=("Index",)), put("x", text))
    assert found == Document("7", "a b", (Entity("T1", "Gene", ((2, 3),), "b"),))
    (found,) = documents(BioC(), put("x", text))
    assert isinstance(checked(found), Reject)


@pytest.mark.parametrize(
    ("place", "span"),
    [
        ((4, 2), (4, 6)),
        ((5, 2), (4, 6)),
        ((3, 2), (4, 6)),
        ((4, 3), (4, 6)),
        ((6, 2), (6, 8)),  # too far
        ((4, 4), (4, 8)),  # too long
        ((0, 2), (0, 2)),
    ],
)
def test_slack(place: tuple[int, int], span: tuple[int, int]):
    (found,) = documents(BioC(slack=1), put("x", passage("....ab..", annotation("T1", "ab", place))))
    assert found.entities[0].spans == (span,)


def test_slack_leaves_pieces_and_the_absent_alone():
    both = annotation("T1", "ab", (1, 1), (3, 1)) + annotation("T2", "zz", (0, 2)) + annotation("T3", "zz")
    (found,) = documents(BioC(slack=9), put("x", passage("aabb", both)))
    assert [entity.spans for entity in found.entities] == [((1, 2), (3, 4)), ((0, 2),), ()]


def test_relations_may_have_their_type_elsewhere():
    relation = "<relation id='R1'><infon key='class'>Binds</infon><node refid='T1'/><node refid='T2'/></relation>"
    text = passage("a b", annotation("T1", "a", (0, 1)), annotation("T2", "b", (2, 1)), relation)
    (found,) = documents(BioC(relation_key="class"), put("x", text))
    assert [(each.type, len(each.arguments)) for each in found.relations] == [("Binds", 2)]
    assert rejects(BioC(), put("x", text)) == [("7", "malformed document", "x: no 'type'")]


TABLE = BioCTable(
    documents={"paper": "pmc", "figure": "panel"},
    start="from",
    end="to",
    text="text",
    concept="obj",
    patterns={r"gene:(\d+)": "NCBI Gene", r"(CVCL_\w+)": "Cellosaurus"},
    type="entity",
)


def caption(pmc: str, panel: str, *texts: str) -> str:
    passages = "".join(f"<passage><text>{text}</text></passage>" for text in texts)
    infons = f"<infon key='pmc'>{pmc}</infon><infon key='panel'> {panel} </infon>"
    return f"<document><id>1</id>{infons}{passages}</document>"


CAPTIONS = f"<c>{caption('7', 'A', 'a 😀 b', 'c')}{caption('7', 'B', 'd')}</c>"
ROWS = (
    ",paper,figure,from,to,text,obj\n1,7,A,4,5,b,gene:1|gene:2\n"
    '2,7,A,6,7,c,protein:x\n3,7,A,0,5,"a 😀 b",CVCL_1|CL\n4,7,A,0,1,a,\n'
)


def test_annotations_in_a_table():
    found = list(read(TABLE, {"texts": [put("x", CAPTIONS)], "annotations": [put("t", ROWS)]}))  # pyright: ignore[reportArgumentType]
    expected = Document(
        "7 A",
        "a 😀 b\nc",
        (
            Entity("T1", "entity", ((4, 5),), "b", (Link("NCBI Gene", "1"), Link("NCBI Gene", "2"))),
            Entity("T2", "entity", ((6, 7),), "c"),
            Entity("T3", "entity", ((0, 5),), "a 😀 b", (Link("Cellosaurus", "CVCL_1"),)),
            Entity("T4", "entity", ((0, 1),), "a"),
        ),
    )
    assert found == [expected, Document("7 B", "d")]
    assert checked(expected) == expected


@pytest.mark.parametrize(
    ("texts", "rows", "reject"),
    [
        (CAPTIONS, ROWS + "5,7,A,x,1,a,\n", ("7 A", "malformed document", "x: annotation 5: expected an integer")),
        (CAPTIONS, ROWS + "5,7,A,,1,a,\n", ("7 A", "malformed document", "x: annotation 5: expected an integer")),
        (CAPTIONS, ROWS + "5,7,C,0,1,a,\n", ("7 C", "annotations without a text", "t: 1 rows, first ['7', 'C'")),
        (CAPTIONS, ROWS + "5,,,0,1,a,\n", ("t", "annotations without a text", "t: 1 rows")),
        ("<c><document><id>1</id></document></c>", "", ("x#0", "malformed document", "no infon 'pmc'")),
        (f"<c>{caption('7', 'A', 'a<b/>')}</c>", "", ("7 A", "malformed document", "elements stand within")),
    ],
)
def test_what_does_not_fit_is_told(texts: str, rows: str, reject: tuple[str, str, str]):
    rows = rows or ROWS.splitlines()[0] + "\n"
    found = list(read(TABLE, {"texts": [put("x", texts)], "annotations": [put("t", rows)]}))  # pyright: ignore[reportArgumentType]
    (only,) = [item for item in found if isinstance(item, Reject)]
    assert (only.id, only.reason) == reject[:2]
    assert reject[2] in only.detail


def test_a_table_that_is_none_or_lacks_a_column():
    for rows, fault in (("", "`t` is not a"), ("a,b\n1,2\n", "`t` has no column 'paper'")):
        with pytest.raises(FormatError, match=fault):
            list(read(TABLE, {"texts": [put("x", CAPTIONS)], "annotations": [put("t", rows)]}))  # pyright: ignore[reportArgumentType]
    with pytest.raises(FormatError, match="one file of the role `annotations`"):
        split(TABLE, put("x", CAPTIONS))
