"""From the samples of a mixture to prompts whose answers can be verified; the others are left out and counted."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from medinst_eval.rewards.attacks import Sample
from medinst_eval.rewards.verifier import read
from schemas.errors import EvaluationError, FinetuneError
from schemas.finetune import Recipe
from schemas.reinforce import Reinforce
from schemas.trained import Encoded
from tasks.model.export.verifiable import CONFLICT, judged
from tasks.model.finetune.data import AT_ONCE, asked, text
from tasks.model.finetune.mixture import UNKNOWN, Mixture
from tasks.model.score.declared import definition

UNASKED, UNDECLARED, TOO_LONG = "not among the tasks and kinds of the recipe", "its task is not declared", "too long"

HELD_OUT = 5
"""One in so many prompts is held out at most."""


class Prompt(NamedTuple):
    """A question, and how its answers are verified.

    Attributes:
        task: of the question.
        licence: of the sample.
        said: the conversation up to the answer, as chat messages.
        text: the same as the model reads it.
        tokens: of that text.
        truth: the right answer.
        answer_tokens: its tokens.
        verifier: JSON, as `medinst export --format rl` writes it.
        instruction: of the sample.
        input: likewise.
    """

    task: str
    licence: str
    said: list[dict[str, str]]
    text: str
    tokens: int
    truth: str
    answer_tokens: int
    verifier: str
    instruction: str
    input: str

    @property
    def sample(self) -> Sample:
        """The prompt as attacks and honest answers see it."""
        return Sample(self.instruction, self.input, self.truth, read(self.verifier))


class Prompts(NamedTuple):
    """The prompts of a training.

    Attributes:
        trained: that the model learns from.
        held_out: that it is only asked.
        left_out: reason -> samples of the mixture that are neither.
        too_long: task -> of these, the ones that are too long.
        longest: tokens of the longest prompt that can be verified.
    """

    trained: list[Prompt]
    held_out: list[Prompt]
    left_out: dict[str, int]
    too_long: dict[str, int]
    longest: int

    @property
    def counted(self) -> Encoded:
        """The prompts in the words of any training's receipt."""
        return Encoded(
            samples=len(self.trained),
            tokens=sum(each.tokens for each in self.trained),
            answer_tokens=sum(each.answer_tokens for each in self.trained),
            longest=self.longest,
            too_long=self.too_long,
            tasks=dict(sorted(Counter(each.task for each in self.trained).items())),
            licences=dict(sorted({each.task: each.licence for each in self.trained}.items())),
        )


def prompts(mixture: Mixture, tokenizer: Any, recipe: Recipe) -> Prompts:
    """The prompts of a mixture.

    Args:
        mixture: its samples.
        tokenizer: of the model.
        recipe: has `reinforce`: which tasks and kinds, how long a completion may be, how many are held out.

    Raises:
        FinetuneError: none is left, or fewer than a step needs.
    """
    assert recipe.reinforce is not None
    sieve = _Sieve(recipe.reinforce, _conflicts(mixture, recipe))
    room = recipe.max_length - recipe.reinforce.max_tokens
    kept: list[Prompt] = []
    too_long: Counter[str] = Counter()
    longest = 0
    samples = mixture.samples(recipe.samples, recipe.seed)
    while batch := list(islice(samples, AT_ONCE)):
        for prompt in _written([(each, found) for each in batch if (found := sieve.verifier(each))], tokenizer):
            longest = max(longest, prompt.tokens)
            if prompt.tokens <= room:
                kept.append(prompt)
            else:
                too_long[prompt.task] += 1
    left_out = sieve.left_out + Counter({TOO_LONG: too_long.total()} if too_long else {})
    if len(kept) < recipe.reinforce.prompts:
        raise FinetuneError(_too_few(recipe, mixture, len(kept), left_out, longest))
    held = _held_out(len(kept), recipe)
    return Prompts(
        [prompt for place, prompt in enumerate(kept) if place not in held],
        [prompt for place, prompt in enumerate(kept) if place in held],
        dict(sorted(left_out.items())),
        dict(sorted(too_long.items())),
        longest,
    )


def _held_out(prompts_: int, recipe: Recipe) -> set[int]:
    assert recipe.reinforce is not None
    spare = min(prompts_ // HELD_OUT, prompts_ - recipe.reinforce.prompts)
    drawn = np.random.default_rng(recipe.seed).permutation(prompts_)[: min(recipe.reinforce.held_out, spare)]
    return set(drawn.tolist())


def _written(verified: Sequence[tuple[dict[str, Any], str]], tokenizer: Any) -> Iterator[Prompt]:
    if not verified:
        return
    texts = [text(sample, tokenizer).prompt for sample, _ in verified]
    begun = bool(tokenizer.chat_template)  # a template writes the token of the beginning itself
    sizes = map(len, tokenizer(texts, add_special_tokens=not begun, verbose=False)["input_ids"])
    answers = tokenizer([sample["output"] for sample, _ in verified], add_special_tokens=False)["input_ids"]
    for (sample, verifier), written, size, answer in zip(verified, texts, sizes, answers, strict=True):
        yield Prompt(
            task=sample["task"],
            licence=sample.get("licence") or UNKNOWN,
            said=asked(sample),
            text=written,
            tokens=size,
            truth=sample["output"],
            answer_tokens=len(answer),
            verifier=verifier,
            instruction=sample["instruction"],
            input=sample["input"],
        )


def _conflicts(mixture: Mixture, recipe: Recipe) -> set[bytes]:
    """The keys of questions that have more than one right answer in the mixture."""
    answers: defaultdict[bytes, set[bytes]] = defaultdict(set)
    for sample in mixture.samples(recipe.samples, recipe.seed):
        answers[_key(sample)].add(_hash(sample["output"]))
    return {key for key, found in answers.items() if len(found) > 1}


def _key(sample: dict[str, Any]) -> bytes:
    return _hash(f"{sample.get('task')}\x1f{' '.join(sample['input'].split())}")


def _hash(words: str) -> bytes:
    return hashlib.blake2b(words.encode(), digest_size=16).digest()


class _Sieve:
    """Finds verifiers, and counts the samples that have none by reason."""

    def __init__(self, wanted: Reinforce, conflicts: set[bytes]) -> None:
        self.wanted, self.conflicts = wanted, conflicts
        self.left_out: Counter[str] = Counter()

    def verifier(self, sample: dict[str, Any]) -> str | None:
        """The verifier of a sample; None if it is left out."""
        found, why = self._judged(sample)
        if why:
            self.left_out[why] += 1
        return None if why else found

    def _judged(self, sample: dict[str, Any]) -> tuple[str, str | None]:
        try:
            task = definition(str(sample.get("task")))
        except EvaluationError:
            return "", UNDECLARED
        if self.wanted.tasks and task.task not in self.wanted.tasks:
            return "", UNASKED
        found, why = judged(sample, task, CONFLICT if _key(sample) in self.conflicts else None)
        if found and self.wanted.kinds and read(found).kind not in self.wanted.kinds:
            return "", UNASKED
        return found, why


def _too_few(recipe: Recipe, mixture: Mixture, kept: int, left_out: Counter[str], longest: int) -> str:
    assert recipe.reinforce is not None
    reasons = ", ".join(f"{why} ({count:,})" for why, count in left_out.most_common()) or "it is too small"
    cure = "Choose another mixture, tasks or kinds: medinst tasks says of which tasks the answers can be verified."
    if left_out[TOO_LONG]:
        need = longest + recipe.reinforce.max_tokens
        cure = f"The longest prompt has {longest:,} tokens; give it room: --set max_length={need}."
    return (
        f"{kept:,} samples of {mixture.name!r} can be trained on by rewards, and a step takes "
        f"{recipe.reinforce.prompts}. Left out: {reasons}. {cure}"
    )
