"""Samples and texts that several tests share: measured, and counted once in one of the means."""

import polars as pl

from tasks.model.benchmark.repeats import repeats


def rows(*numbers: int, output: str = "x", documents: tuple[str, ...] = ()) -> pl.DataFrame:
    named = documents or ("",) * len(numbers)
    texts = [f"text {number}" for number in numbers]
    return pl.DataFrame({"input": texts, "output": [output] * len(numbers), "document": named})


def test_a_test_repeats_a_larger_one_that_has_most_of_its_samples() -> None:
    found = repeats({"A": rows(1, 2, 3), "B": rows(1, 2, 3, 4), "C": rows(4, 5, 6), "D": rows(1, 2, 3, output="y")})
    assert found["B"] == ({"A": 3, "C": 1}, {"A": 3, "C": 1, "D": 3}, None)
    assert found["A"] == ({"B": 3}, {"B": 3, "D": 3}, "B")
    assert found["C"] == ({"B": 1}, {"B": 1}, None)
    assert found["D"] == ({}, {"A": 3, "B": 3}, None), "the same inputs with other answers are other samples"


def test_of_equal_tests_the_first_counts_and_a_half_is_not_most() -> None:
    found = repeats({"B": rows(1, 2), "A": rows(1, 2), "C": rows(2, 3)})
    assert (found["A"].repeats, found["B"].repeats, found["C"].repeats) == (None, "A", None)


def test_case_and_blanks_make_no_difference() -> None:
    other = pl.DataFrame({"input": ["TEXT  1"], "output": ["X"], "document": [""]})
    assert repeats({"A": rows(1), "B": other})["B"].repeats == "A"


def test_a_document_is_shared_though_other_sentences_of_it_are_asked_about() -> None:
    found = repeats(
        {
            "A": rows(1, 2, 3, documents=("pmid:1", "pmid:1", "pmid:2")),
            "B": rows(4, documents=("pmid:1",)),
            "C": rows(5, documents=("pmid:9",)),
        }
    )
    assert (found["A"].texts, found["B"].texts, found["C"].texts) == ({"B": 2}, {"A": 1}, {})
    assert all(not each.shares and each.repeats is None for each in found.values())


def test_unknown_documents_are_not_one_document() -> None:
    found = repeats({"A": rows(1), "B": rows(2)})
    assert found["A"].texts == {}


LONG = "A sentence that is long enough to be looked for, with aspirin ."
ABSTRACT = f"Title. Before it . {LONG.replace(' ', '').replace('aspirin.', ' Aspirin.')} And behind it."


def test_a_sentence_is_found_in_the_abstract_of_another_test_whatever_its_blanks_and_case() -> None:
    tests = {
        "sentences": pl.DataFrame({"input": [LONG, "Title."], "output": ["x", "y"], "document": ["", ""]}),
        "abstracts": pl.DataFrame({"input": ["other", ABSTRACT, ABSTRACT], "output": ["1", "2", "3"], "document": ""}),
    }
    found = repeats(tests)
    assert found["sentences"].texts == {"abstracts": 1}, "a phrase stands anywhere"
    assert found["abstracts"].texts == {"sentences": 2}
    assert found["sentences"].shares == {}
