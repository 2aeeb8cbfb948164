"""Near duplicates and leaks of invented corpora, against plain Python over all pairs."""

import json
import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.audit import BOILERPLATE, LONG, SEQUENCE, SHORT_SEQUENCE, THRESHOLD
from schemas.errors import MedinstError
from schemas.receipts import Tally
from sources import tasks as declared_tasks
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.build.audit import LEAKS, NEAR, REMOVED, STOCK, UNCLEAN, audit, index
from tasks.build.audit.index import index_task
from tasks.build.audit.verify import leaks_in_clean
from tasks.build.deduplicate.published import DROPPED
from tasks.build.deduplicate.stage import STAGE
from tests.support.audited import FIRST, SECOND, WORDS, build, changed, identifier, read, text


def leaks(state):
    return {(row[1], row[3], row[4]) for row in read(state, LEAKS).iter_rows()}


def test_a_text_that_differs_in_one_word_is_a_near_duplicate(tmp_path):
    samples = []
    for number in range(200):
        length = 8 + number % 60
        original = text(length, number)
        samples.append((FIRST, "train", f"{number}", original, ""))
        samples.append((SECOND, "train", f"{number}", changed(original, number % length), ""))
    found = read(build(tmp_path, samples), NEAR)
    pairs = {frozenset(row) for row in found.select("id", "twin").iter_rows()}
    expected = {
        frozenset((identifier(FIRST, "train", n), identifier(SECOND, "train", n))) for n in map(str, range(200))
    }
    assert pairs <= expected
    assert len(pairs) >= 0.99 * len(expected)
    # sources in their order: the first task's source comes after the second's
    assert set(found["task"]) == {max((FIRST, SECOND), key=lambda task: declared_tasks()[task][0].id)}


def test_the_jaccard_index_decides_on_long_texts(tmp_path):
    original = text(60, "long")
    close, far = original, original
    for place in (5, 25, 45):
        close = changed(close, place, f"x{place}")
    for place in range(0, 60, 6):
        far = changed(far, place, f"y{place}")
    found = read(
        build(
            tmp_path,
            [(FIRST, "train", "a", original, ""), (FIRST, "train", "b", close, ""), (FIRST, "train", "c", far, "")],
        ),
        NEAR,
    )
    assert found.height == 1
    assert found["similarity"].item() == pytest.approx(49 / 67, abs=1e-4)
    assert found["similarity"].item() >= THRESHOLD


def test_short_texts_that_differ_in_two_words_are_none(tmp_path):
    original = text(LONG - 1, "short")
    other = changed(changed(original, 3), 11, "twice")
    assert read(
        build(tmp_path, [(FIRST, "train", "a", original, ""), (FIRST, "train", "b", other, "")]), NEAR
    ).is_empty()


def test_tests_come_before_dev_sets_before_training(tmp_path):
    original = text(30, "rank")
    samples = [
        (FIRST, "train", "a", changed(original, 1), ""),
        (FIRST, "dev", "b", changed(original, 10), ""),
        (SECOND, "test", "c", original, ""),
        (SECOND, "train", "d", changed(original, 20), ""),
    ]
    found = read(build(tmp_path, samples), NEAR)
    assert set(found["twin"]) == {identifier(SECOND, "test", "c")}
    assert set(found["split"]) == {"train", "dev"}
    assert found.height == 3


def test_batches_make_no_difference(tmp_path, monkeypatch):
    samples = []
    for number in range(40):
        original = text(15 + number, number)
        samples.append((FIRST, "train", f"a{number}", original, ""))
        samples.append((FIRST, "train", f"b{number}", changed(original, number % 15), ""))
        samples.append((SECOND, "test", f"c{number}", changed(original, (number + 7) % 15), ""))
    whole = build(tmp_path / "whole", samples)
    monkeypatch.setattr(index, "CHUNK", 7)
    parts = build(tmp_path / "parts", samples)
    assert read(whole, NEAR).height == 80
    assert read(parts, NEAR).equals(read(whole, NEAR))
    assert read(parts, LEAKS).equals(read(whole, LEAKS))


@pytest.mark.parametrize(
    ("task", "given", "texts"),
    [
        ("FEVER", "Claim: Velt fever is rare.", "Velt fever is rare."),
        ("MQP", "Question 1: Is it?\nQuestion 2: Was it?", "Is it?\nWas it?"),
        ("BIOSSES", "Sentence 1: One.\nSentence 2: Two.", "One.\nTwo."),
        ("SciQ", "Question: Why?\nContext: Because.", "Why?\nContext: Because."),
        ("SciELO", "Claim: as it is", "Claim: as it is"),
    ],
)
def test_labels_that_rendering_adds_are_not_compared(task, given, texts):
    assert index.asked(pl.Series("input", [given]), task).to_list() == [texts]


CASES = {
    "document": (text(30, "one"), text(30, "other"), "pmid:1", "pmid:1"),
    "text": (text(5, "same"), text(5, "same").upper() + " !", "", ""),
    "words": (text(40, "long"), f"{text(9, 'x')} {' '.join(text(40, 'long').split()[7:20])} {text(50, 'y')}", "", ""),
    "near": (text(12, "near"), changed(text(12, "near"), 6), "", ""),
}


@pytest.mark.parametrize("kind", CASES)
def test_each_kind_of_leak_is_found_with_its_evidence(tmp_path, kind):
    test, train, *documents = CASES[kind]
    samples = [
        (FIRST, "test", "t", test, documents[0]),
        (SECOND, "train", "l", train, documents[1]),
        (SECOND, "train", "c", text(40, "clean"), "pmid:2"),
    ]
    state = build(tmp_path, samples)
    rows = read(state, LEAKS).filter(pl.col("kind") == kind).to_dicts()
    evidence = {
        "document": "pmid:1",
        "text": test,
        "words": " ".join(test.split()[7:20]),
        "near": "Jaccard 0.846",
    }[kind]
    assert rows == [
        {
            "test_task": FIRST, "test_id": identifier(FIRST, "test", "t"), "train_task": SECOND,
            "train_id": identifier(SECOND, "train", "l"), "kind": kind, "evidence": evidence,
        }
    ]  # fmt: skip
    assert read(state, UNCLEAN)["id"].to_list() == [identifier(SECOND, "train", "l")]
    assert leaks_in_clean(state) == (0, ())
    assert state.audit.exposed[FIRST]["any"] == 1


def test_a_sequence_one_word_short_is_no_leak(tmp_path):
    test = text(40, "long")
    samples = [
        (FIRST, "test", "t", test, ""),
        (SECOND, "train", "l", f"{text(9, 'x')} {' '.join(test.split()[: SEQUENCE - 1])} {text(9, 'y')}", ""),
    ]
    assert not leaks(build(tmp_path, samples))


def test_short_tests_are_compared_by_shorter_sequences(tmp_path):
    test = text(SEQUENCE - 1, "brief")
    part = test.split()[2 : 2 + SHORT_SEQUENCE]
    samples = [
        (FIRST, "test", "t", test, ""),
        (SECOND, "train", "l", f"{text(9, 'x')} {' '.join(part)} {text(9, 'y')}", ""),
        (SECOND, "train", "c", f"{text(9, 'x')} {' '.join(part[1:])} {text(9, 'z')}", ""),
    ]
    state = build(tmp_path, samples)
    assert [(row["kind"], row["evidence"]) for row in read(state, LEAKS).to_dicts()] == [("words", " ".join(part))]


@pytest.mark.parametrize("documents", [BOILERPLATE - 2, BOILERPLATE - 1, BOILERPLATE, BOILERPLATE + 5])
def test_a_phrase_of_many_documents_is_boilerplate(tmp_path, documents):
    """Two documents of tests have it, and so many training documents, each in two samples."""
    phrase = text(SEQUENCE, "declaration")
    samples = [
        (
            task,
            split,
            f"{n} {copy}",
            f"{text(30, f'{split}{n}')} {phrase} {text(30, f'{split}{n} {copy}')}",
            f"pmid:{split}{n}",
        )
        for task, split, count, copies in ((FIRST, "test", 2, 1), (SECOND, "train", documents - 1, 2))
        for n in range(count)
        for copy in range(copies)
    ]
    state = build(tmp_path, samples)
    stock = read(state, STOCK)
    if documents + 1 > BOILERPLATE:
        assert leaks(state) == set()
        assert set(stock["evidence"]) == {phrase}
        assert stock["test_id"].n_unique() == 2
        assert stock["train_id"].n_unique() == 2 * (documents - 1)
    else:
        assert {kind for _, _, kind in leaks(state)} == {"words"}
        assert stock.is_empty()


def test_a_text_that_many_have_leaks_all_the_same(tmp_path):
    """Most of the test is in each of them, though none of its sequences is rare."""
    test = text(30, "abstract")
    samples = [
        (FIRST, "test", "t", test, ""),
        *((SECOND, "train", f"{n}", f"{text(10, n)} {test} {text(10, f'x{n}')}", "") for n in range(30)),
    ]
    state = build(tmp_path, samples)
    assert len(leaks(state)) == 30
    assert read(state, STOCK).is_empty()


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10**6))
@pytest.mark.heavy
def test_the_same_leaks_as_looking_at_all_pairs(tmp_path_factory, seed):
    chance = random.Random(seed)
    words = WORDS[:6]
    samples = []
    for number in range(14):
        task, split = chance.choice([(FIRST, "test"), (FIRST, "train"), (SECOND, "test"), (SECOND, "train")])
        length = chance.choice([0, 3, 9, 12, 13, 25])
        samples.append(
            (task, split, str(number), " ".join(chance.choices(words[: chance.choice([2, 6])], k=length)), "")
        )
    state = build(tmp_path_factory.mktemp("root"), samples)
    expected = set()
    for test in (row for row in samples if row[1] == "test"):
        for train in (row for row in samples if row[1] == "train"):
            kinds = {"text"} if test[3] == train[3] != "" else set()
            size = SEQUENCE if len(test[3].split()) >= SEQUENCE else SHORT_SEQUENCE
            kinds |= {"words"} if runs(test[3], size) & runs(train[3], size) else set()
            expected |= {(identifier(*test[:3]), identifier(*train[:3]), kind) for kind in kinds}
    found = {row for row in leaks(state) if row[2] != "near"}
    assert found <= expected
    assert {(row[0], row[2]) for row in found} == {(row[0], row[2]) for row in expected}
    assert {(row[1], row[2]) for row in found} == {(row[1], row[2]) for row in expected}


def runs(words, size):
    parts = words.split()
    return {tuple(parts[place : place + size]) for place in range(len(parts) - size + 1)}


def test_neither_workers_nor_the_order_of_rows_or_tasks_matter(tmp_path):
    chance = random.Random(5)
    samples = []
    for number in range(120):
        task, split = chance.choice([(FIRST, "test"), (FIRST, "train"), (SECOND, "dev"), (SECOND, "train")])
        base = text(chance.choice([10, 22, 40]), number % 30)
        samples.append(
            (task, split, str(number), changed(base, chance.randrange(10), f"v{number % 7}"), f"pmid:{number % 50}")
        )
    whole = build(tmp_path / "a", samples)
    other = build(tmp_path / "b", samples[::-1], order=3)
    assert read(whole, NEAR).height > 10
    columns = ["task", "split", "id", "twin_task", "twin_split", "twin", "similarity"]
    assert read(whole, NEAR).select(columns).sort("id").equals(read(other, NEAR).select(columns).sort("id"))
    assert read(whole, UNCLEAN).equals(read(other, UNCLEAN))


def test_removal_leaves_out_training_samples_of_other_records(tmp_path):
    original = text(30, "rank")
    samples = [
        (FIRST, "test", "a", original, ""),
        (FIRST, "train", "b", changed(original, 1), ""),
        (FIRST, "dev", "c", changed(original, 9), ""),
        (SECOND, "train", "d", changed(original, 5), ""),
    ]
    state = build(tmp_path, samples, near="remove")
    assert read(state, REMOVED)["id"].to_list() == [identifier(FIRST, "train", "b")]
    kept = {kept.task: kept for built in state.sources for kept in built.kept}
    assert kept[FIRST].splits["train"] == Tally(read=1, kept=0, rejected=1)
    root = Root(str(tmp_path))
    dropped = pl.read_parquet(root.local(f"{kept[FIRST].place}/{DROPPED}"))
    assert dropped["id"].to_list() == [identifier(FIRST, "train", "b")]
    rejected = pl.read_parquet(root.local(rejects_place(STAGE, FIRST, kept[FIRST].fingerprint))).to_dicts()
    assert [(row["reason"], row["record_id"], row["twin"]) for row in rejected] == [
        ("near duplicate", "b", identifier(FIRST, "test", "a"))
    ]
    assert kept[SECOND].fingerprint == "kept"
    assert identifier(FIRST, "train", "b") not in set(read(state, UNCLEAN)["id"])
    again = audit(state)  # such as when the build is published under another profile
    assert {kept.task: kept for built in again.sources for kept in built.kept} == kept


def test_a_removed_sample_that_shares_a_document_with_a_test_is_no_leak_in_clean(tmp_path):
    """It is indexed, but not published."""
    original, document = text(30, "shared"), "pmid:1"
    samples = [
        (SECOND, "test", "t", text(30, "other"), document),
        (FIRST, "train", "a", original, document),
        (FIRST, "train", "b", changed(original, 1), document),
    ]
    state = build(tmp_path, samples, near="remove")
    assert read(state, REMOVED).height == 1
    assert leaks_in_clean(state) == (0, ())


def test_samples_of_one_record_are_not_removed(tmp_path):
    original = text(30, "unit")
    root = build(
        tmp_path,
        [(FIRST, "train", "a", original, ""), (FIRST, "train", "a", changed(original, 3), "")],
        near="remove",
    )
    assert read(root, REMOVED).is_empty()


def test_a_leak_that_is_not_listed_is_found_by_the_second_look(tmp_path):
    test, train, *documents = CASES["document"]
    state = build(tmp_path, [(FIRST, "test", "t", test, documents[0]), (SECOND, "train", "l", train, documents[1])])
    for name in (UNCLEAN, LEAKS):
        path = Root(state.order.root).local(f"{state.audit.place}/{name}")
        pl.read_parquet(path).clear().write_parquet(path)
    assert leaks_in_clean(state) == (1, (identifier(SECOND, "train", "l"),))


@pytest.mark.parametrize("damage", ["cut", "garbage", "gone", "flipped"])
@pytest.mark.parametrize("name", ["words", "keys"])
def test_a_damaged_index_is_named_and_can_be_made_again(tmp_path, damage, name):
    samples = [(FIRST, "train", str(number), text(30, number), "") for number in range(50)]
    state = build(tmp_path, samples)
    indexed = state.sources[0].indexed[0]
    path = Root(str(tmp_path)).local(f"{indexed.place}/train.{name}.arrow")
    whole = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        bad = {"cut": whole[: len(whole) // 2], "garbage": b"no arrow", "flipped": whole[:-40] + bytes(40)}
        path.write_bytes(bad[damage])
    Root(str(tmp_path)).remove(state.audit.place)
    with pytest.raises(MedinstError, match=f"train.{name}.arrow: expected a file of the index"):
        audit(state)
    Root(str(tmp_path)).remove(indexed.place)
    built = state.sources[0]
    assert index_task(built.rendered[0], built.kept[0], Root(str(tmp_path)), 1).rows == indexed.rows
    assert path.read_bytes() == whole
    again = audit(state)
    assert json.loads(again.audit.model_dump_json(exclude={"seconds"})) == json.loads(
        state.audit.model_dump_json(exclude={"seconds"})
    )
