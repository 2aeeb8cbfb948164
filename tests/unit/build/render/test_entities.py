"""Rendering of entities and their concepts: what one sample is, and which records make one."""

import pytest

from schemas.records import Document, Entity, Link
from schemas.task import Ned, Ner
from tests.support.declared import NER
from tests.support.rendering import documents, entity, one, outcome, rows, table

MESH, OMIM = Link("MeSH", "D1"), Link("OMIM", "2")

# NER by document


def test_entities_stand_in_text_order_and_repeats_are_kept() -> None:
    found = (entity("T3", 8, "tea"), entity("T1", 0, "tea", "Z"), entity("T2", 4, "mug"))
    assert outcome(NER, Document("d", "tea mug tea", found))[0] == "[tea <other thing>], [mug <thing>], [tea <thing>]"


def test_of_two_entities_at_one_place_the_shorter_comes_first() -> None:
    found = (entity("T1", 0, "green tea"), entity("T2", 0, "green"), entity("T3", 6, "tea"))
    assert outcome(NER, Document("d", "green tea", found))[0] == "[green <thing>], [green tea <thing>], [tea <thing>]"


def test_an_entity_in_fragments_stands_at_its_first() -> None:
    split = Entity("T2", "X", ((0, 5), (14, 17)), "green tea")
    found = (entity("T1", 10, "red tea"), split)
    assert outcome(NER, Document("d", "green and red tea", found))[0] == "[green tea <thing>], [red tea <thing>]"


def test_an_entity_of_an_undeclared_type_rejects_the_document() -> None:
    found = (entity("T1", 0, "tea"), entity("T2", 4, "mug", "W"), entity("T3", 4, "mug", "V"))
    row = one(NER, documents(Document("d", "tea mug", found)))
    assert (row["reason"], row["detail"]) == ("undeclared type", "V, W")


def test_an_ignored_type_is_left_out_and_counts_for_nothing() -> None:
    found = (entity("T1", 0, "tea"), entity("T2", 4, "mug", "Y"))
    assert outcome(NER, Document("d", "tea mug", found))[0] == "[tea <thing>]"
    assert outcome(NER, Document("d", "tea mug", found[1:])) == (None, "no entity")


def test_a_document_without_entities_is_kept_only_where_all_are() -> None:
    empty = Document("d", "nothing here")
    assert outcome(NER, empty) == (None, "no entity")
    assert outcome(NER.model_copy(update={"keep": "all"}), empty) == ("none", None)


def test_the_documents_keep_their_order_and_ids() -> None:
    found = [Document(f"d{n}", f"tea {n}", (entity("T1", 0, "tea"),) if n % 2 else ()) for n in range(50)]
    made = rows(NER, documents(*found))
    assert [row["record_id"] for row in made] == [document.id for document in found]
    assert [row["input"] for row in made] == [document.text for document in found]
    assert [row["reason"] for row in made] == ["no entity", None] * 25


def test_the_text_is_stripped_and_else_as_it_is() -> None:
    assert one(NER, documents(Document("d", "\n tea  mug\n", (entity("T1", 2, "tea"),))))["input"] == "tea  mug"


TAGS = Ner(name="T", answer="bio", types={"X": "thing"}, ignore=("Y",))


def test_tags_say_where_not_what_and_ignored_types_are_outside() -> None:
    words = table("Sentence", tokens=[["green", "tea", "in", "a", "mug"]], tags=[["B-X", "I-X", "O", "B-Y", "I-Y"]])
    row = one(TAGS, words)
    assert row["input"] == "green tea in a mug"
    assert row["output"] == "green [B] tea [I] in [O] a [O] mug [O]"


def test_sentences_without_an_entity_are_asked_about_where_the_task_keeps_all() -> None:
    words = table("Sentence", tokens=[["a"], ["b"], ["c"]], tags=[["O"], ["B-X"], ["B-Y"]])
    every = TAGS.model_copy(update={"keep": "all"})
    assert [(row["output"], row["reason"]) for row in rows(every, words)] == [
        ("a [O]", None),
        ("b [B]", None),
        ("c [O]", None),
    ]
    assert [row["reason"] for row in rows(TAGS, words)] == ["no entity", None, "no entity"]


def test_a_tag_of_an_undeclared_type_rejects_the_sentence() -> None:
    words = table("Sentence", tokens=[["a", "b"], ["c"]], tags=[["B-W", "I-X"], ["B-X"]])
    first, second = rows(TAGS, words)
    assert (first["reason"], first["detail"]) == ("undeclared type", "B-W")
    assert second["reason"] is None


NED = Ned(name="T", databases=("MeSH", "OMIM"))


def test_an_entity_of_several_concepts_is_repeated() -> None:
    found = (entity("T1", 4, "pox", links=(MESH, OMIM)), entity("T2", 0, "flu", links=(OMIM,)))
    wanted = "[flu <OMIM/2>], [pox <MeSH/D1>], [pox <OMIM/2>]"
    assert outcome(NED, Document("d", "flu pox", found))[0] == wanted


def test_an_entity_without_a_concept_is_not_asked_about() -> None:
    found = (entity("T1", 0, "flu"), entity("T2", 4, "pox", links=(MESH,)))
    assert outcome(NED, Document("d", "flu pox", found))[0] == "[pox <MeSH/D1>]"
    assert outcome(NED, Document("d", "flu pox", found[:1])) == (None, "no normalised entity")


def test_a_concept_of_an_undeclared_database_rejects_the_document() -> None:
    found = (entity("T1", 0, "flu", links=(MESH, Link("UMLS", "C1"))),)
    row = one(NED, documents(Document("d", "flu", found)))
    assert (row["reason"], row["detail"]) == ("undeclared type", "UMLS")


def test_a_phrase_is_one_mention_with_all_its_concepts() -> None:
    row = one(Ned(name="T", databases=("DB",), per="phrase"), table("Text", text=["sore feet"], labels=[["1", "2"]]))
    assert (row["input"], row["output"]) == ("sore feet", "[sore feet <DB/1>], [sore feet <DB/2>]")


@pytest.mark.parametrize("task", [Ner(name="T", types={"X": "herb", "Y": "herb"}), NED])
def test_what_comes_from_one_place_is_written_once(task: Ner | Ned) -> None:
    """Two annotations of one mention with one name or concept; another place counts again."""
    twice = (entity("T1", 0, "tea", "X", (MESH, MESH)), entity("T2", 0, "tea", "Y", (MESH,)))
    output, _ = outcome(task, Document("d", "tea tea", (*twice, entity("T3", 4, "tea", "X", (MESH,)))))
    label = "herb" if isinstance(task, Ner) else "MeSH/D1"
    assert output == f"[tea <{label}>], [tea <{label}>]"


def test_a_part_of_a_split_mention_is_another_place() -> None:
    whole = Entity("T1", "X", ((0, 3), (8, 11)), "tea cup", (MESH,))
    other = Entity("T2", "X", ((0, 3), (12, 15)), "tea cup", (MESH,))
    found = Document("d", "tea and cup cup", (whole, other, whole._replace(id="T3")))
    assert outcome(NED, found)[0] == "[tea cup <MeSH/D1>], [tea cup <MeSH/D1>]"


def test_the_database_of_a_phrase_is_known_by_its_identifier() -> None:
    task = Ned(name="T", databases=("DB", "XB", "YB"), per="phrase", patterns={"(X.)": "XB", "Y:(.)": "YB"})
    labels = [["X1", "X12", "AX1", "Y:1"]]
    row = one(task, table("Text", text=["sore"], labels=labels))
    assert row["output"] == "[sore <XB/X1>], [sore <DB/X12>], [sore <DB/AX1>], [sore <YB/1>]"
