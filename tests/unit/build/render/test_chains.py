"""Rendering of coreference chains: what is given, where it stands, and what the answer is."""

import pytest

from schemas.records import Document, Mention
from tests.support.rendering import COREF, chain, documents, entity, one, rows


def chained(text: str, *mentions: str) -> Document:
    """A document whose one chain has these mentions, found one after the other."""
    found, end = [], 0
    for number, mention in enumerate(mentions):
        start = text.index(mention, end)
        end = start + len(mention)
        found.append(entity(f"T{number}", start, mention))
    return Document("d", text, tuple(found), chains=(chain(*mentions),))


def context(text: str, *mentions: str) -> str:
    return one(COREF, documents(chained(text, *mentions)))["input"].split("\nIn context: ")[1]


def test_the_given_mention_is_shown_with_the_words_around_it() -> None:
    row = one(COREF, documents(chained(" Tea grew.\nTea, the herb, grew. ", "Tea", "herb")))
    assert row["input"] == (
        "Tea grew.\nTea, the herb, grew.\n\nMention: Tea\nIn context: [[Tea]] grew. Tea, the herb, grew."
    )


def test_the_context_is_cut_between_words() -> None:
    text = "tea is old. " * 20
    place = text.index("old", 120)
    found = (entity("T0", place, "old"), entity("T1", place + 12, "old"))
    made = one(COREF, documents(Document("d", text, found, chains=(chain("old", "old"),))))
    assert made["input"].split("In context: ")[1] == (
        "… is old. tea is old. tea is old. tea is [[old]]. tea is old. tea is old. tea is old. …"
    )


def test_the_context_tells_equal_mentions_apart() -> None:
    text = "Red tea was cold, and then the green tea was hot for a very long time indeed."
    both = (entity("T0", 4, "tea"), entity("T1", 37, "tea"), entity("T2", 45, "hot"))
    chains = ((Mention("T0", "tea"), Mention("T2", "hot")), (Mention("T1", "tea"), Mention("T2", "hot")))
    inputs = [row["input"] for row in rows(COREF, documents(Document("d", text, both, chains=chains)))]
    assert [text.count("[[tea]]") for text in inputs] == [1, 1]
    assert inputs[0] != inputs[1]


@pytest.mark.parametrize("mentions", [("52", "p53"), ("p52", "53")])
def test_a_mention_without_a_letter_is_not_published(mentions: tuple[str, str]) -> None:
    row = one(COREF, documents(chained("p52 and p53", *mentions)))
    assert (row["reason"], row["fault"]) == (None, "mention without a letter")
    assert one(COREF, documents(chained("p52 and p53", "p52", "p53")))["fault"] is None


def test_a_mention_without_a_place_is_not_published() -> None:
    row = one(COREF, documents(Document("d", "text", chains=(chain("a", "b"),))))
    assert (row["reason"], row["fault"]) == (None, "mention without a place")


def test_one_sample_a_chain_with_its_first_mention_given() -> None:
    chains = (chain("Halcyonin", "HLCN", "it"), chain("quail", "bird"))
    first, second = rows(COREF, documents(Document("d", "A text. ", chains=chains)))
    assert first["input"] == "A text.\n\nMention: Halcyonin"
    assert (first["output"], second["output"]) == ("[HLCN], [it]", "[bird]")
    assert (first["record_id"], second["record_id"]) == ("d", "d")
    assert (first["unit"], second["unit"]) == ("0", "1")


def test_a_chain_of_one_mention_is_rejected_alone() -> None:
    made = rows(COREF, documents(Document("d", "text", chains=(chain("a"), chain("b", "c")))))
    assert [(row["unit"], row["reason"]) for row in made] == [("0", "chain of one mention"), ("1", None)]


def test_a_document_without_chains_is_rejected_once() -> None:
    row = one(COREF, documents(Document("d", "text")))
    assert (row["unit"], row["reason"]) == ("", "no coreference chain")


def test_a_mention_over_two_lines_is_given_on_one() -> None:
    row = one(COREF, documents(Document("d", "text", chains=(chain("green\ntea", "red\ntea"),))))
    assert row["input"].endswith("Mention: green tea")
    assert row["output"] == "[red tea]"


def test_the_given_mention_is_normalised_as_the_answers_are() -> None:
    row = one(COREF, documents(Document("d", "text", chains=(chain("green \r\n tea", "red \r\n tea"),))))
    assert row["output"] == "[red tea]"
    assert row["input"].endswith("Mention: green tea")
