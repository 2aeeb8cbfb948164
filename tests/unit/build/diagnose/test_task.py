"""The diagnosis of a task, on corpora small enough to count by hand."""

import math

import polars as pl
import pytest

from schemas.records import Argument, Document, Entity, Event, Mention, Relation
from schemas.task import Coref, Ee, Ned, Ner, Qa, Re, Te, TxtClass
from tasks.build.diagnose.names import AMBIGUITY
from tasks.build.diagnose.task import CONSISTENCY, VOCABULARY, conflicting, diagnose
from tests.unit.build.diagnose.corpora import corpus, document, texts, values

NER = Ner(name="T", types={"D": "disease", "C": "chemical"})
NED = Ned(name="T", databases=("DB",))

TRAIN = [
    document(
        "1", "Marren syndrome and marren  syndrome.", ("Marren syndrome", "D", "1"), ("marren  syndrome", "D", "2")
    ),
    document("2", "Skin tumour, then tumour and tumour.", ("Skin tumour", "D", "3"), (">tumour", "D", "3")),
]
TEST = [
    document("3", "Velt after tumour in T-cells", ("Velt", "C", "4"), ("tumour", "D", "3"), ("T", "C", "5")),
    document("4", "Nothing here"),
]


def small():
    return corpus(train=TRAIN, test=TEST)


@pytest.mark.heavy  # the first to read records
def test_size_density_and_length() -> None:
    found = values(diagnose(NER, small()).diagnostics)
    assert found["records"] == 4
    assert found["words"] == 5 + 6 + 6 + 2
    assert found["mentions"] == found["items"] == 7
    assert found["mentions_per_record"] == 7 / 4
    assert found["mentions_per_100_words"] == pytest.approx(700 / 19)
    assert found["words_per_mention"] == pytest.approx((2 + 2 + 2 + 1 + 1 + 1 + 1) / 7)
    assert values(diagnose(NER, small()).diagnostics, "test")["mentions_per_record"] == 3 / 2
    assert "lexical_diversity" not in found, "fewer words than a window has"


def test_labels() -> None:
    found = values(diagnose(NER, small()).diagnostics)
    entropy = -(5 / 7) * math.log2(5 / 7) - (2 / 7) * math.log2(2 / 7)
    assert found["labels"] == 2
    assert found["label_entropy"] == pytest.approx(entropy)
    assert found["label_balance"] == pytest.approx(entropy)
    assert found["label_majority"] == pytest.approx(5 / 7)


def test_one_label_has_no_balance() -> None:
    found = values(diagnose(NER, small()).diagnostics, "train")
    assert (found["labels"], found["label_entropy"], found["label_majority"]) == (1, 0, 1)
    assert math.copysign(1, found["label_entropy"]) == 1
    assert "label_balance" not in found


def test_names_and_concepts() -> None:
    """Names: marren syndrome (1 and 2), skin tumour (3), tumour (3), velt (4), t (5)."""
    diagnosis = diagnose(NED, small())
    found = values(diagnosis.diagnostics)
    assert (found["names"], found["concepts"], found["mentions"]) == (5, 5, 7)
    assert found["ambiguity"] == pytest.approx(6 / 5)
    assert found["ambiguous_names"] == pytest.approx(1 / 5)
    assert found["ambiguous_mentions"] == pytest.approx(2 / 7)
    assert found["variation"] == pytest.approx(6 / 5), "3 has two names"
    assert found["varied_concepts"] == pytest.approx(1 / 5)
    assert diagnosis.ambiguity.rows() == [
        ("concepts", "marren syndrome", 2, 2, ["DB/1", "DB/2"]),
        ("names", "DB/3", 3, 2, ["tumour", "skin tumour"]),
    ]


def test_several_concepts_of_a_mention_are_one_reading() -> None:
    both = document("1", "breast and ovarian cancer", ("breast and ovarian cancer", "D", "2 1"))
    found = values(diagnose(NED, corpus(train=[both, both])).diagnostics)
    assert (found["concepts"], found["ambiguity"], found["items"]) == (2, 1, 4)
    assert "variation" not in found, "neither concept is named alone"


def test_unseen() -> None:
    """Of velt, tumour and T with 4, 3 and 5, training has tumour with 3."""
    found = values(diagnose(NED, small()).diagnostics, "test")
    assert [found[f"unseen_{what}"] for what in ("mentions", "names", "links", "concepts")] == pytest.approx(
        [2 / 3] * 4
    )
    assert "unseen_mentions" not in values(diagnose(NED, small()).diagnostics)
    assert "unseen_mentions" not in values(diagnose(NED, corpus(test=TEST)).diagnostics, "test"), "no training split"


def test_consistency() -> None:
    """The annotated tumours: one in 2, one in 3; "Skin tumour" has one within; one is not annotated."""
    diagnosis = diagnose(NER, small())
    assert diagnosis.consistency.rows() == [("tumour", 2, 1, 0, 1, pytest.approx(2 / 3))]
    found = values(diagnosis.diagnostics)
    assert found["consistency"] == pytest.approx(7 / 8)
    assert found["mixed_names"] == pytest.approx(1 / 6), "of the spellings, two of marren syndrome"


def test_a_split_without_annotations_says_nothing_of_consistency() -> None:
    places = diagnose(NER, corpus(train=TRAIN, test=[document("3", "tumour tumour")])).consistency
    assert places["untagged"].to_list() == [1], "the one in training"


def test_joined_words_are_counted_apart() -> None:
    texts_ = corpus(train=[document("1", "T cells, T-cells, pre/T, T - 3 and -T", ("T", "C", "1"))])
    places = diagnose(NER, texts_).consistency
    assert places.select("tagged", "within", "joined", "untagged").rows() == [(1, 0, 2, 2)]


def test_nesting_and_split_mentions() -> None:
    nested = document("1", "IL-2 gene of IL-2", ("IL-2 gene", "D", ""), ("IL-2", "C", ""), ("IL-2", "D", ""))
    apart = Document("2", "left and right lung", (Entity("T1", "D", ((0, 4), (15, 19)), "left lung"),))
    found = values(diagnose(NER, corpus(train=[nested, apart])).diagnostics)
    assert found["discontinuous_mentions"] == 1 / 4
    assert found["nested_mentions"] == 1 / 2, "equal spans count once, split mentions do not"
    assert found["label_ambiguous_names"] == pytest.approx(1 / 3)


def test_tagged_sentences_are_diagnosed_like_documents() -> None:
    rows = {
        "id": ["1", "2"],
        "tokens": [["Skin", "tumour", ",", "tumour"], ["tumour", "velt", "of", "velt", "ash"]],
        "tags": [["B-D", "I-D", "O", "O"], ["B-D", "B-D", "O", "B-C", "I-C"]],
        "origin": ["", ""],
    }
    diagnosis = diagnose(NER.model_copy(update={"answer": "bio"}), texts({"train": pl.DataFrame(rows)}))
    found = values(diagnosis.diagnostics)
    assert (found["mentions"], found["words"], found["names"]) == (4, 8, 4)
    assert diagnosis.vocabulary["value"].to_list() == ["skin tumour", "tumour", "velt", "velt ash"]
    assert diagnosis.consistency.rows() == [("tumour", 1, 1, 0, 1, 0.5)]


def _related() -> Document:
    entities = tuple(Entity(f"T{n}", "D", ((n, n + 1),), letter) for n, letter in enumerate("abc"))
    ends = tuple(Argument("", f"T{n}", "entity", "abc"[n]) for n in range(2))
    event = Event("E1", "G", "c", 2, (Argument("Theme", "T0", "entity", "a"),))
    chain = (Mention("T0", "a"), Mention("T2", "c"))
    return Document("1", "abc", entities, (Relation("R1", "I", ends), Relation("R2", "X", ends)), (event,), (chain,))


@pytest.mark.parametrize(
    ("task", "items", "mentions", "labels"),
    [
        (Re(name="T", types={"I": "induces"}), 1, 2, 1),
        (Ee(name="T", types={"G": "growth"}), 1, 1, 1),
        (Coref(name="T"), 1, 2, None),
    ],
)
def test_relations_events_and_chains(task, items, mentions, labels) -> None:
    found = values(diagnose(task, corpus(train=[_related()])).diagnostics)
    assert (found["items"], found["mentions"], found.get("labels")) == (items, mentions, labels)


def test_phrases_with_concepts() -> None:
    rows = {"id": ["1", "2"], "text": ["bad  Head", "bad head"], "labels": [["C1"], ["7"]], "origin": ["", ""]}
    task = Ned(name="T", databases=("A", "B"), per="phrase", patterns={"C([0-9]+)": "B"})
    found = values(diagnose(task, texts({"train": pl.DataFrame(rows)})).diagnostics)
    assert (found["names"], found["ambiguity"], found["labels"]) == (1, 2, 2)
    assert "consistency" not in found


def _rows(**columns: list[object]) -> pl.DataFrame:
    count = len(next(iter(columns.values())))
    return pl.DataFrame({"id": [str(n) for n in range(count)], "origin": [""] * count} | columns)


@pytest.mark.parametrize(
    ("task", "rows"),
    [
        (
            Te(name="T", first="A", second="B", classes={"y": "yes", "n": "no"}),
            _rows(label=list("yyyn"), first=["a"] * 4, second=["b c"] * 4),
        ),
        (TxtClass(name="T", classes={"y": "yes", "n": "no"}), _rows(text=["a b c"] * 4, labels=[["y"]] * 3 + [["n"]])),
        (
            Qa(name="T", choices=("yes", "no")),
            _rows(text=["a b"] * 4, context=["c"] * 4, choices=[["x"]] * 4, answers=[["yes"]] * 3 + [["no"]]),
        ),
    ],
)
def test_tasks_about_whole_texts_have_labels_and_lengths(task, rows) -> None:
    diagnosis = diagnose(task, texts({"train": rows}))
    found = values(diagnosis.diagnostics)
    assert found["label_entropy"] == pytest.approx(0.811278, abs=1e-6)
    assert (found["records"], found["words"], found["label_majority"]) == (4, 12, 0.75)
    assert "mentions" not in found


def test_conflicts() -> None:
    found = values(conflicting(pl.DataFrame({"samples": [2, 3]}), 10))
    assert found == {"conflicts": 2, "conflicting_samples": 0.5}
    assert values(conflicting(pl.DataFrame({"samples": []}, schema={"samples": pl.Int64}), 0)) == {"conflicts": 0}


@pytest.mark.parametrize(
    "task", [NER, NED, Re(name="T", types={"I": "i"}), Ee(name="T", types={"G": "g"}), Coref(name="T")]
)
def test_a_corpus_without_annotations_or_records(task) -> None:
    for splits in ({"train": [document("1", "Nothing")]}, {"train": [], "test": [document("1", "")]}, {"test": []}):
        diagnosis = diagnose(task, corpus(**splits))
        found = values(diagnosis.diagnostics)
        assert found.get("mentions", 0) == 0
        assert all(math.isfinite(value) for value in found.values())
        assert diagnosis.ambiguity.schema == AMBIGUITY
        assert diagnosis.consistency.schema == CONSISTENCY
        assert diagnosis.vocabulary.schema == VOCABULARY


def test_texts_without_spaces() -> None:
    chinese = document("1", "糖尿病患者，糖尿病", ("糖尿病", "D", "1"))
    diagnosis = diagnose(NER, corpus(train=[chinese]))
    found = values(diagnosis.diagnostics)
    assert (found["words"], found["words_per_mention"]) == (8, 3)
    assert diagnosis.consistency.rows() == [("糖尿病", 1, 0, 0, 1, 0.5)]


def test_a_text_of_a_megabyte() -> None:
    text = "tumour and velt " * 65_536
    found = values(diagnose(NER, corpus(train=[document("1", text, ("tumour", "D", "1"))])).diagnostics)
    assert found["consistency"] == 1 / 65_536
    assert found["lexical_diversity"] == pytest.approx(0.03)
