"""What holds for every corpus."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.task import Ned, Ner
from tasks.build.diagnose.labels import labels
from tasks.build.diagnose.task import diagnose
from tasks.build.diagnose.tokens import mattr, tokens
from tests.unit.build.diagnose.corpora import corpus, document, values

SHARES = (
    "lexical_diversity", "label_balance", "label_majority", "ambiguous_names", "ambiguous_mentions",
    "label_ambiguous_names", "varied_concepts", "unseen_mentions", "unseen_names", "unseen_links", "unseen_concepts",
    "nested_mentions", "discontinuous_mentions", "consistency", "mixed_names",
)  # fmt: skip
NER, NED = Ner(name="T", types={"D": "disease", "C": "chemical"}), Ned(name="T", databases=("DB",))

mentions = st.lists(
    st.tuples(
        st.sampled_from(["velt", "Velt", "velt ash", "tumour", "β"]),
        st.sampled_from("DCX"),
        st.sampled_from(["", "1", "2", "1 2"]),
    ),
    max_size=5,
)
documents = st.lists(mentions, max_size=4)


def _documents(drawn, prefix):
    return [
        document(f"{prefix}{n}", "ash " + "; ".join(words for words, _, _ in each) + " velt", *each)
        for n, each in enumerate(drawn)
    ]


@pytest.mark.heavy
@settings(max_examples=30)
@given(documents, documents)
def test_shares_are_shares_and_counts_add_up(train, test) -> None:
    made = corpus(train=_documents(train, "a"), test=_documents(test, "b"))
    for task in (NER, NED):
        found = diagnose(task, made).diagnostics
        by_split = {split: values(found, split) for split in ("train", "test", "all")}
        for measures in by_split.values():
            assert all(0 <= measures[name] <= 1 for name in SHARES if name in measures)
            assert measures.get("ambiguity", 1) >= 1 <= measures.get("variation", 1)
            assert measures.get("names", 0) <= measures.get("mentions", 0)
        for count in ("records", "words", "mentions", "items"):
            assert sum(by_split[split].get(count, 0) for split in ("train", "test")) == by_split["all"].get(count, 0)


@pytest.mark.heavy
@settings(max_examples=30)
@given(documents, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(drawn, chance) -> None:
    made = _documents(drawn, "a")
    turned = made.copy()
    chance.shuffle(turned)
    one, other = (diagnose(NED, corpus(train=each)) for each in (made, turned))
    assert values(one.diagnostics) == values(other.diagnostics)
    assert one.ambiguity.equals(other.ambiguity)
    assert one.consistency.equals(other.consistency)
    assert one.vocabulary.equals(other.vocabulary)


@pytest.mark.heavy
@given(st.lists(st.sampled_from("abcdef"), min_size=1))
def test_entropy_is_bounded_by_the_number_of_labels(drawn) -> None:
    found = values(labels(pl.LazyFrame({"split": "train", "label": drawn})))
    count = len(set(drawn))
    assert found["labels"] == count
    assert 0 <= found["label_entropy"] <= math.log2(count) + 1e-9
    assert ("label_balance" in found) == (count > 1)
    if count > 1 and len({drawn.count(label) for label in drawn}) == 1:
        assert math.isclose(found["label_balance"], 1)


@given(st.lists(st.integers(0, 5), max_size=40), st.integers(1, 12))
def test_the_moving_average_is_that_of_all_windows(words, window) -> None:
    found = mattr(np.array(words, np.int32), window)
    runs = [words[first : first + window] for first in range(len(words) - window + 1)]
    if not runs:
        assert found is None
    else:
        assert found is not None
        assert math.isclose(found, sum(len(set(run)) / window for run in runs) / len(runs))


@pytest.mark.heavy
@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30), max_size=4))
def test_tokens_lie_where_they_say(drawn) -> None:
    found = tokens(pl.Series(drawn, dtype=pl.String))
    spelled: dict[int, str] = {}
    for id_, start, end, row in zip(found.ids, found.starts, found.ends, found.rows, strict=True):
        begin = found.begins[row]
        piece = drawn[row][start - begin : end - begin]
        assert piece == spelled.setdefault(id_, piece)
        assert piece.strip()
    assert (found.ends - found.starts).sum() == sum(len(piece) for text in drawn for piece in text.split())
