"""Rendering: what one sample is, which records make one, and what a sample is known by."""

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from schemas.formats import ParallelText
from schemas.receipts import Batch, Tally
from schemas.records import Argument, Document, Entity, Event, Link, Relation
from schemas.source import Part
from schemas.task import Ee, Ned, Ner, Qa, Re, Sts, Sum, Task, Te, TextPairClass, Transl, TxtClass
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.build.read.records import batch
from tasks.build.render import form, render, stage
from tests.support.declared import NER, source
from tests.support.rendering import COREF, chain, entity, records_of, root, samples, table

__all__ = ["root"]


def rows(task: Task, records: pl.DataFrame) -> list[dict[str, Any]]:
    return render(task, records.lazy().with_columns(document=pl.lit(""))).collect().to_dicts()


def documents(*found: Document) -> pl.DataFrame:
    return pl.DataFrame(batch(found))


def one(task: Task, records: pl.DataFrame) -> dict[str, Any]:
    (row,) = rows(task, records)
    return row


def outcome(task: Task, document: Document) -> tuple[str | None, str | None]:
    """The output of a document, or the reason why it makes no sample."""
    row = one(task, documents(document))
    return (None, row["reason"]) if row["reason"] else (row["output"], None)


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


# NER by sentence


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


# NED


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


# RE


RE = Re(name="T", types={"X": "binds"}, ignore=("Y",))


def relation(first: tuple[str, str], second: tuple[str, str], type_: str = "X", id_: str = "R1") -> Relation:
    return Relation(id_, type_, (Argument("Arg1", "T1", *first), Argument("Arg2", "T2", *second)))


def related(*relations: Relation) -> Document:
    return Document("d", "text", relations=relations)


def bound(first: str, second: str, kind: str = "entity") -> Relation:
    """A relation between entities with these ids, which are mentions of `a` and `b`."""
    ends = (Argument(f"Arg{place}", id_, kind, id_[0]) for place, id_ in enumerate((first, second), 1))
    return Relation("R1", "X", tuple(ends))


AB = tuple(entity(id_, start, id_[0]) for start, id_ in enumerate(("b1", "a1", "b2", "a2")))


def test_a_relation_between_other_places_is_another_one() -> None:
    found = Document("d", "baba", AB, relations=(bound("a1", "b1"), bound("a1", "b1"), bound("a2", "b1")))
    assert outcome(RE, found)[0] == "[<a> <binds> <b>], [<a> <binds> <b>]"


def test_two_types_with_one_name_are_one_relation() -> None:
    task = Re(name="T", types={"X": "binds", "Y": "binds"})
    twice = (bound("a1", "b1"), bound("a1", "b1")._replace(type="Y"))
    assert outcome(task, Document("d", "baba", AB, relations=twice))[0] == "[<a> <binds> <b>]"


SYMMETRIC = Re(name="T", types={"X": "binds", "Y": "eats"}, symmetric=("binds",))


@pytest.mark.parametrize(("first", "second"), [("a1", "b1"), ("b1", "a1")])
def test_a_relation_without_direction_is_written_in_text_order(first: str, second: str) -> None:
    there = Document("d", "baba", AB, relations=(bound(first, second),))
    assert outcome(SYMMETRIC, there)[0] == "[<b> <binds> <a>]"
    assert outcome(RE, there)[0] == f"[<{first[0]}> <binds> <{second[0]}>]"


def test_the_shorter_of_two_mentions_that_start_together_comes_first() -> None:
    nested = (entity("T1", 0, "tea leaf"), entity("T2", 0, "tea"))
    ends = (Argument("Arg1", "T1", "entity", "tea leaf"), Argument("Arg2", "T2", "entity", "tea"))
    found = Document("d", "tea leaf", nested, relations=(Relation("R1", "X", ends), Relation("R2", "Y", ends)))
    assert outcome(SYMMETRIC, found)[0] == "[<tea> <binds> <tea leaf>], [<tea leaf> <eats> <tea>]"


def test_both_orders_of_one_pair_are_one_relation_without_direction() -> None:
    both = Document("d", "baba", AB, relations=(bound("a1", "b1"), bound("b1", "a1")))
    assert outcome(SYMMETRIC, both)[0] == "[<b> <binds> <a>]"
    assert outcome(RE, both)[0] == "[<a> <binds> <b>], [<b> <binds> <a>]"


def test_a_concept_stands_where_its_name_is_first_mentioned() -> None:
    found = Document("d", "baba", AB, relations=(bound("a", "b", "concept"),))
    assert outcome(SYMMETRIC, found)[0] == "[<b> <binds> <a>]"


def test_a_relation_between_concepts_is_named_once() -> None:
    again = relation(("concept", "a"), ("concept", "b"))
    back = relation(("concept", "b"), ("concept", "a"))
    assert outcome(RE, related(again, back, again))[0] == "[<a> <binds> <b>], [<b> <binds> <a>]"


def test_the_same_relation_in_two_documents_is_named_in_both() -> None:
    again = related(relation(("concept", "a"), ("concept", "b")))
    made = rows(RE, documents(again, replace(again, id="e")))
    assert [row["output"] for row in made] == ["[<a> <binds> <b>]"] * 2


def test_a_relation_of_events_is_no_relation_of_entities() -> None:
    between = relation(("trigger", "grew"), ("entity", "b"))
    assert outcome(RE, related(between)) == (None, "no relation")
    assert outcome(RE, related(between, relation(("entity", "a"), ("entity", "b"))))[0] == "[<a> <binds> <b>]"


def test_an_argument_without_a_mention_rejects_the_document() -> None:
    broken, sound = relation(("concept", "a"), ("concept", "")), relation(("concept", "a"), ("concept", "b"))
    assert outcome(RE, related(sound, broken)) == (None, "argument without a mention")


def test_a_relation_with_one_argument_rejects_the_document() -> None:
    lone = Relation("R1", "X", (Argument("Arg1", "T1", "entity", "a"),))
    assert outcome(RE, related(lone)) == (None, "argument without a mention")


def test_a_relation_with_three_arguments_is_not_cut_to_two() -> None:
    arguments = (Argument(f"Arg{number}", f"T{number}", "entity", text) for number, text in enumerate("abc", 1))
    output, reason = outcome(RE, related(Relation("R1", "X", tuple(arguments))))
    assert reason or "<c>" in (output or "")


def test_types_of_relations_are_declared_or_ignored() -> None:
    ignored, odd = relation(("entity", "a"), ("entity", "b"), "Y"), relation(("entity", "a"), ("entity", "b"), "W")
    assert outcome(RE, related(ignored)) == (None, "no relation")
    assert outcome(RE, related(odd)) == (None, "undeclared type")


# EE


EE = Ee(name="T", types={"Growth": "growth", "Up": "increase"}, ignore=("Odd",))


def event(id_: str, start: int, trigger: str, *arguments: Argument, type_: str = "Growth") -> Event:
    return Event(id_, type_, trigger, start, arguments)


def theme(text: str, role: str = "Theme", kind: str = "entity") -> Argument:
    return Argument(role, "T1", kind, text)


def happening(*events: Event) -> Document:
    return Document("d", "text", events=events)


def test_events_stand_in_the_order_of_their_triggers_one_item_a_theme() -> None:
    late = event("E1", 30, "grew", theme("bud"), theme("leaf", "Theme2"))
    early = event("E2", 5, "rose", theme("sap"), type_="Up")
    wanted = "[<increase> <rose> <sap>], [<growth> <grew> <bud>], [<growth> <grew> <leaf>]"
    assert outcome(EE, happening(late, early))[0] == wanted


def test_events_that_differ_in_nothing_the_answer_shows_are_one() -> None:
    found = (entity("T1", 0, "bud"), entity("T2", 9, "bud"))
    there = Argument("Theme", "T2", "entity", "bud")
    events = (event("E1", 4, "grew", theme("bud")), event("E2", 4, "grew", theme("bud"), theme("sun", "Cause")))
    others = (event("E3", 4, "grew", there), event("E4", 13, "grew", theme("bud")))
    output, _ = outcome(EE, Document("d", "bud grew bud grew", found, events=(*events, *others)))
    assert output == ", ".join(["[<growth> <grew> <bud>]"] * 3)


def test_only_entities_are_themes() -> None:
    nested = event("E1", 0, "promotes", theme("grew", kind="event"), type_="Up")
    cause = event("E2", 0, "grew", theme("sun", "Cause"), theme("spot", "ThemeSite"))
    bare = event("E3", 0, "growth")
    for alone in (nested, cause, bare):
        assert outcome(EE, happening(alone)) == (None, "no event with an entity as its theme")
    both = happening(nested, cause, bare, event("E4", 9, "grew", theme("bud")))
    assert outcome(EE, both)[0] == "[<growth> <grew> <bud>]"


def test_types_of_events_are_declared_or_ignored() -> None:
    ignored, odd = (event("E1", 0, "x", theme("a"), type_=type_) for type_ in ("Odd", "Odder"))
    assert outcome(EE, happening(ignored)) == (None, "no event with an entity as its theme")
    row = one(EE, documents(happening(odd)))
    assert (row["reason"], row["detail"]) == ("undeclared type", "Odder")


def test_a_theme_without_a_mention_rejects_the_document() -> None:
    assert outcome(EE, happening(event("E1", 0, "grew", theme("")))) == (None, "argument without a mention")


# QA


def question(**columns: list[Any]) -> pl.DataFrame:
    return table("Question", **{"text": ["Is tea hot?"], "answers": [["yes"]], **columns})


def test_a_question_has_its_context_and_choices() -> None:
    task = Qa(name="T")
    bare = one(task, question())
    full = one(task, question(context=["Tea boils."], choices=[["yes", "no"]]))
    assert bare["input"] == "Question: Is tea hot?"
    assert full["input"] == "Question: Is tea hot?\nContext: Tea boils.\nOptions:\n- yes\n- no"
    assert full["output"] == "yes"


def test_several_answers_are_a_list() -> None:
    assert one(Qa(name="T"), question(answers=[["tea", "coffee"]]))["output"] == "tea, coffee"


def test_an_answer_that_is_no_declared_choice_is_rejected() -> None:
    task = Qa(name="T", choices=("yes", "no"))
    assert one(task, question())["reason"] is None
    row = one(task, question(answers=[["perhaps"]]))
    assert (row["reason"], row["detail"]) == ("undeclared label", "perhaps")


# Classes


PAIRS = {"first": "Claim", "second": "Text", "classes": {"1": "true", "0": "not true"}}


@pytest.mark.parametrize("kind", [Te, TextPairClass])
def test_a_pair_is_named_and_its_label_translated(kind: type[Te]) -> None:
    row = one(kind(name="T", **PAIRS), table("Pair", first=["a"], second=["b"], label=["0"]))
    assert (row["input"], row["output"]) == ("Claim: a\nText: b", "not true")


def test_an_unknown_label_of_a_pair_is_rejected() -> None:
    found = rows(Te(name="T", **PAIRS), table("Pair", first=["a", "a"], second=["b", "b"], label=["2", "1"]))
    assert [(row["reason"], row["detail"]) for row in found] == [("undeclared label", "2"), (None, None)]


TOPICS = TxtClass(name="T", multiple=True, classes={"a": "air", "b": "bath"})


def test_labels_of_a_text_are_joined_in_the_declared_order() -> None:
    row = one(TOPICS, table("Text", text=["wind"], labels=[["b", "a"]]))
    assert (row["input"], row["output"]) == ("wind", "air, bath")


def test_one_unknown_label_of_several_rejects_the_text() -> None:
    row = one(TOPICS, table("Text", text=["wind"], labels=[["b", "c"]]))
    assert (row["reason"], row["detail"]) == ("undeclared label", "b, c")


# STS


def scores(scale: tuple[float, float], *labels: str) -> list[str | None]:
    found = rows(
        Sts(name="T", scale=scale),
        table("Pair", first=["a"] * len(labels), second=["b"] * len(labels), label=list(labels)),
    )
    return [None if row["reason"] else row["output"] for row in found]


@pytest.mark.parametrize(
    ("scale", "given_and_wanted"),
    [
        ((0, 5), {"0": "0", "0.49": "0", "0.5": "1", "1.5": "2", "2.5": "3", "4.5": "5", "5": "5"}),
        ((0, 4), {"0": "0", "0.4": "1", "2": "3", "2.8": "4", "3.6": "5", "4": "5"}),
        ((0, 1), {"0": "0", "1": "5"}),
        ((1, 5), {"1": "0", "3": "3", "5": "5"}),
        ((0, 1600), {"0": "0", "160": "1", "159": "0", "1600": "5"}),
    ],
)
def test_scores_are_mapped_to_integers_rounded_half_up(
    scale: tuple[float, float], given_and_wanted: dict[str, str]
) -> None:
    assert dict(zip(given_and_wanted, scores(scale, *given_and_wanted), strict=True)) == given_and_wanted


@pytest.mark.parametrize(
    "scale",
    [
        (0, 1),
        (0, 4),
        (0, 10),
        (0, 100),
        (1, 4),
        (1, 5),
    ],
)
def test_no_half_is_lost_to_binary_fractions(scale: tuple[int, int]) -> None:
    low, high = scale
    labels = [f"{low + step / 10:.1f}" for step in range((high - low) * 10 + 1)]
    exact = [math.floor((Fraction(label) - low) / (high - low) * 5 + Fraction(1, 2)) for label in labels]
    assert scores(scale, *labels) == [str(score) for score in exact]


def test_a_score_beyond_the_scale_or_no_number_is_rejected() -> None:
    assert scores((0, 4), "-1", "5", "high", "") == [None] * 4


def test_a_score_that_is_not_a_number_is_rejected_alone() -> None:
    assert scores((0, 4), "nan", "4") == [None, "5"]


def test_a_score_a_little_beyond_the_scale_is_rejected() -> None:
    assert scores((0, 4), "-0.3", "4.3") == [None, None]


# Texts to write


def test_translations_and_summaries_are_as_they_are() -> None:
    row = one(Transl(name="T"), table("Translation", text=["té"], translation=["tea"]))
    assert (row["input"], row["output"]) == ("té", "tea")
    row = one(Sum(name="T"), table("Summary", text=["long"], summary=["short"]))
    assert (row["input"], row["output"]) == ("long", "short")


def test_a_claim_may_stand_alone() -> None:
    task = Te(name="T", first=None, second="Claim", classes=PAIRS["classes"])
    sound, empty = rows(task, table("Pair", first=["", ""], second=["Fog is wet.", " "], label=["1", "1"]))
    assert (sound["input"], sound["output"], sound["fault"]) == ("Claim: Fog is wet.", PAIRS["classes"]["1"], None)
    assert empty["fault"] == "empty text"


EMPTY = [
    (Te(name="T", **PAIRS), table("Pair", first=["a", " "], second=["b", "b"], label=["0", "0"])),
    (Te(name="T", **PAIRS), table("Pair", first=["a", "a"], second=["b", ""], label=["0", "0"])),
    (Sts(name="T", scale=(0, 1)), table("Pair", first=["a", "\n"], second=["b", "b"], label=["1", "1"])),
    (TOPICS, table("Text", text=["a", ""], labels=[["a"], ["a"]])),
    (Qa(name="T"), table("Question", text=["a?", " "], answers=[["b"], ["b"]])),
    (Transl(name="T"), table("Translation", text=["a", ""], translation=["b", "b"])),
    (Sum(name="T"), table("Summary", text=["a", "\t"], summary=["b", "b"])),
]


@pytest.mark.parametrize(("task", "records"), EMPTY)
def test_an_empty_text_is_counted_and_is_a_fault(task: Task, records: pl.DataFrame) -> None:
    sound, faulty = rows(task, records)
    assert (sound["reason"], sound["fault"]) == (None, None)
    assert (faulty["reason"], faulty["fault"]) == (None, "empty text")


# The stage: tallies, languages, ids


TEA = [
    Document("d1", "tea one", (entity("T1", 0, "tea"),)),
    Document("d2", "nothing"),
    Document("d3", "tea two", (entity("T1", 0, "tea", "W"),)),
    Document("d4", "tea four", (entity("T1", 0, "tea"),)),
]


def test_what_is_read_is_kept_or_rejected_with_a_reason(root: Root) -> None:
    rendered = stage.render_task(source(), NER, [records_of(root, "m", {"train": TEA, "test": TEA[1:2]})], root)
    assert rendered.splits == {
        "train": Tally(read=4, kept=2, rejected=2),
        "test": Tally(read=1, kept=0, rejected=1),
    }
    rejects = pl.read_parquet(root.local(rejects_place("render", "T", rendered.fingerprint)))
    assert rejects.select("task", "split", "id", "reason", "detail").rows() == [
        ("T", "train", "d2", "no entity", ""),
        ("T", "train", "d3", "undeclared type", "W"),
        ("T", "test", "d2", "no entity", ""),
    ]
    assert samples(root, rendered)["record_id"].to_list() == ["d1", "d4"]
    assert samples(root, rendered, "test").is_empty()


def test_a_chain_is_what_coreference_counts(root: Root) -> None:
    found = [
        Document("d1", "text", chains=(chain("a", "b"), chain("c", "d"), chain("e"))),
        Document("d2", "text"),
    ]
    rendered = stage.render_task(source(), COREF, [records_of(root, "m", {"train": found})], root)
    assert rendered.splits["train"] == Tally(read=4, kept=2, rejected=2)
    assert samples(root, rendered)["id"].n_unique() == 2


def test_a_sample_says_where_it_comes_from(root: Root) -> None:
    rendered = stage.render_task(source(), NER, [records_of(root, "m", {"train": TEA})], root)
    row = samples(root, rendered).row(0, named=True)
    assert row["instruction"] == f"Do T. {form(NER).sentence}"
    assert (row["input"], row["output"]) == ("tea one", "[tea <thing>]")
    assert (row["task"], row["category"], row["source"], row["licence"]) == ("T", "NER", "tea", "mit")
    assert row["language"] == "en"
    assert len(row["id"]) == 32


def test_a_sample_has_the_language_of_its_part(root: Root) -> None:
    declared = source(
        language="fr",
        format=ParallelText(),
        parts={
            "es": Part(train={"source": "a", "target": "a"}, language="es-en"),
            "fr": Part(train={"source": "a", "target": "a"}),
        },
        tasks=(Transl(name="T", parts=("es", "fr")),),
    )
    text = table("Translation", text=["x"], translation=["y"])
    batches = [records_of(root, part, {"train": text}, part) for part in ("es", "fr")]
    found = samples(root, stage.render_task(declared, declared.tasks[0], batches, root))
    assert found.select("record_id", "language").rows() == [("es/0", "es-en"), ("fr/0", "fr")]
    assert found["id"].n_unique() == 2


def test_a_sample_says_what_is_asked_where_parts_differ_in_it(root: Root) -> None:
    declared = source(
        format=ParallelText(),
        parts={part: Part(train={"source": "a", "target": "a"}) for part in ("like", "near")},
        tasks=(Sts(name="T", scale=(0, 5), parts=("like", "near"), asks={"like": "Alike?", "near": "Near?"}),),
    )
    pair = table("Pair", first=["x"], second=["y"], label=["1"])
    batches = [records_of(root, part, {"train": pair}, part) for part in ("like", "near")]
    found = samples(root, stage.render_task(declared, declared.tasks[0], batches, root))
    lines = "Sentence 1: x\nSentence 2: y"
    assert found["input"].to_list() == [f"Alike?\n{lines}", f"Near?\n{lines}"]
    with pytest.raises(ValueError, match=r"T asks \['like'\], but reads \['like', 'near'\]"):
        Sts(name="T", scale=(0, 5), parts=("like", "near"), asks={"like": "Alike?"})


def ids(root: Root, documents_: list[Document], mark: str, task: Task = NER, **fields: Any) -> dict[str, str]:
    rendered = stage.render_task(source(**fields), task, [records_of(root, mark, {"train": documents_})], root)
    found = samples(root, rendered)
    return dict(zip(found["record_id"], found["id"], strict=True))


def test_an_id_depends_on_neither_order_nor_instruction(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ids(root, TEA, "m")
    assert ids(root, TEA[::-1], "n") == before
    assert ids(root, TEA[3:], "o") == {"d4": before["d4"]}
    monkeypatch.setattr(stage, "instruction", lambda task, _wording: "Do it otherwise.")
    assert ids(root, TEA, "m") == before
    assert len(root.names("samples/T")) == 4, "the new instruction made no samples of its own"


def test_an_id_tells_records_sources_tasks_and_answers_apart(root: Root) -> None:
    document = TEA[0]
    other_answer = replace(document, entities=(entity("T1", 0, "tea", "Z"),))
    found = [
        *ids(root, [document, replace(document, id="d9")], "m").values(),
        *ids(root, [other_answer], "n").values(),
        *ids(root, [replace(document, text="tea two")], "o").values(),
        *ids(root, [document], "m2", NER.model_copy(update={"name": "U"})).values(),
        *ids(root, [document], "m3", id="coffee").values(),
    ]
    assert len(found) == 6
    assert len(set(found)) == 6


def test_parts_of_an_id_do_not_run_into_each_other(root: Root) -> None:
    one_, two = Document("d", "tea", (entity("T1", 0, "tea"),)), Document("d1", "tea", (entity("T1", 0, "tea"),))
    found = [
        *ids(root, [one_], "m", NER.model_copy(update={"name": "T1"})).values(),
        *ids(root, [two], "n", NER.model_copy(update={"name": "T"})).values(),
        *ids(root, [replace(one_, id="1d")], "o", NER.model_copy(update={"name": "T"})).values(),
    ]
    assert len(set(found)) == 3


def test_a_withheld_part_withholds_the_task(root: Root) -> None:
    missing = Batch(source="tea", part="main", fingerprint="m", place="nowhere", withheld="`a` is not here")
    rendered = stage.render_task(source(), NER, [missing], root)
    assert (rendered.withheld, rendered.splits) == ("`a` is not here", {})
    assert root.names("samples") == []


def test_equal_work_is_not_done_again(root: Root) -> None:
    records = records_of(root, "m", {"train": TEA})
    first = stage.render_task(source(), NER, [records], root)
    path = root.local(f"{first.place}/train.parquet")
    before = path.stat().st_mtime_ns
    assert stage.render_task(source(), NER, [records], root) == first
    assert path.stat().st_mtime_ns == before
