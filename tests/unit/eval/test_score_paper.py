"""The set `paper` against an independent implementation of its definitions, on ten thousand generated answers."""

import random
import re
import string
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medinst_eval.metrics import overlap, paper

pytestmark = pytest.mark.usefixtures("scorers")

PIECES = [
    *"[]<>()A+-., /01456",
    "[B]",
    "[I]",
    "[O]",
    " [b] ",
    "the",
    " an ",
    "a",
    "CD4",
    "yes",
    "No",
    "maybe",
    "growth, ",
    "É",
    "ß",
    "𝛽",
    "٣",
    "\n",
    "\u00a0",
    "running",
    "runs",
    "–",
]


def answers(seed: int, count: int) -> list[str]:
    dice = random.Random(seed)
    return ["".join(dice.choice(PIECES) for _ in range(dice.randrange(14))) for _ in range(count)]


PREDICTED, GOLD = answers(1, 10_000), answers(2, 10_000)
GOLD = [right if number % 3 else given for number, (given, right) in enumerate(zip(PREDICTED, GOLD, strict=True))]


def plain(text: str) -> str:
    kept = "".join(character for character in text.lower() if character not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", kept).split())


def stack(text: str) -> list[str]:
    """Bracketed contents by a stack of places: another way to the same."""
    found, opened = [], []
    for place, character in enumerate(text):
        if character == "[":
            opened.append(place)
        elif character == "]" and opened:
            start = opened.pop()
            if not opened:
                found.append(plain(text[start + 1 : place]))
    return found


def f1(given: list[str], right: list[str]) -> float:
    left, common = Counter(right), 0
    for item in given:
        if left[item]:
            left[item] -= 1
            common += 1
    precision = common / len(given) if given else 0
    recall = common / len(right) if right else 0
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def average(values) -> float:
    values = list(values)
    return sum(values) / len(values)


def near(value: float):
    return pytest.approx(value, abs=1e-9)


def test_brackets():
    assert paper.bracket_f1(PREDICTED, GOLD).value == near(average(map(f1, map(stack, PREDICTED), map(stack, GOLD))))


def test_commas():
    def parts(text):
        return [part.lower().strip() for part in text.split(", ")]

    assert paper.list_f1(PREDICTED, GOLD).value == near(average(map(f1, map(parts, PREDICTED), map(parts, GOLD))))


def test_exact():
    expected = average(plain(given) == plain(right) for given, right in zip(PREDICTED, GOLD, strict=True))
    assert paper.exact(PREDICTED, GOLD).value == near(expected)


@pytest.mark.heavy
def test_labels():
    from sklearn.metrics import f1_score

    gold, predicted = [plain(text) for text in GOLD], [plain(text) for text in PREDICTED]
    expected = f1_score(gold, predicted, labels=sorted(set(gold)), average="macro", zero_division=0)
    assert paper.label_f1(PREDICTED, GOLD).value == near(expected)


@pytest.mark.heavy
def test_tags():
    from sklearn.metrics import f1_score

    def tags(text):
        return re.findall(r"\[(?:B|I|O)\]", text)

    gold = [tags(text) for text in GOLD]
    predicted = [(tags(text) + ["N"] * 99)[: len(right)] for text, right in zip(PREDICTED, gold, strict=True)]
    flat = [[tag for each in side for tag in each] for side in (gold, predicted)]
    expected = f1_score(*flat, labels=sorted(set(flat[0])), average="macro", zero_division=0)
    assert paper.tag_f1(PREDICTED, GOLD).value == near(expected)


def test_scores():
    def value(text):
        found = set(map(int, re.findall(r"\d+", text)))
        return found.pop() if len(found) == 1 and max(found) <= 5 else None

    errors = []
    for found, right in zip(map(value, PREDICTED), map(value, GOLD), strict=True):
        errors.append(25 if found is None or right is None else (found - right) ** 2)
    assert paper.squared_error(PREDICTED, GOLD).value == near(average(errors))


def test_word_f1():
    expected = average(
        f1(plain(given).split(), plain(right).split()) for given, right in zip(PREDICTED, GOLD, strict=True)
    )
    assert paper.word_f1(PREDICTED, GOLD).value == near(expected)


@pytest.mark.heavy
def test_rouge():
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rougeL"], use_stemmer=True)
    few = list(zip(PREDICTED, GOLD, strict=True))[:2000]
    expected = average(scorer.score(right, given)["rougeL"].fmeasure for given, right in few)
    assert paper.rouge(*zip(*few, strict=True)).value == near(expected)


@pytest.mark.heavy
@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_rouge_of_any_texts(given_, right):
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True)
    expected = scorer.score(right, given_)
    assert overlap.rouge_l(given_, right) == near(expected["rougeL"].fmeasure)
    assert overlap.rouge_n(given_, right, 1) == near(expected["rouge1"].fmeasure)
    assert overlap.rouge_n(given_, right, 2) == near(expected["rouge2"].fmeasure)


@pytest.mark.parametrize(
    ("metric", "given", "right", "value"),
    [
        (paper.exact, "", "A", 1.0),  # the article rule makes the answer "A" nothing
        (paper.exact, "CD4-", "CD4+", 1.0),
        (paper.bracket_f1, "none", "none", 0.0),  # two empty lists
        (paper.bracket_f1, "[a [b <x>], [c <y>]", "[c <y>]", 0.0),  # an open bracket swallows the rest
        (paper.squared_error, "4, no: 5", "5", 25.0),
        (paper.squared_error, "5 5", "5", 0.0),  # the distinct integers
        (paper.tag_f1, "a [b]", "a [B]", 0.0),  # only upper case counts
    ],
)
def test_the_defects_are_kept(metric, given, right, value):
    assert metric([given], [right]).value == near(value)
