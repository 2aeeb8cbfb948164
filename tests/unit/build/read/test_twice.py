"""Ids that two entities have: both are kept, and what names one is resolved or left out by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.formats import Agreed, BioC, InteractionXml, SectionXml, Standoff, StandoffTables
from schemas.records import Argument, Document, Entity, Relation
from tasks.build.read.check import checked
from tasks.build.read.twice import resolved
from tests.support.reading import Reader, documents, often, put, rejects
from tests.unit.build.read.test_xml import annotation, bioc

INTERACTIONS = """<corpus><document id="d1"><sentence id="s0" text="Zelutinib strongly induces marren syndrome.">
  <entity charOffset="0-8" id="e0" text="Zelutinib" type="Drug"/>
  <entity charOffset="27-41" id="e1" text="marren syndrome" type="Disease"/>
  <entity charOffset="10-25" id="e1" text="strongly induces" type="{}"/>
  <pair e1="e0" e2="e1" id="p0" interaction="True" type="Drug-Disease"/>
</sentence></document></corpus>"""
INCLUSIVE = InteractionXml(inclusive=True, per="document")


@pytest.fixture
def reader(tmp_path) -> Reader:
    return Reader(tmp_path)


def texts(document: Document) -> list[list[str]]:
    return [[argument.text for argument in relation.arguments] for relation in document.relations]


def test_the_type_of_a_pair_tells_which_entity_it_means():
    (found,) = documents(INCLUSIVE, put("x", INTERACTIONS.format("Relation_Trigger")))
    document, lost = resolved(found)
    assert [(entity.id, entity.text) for entity in document.entities] == [
        ("e0", "Zelutinib"),
        ("e1-1", "strongly induces"),
        ("e1-2", "marren syndrome"),
    ]
    assert texts(document) == [["Zelutinib", "marren syndrome"]]
    assert document.relations[0].arguments[1].target == "e1-2"
    assert lost == []
    assert checked(document) == document


def test_a_pair_that_may_mean_either_costs_itself(reader: Reader):
    reader(INCLUSIVE, {"x": INTERACTIONS.format("Disease")}, train="x", documented={"train": 1})
    assert reader.ids("train") == ["d1"]
    assert reader.rejects() == [("train", "d1", "ambiguous argument")]
    assert reader.tally("train") == (2, 1, 1)


def test_a_record_that_is_lost_loses_nothing_else(reader: Reader):
    wrong = INTERACTIONS.format("Disease").replace('text="Zelutinib"', 'text="Orvan"')
    reader(INCLUSIVE, {"x": wrong}, train="x")
    assert reader.rejects() == [("train", "d1", "span mismatch")]
    assert reader.tally("train") == (1, 0, 1)


BRAT = Standoff(annotations=(".ann",))


def standoff(rows: str) -> tuple[Document, list[str]]:
    (found,) = documents(BRAT, put("1.txt", "Orvan for velt fever, zelu"), put("1.ann", rows))
    document, lost = resolved(found)
    return document, [reject.detail.partition(":")[0] for reject in lost]


def test_relations_events_and_chains_of_standoff():
    rows = (
        "T1\tDrug 0 5\tOrvan\nT2\tDis 10 14\tvelt\nT2\tDis 15 20\tfever\nT3\tEase 6 9\tfor\nT4\tDrug 22 26\tzelu\n"
        "E1\tEase:T3 Theme:T1\nE2\tEase:T3 Theme:T2\nE3\tEase:T3 Theme:T1 Cause:E2\nR1\tY Arg1:T1 Arg2:T4\n"
        "R2\tY Arg1:T1 Arg2:T2\nR3\tY Arg1:E3 Arg2:T1\n*\tEquiv T1 T4\n*\tEquiv T2 T3\n"
    )
    document, lost = standoff(rows)
    assert [entity.id for entity in document.entities] == ["T1", "T2-1", "T2-2", "T4"]
    assert [event.id for event in document.events] == ["E1"]
    assert [relation.id for relation in document.relations] == ["R1"]
    assert [[mention.entity for mention in chain] for chain in document.chains] == [["T1", "T4"]]
    assert lost == ["the relation R2 Y", "the relation R3 Y", "the event E2 Ease", "the event E3 Ease", "a chain"]
    assert checked(document) == document


def test_an_event_twice_costs_what_names_it():
    rows = "T1\tDrug 0 5\tOrvan\nT3\tEase 6 9\tfor\nE1\tEase:T3 Theme:T1\nE1\tEase:T3 Cause:T1\nE2\tEase:T3 Theme:E1\n"
    document, lost = standoff(rows)
    assert [event.id for event in document.events] == ["E1-1", "E1-2"]
    assert lost == ["the event E2 Ease"]


def test_a_trigger_is_what_has_the_type_of_its_event():
    rows = "T1\tDrug 0 5\tOrvan\nT1\tEase 6 9\tfor\nT2\tDis 10 14\tvelt\nE1\tEase:T1 Theme:T2\n"
    document, lost = standoff(rows)
    assert [entity.text for entity in document.entities] == ["Orvan", "velt"]
    assert [(event.trigger, event.start) for event in document.events] == [("for", 6)]
    assert lost == []


def test_a_concept_of_an_id_of_two_belongs_to_neither():
    rows = "T1\tDrug 0 5\tOrvan\nT1\tDis 10 14\tvelt\nN1\tReference T1 V:7\tx\n"
    ((id_, reason, _),) = rejects(BRAT, put("1.txt", "Orvan for velt"), put("1.ann", rows))
    assert (id_, reason) == ("1", "ambiguous argument")


def test_two_annotators():
    rows = "T1\tX 0 1\ta\nT1\tX 2 3\tb\nT2\tX 4 5\tc\nR1\tY Arg1:T1 Arg2:T2\n"
    found = [("1", "ambiguous argument")] * 2
    given = put("1.txt", "a b c"), put("1.ann", rows), put("1.ann2", rows)
    assert [(id_, reason) for id_, reason, _ in rejects(Agreed(), *given)] == found


def test_other_formats(reader: Reader):
    tables = {"a": "7\ta\tb\n", "e": "7\tT1\tX\t0\t1\ta\n7\tT1\tX\t2\t3\tb\n", "r": "7\tY\tArg1:T1\tArg2:T1\n"}
    reader(StandoffTables(), tables, train={"abstracts": "a", "entities": "e", "relations": "r"})
    assert reader.rejects() == [("train", "7", "ambiguous argument")]
    relation = (
        "<relation id='R'><infon key='type'>Y</infon><node refid='T1' role='x'/><node refid='T1' role='y'/></relation>"
    )
    twice = annotation("T1", "a", (0, 1)) + annotation("T1", "b", (2, 1)) + relation
    reader(BioC(), {"x": bioc(f"<passage><offset>0</offset><text>a b</text>{twice}</passage>")}, train="x")
    assert (reader.ids("train"), reader.rejects()) == (["7"], [("train", "7", "ambiguous argument")])
    mentions = "".join(
        f"<Mention id='M1' section='S1' type='X' start='{start}' len='1' str='{text}'/>"
        for start, text in ((0, "a"), (2, "b"))
    )
    label = (
        f"<Label drug='7'><Text><Section id='S1'>a b</Section></Text><Mentions>{mentions}</Mentions><Relations>"
        "<Relation id='R1' type='Y' arg1='M1' arg2='M1'/></Relations></Label>"
    )
    reader(SectionXml(), {"x": label}, train="x")
    assert (reader.ids("train"), reader.rejects()) == (["7"], [("train", "7", "ambiguous argument")])


ids = st.sampled_from(["T1", "T2", "T2-1", "T3"])


@often
@given(st.lists(st.tuples(ids, st.sampled_from("XY")), min_size=1, max_size=5), st.data())
def test_no_entity_is_lost_and_no_relation_is_guessed(named: list[tuple[str, str]], data: st.DataObject):
    entities = tuple(
        Entity(id_, type_, ((place, place + 1),), "abcde"[place]) for place, (id_, type_) in enumerate(named)
    )
    ends = st.sampled_from([entity.id for entity in entities])
    types = st.sampled_from(["X-Y", "Y-X", "Z"])
    relations = tuple(
        Relation(f"R{number}", data.draw(types), (_argument(data.draw(ends)), _argument(data.draw(ends))))
        for number in range(3)
    )
    document, lost = resolved(Document("7", "abcde", entities, relations))
    assert [(entity.text, entity.type) for entity in document.entities] == [(e.text, e.type) for e in entities]
    assert len({entity.id for entity in document.entities}) == len(entities)
    assert len(document.relations) + len(lost) == len(relations)
    by_id = {entity.id: entity for entity in document.entities}
    given = {relation.id: relation for relation in relations}
    for relation in document.relations:
        for place, argument in enumerate(relation.arguments):
            fits = [e for e in entities if e.id == given[relation.id].arguments[place].target]
            fits = fits if len(fits) == 1 else [e for e in fits if e.type == relation.type.partition("-")[2 * place]]
            assert [e.text for e in fits] == [by_id[argument.target].text]


def _argument(target: str) -> Argument:
    return Argument("A", target, "entity", "")
