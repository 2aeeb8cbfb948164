"""Identifiers of concepts in every format that has them: prefixes in any case, several in one cell, none, repeats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.formats import BioC, InteractionXml, MentionTable, PubTator, SectionXml, Standoff
from schemas.records import Document, Link, Reject
from tasks.build.read.check import checked
from tasks.build.read.concepts import concepts
from tests.support.reading import documents, often, put, rejects, split
from tests.unit.build.read.test_xml import annotation, bioc

DECLARED = {
    "prefixes": {"OMIM:": "OMIM", "XB:": "XB/x"},
    "patterns": {r"rs(\d+)": "dbSNP", r"x(\d)": "XB/x"},
    "separators": "|;",
}


@pytest.mark.parametrize(
    ("cell", "links"),
    [
        ("D01", [("MeSH", "D01")]),
        ("MeSH:D01", [("MeSH", "D01")]),
        ("MESH:D01", [("MeSH", "D01")]),
        ("mesh: D01 ", [("MeSH", "D01")]),
        ("omim:100", [("OMIM", "100")]),
        ("RS5", [("dbSNP", "5")]),
        ("D01|MESH:D02", [("MeSH", "D01"), ("MeSH", "D02")]),
        ("D01;D01|MESH:D01", [("MeSH", "D01")]),
        ("x7|XB:x7|xb:8", [("XB", "x7"), ("XB", "x8")]),
        ("D01|OMIM:D01", [("MeSH", "D01"), ("OMIM", "D01")]),
        ("-", []),
        ("MESH:-", []),
        ("OMIM:", []),
        ("|;", []),
        ("", []),
        ("-1", [("MeSH", "-1")]),
    ],
)
def test_what_a_cell_names(cell: str, links: list[tuple[str, str]]):
    assert concepts(cell, "MeSH", **DECLARED) == tuple(Link(*link) for link in links)


def test_what_means_no_concept_is_declared():
    assert concepts("-1|MESH:-1|D01", "MeSH", nothing=("-1",), **DECLARED) == (Link("MeSH", "D01"),)


def test_without_a_database_only_what_names_one_is_a_concept():
    assert concepts("7|OMIM:8|rs9|go:1", None, **DECLARED) == (Link("OMIM", "8"), Link("dbSNP", "9"))


def test_a_database_that_is_not_declared_is_told():
    with pytest.raises(ValueError, match="expected an identifier of MeSH or of a declared prefix, found 'go:1'"):
        concepts("D01|go:1", "MeSH", **DECLARED)


@pytest.mark.parametrize("cell", ["MESH:D01|MESH:D02", "D01+OMIM:5", "rs1, x:2"])
def test_several_identifiers_whose_separator_is_not_declared_are_told(cell: str):
    with pytest.raises(
        ValueError, match=r"expected one identifier, found .*; declare what separates them: `separators=`"
    ):
        concepts(cell, "MeSH", patterns={"MESH:(.+)": "MeSH"}, prefixes={"x:": "X"})


names = st.text(st.sampled_from("aZ09_"), min_size=1, max_size=4)


@often
@given(st.lists(names, max_size=5), st.sampled_from(["", "V:", "v:", "W:", "w:"]))
def test_each_concept_comes_once_and_in_its_order(found: list[str], prefix: str):
    links = concepts(";".join(prefix + name for name in found), "V", separators=";", prefixes={"W:": "W"})
    assert links == tuple(dict.fromkeys(Link((prefix or "V")[0].upper(), name) for name in found))


# In the formats

PUBTATOR = "7|t|Orvan eases velt fever.\n7|a|Rats with velt fever took orvan.\n"


def linked(document: Document) -> list[tuple[str, list[str]]]:
    record = checked(document)
    assert isinstance(record, Document)
    return [
        (entity.text, [f"{link.database}/{link.identifier}" for link in entity.links]) for entity in record.entities
    ]


def test_prefixes_of_pubtator_in_any_case():
    rows = "7\t0\t5\tOrvan\tDrug\tMeSH:D02\n7\t12\t22\tvelt fever\tDis\tomim:100\n"
    (found,) = documents(PubTator(vocabulary="MeSH", prefixes={"OMIM:": "OMIM"}), put("x", PUBTATOR + rows))
    assert linked(found) == [("Orvan", ["MeSH/D02"]), ("velt fever", ["OMIM/100"])]
    (found,) = documents(PubTator(vocabulary={"Drug": "MeSH", "Dis": "OMIM"}), put("x", PUBTATOR + rows))
    assert linked(found) == [("Orvan", ["MeSH/D02"]), ("velt fever", ["OMIM/100"])]
    ((id_, reason, detail),) = rejects(PubTator(vocabulary="MeSH"), put("x", PUBTATOR + rows))
    assert (id_, reason) == ("7", "malformed line")
    assert "expected an identifier of MeSH or of a declared prefix, found 'omim:100'" in detail


def test_one_concept_twice_in_a_cell_of_pubtator():
    (found,) = documents(PubTator(vocabulary="MeSH"), put("x", PUBTATOR + "7\t0\t5\tOrvan\tDrug\tD02|D02\n"))
    assert linked(found) == [("Orvan", ["MeSH/D02"])]


@pytest.mark.parametrize(
    ("infons", "links"),
    [
        (["MESH:D01|MESH:D02"], ["MeSH/D01", "MeSH/D02"]),
        (["MESH:-"], []),
        (["-"], []),
        (["MESH:D01", "MESH:D05"], ["MeSH/D01", "MeSH/D05"]),
        (["MESH:D01", "mesh:D01"], ["MeSH/D01"]),
    ],
)
def test_infons_of_bioc(infons: list[str], links: list[str]):
    written = "".join(f"<infon key='identifier'>{infon}</infon>" for infon in infons)
    options = BioC(links={"identifier": "MeSH"}, patterns={"MESH:(.+)": "MeSH"})
    entity = annotation("0", "Orvan", (0, 5), more=f"<infon key='type'>Chemical</infon>{written}")
    text = bioc(f"<passage><offset>0</offset><text>Orvan eases velt fever.</text>{entity}</passage>")
    (found,) = documents(options, put("x", text))
    assert linked(found) == [("Orvan", links)]


def test_two_types_of_one_annotation_reject_the_document():
    more = "<infon key='type'>A</infon><infon key='type'>B</infon>"
    text = bioc(f"<passage><offset>0</offset><text>a</text>{annotation('0', 'a', (0, 1), more=more)}</passage>")
    ((id_, reason, detail),) = rejects(BioC(), put("x", text))
    assert (id_, reason) == ("7", "malformed document")
    assert "expected one infon 'type', found ['A', 'B']" in detail


def test_two_concepts_and_repeated_rows_of_a_table():
    options = MentionTable(
        type="Species", link=0, document=1, start=2, end=3, text=4, databases={"species:ncbi:": "NCBI Taxonomy"}
    )
    row = "\td1\t11\t15\trats\n"
    for table, links in (
        ("species:ncbi:10116|species:ncbi:10117", ["NCBI Taxonomy/10116", "NCBI Taxonomy/10117"]),
        (f"species:ncbi:10116{row}Species:NCBI:10116", ["NCBI Taxonomy/10116"]),
        (f"species:ncbi:10116{row}species:ncbi:10117", ["NCBI Taxonomy/10116", "NCBI Taxonomy/10117"]),
        ("species:ncbi:-", []),
    ):
        (found,) = documents(options, texts=put("d1.txt", "Otters and rats."), mentions=put("t", table + row))
        assert linked(found) == [("rats", links)]


BRAT = Standoff(annotations=(".ann",))
TEXT = "Orvan and zelut tabs ease velt fever and marren ache."


def test_two_lines_of_one_concept_in_standoff():
    rows = "T1\tDrug 0 5\tOrvan\nN1\tReference T1 MeSH:D01\tOrvan\nN2\tReference T1 MeSH:D01\tOrvan\n"
    (found,) = documents(BRAT, put("1.txt", TEXT), put("1.ann", f"{rows}N3\tReference T1 MeSH:-\tno\n"))
    assert linked(found) == [("Orvan", ["MeSH/D01"])]


def test_the_concept_of_an_event_is_not_read():
    rows = "T1\tDrug 0 5\tOrvan\nT2\tEase 21 25\tease\nE1\tEase:T2 Theme:T1\nN1\tReference E1 GO:0001\tx\n"
    (found,) = documents(BRAT, put("1.txt", TEXT), put("1.ann", rows))
    assert linked(found) == [("Orvan", [])]
    assert [event.trigger for event in found.events] == ["ease"]


def test_concepts_of_interaction_xml_and_of_labels():
    entity = "<entity id='e' charOffset='0-1' type='X' text='a' origId='V:7, 7,-'/>"
    (found,) = documents(
        InteractionXml(links={"X": "V"}), put("x", f"<c><sentence id='s' text='a'>{entity}</sentence></c>")
    )
    assert linked(found) == [("a", ["V/7"])]
    label = (
        "<Label drug='d'><Text><Section id='S1'>a</Section></Text><Mentions><Mention id='M1' section='S1' type='X' "
        "start='0' len='1' str='a'/></Mentions><Reactions><Reaction str='a'><Normalization id='-'/><Normalization "
        "id='v:7'/><Normalization id='7'/></Reaction></Reactions></Label>"
    )
    (found,) = documents(SectionXml(links={"id": "V"}), put("x", label))
    assert linked(found) == [("a", ["V/7"])]


# What a relation of concepts means

GENES = PubTator(vocabulary={"Taxon": "NCBI Taxonomy", "Gene": "NCBI Gene", "Dis": "MeSH"})
RATS = (
    "7|t|Rats and rga in velt fever.\n7|a|More rga.\n7\t0\t4\tRats\tTaxon\t10116\n7\t9\t12\trga\tGene\t10116\n"
    "7\t16\t26\tvelt fever\tDis\tD01\n7\tAssociation\t{}\tD01\tNovel\n"
)


def related(document: Document) -> list[list[str]]:
    return [[argument.text for argument in relation.arguments] for relation in document.relations]


def test_a_relation_between_concepts_names_their_database():
    (found,) = documents(GENES, put("x", RATS.format("NCBI Gene:10116")))
    assert related(found) == [["rga", "velt fever"]]
    (found,) = documents(GENES, put("x", RATS.format("ncbi taxonomy:10116")))
    assert related(found) == [["Rats", "velt fever"]]


def test_a_relation_means_the_types_that_relations_are_between():
    (found,) = documents(GENES.model_copy(update={"related": ("Gene", "Dis")}), put("x", RATS.format(10116)))
    assert related(found) == [["rga", "velt fever"]]


def test_a_relation_that_may_mean_two_concepts_costs_itself():
    found = split(GENES, put("x", RATS.format(10116)))
    assert isinstance(found, list)
    document, lost = found
    assert (len(document.entities), related(document)) == (3, [])
    assert isinstance(lost, Reject)
    assert (lost.id, lost.reason) == ("7", "ambiguous argument")
    assert lost.detail.endswith("expected one concept, found '10116' in NCBI Taxonomy and NCBI Gene")


def test_a_relation_of_several_concepts_names_them_as_their_mention_does():
    rows = "7\t0\t5\tOrvan\tDrug\tD1\n7\t12\t22\tvelt fever\tDis\tD2|D3\n7\tEases\tD1\tD2|D3\n7\tEases\tD1\tD3\n"
    (found,) = documents(PubTator(vocabulary="MeSH"), put("x", PUBTATOR + rows))
    assert linked(found) == [("Orvan", ["MeSH/D1"]), ("velt fever", ["MeSH/D2", "MeSH/D3"])]
    assert related(found) == [["Orvan", "velt fever"]] * 2
