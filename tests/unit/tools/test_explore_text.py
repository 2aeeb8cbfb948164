"""The explorer's texts: items are found where they stand, and marks nest whatever they cover."""

import re

import pytest

from medinst_eval.definitions import definitions
from tasks.tools.explore.compare import compare, worths
from tasks.tools.explore.items import read
from tasks.tools.explore.mark import Mark, marked
from tasks.tools.explore.place import place
from tasks.tools.explore.search import matching
from tasks.tools.explore.views import snippet


def spots(form: str, answer: str, text: str) -> list[tuple[str, ...]]:
    """The texts at the places of an answer's items."""
    return [tuple(text[a:b] for a, b in each.spans) for each in place(read(form, answer).items, text)]


def test_mentions_are_found_in_the_order_of_the_text():
    text = "IL-2 and an IL-2 gene"
    placed = list(place(read("entities", "[IL-2 <gene>], [IL-2 gene <dna>], [IL-2 <gene>]").items, text))
    assert [each.spans for each in placed] == [((0, 4),), ((12, 21),), ((12, 16),)]


def test_a_mention_with_several_concepts_is_one_place():
    text = "feeling sick, then sick"
    answer = "[feeling sick <UMLS/C1>], [feeling sick <UMLS/C2>], [sick <UMLS/C3>]"
    assert spots("concepts", answer, text) == [("feeling sick",), ("feeling sick",), ("sick",)]


def test_a_whole_word_goes_before_a_part_of_one():
    assert [each.spans for each in place(read("mentions", "[ER]").items, "other ERs, ER")] == [((11, 13),)]
    assert spots("mentions", "[ER]", "otherERs") == [("ER",)]


def test_the_parts_of_a_discontinuous_mention_are_found():
    assert spots("entities", "[Upper wall <tissue>]", "Upper and lower wall") == [("Upper", "wall")]
    assert spots("entities", "[left upper wall <tissue>]", "left upper and lower wall") == [("left upper", "wall")]
    assert spots("entities", "[absent wall <tissue>]", "Upper and lower wall") == []


def test_all_places_of_the_ends_of_a_relation_are_found_in_any_case():
    text = "Zelutinib and zelutinib cause fever"
    assert spots("relations", "[<Zelutinib> <induces> <fever>]", text) == [("Zelutinib",), ("zelutinib",), ("fever",)]


def test_tagged_words_have_the_places_of_words():
    assert spots("tags", "a [O] Zelu [B] - [I] b [O] a [B]", "a Zelu - b a") == [("Zelu -",), ("a",)]


def test_an_answer_that_the_grammar_cannot_read_says_why():
    assert read("entities", "[open <x>").fault
    assert read("labels", "support").plain


def test_marks_nest_and_what_crosses_is_cut():
    assert marked("abcdef", [Mark(((0, 4),), "A", "x"), Mark(((2, 6),), "B", "y")]) == (
        '<mark class="x">ab<mark class="y">cd</mark><span class="tag">A</span></mark>'
        '<mark class="y">ef<span class="tag">B</span></mark>'
    )


@pytest.mark.parametrize("count", range(2, 7))
def test_whatever_is_marked_the_text_stays_and_elements_close(count):
    text = "a<b>&\"c'd e"
    spans = [((start, end),) for start in range(len(text)) for end in range(start + 1, len(text) + 1)]
    shown = str(marked(text, [Mark(each, style="c") for each in spans[:: 8 - count]]))
    open_ = 0
    for slash in re.findall(r"<(/?)mark", shown):
        open_ += -1 if slash else 1
        assert open_ >= 0
    assert open_ == 0
    assert re.sub(r"</?mark[^>]*>", "", shown) == "a&lt;b&gt;&amp;&#34;c&#39;d e"


def test_labels_and_texts_are_escaped():
    shown = marked("<i>", [Mark(((0, 3),), "<b>", 'x" onclick="', '"')])
    assert "<i>" not in shown
    assert "<b>" not in shown
    assert 'onclick="' not in shown


def test_a_snippet_is_about_the_words():
    text = "x " * 300 + "a Gland beside " + "y " * 300
    shown = snippet(text, "gland")
    assert '<mark class="q">Gland</mark>' in shown
    assert shown.startswith("…")
    assert len(shown) < 400
    assert snippet("short <text>", "") == "short &lt;text&gt;"


@pytest.mark.parametrize(
    ("words", "expression"),
    [
        ("heart attack", '"heart" AND "attack"*'),
        ('"heart attack" wall', '"heart attack" AND "wall"*'),
        ("IL-2 ", '"IL-2"*'),
        ('"IL-2"', '"IL-2"'),
        ("a OR b NOT c*", '"a" AND "OR" AND "b" AND "NOT" AND "c*"*'),
        ('"', ""),
        ("- ( )", ""),
        ('input:x"', '"input:x "'),
    ],
)
def test_words_are_searched_for_and_never_operators(words, expression):
    assert matching(words) == expression


def test_hits_misses_and_extras():
    found = compare(definitions()["AnEM"], "1. Gland (organ)\n2. nerve (organ)", "[gland <organ>], [wall <tissue>]")
    assert [(each.item.texts[0], each.status) for each in found.items] == [
        ("gland", "hit"),
        ("wall", "miss"),
        ("nerve", "extra"),
    ]


def test_relations_without_direction_hit_either_way():
    definition = definitions()["BioInfer-RE"]
    found = compare(definition, "[<b> <interacts with> <a>]", "[<a> <interacts with> <b>]")
    assert [each.status for each in found.items] == ["hit"]


@pytest.mark.parametrize(
    ("task", "predicted", "gold", "worth", "able"),
    [
        ("AnEM", "[gland <organ>]", "[gland <organ>], [wall <tissue>]", 2 / 3, True),
        ("AnEM", "none", "none", 1.0, True),
        ("AnEM", "I cannot say.", "none", 0.0, False),
        ("SciFact", "The answer is support.", "support", 1.0, True),
        ("BIOSSES", "4", "5", 0.8, True),
        ("BIOSSES", "many", "5", 0.0, False),
        ("NCBI-disease", "a [B] b [O]", "a [B] b [O]", 1.0, True),
    ],
)
def test_what_an_answer_is_worth(task, predicted, gold, worth, able):
    assert worths(definitions()[task], [predicted], [gold]) == [(pytest.approx(worth), able)]
