"""The kind `linear`: logistic regression over words and their neighbours; needs no torch."""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction import FeatureHasher
from sklearn.linear_model import SGDClassifier

from tasks.model.baseline import viterbi
from tasks.model.baseline.gold import Example
from tasks.model.baseline.labels import best_sets

Words = Sequence[str]

PENALTIES = (3e-6, 1e-6, 3e-7)
"""Penalties of large weights that are tried; what is held out chooses among them."""
SLOTS = 2**18
"""Numbers of features: two that have the same hash share one."""
SURE = 10.0
"""Log odds of an output that all or none of the training examples have."""


class Linear:
    """One logistic regression for each tag or label.

    Args:
        outputs: the tags, or the labels in their order.
        per_word: whether each word has one of them, or each text some.
        seed: of the order in which examples are read.
    """

    def __init__(self, outputs: Sequence[str], per_word: bool, seed: int) -> None:
        self.outputs, self.per_word, self.seed = tuple(outputs), per_word, seed
        self.hasher = FeatureHasher(SLOTS, input_type="string", alternate_sign=False)
        self.epochs = self.best_epoch = 0
        self.weights = csr_matrix((len(self.outputs), SLOTS))
        self.bias = np.zeros(len(self.outputs))

    @property
    def parameters(self) -> int:
        """Weights that are not zero."""
        return self.weights.nnz + len(self.bias)

    def fit(
        self, examples: Sequence[Example], score: Callable[[], float], tell: Callable[[int, int, float], None]
    ) -> None:
        """Train with each penalty; the weights that score best on held-out examples stay.

        Args:
            examples: what is trained on.
            score: how good the weights are now.
            tell: takes the number of the penalty, of all of them, and the score.
        """
        self.sets = [] if self.per_word else sorted({example.gold for example in examples})
        features = self._features([example.words for example in examples])
        said = [example.gold for example in examples]
        wanted = [(tag,) for gold in said for tag in gold] if self.per_word else said
        kept, best = (self.weights, self.bias), -math.inf
        for epoch, penalty in enumerate(PENALTIES, 1):
            found = [self._regression(features, wanted, output, penalty) for output in self.outputs]
            self.weights, self.bias = vstack([weights for weights, _ in found]).tocsr(), np.array([b for _, b in found])
            self.epochs, reached = epoch, score()
            if reached > best:
                kept, best, self.best_epoch = (self.weights, self.bias), reached, epoch
            tell(epoch, len(PENALTIES), reached)
        self.weights, self.bias = kept

    def _regression(
        self, features: Any, wanted: Sequence[tuple[str, ...]], output: str, penalty: float
    ) -> tuple[Any, float]:
        """The weights of one output; SGDClassifier needs examples with and without it."""
        has = np.array([output in gold for gold in wanted])
        if has.all() or not has.any():
            return csr_matrix((1, SLOTS)), SURE if has.all() else -SURE
        model = SGDClassifier(loss="log_loss", alpha=penalty, average=True, random_state=self.seed)
        model.fit(features, has)
        return csr_matrix(model.coef_), float(np.asarray(model.intercept_).sum())

    def _features(self, texts: Sequence[Words]) -> Any:
        """The features of each word, or of each text; each counts the less the more of them there are."""
        if self.per_word:
            return self.hasher.transform(of_word(text, place) for text in texts for place in range(len(text)))
        found = self.hasher.transform(map(of_text, texts))
        found.data = 1 + np.log(found.data)
        lengths = np.sqrt(np.asarray(found.multiply(found).sum(axis=1))).clip(min=1e-9)
        return found.multiply(1 / lengths).tocsr()

    def predict(self, texts: Sequence[Words]) -> list[tuple[str, ...]]:
        """The tags of the words of texts, or the labels of texts."""
        features = self._features(texts)
        scores = (features @ self.weights.T).toarray() + self.bias
        if not self.per_word:
            return best_sets(scores, self.outputs, self.sets)
        pairs, first = viterbi.allowed(self.outputs), viterbi.beginning(self.outputs)
        ends = np.cumsum([len(text) for text in texts])[:-1]
        paths = (viterbi.best(each, pairs, first) for each in np.split(scores, ends))
        return [tuple(self.outputs[tag] for tag in path) for path in paths]


def of_word(words: Words, place: int) -> Iterator[str]:
    """The features of a word: itself, its beginning and end, its form, and its neighbours."""
    word = words[place]
    low = word.lower()
    yield "bias"
    yield f"form {form(word)}"
    for size in range(1, min(5, len(low)) + 1):
        yield f"begins {low[:size]}"
        yield f"ends {low[-size:]}"
    around = {step: _at(words, place + step) for step in range(-3, 4)}
    for step, other in around.items():
        yield f"{step} {other}"
        if abs(step) == 1:
            yield f"{step} form {form(words[place + step]) if 0 <= place + step < len(words) else ''}"
            yield f"{step} ends {other[-3:]}"
    for first in (-2, -1, 0, 1):
        yield f"{first} pair {around[first]} {around[first + 1]}"


def _at(words: Words, place: int) -> str:
    return words[place].lower() if 0 <= place < len(words) else "\n"


def of_text(words: Words) -> Iterator[str]:
    """The features of a text: its words and pairs of neighbours."""
    low = [word.lower() for word in words]
    yield from low
    yield from (f"{one} {other}" for one, other in pairwise(low))


def form(word: str) -> str:
    """The form of a word: capitals, small letters, digits and other signs, each run as one sign."""
    signs = ["A" if each.isupper() else "a" if each.isalpha() else "0" if each.isdigit() else "." for each in word]
    return "".join(each for place, each in enumerate(signs) if place == 0 or each != signs[place - 1])
