"""Words, windows, keys and the Bloom filter against plain Python."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.audit import LONG, SHINGLE, SHORT
from tasks.build.audit.bloom import Bloom
from tasks.build.audit.keys import RANGES, keys
from tasks.build.audit.polynomials import Polynomials, mixed
from tasks.build.audit.similarity import jaccard
from tasks.build.audit.windows import starting, whole, windows, within
from tasks.build.audit.words import folded, hashed, split

often = settings(deadline=None, max_examples=50)

VOCABULARY = [f"w{number}" for number in range(40)]
TEXTS = st.lists(st.lists(st.sampled_from(VOCABULARY), max_size=30).map(" ".join), min_size=1, max_size=8)
ANY = st.text(st.sampled_from("aB1 .-_\n\tÄßéΩ中文カ\u0301–“”😀"), max_size=30)


@often
@given(st.lists(ANY, max_size=10))
def test_words_are_letters_and_digits_in_lower_case(texts):
    series = pl.Series("input", texts, dtype=pl.String)
    lists = split(series).to_list()
    words = hashed(series)
    assert words.lengths.tolist() == [len(found) for found in lists]
    for text, found in zip(texts, lists, strict=True):
        assert not any(letter.isupper() for word in found for letter in word if letter not in "Ω")
        spoken = "".join(letter for letter in text if letter.isalnum()).lower()
        assert "".join(found).replace("\u0301", "") == spoken.replace("\u0301", "")


def test_punctuation_and_tokens_make_no_difference():
    texts = pl.Series(
        "input", ["The (IL-2) gene, of mice.", "the ( IL - 2 ) gene , of mice .", "THE IL 2 GENE\nOF MICE"]
    )
    assert len({tuple(words) for words in split(texts).to_list()}) == 1
    assert len(set(whole(hashed(texts)).tolist())) == 1


def test_chinese_characters_are_words():
    assert split(pl.Series("input", ["肾移植 in 12例"])).to_list() == [["肾", "移", "植", "in", "12", "例"]]


def test_folding_keeps_slices_apart():
    texts = pl.Series("input", ["one two", "three", "four five"]).slice(1, 2)
    assert folded(texts).to_list() == ["three", "four five"]


@often
@given(TEXTS, st.integers(1, 14))
def test_windows_are_the_runs_within_a_text(texts, size):
    words = hashed(pl.Series("input", texts))
    found = windows(words, size)
    expected = [
        (row, place, tuple(text.split()[place : place + size]))
        for row, text in enumerate(texts)
        for place in range(len(text.split()) - size + 1)
    ]
    assert list(zip(found.rows.tolist(), found.places.tolist(), strict=True)) == [item[:2] for item in expected]
    by_words = dict(zip((item[2] for item in expected), found.hashes.tolist(), strict=True))
    assert [by_words[item[2]] for item in expected] == found.hashes.tolist()
    assert len(set(by_words.values())) == len(by_words)


@often
@given(TEXTS, st.integers(1, 14))
def test_windows_chosen_by_where_they_begin_are_those_within_a_text(texts, size):
    words = hashed(pl.Series("input", texts))
    hashes = starting(words, size)
    found = within(words, size, hashes, np.arange(len(hashes)))
    assert [part.tolist() for part in found] == [part.tolist() for part in windows(words, size)]


@often
@given(st.lists(st.integers(0, 2**32 - 1), max_size=40), st.sampled_from([0, 4090, 8190]), st.data())
def test_runs_are_polynomials_of_their_words_wherever_they_begin(numbers, before, data):
    found = Polynomials.of(np.array([*[7] * before, *numbers], np.uint32))
    first = data.draw(st.integers(0, len(numbers)))
    last = data.draw(st.integers(first, len(numbers)))
    expected = 0
    for number in numbers[first:last]:
        expected = (expected * 0x9E3779B97F4A7C15 + number + 1) % 2**64
    assert found.runs(np.array([before + first]), np.array([before + last])).tolist() == [expected]


@often
@given(TEXTS)
def test_texts_without_words_are_zero_and_no_other_is(texts):
    found = whole(hashed(pl.Series("input", texts)))
    assert [value == 0 for value in found] == [not text for text in texts]


@often
@given(st.data())
def test_short_texts_that_differ_in_one_word_share_a_key(data):
    words = data.draw(st.lists(st.sampled_from(VOCABULARY), min_size=SHORT[0], max_size=SHORT[1]))
    place = data.draw(st.integers(0, len(words) - 1))
    other = {
        "changed": [*words[:place], "new", *words[place + 1 :]],
        "left out": words[:place] + words[place + 1 :],
        "put in": [*words[:place], "new", *words[place:]],
    }[data.draw(st.sampled_from(["changed", "left out", "put in"]))]
    found = keys(hashed(pl.Series("input", [" ".join(words), " ".join(other)])))
    shared = set(found.keys[found.rows == 0].tolist()) & set(found.keys[found.rows == 1].tolist())
    short = SHORT[0] <= len(other) <= SHORT[1]
    assert bool(shared) == short or not short


@often
@given(st.lists(st.sampled_from(VOCABULARY), min_size=SHORT[0], max_size=LONG - 1), st.data())
def test_short_texts_that_differ_in_two_words_share_none(words, data):
    first, second = data.draw(st.lists(st.integers(0, len(words) - 1), min_size=2, max_size=2, unique=True))
    other = list(words)
    other[first], other[second] = "new", "newer"
    found = keys(hashed(pl.Series("input", [" ".join(words), " ".join(other)])))
    assert not set(found.keys[found.rows == 0].tolist()) & set(found.keys[found.rows == 1].tolist())


def test_keys_of_a_range_are_a_slice_and_do_not_depend_on_the_texts_around():
    random = np.random.default_rng(1)
    texts = [" ".join(random.choice(VOCABULARY, size)) for size in random.integers(0, 60, 50)]
    together = keys(hashed(pl.Series("input", texts)))
    ranges = (together.keys >> np.uint64(64 - RANGES)).astype(np.int64)
    assert (np.diff(ranges) >= 0).all()
    for row in (3, 17, 42):
        alone = keys(hashed(pl.Series("input", [texts[row]])))
        assert alone.keys.tolist() == together.keys[together.rows == row].tolist()


@often
@given(TEXTS, st.sampled_from([1, SHINGLE]))
def test_jaccard_is_that_of_the_sets(texts, size):
    words = hashed(pl.Series("input", texts))
    sets = [
        {tuple(text.split()[place : place + size]) for place in range(len(text.split()) - size + 1)} for text in texts
    ]
    pairs = np.array([(one, other) for one in range(len(texts)) for other in range(one, len(texts))])
    expected = [len(sets[one] & sets[other]) / max(len(sets[one] | sets[other]), 1) for one, other in pairs]
    assert np.allclose(jaccard(words, size, pairs), expected)


@often
@given(st.lists(st.integers(0, 2**64 - 1), max_size=200), st.lists(st.integers(0, 2**64 - 1), max_size=200))
def test_a_bloom_filter_forgets_nothing(marked, asked):
    hashes = mixed(np.array(marked, np.uint64))
    marks = Bloom.empty(len(marked))
    marks.add(hashes)
    assert marks.has(hashes).all()
    if not marked:
        assert not marks.has(mixed(np.array(asked, np.uint64))).any()


def test_a_bloom_filter_seldom_errs():
    random = np.random.default_rng(2)
    marks = Bloom.empty(100_000)
    marks.add(random.integers(0, 2**63, 100_000, dtype=np.uint64) * np.uint64(2))
    others = random.integers(0, 2**63, 100_000, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    assert marks.has(mixed(others)).mean() < 0.005
