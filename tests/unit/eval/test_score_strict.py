"""The set `strict`: what is right, what is wrong, and that nothing is right by accident."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medinst_eval.definitions import definitions
from medinst_eval.grammar import answers
from medinst_eval.measure import measure, strictly
from medinst_eval.metrics import reading, statistics, strict
from medinst_eval.metrics.statistics import Draws, difference, interval, macro_f1, mean

pytestmark = pytest.mark.usefixtures("scorers")


def values(kind, predicted, gold, labels=()):
    found = strict.METRICS[kind](predicted, gold, labels)
    return {metric.name: round(metric.value, 4) for metric in found.metrics}, found.read


@pytest.mark.parametrize(
    ("given_", "right", "f1", "read"),
    [
        ("[a <x>], [b <y>]", "[a <x>], [b <y>]", 1.0, True),
        ("Here they are:\n- [A  <X>]\n- [b <y>].", "[a <x>], [b <y>]", 1.0, True),
        ("[a <x>], [b <y>, [c <z>]", "[a <x>], [c <z>]", 1.0, True),  # an open bracket takes nothing with it
        ("[a <x>], [a <x>]", "[a <x>]", 2 / 3, True),  # said once too often
        ("[CD4- <x>]", "[CD4+ <x>]", 0.0, True),
        ("[a x]", "[a <x>]", 0.0, True),  # in brackets, but no entity
        ("none", "none", 1.0, True),
        ("None.", "none", 1.0, True),
        ("[a <x>]", "none", 0.0, True),
        ("none", "[a <x>]", 0.0, True),
        ("", "none", 0.0, False),  # saying nothing is not the answer that there is nothing
        ("I cannot help with that.", "none", 0.0, False),
        ("", "", 1.0, True),  # in the published layout the gold answer may be empty
        ("]][[", "[a <x>]", 0.0, False),
    ],
)
def test_items(given_, right, f1, read):
    found, able = values("entities", [given_], [right])
    assert found["macro F1"] == pytest.approx(f1, abs=1e-4)
    assert able == [read]


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("[<b> <meets> <A>], [<a> <eats> <c>]", 2),
        ("[<a> <Meets> <b>], [<a> <eats> <c>]", 2),
        ("[<b> <meets> <a>], [<c> <eats> <a>]", 1),
        ("[<a> <meets> <b>], [<b> <meets> <a>], [<a> <eats> <c>]", 2),  # said twice
        ("[<a> <meets>], [<meets> <b>]", 0),
    ],
)
def test_the_ends_of_a_symmetric_relation_stand_in_either_order(answer, right):
    found, _ = values("relations", [answer], ["[<a> <meets> <b>], [<a> <eats> <c>]"], ["meets"])
    said = answer.count("[")
    assert found["micro F1"] == round(2 * right / (said + 2), 4)


def test_a_task_tells_its_symmetric_relations():
    task = replace(definitions()["AnEM-RE"], labels=("meets", "eats"), symmetric=("meets",))
    found = measure(task, ["[<b> <meets> <a>], [<c> <eats> <a>]"], ["[<a> <meets> <b>], [<a> <eats> <c>]"])
    main = {each.kind: each.metrics[0].value for each in found}
    assert main == {"strict": 0.5, "paper": 0.0}


def test_items_with_brackets_of_their_own_are_one_item():
    assert reading.items(answers.Entities(), "[CA [1] x <y>]") == ([("ca [1] x", "y")], True)
    assert reading.items(answers.Entities(), r"[a\] <y>]") == ([("a]", "y")], True)


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=8), st.sampled_from(["x", "y z"])), max_size=5))
def test_what_the_grammar_writes_is_read(pairs):
    labels = [answers.Entity(" ".join(text.split()), kind) for text, kind in pairs if text.split()]
    answer = answers.Entities().write(labels)
    found, read = reading.items(answers.Entities(), answer)
    assert read
    assert found == [(reading.canonical(mention), kind) for mention, kind in labels]


@pytest.mark.heavy
@settings(deadline=None)
@given(st.text(alphabet="[]<>\\ ab,", max_size=30))
def test_no_text_breaks_the_reading(text):
    for kind, metric in strict.METRICS.items():
        if kind not in ("tags", "score"):
            metric([text], [text], ["a", "b"])
    reading.tags(text, ["a", "b"])
    reading.number(text)


def test_micro_f1_counts_items_of_all_samples():
    found, _ = values("mentions", ["[a], [b]", "none"], ["[a]", "[c], [d]"])
    assert found == {"micro F1": round(2 * 1 / (2 + 3), 4), "macro F1": round((2 / 3 + 0) / 2, 4)}


@pytest.mark.parametrize(
    ("answer", "tags"),
    [
        ("a [B] b [I] c [O]", ["B", "I", "O"]),
        ("a [b] b [i] c [o]", ["B", "I", "O"]),
        ("a [B] c [O]", ["B", None, "O"]),  # a word left out moves nothing
        ("Sure! x [O] a [B] b [I] c [O]", ["B", "I", "O"]),  # a word too many neither
        ("a b c", [None, None, None]),
        ("", [None, None, None]),
    ],
)
def test_tags_belong_to_words(answer, tags):
    assert reading.tags(answer, ["a", "b", "c"])[0] == tags


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("BIOB", {(0, 2), (3, 4)}),
        ("OIIO", {(1, 3)}),
        ("BB", {(0, 1), (1, 2)}),
        ("O", set()),
        ("", set()),
    ],
)
def test_spans_of_tags(tags, spans):
    assert reading.spans(list(tags)) == spans


def test_tags_are_counted_by_entity():
    found, _ = values("tags", ["a [B] b [O] c [O]"], ["a [B] b [I] c [O]"])
    assert found["micro F1"] == 0.0
    assert found["macro F1"] == round((1 + 0 + 2 / 3) / 3, 4)


LABELS = ["supports", "refutes", "not enough information"]


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ("supports", "supports"),
        (" Supports. ", "supports"),
        ('"**Refutes**"', "refutes"),
        ("Supports, because the text says so.", "supports"),
        ("The text says A and B. So the answer is: not enough information.", "not enough information"),
        ("Answer: refutes\nReason: it denies it.", "refutes"),
        ("supports or refutes", None),
        ("It supportsx", None),
        ("The claim is right.", None),
        ("", None),
    ],
)
def test_one_label(answer, label):
    assert reading.label(answer, LABELS) == label


@pytest.mark.heavy
def test_labels_against_scikit_learn():
    from sklearn.metrics import f1_score

    gold = ["supports", "refutes", "refutes", "not enough information", "supports"]
    given_ = ["supports", "supports", "?", "not enough information", "Refutes."]
    found, read = values("label", given_, gold, LABELS)
    codes = ["supports", "supports", "?", "not enough information", "refutes"]
    expected = f1_score(gold, codes, labels=sorted(set(gold)), average="macro", zero_division=0)
    assert found == {"macro F1": round(float(expected), 4), "accuracy": 0.4}
    assert read == [True, True, False, True, True]


@pytest.mark.parametrize(
    ("answer", "number"),
    [
        ("3", 3),
        ("Score: 4", 4),
        ("4 out of 5", 4),
        ("4/5", 4),
        ("3.5", 3.5),
        ("Of 2 reasons, the score is 4.", 4),
        ("between 2 and 3", None),
        ("7", None),
        ("-1", None),
        ("three", 3),
        ("three or four", None),
        ("", None),
    ],
)
def test_numbers_are_read_from_free_text(answer, number):
    assert reading.number(answer) == number


def test_an_answer_without_a_score_is_as_wrong_as_can_be():
    found, read = values("score", ["3", "?", "?"], ["3", "1", "4"])
    assert found["mean squared error"] == round((0 + 16 + 16) / 3, 4)
    assert read == [True, False, False]


@pytest.mark.heavy
@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=20))
def test_pearson_against_scipy(pairs):
    from scipy.stats import pearsonr

    gold, given_ = zip(*pairs, strict=True)
    metric = strict.METRICS["score"](list(map(str, given_)), list(map(str, gold)), ()).metrics[1]
    if len(set(gold)) > 1 and len(set(given_)) > 1:
        assert metric.value == pytest.approx(pearsonr(gold, given_).statistic, abs=1e-6)
    else:
        assert metric.value == 0


@pytest.mark.parametrize(
    ("answer", "right", "value"), [("A", "A", 1), ("", "A", 0), ("a.", "A", 1), ("CD4-", "CD4+", 0)]
)
def test_exact(answer, right, value):
    assert values("exact", [answer], [right])[0]["exact match"] == value


def test_several_labels():
    found, _ = values("list", ["growth, death", "none"], ["death, growth", "none"])
    assert found == {"micro F1": 1.0, "macro F1": 1.0}


@pytest.mark.heavy
def test_a_model_that_answers_nothing_is_never_right():
    gold = {
        "entities": "none",
        "relations": "[<a> <r> <b>]",
        "events": "none",
        "mentions": "none",
        "concepts": "none",
        "tags": "a [O] b [O]",
        "list": "none",
        "label": "yes",
        "exact": "A",
        "text": "a text",
    }
    for kind, right in gold.items():
        found, read = values(kind, [""], [right], ["yes", "no"])
        assert set(found.values()) == {0.0}, (kind, found)
        assert read == [False]
    assert values("score", [""], ["3"])[0]["mean squared error"] == 9


# Intervals


def test_the_interval_of_a_mean_is_that_of_the_normal_law():
    draws = np.random.default_rng(1).random(2000)
    metric = mean("m", draws.tolist())
    low, high = interval(metric, Draws(2000, 7))
    error = draws.std() / np.sqrt(2000)
    assert low == pytest.approx(metric.value - 1.96 * error, abs=error / 3)
    assert high == pytest.approx(metric.value + 1.96 * error, abs=error / 3)


def test_equal_seeds_give_equal_intervals():
    metric = mean("m", [0.0, 1.0, 1.0, 0.5])
    assert interval(metric, Draws(4, 3)) == interval(metric, Draws(4, 3))


@pytest.mark.parametrize(("limit", "value"), [("AT_ONCE", 7 * 200), ("HELD", 0)])
def test_draws_in_blocks_and_draws_made_again_are_those_held_as_one(limit, value, monkeypatch):
    metric = mean("m", [float(n % 3) for n in range(200)])
    whole = Draws(200, 11)
    monkeypatch.setattr(statistics, limit, value)
    parts = Draws(200, 11)
    for _ in range(2):
        assert ((parts @ metric.parts) == (whole @ metric.parts)).all()
    assert (parts @ np.ones((200, 1)) == 200).all()


def test_draws_take_a_byte_for_each_sample_and_resample_or_none(monkeypatch):
    monkeypatch.setattr(statistics, "AT_ONCE", 10_000)

    def peak(samples):
        metric = mean("m", [0.5] * samples)
        tracemalloc.start()
        interval(metric, Draws(samples, 1))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    few, many = 200, 1000
    held = statistics.RESAMPLES * (many - few)
    assert 0.9 * held < peak(many) - peak(few) < 1.5 * held
    monkeypatch.setattr(statistics, "HELD", 0)
    assert peak(many) - peak(few) < 0.5 * held


def test_a_difference_is_paired():
    one, other = mean("m", [0.1 * (n % 10) + 0.05 for n in range(200)]), mean("m", [0.1 * (n % 10) for n in range(200)])
    apart, low, high = difference(one, other, Draws(200, 5))
    assert (round(apart, 6), round(low, 6), round(high, 6)) == (0.05, 0.05, 0.05)


def test_macro_f1_of_a_resample_leaves_out_labels_that_it_lacks():
    metric = macro_f1("m", [["a"], ["b"]], [["a"], ["b"]])
    assert interval(metric, Draws(2, 1)) == (1.0, 1.0)


def test_what_a_relation_scores_does_not_depend_on_the_other_samples():
    task = definitions()["ChemProt-RE"]
    one, other = task.labels[:2]
    answer, gold, more = f"(x, {one}, y)\n(x, {other}, z)", f"[<x> <{one}> <y>]", f"[<q> <{other}> <r>]"
    alone, together = (
        strictly(task, *texts).metrics[0] for texts in (([answer], [gold]), ([answer, more], [gold, more]))
    )
    assert alone.parts[0].tolist() == together.parts[0].tolist() == [1, 2, 1]
