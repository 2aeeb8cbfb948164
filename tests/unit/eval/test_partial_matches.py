"""Partial matches: of tags equal to nervaluate's, of lists by their definition."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medinst_eval.metrics import partial_matches, reading, strict
from medinst_eval.metrics.partial_matches import Credit, of_items, of_spans, overlapping

WORDS = 12
NAMES = {"type F1": "ent_type", "partial F1": "partial", "exact F1": "exact", "strict F1": "strict"}


def tagged(tags: str) -> str:
    return " ".join(f"w{place} [{tag}]" for place, tag in enumerate(tags))


def nervaluate(predicted: list[str], gold: list[str]) -> dict[str, float]:
    """The four F1 of nervaluate, of tags that mark entities of one type."""
    from nervaluate import Evaluator

    def entities(sequences: list[str]) -> list[list[dict[str, object]]]:
        return [
            [{"label": "X", "start": start, "end": end - 1} for start, end in sorted(reading.spans(list(tags)))]
            for tags in sequences
        ]

    found = Evaluator(entities(gold), entities(predicted), tags=["X"], loader="dict").evaluate()["overall"]
    return {name: found[theirs].f1 for name, theirs in NAMES.items()}


def ours(predicted: list[str], gold: list[str]) -> dict[str, float]:
    found = strict.METRICS["tags"]([tagged(tags) for tags in predicted], [tagged(tags) for tags in gold], ())
    return {metric.name: metric.value for metric in found.metrics if metric.name in NAMES}


@pytest.mark.parametrize(
    ("predicted", "gold"),
    [
        ("BIOOB", "BIOOB"),
        ("BOOOO", "BIIOO"),
        ("BIIII", "BIBIO"),  # one over two
        ("BOBOB", "BIIII"),  # three in one
        ("OBIIO", "BIOBI"),  # one between two
        ("OOOOO", "BIOOO"),
        ("BIOOO", "OOOOO"),
        ("OOOOO", "OOOOO"),
        ("BIBIB", "IIOBI"),
    ],
)
def test_tags_score_as_in_nervaluate(predicted, gold):
    assert ours([predicted], [gold]) == pytest.approx(nervaluate([predicted], [gold]))


SEQUENCES = st.text("BIO", min_size=WORDS, max_size=WORDS)


@pytest.mark.heavy
@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(SEQUENCES, SEQUENCES), min_size=1, max_size=5))
def test_any_tags_score_as_in_nervaluate(pairs):
    predicted, gold = map(list, zip(*pairs, strict=True))
    assert ours(predicted, gold) == pytest.approx(nervaluate(predicted, gold))


def test_one_word_of_a_very_long_entity_is_no_overlap():
    assert of_spans([(0, 1)], [(0, 100)]).type == 1
    assert of_spans([(0, 1)], [(0, 101)]) == Credit(0, 0, 0, 0, 1, 1)


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("gastric ulcer", "ulcer", 1),
        ("gastric ulcer", "acute gastric ulcer disease", 2),
        ("acute gastric", "gastric ulcer", 1),
        ("gastric ulcer", "gastric ulcer", 2),
        ("hela cells", "t cells", 0),  # both end with it: they cannot lie over each other
        ("cancer of the lung", "disease of the liver", 0),
        ("ulcer", "fog", 0),
        ("tnf-alpha", "alpha", 1),
        ("", "fog", 0),
    ],
)
def test_mentions_overlap_if_they_could_in_a_text(one, other, common):
    words, others = (tuple(partial_matches.words(text)) for text in (one, other))
    assert overlapping(words, others) == overlapping(others, words) == common


@pytest.mark.parametrize(
    ("predicted", "gold", "credit"),
    [
        ([("a b", "x")], [("a b", "x")], (1, 1, 1, 1)),
        ([("a b", "y")], [("a b", "x")], (0, 1, 1, 0)),  # the wrong type
        ([("a", "x")], [("a b", "x")], (1, 0.5, 0, 0)),  # too short
        ([("a", "y")], [("a b", "x")], (0, 0.5, 0, 0)),
        ([("c", "x")], [("a b", "x")], (0, 0, 0, 0)),
        ([("a", "x"), ("b", "x")], [("a b", "x")], (1, 0.5, 0, 0)),  # a mention is found once
        ([("a", "x")], [("a", "x"), ("a", "x")], (1, 1, 1, 1)),  # repeats count
        ([("a", "y"), ("a b", "x")], [("a", "x"), ("a b", "y")], (2, 2, 2, 0)),  # types changed places
        ([("a b c", "x")], [("a", "x"), ("b c", "x")], (1, 0.5, 0, 0)),
        ([], [("a", "x")], (0, 0, 0, 0)),
    ],
)
def test_listed_entities(predicted, gold, credit):
    assert of_items(predicted, gold) == Credit(*credit, len(predicted), len(gold))


PAIRS = st.lists(st.tuples(st.sampled_from(["a", "a b", "b", "b c", "a b c", "d"]), st.sampled_from("xy")), max_size=6)


@settings(deadline=None)
@given(PAIRS, PAIRS)
def test_the_ways_are_ordered_and_the_same_from_both_sides(predicted, gold):
    credit = of_items(predicted, gold)
    most = min(len(predicted), len(gold))
    assert credit.strict == (Counter(predicted) & Counter(gold)).total()
    assert credit.strict <= credit.exact <= credit.partial <= most
    assert credit.strict <= credit.type <= most
    assert of_items(gold, gold) == Credit(*[len(gold)] * 6)


def test_what_cannot_be_read_overlaps_with_nothing():
    found = strict.METRICS["entities"](["[unread <x>], [a b]"], ["[unread a b <x>]"], ())
    assert {metric.name: metric.value for metric in found.metrics[2:]} == {
        "type F1": pytest.approx(2 / 3),
        "partial F1": pytest.approx(1 / 3),
        "exact F1": 0,
        "strict F1": 0,
    }
