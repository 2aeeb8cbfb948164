"""The kind `encoder`: a small recurrent network with random weights, for tags of words and for labels of texts."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch  # pyright: ignore[reportMissingImports]

from schemas.errors import EvaluationError
from tasks.model.baseline import viterbi
from tasks.model.baseline.crf import Crf
from tasks.model.baseline.gold import Example
from tasks.model.baseline.labels import best_sets
from tasks.model.baseline.network import Network, Sizes
from tasks.model.baseline.vocabulary import UNKNOWN, Vocabulary, Words

BATCH, ROOM = 32, 1000
"""Texts of a step of training at most, and words, with those that pad shorter texts."""
AT_ONCE = 64
"""Texts that are answered at once."""
WINDOW = 2048
"""Texts that are sorted by length before they are divided into batches, so that they need little padding."""
RATE, DECAY, CLIP, DROPOUT = 3e-3, 0.05, 5.0, 0.5
FORGET = 0.1
"""Share of the words that training reads as unknown, so that their spelling is learned."""
EPOCHS, STEPS, MOST = 8, 1500, 20
"""Epochs at most; where they have fewer steps than this, as many as have it, but not more than the third number."""
PATIENCE = 0.35
"""Training ends after so many of the epochs without a better score."""


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute on one core, so that sums have the same order on every machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class Encoder:
    """A network that is trained on the examples of one test.

    Args:
        outputs: the tags, or the labels in their order.
        per_word: whether each word has one of them, or each text some.
        seed: of the weights and of the order of the examples.
    """

    def __init__(self, outputs: Sequence[str], per_word: bool, seed: int) -> None:
        self.outputs, self.per_word, self.seed = tuple(outputs), per_word, seed
        self.epochs = self.best_epoch = 0

    @property
    def parameters(self) -> int:
        """Weights of the network."""
        return sum(weight.numel() for weight in self.weights)

    @_one_thread()
    def fit(
        self, examples: Sequence[Example], score: Callable[[], float], tell: Callable[[int, int, float], None]
    ) -> None:
        """Train until the score of held-out examples has not grown for some epochs; the best weights stay.

        Args:
            examples: what is trained on.
            score: how good the network is now.
            tell: takes the number of the epoch, of all epochs, and the score.

        Raises:
            EvaluationError: the loss is NaN or infinite.
        """
        self._begin(examples)
        draw = np.random.default_rng(self.seed)
        optimizer = torch.optim.AdamW(self.weights, lr=RATE, weight_decay=DECAY)
        kept, best = self._state(), -math.inf
        steps = sum(1 for _ in _batches(examples, draw))
        most = min(max(EPOCHS, -(-STEPS // max(1, steps))), MOST)
        for epoch in range(1, most + 1):
            for group in optimizer.param_groups:
                group["lr"] = RATE * (1 - (epoch - 1) / most)
            self.network.train()
            for batch in _batches(examples, draw):
                self._step(batch, optimizer, epoch, draw)
            self.epochs, reached = epoch, score()
            if reached > best:
                kept, best, self.best_epoch = self._state(), reached, epoch
            tell(epoch, most, reached)
            if epoch - self.best_epoch >= max(1, PATIENCE * most):
                break
        for module, state in zip(self._modules(), kept, strict=True):
            module.load_state_dict(state)

    def _begin(self, examples: Sequence[Example]) -> None:
        """Draw random weights for the words and outputs of some examples."""
        torch.manual_seed(self.seed)
        self.vocabulary = Vocabulary.of(example.words for example in examples)
        self.sets = [] if self.per_word else sorted({example.gold for example in examples})
        self.network = Network(Sizes(*self.vocabulary.sizes, len(self.outputs)), self.per_word, DROPOUT)
        self.crf = Crf(viterbi.allowed(self.outputs), viterbi.beginning(self.outputs)) if self.per_word else None
        self.weights = [*self.network.parameters(), *(self.crf.parameters() if self.crf else ())]

    def _modules(self) -> list[Any]:
        return [self.network, *([self.crf] if self.crf else [])]

    def _state(self) -> list[dict[str, Any]]:
        return [{name: each.clone() for name, each in module.state_dict().items()} for module in self._modules()]

    def _step(self, batch: Sequence[Example], optimizer: Any, epoch: int, draw: np.random.Generator) -> None:
        words, characters = self.vocabulary.numbers([example.words for example in batch])
        there = words != 0
        words[there & (draw.random(words.shape) < FORGET)] = UNKNOWN
        inputs = (torch.from_numpy(words), torch.from_numpy(characters), torch.from_numpy(there))
        loss = self._loss(self.network(*inputs), [example.gold for example in batch], inputs[2])
        if not math.isfinite(float(loss.detach())):
            raise EvaluationError(
                f"The loss of epoch {epoch} is {float(loss.detach())}, so training was ended. What was answered before "
                "is kept. Try another seed: --seed"
            )
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.weights, CLIP)
        optimizer.step()

    def _loss(self, scores: Any, gold: Sequence[Sequence[str]], there: Any) -> Any:
        place = {output: number for number, output in enumerate(self.outputs)}
        if self.crf is not None:
            tags = torch.zeros(there.shape, dtype=torch.int64)
            for row, each in enumerate(gold):
                tags[row, : len(each)] = torch.tensor([place[tag] for tag in each])
            return self.crf.loss(scores, tags, there)
        wanted = torch.zeros_like(scores)
        for row, each in enumerate(gold):
            wanted[row, [place[label] for label in each]] = 1
        return torch.nn.functional.binary_cross_entropy_with_logits(scores, wanted, reduction="sum") / len(gold)

    @_one_thread()
    def predict(self, texts: Sequence[Words]) -> list[tuple[str, ...]]:
        """The tags of the words of texts, or the labels of texts."""
        self.network.eval()
        found: dict[int, tuple[str, ...]] = {place: () for place, text in enumerate(texts) if not text}
        order = sorted((place for place, text in enumerate(texts) if text), key=lambda place: len(texts[place]))
        for start in range(0, len(order), AT_ONCE):
            places = order[start : start + AT_ONCE]
            found |= zip(places, self._answer([texts[place] for place in places]), strict=True)
        return [found[place] for place in range(len(texts))]

    def _answer(self, texts: list[Words]) -> list[tuple[str, ...]]:
        words, characters = self.vocabulary.numbers(texts)
        with torch.no_grad():
            inputs = (torch.from_numpy(words), torch.from_numpy(characters), torch.from_numpy(words != 0))
            scores = self.network(*inputs).numpy()
            if self.crf is None:
                return best_sets(scores, self.outputs, self.sets)
            pairs, first = (each.numpy() for each in self.crf.learned())
        paths = (viterbi.best(each[: len(text)], pairs, first) for each, text in zip(scores, texts, strict=True))
        return [tuple(self.outputs[tag] for tag in path) for path in paths]


def _batches(examples: Sequence[Example], draw: np.random.Generator) -> Iterator[list[Example]]:
    """All examples with words, in another order each time; those of a batch are of nearly equal length."""
    order = [examples[place] for place in draw.permutation(len(examples)) if examples[place].words]
    found: list[list[Example]] = []
    for start in range(0, len(order), WINDOW):
        batch: list[Example] = []
        for example in sorted(order[start : start + WINDOW], key=lambda example: len(example.words)):
            if batch and (len(batch) == BATCH or (len(batch) + 1) * len(example.words) > ROOM):
                found.append(batch)
                batch = []
            batch.append(example)
        found += [batch] if batch else []
    for place in draw.permutation(len(found)):
        yield found[place]
