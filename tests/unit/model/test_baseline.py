"""Baselines: mentions as tags and back, the best tags and labels, answers in the grammar, and what is trained on."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medinst_eval.grammar.answers import Entities, Tags
from schemas.errors import EvaluationError
from tasks.base.store.root import Root
from tasks.model.baseline import viterbi
from tasks.model.baseline.choice import choose
from tasks.model.baseline.gold import Example
from tasks.model.baseline.labels import best_sets
from tasks.model.baseline.linear import Linear, form
from tasks.model.baseline.shapes import EntityShape, LabelShape, TagShape
from tasks.model.baseline.spans import Mention, Span, decode, encode, follows, words

TEXT = "Velt fever (VF-2) and ocular velt fever in 12otters"
TYPES = ("disease", "species")


@st.composite
def placed(draw: st.DrawFn) -> tuple[str, list[Mention]]:
    """A text, and mentions of one part from word to word that may overlap."""
    text = draw(st.text("ab1(- [>", max_size=40))
    places = words(text)
    if not places:
        return text, []
    number = st.integers(0, len(places) - 1)
    ends = draw(st.lists(st.tuples(number, number, st.sampled_from(TYPES)), max_size=6))
    return text, [Mention(((places[min(a, b)][0], places[max(a, b)][1]),), type_) for a, b, type_ in ends]


def flat(mentions: list[Mention]) -> bool:
    spans = sorted(each.parts[0] for each in mentions)
    return all(one[1] <= other[0] for one, other in pairwise(spans))


@given(placed())
def test_flat_mentions_come_back_from_their_tags_and_of_others_as_many_as_fit(found: tuple[str, list[Mention]]) -> None:
    text, mentions = found
    tagged = encode(mentions, words(text))
    spans = decode(tagged.tags, words(text))
    wanted = {Span(*each.parts[0], each.type) for each in mentions}
    assert set(spans) <= wanted
    assert len(spans) == len(mentions) - tagged.lost.overlapping
    assert (tagged.lost.mentions, tagged.lost.discontinuous, tagged.lost.within_words) == (len(mentions), 0, 0)
    if flat(mentions):
        assert set(spans) == wanted
    most = max(
        (sum(chosen) for chosen in product((0, 1), repeat=len(mentions)) if flat(_some(mentions, chosen))), default=0
    )
    assert len(spans) == most, "a flat tagger could say more of these mentions"


def _some(mentions: list[Mention], chosen: tuple[int, ...]) -> list[Mention]:
    return [mention for mention, is_in in zip(mentions, chosen, strict=True) if is_in]


def test_mentions_of_several_parts_and_within_words_are_lost_and_counted() -> None:
    start = TEXT.index("otters")
    lost = encode(
        [
            Mention(((0, 4), (5, 10)), "disease"),
            Mention(((start + 1, start + 6),), "species"),
            Mention(((start, start + 6),), "species"),  # the number before it is another word
            Mention(((0, 10),), "disease"),
            Mention(((5, 10),), "disease"),
        ],
        words(TEXT),
    )
    assert lost.lost == (5, 1, 1, 1)
    assert lost.lost.total == 3
    assert [TEXT[span.start : span.end] for span in decode(lost.tags, words(TEXT))] == ["fever", "otters"]


def test_an_inside_tag_that_continues_nothing_begins_a_mention() -> None:
    tags = ["I-disease", "I-species", "B-species", "I-species", "O", "I-species"]
    places = [(number, number + 1) for number in range(6)]
    assert decode(tags, places) == [
        Span(0, 1, "disease"), Span(1, 2, "species"), Span(2, 4, "species"), Span(5, 6, "species"),
    ]  # fmt: skip


@given(st.lists(st.lists(st.floats(-5, 5), min_size=5, max_size=5), max_size=5), st.integers(0, 3))
def test_the_best_path_is_the_best_of_all_paths_and_obeys_the_tags(rows: list[list[float]], seed: int) -> None:
    tags = EntityShape(TYPES).outputs
    draw = np.random.default_rng(seed)
    scores = np.array(rows).reshape(len(rows), len(tags))
    pairs = viterbi.allowed(tags) + draw.normal(size=(5, 5))
    first = viterbi.beginning(tags) + draw.normal(size=5)

    def worth(path: tuple[int, ...]) -> float:
        steps = sum(pairs[one, other] for one, other in pairwise(path)) + (first[path[0]] if path else 0)
        return float(sum(scores[place, tag] for place, tag in enumerate(path)) + steps)

    path = tuple(viterbi.best(scores, pairs, first))
    assert worth(path) == pytest.approx(max(map(worth, product(range(5), repeat=len(rows)))))
    said = ["O", *(tags[tag] for tag in path)]
    assert all(follows(one, other) for one, other in pairwise(said))


def test_labels_are_a_set_that_training_has_seen() -> None:
    labels, sets = ("a", "b", "none"), [("a",), ("a", "b"), ("none",)]
    scores = np.array([[-1.0, -2.0, -3.0], [1.0, 2.0, 1.5], [0.5, -1.0, 0.4], [-1.0, 5.0, 3.0]])
    assert best_sets(scores, labels, sets) == [("a",), ("a", "b"), ("a",), ("a", "b")]


@given(placed())
def test_answers_are_in_the_grammar(found: tuple[str, list[Mention]]) -> None:
    text, mentions = found
    shape = EntityShape(TYPES)
    said = Entities().parse(shape.answer(text, encode(mentions, words(text)).tags))
    assert [(" ".join(mention.split()), type_) for mention, type_ in said] == [
        (" ".join(text[span.start : span.end].split()), span.type)
        for span in decode(encode(mentions, words(text)).tags, words(text))
    ]
    tagged = TagShape()
    tags = ["B" if number % 2 else "O" for number, _ in enumerate(tagged.words(text))]
    assert [each.word for each in Tags().parse(tagged.answer(text, tags))] == text.split()


def test_labels_are_written_in_the_order_of_the_instruction() -> None:
    assert LabelShape(("b", "a", "c")).answer("", ("a", "b")) == "b, a"


@pytest.mark.parametrize(("word", "its"), [("IL", "A"), ("Velt", "Aa"), ("aB2c", "aA0a"), ("-", "."), ("12", "0")])
def test_the_form_of_a_word(word: str, its: str) -> None:
    assert form(word) == its


def trained(per_word: bool, seed: int) -> Linear:
    sentences = [("the", "velt", "fever", "rose"), ("a", "quail", "slept"), ("velt", "fever", "and", "rash")] * 3
    if per_word:
        gold = [tuple({"velt": "B", "fever": "I", "rash": "B"}.get(word, "O") for word in each) for each in sentences]
        model = Linear(("O", "B", "I"), True, seed)
    else:
        gold = [("sick",) if "fever" in each else ("well",) for each in sentences]
        model = Linear(("sick", "well"), False, seed)
    scores = iter((0.3, 0.9, 0.9))
    heard: list[tuple[int, int, float]] = []
    model.fit(
        [Example(*each) for each in zip(sentences, gold, strict=True)], lambda: next(scores), lambda *e: heard.append(e)
    )
    assert heard == [(1, 3, 0.3), (2, 3, 0.9), (3, 3, 0.9)]
    return model


@pytest.mark.heavy
@pytest.mark.parametrize("per_word", [True, False])
def test_the_linear_kind_learns_keeps_the_best_weights_and_repeats_itself(per_word: bool) -> None:
    model = trained(per_word, seed=1)
    texts = [("the", "velt", "fever", "slept"), ("a", "quail", "rose"), ()]
    wanted = [("O", "B", "I", "O"), ("O", "O", "O"), ()] if per_word else [("sick",), ("well",)]
    assert model.predict(texts)[: len(wanted)] == wanted
    assert (model.best_epoch, model.epochs) == (2, 3)
    assert model.parameters > 0
    again = trained(per_word, seed=1)
    assert (again.weights != model.weights).nnz == 0
    assert (trained(per_word, seed=2).weights != model.weights).nnz > 0


def test_a_root_without_a_benchmark_is_refused(tmp_path) -> None:
    with pytest.raises(EvaluationError, match=r"has no benchmark yet.*medinst benchmark"):
        choose(["AnEM"], Root(str(tmp_path)))
