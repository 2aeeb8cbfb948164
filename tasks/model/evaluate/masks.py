"""Constraints of a local model: before each token, those that the grammar of the answer does not allow are masked."""

import json
from functools import lru_cache
from typing import Any

import numpy as np

from schemas.errors import EvaluationError
from tasks.model.evaluate.constrain import constraint_of


class Masks:
    """Makes the processors that hold a batch of answers to their grammars, by llguidance.

    Args:
        tokenizer: of the model, a fast one.
        vocabulary: number of tokens of the model, which may be more than those of its tokenizer.
        ends: tokens with which the model ends an answer.

    Raises:
        EvaluationError: llguidance is not installed, or does not know this kind of tokenizer.
    """

    def __init__(self, tokenizer: Any, vocabulary: int, ends: list[int]) -> None:
        try:
            import llguidance
            import llguidance.hf
        except ImportError as error:
            raise EvaluationError(
                "--constrain llguidance needs the package of that name, which is in the extra `models`: "
                "pip install -e .[models]"
            ) from error
        self.library, self.ends = llguidance, ends
        try:
            self.tokens = llguidance.hf.from_tokenizer(tokenizer, vocabulary, ends)
        except ValueError as error:
            raise EvaluationError(
                f"llguidance cannot use the tokenizer of {tokenizer.name_or_path}: {error}. Serve the model, by vLLM "
                "for example, and pass --base-url and --constrain vllm."
            ) from error
        self.grammar = lru_cache(maxsize=None)(self._grammar)

    def processor(self, tasks: list[str]) -> "Masked":
        """What masks the tokens of a batch.

        Args:
            tasks: the task of each row.
        """
        return Masked([self._matcher(task) for task in tasks], self.ends)

    def _matcher(self, task: str) -> Any:
        grammar = self.grammar(task)
        return self.library.LLMatcher(self.tokens, grammar) if grammar else None

    def _grammar(self, task: str) -> str:
        found = constraint_of(task)
        if found is None:
            return ""
        few = ("choice", json.dumps(found.choices))
        return self.library.grammar_from(*few if found.choices else ("grammar", found.grammar))


class Masked:
    """A logits processor of transformers for one batch.

    Args:
        matchers: where each row is in its grammar; None for a row that is free.
        ends: the tokens that may follow where the grammar has come to its end.
    """

    def __init__(self, matchers: list[Any], ends: list[int]) -> None:
        self.matchers, self.ends, self.begun = matchers, ends, False

    def __call__(self, tokens: Any, scores: Any) -> Any:
        """Give the tokens that may not come next a score of minus infinity.

        Args:
            tokens: of the prompts and what is written so far: row × place.
            scores: of all tokens that may come next: row × vocabulary.
        """
        for row, matcher in enumerate(self.matchers):
            if matcher is None:
                continue
            if self.begun and not matcher.is_stopped():
                matcher.consume_token(int(tokens[row, -1]))
            allowed = np.zeros(scores.shape[1], bool)
            if matcher.is_stopped():
                allowed[self.ends] = True
            else:
                bits = np.frombuffer(matcher.compute_bitmask(), np.uint8)
                allowed |= np.unpackbits(bits, bitorder="little")[: allowed.size].astype(bool)
            scores[row, scores.new_tensor(~allowed).bool()] = float("-inf")
        self.begun = True
        return scores
