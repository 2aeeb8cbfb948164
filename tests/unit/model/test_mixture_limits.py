"""Limits: the kinds of samples that a recipe limits, and their share in every beginning of a queue."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.mixture import Limits
from schemas.task import Ner, Sts, Te, Transl
from tasks.model.mixture.limits import Limiter, kinds

TAGS = Ner(name="T", types={"X": "x"}, answer="bio")
PAIRS = Sts(name="T", scale=(0, 5))


def told(task, kind: str, input_: str, output: str) -> bool:
    return pl.DataFrame({"input": [input_], "output": [output]}).select(kinds(task)[kind]).item()


@pytest.mark.parametrize(
    ("output", "untagged"),
    [
        ("a [O] b [O]", True),
        ("a [O]", True),
        ("a [B] b [O]", False),
        ("a [O] b [I]", False),
        ("[B] [O] [I] [O]", True),
        ("[O] [B]", False),
    ],
)
def test_a_sentence_is_untagged_if_all_its_tags_are_o(output: str, untagged: bool) -> None:
    assert told(TAGS, "untagged", "a b", output) == untagged
    assert "untagged" not in kinds(Ner(name="T", types={"X": "x"})), "lists of entities have no tags"


@pytest.mark.parametrize(
    ("task", "input_", "equal"),
    [
        (PAIRS, "Sentence 1: tea is hot\nSentence 2: Tea  is hot", True),
        (PAIRS, "How alike?\nSentence 1: tea\nSentence 2: tea", True),
        (PAIRS, "Sentence 1: tea\nSentence 2: mug", False),
        (PAIRS, "Sentence 1: tea", False),
        (Te(name="T", first="A (b)", second="C", classes={"x": "x", "y": "y"}), "A (b): tea\nC: tea", True),
        (Transl(name="T"), "Zelutinib", True),
        (Transl(name="T"), "tea", False),
    ],
)
def test_pairs_are_equal_if_both_sides_are(task, input_: str, equal: bool) -> None:
    assert told(task, "equal", input_, "zelutinib") == equal


def test_an_input_is_short_below_fifteen_characters() -> None:
    assert told(None, "short", "x" * 14, "")
    assert not told(None, "short", "x" * 15, "")


def admitted(limits: Limits, rows: list[tuple[str, str]], batch: int = 3) -> tuple[list[bool], Limiter]:
    limiter = Limiter(limits, TAGS)
    frame = pl.DataFrame(rows, schema={"input": pl.String, "output": pl.String}, orient="row")
    found = [limiter.admitted(limiter.marked(part)) for part in frame.iter_slices(batch)]
    return pl.concat(found).to_list() if found else [], limiter


LONG = "a sentence of some length {}"


def test_replicates_differ_from_another_only_in_digits() -> None:
    texts = ["GSM12 of liver tissue", "GSM999 of liver tissue", "GSM12 of brain tissue", "GSM7 of brain tissue"]
    found, limiter = admitted(Limits(replicates=0), [(text, "a [B]") for text in texts])
    assert found == [True, False, True, False]
    assert limiter.left_out == {"replicates": 2}


def test_what_is_left_out_is_counted_by_kind() -> None:
    rows = [(f"{letter} {LONG}", "a [B]") for letter in "abc"] + [("V .", "V [O] . [O]")] * 2
    found, limiter = admitted(Limits(untagged=0.25, short=0.25), rows)
    assert found == [True, True, True, True, False]
    assert limiter.left_out.total() == 1


def test_a_kind_that_a_task_cannot_have_is_not_looked_for() -> None:
    assert Limiter(Limits(untagged=0), TAGS).limits
    assert not Limiter(Limits(untagged=0), PAIRS).limits
    assert not Limiter(Limits(), TAGS).limits


TEXTS = ["V .", "tissue 1 of a liver", "tissue 2 of a liver", *map(LONG.format, "abcdef")]
ROWS = st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(["a [O]", "a [B]"])), max_size=40)


@settings(deadline=None, max_examples=60)
@given(ROWS, st.sampled_from([0.0, 0.2, 0.5, 1.0]), st.integers(1, 7))
def test_shares_hold_in_every_beginning_and_batches_make_no_difference(rows, share: float, batch: int) -> None:
    found, _ = admitted(Limits(untagged=share, short=share, replicates=share), rows, batch)
    assert found == admitted(Limits(untagged=share, short=share, replicates=share), rows, 40)[0]
    kept = [row for row, there in zip(rows, found, strict=True) if there]
    for end in range(1, len(kept) + 1):
        part = kept[:end]
        assert sum("[B]" not in output for _, output in part) <= share * end
        assert sum(len(text) < 15 for text, _ in part) <= share * end
        masked = ["".join("0" if c.isdigit() else c for c in text) for text, _ in part]
        assert len(masked) - len(set(masked)) <= share * end
    if share == 1:
        assert all(found)
