"""The tokens of samples, and where their answers begin: where prompt and whole part, as in trl.

A whole is tokenized once. A tokenizer first splits a text at its special tokens, so a prompt and what it begins have
the same tokens up to the last of these in the prompt. Only the rest of the prompt is tokenized on its own: with a chat
template a few characters that are the same for all samples, without one the whole prompt.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple


class Text(NamedTuple):
    """A sample as a model reads it, up to its answer and with it."""

    prompt: str
    whole: str


class Row(NamedTuple):
    """The tokens of a sample.

    Attributes:
        ids: all of them.
        answer: place of the first one of the answer.
    """

    ids: list[int]
    answer: int


class _Anchor(NamedTuple):
    """A place up to which prompt and whole have the same tokens: its character and its token."""

    character: int
    token: int


class Encoder:
    """Tokenizes samples for one model.

    Attributes:
        special: matches the special tokens; None where a text has none or the tokenizer does not tell where they are.
    """

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self.begun = bool(tokenizer.chat_template)  # a template writes the token of the beginning itself
        found = {str(token): number for number, token in tokenizer.added_tokens_decoder.items() if token.special}
        self.numbers = found if self.begun and tokenizer.is_fast else {}
        longest = sorted(map(re.escape, self.numbers), key=len, reverse=True)
        self.special = re.compile("|".join(longest)) if longest else None

    def rows(self, texts: Sequence[Text]) -> Iterator[Row]:
        """Tokenize some samples at once."""
        wholes = self._tokens([text.whole for text in texts])
        anchors = [self._anchor(wholes, place, text) for place, text in enumerate(texts)]
        rests = [text.prompt[anchor.character :] for text, anchor in zip(texts, anchors, strict=True)]
        different = list(dict.fromkeys(rests))
        tokens = dict(zip(different, self._tokens(different)["input_ids"], strict=True))
        for ids, anchor, rest in zip(wholes["input_ids"], anchors, rests, strict=True):
            yield Row(ids, anchor.token + common(tokens[rest], ids[anchor.token :]))

    def _tokens(self, texts: list[str]) -> Any:
        return self.tokenizer(texts, add_special_tokens=not self.begun, verbose=False)

    def _anchor(self, wholes: Any, place: int, text: Text) -> _Anchor:
        """The last special token of a prompt, if the whole has it at the same place; else the beginning."""
        if self.special and text.whole.startswith(text.prompt):
            last = max(self.special.finditer(text.prompt), key=re.Match.start, default=None)
            token = wholes.char_to_token(place, last.start()) if last else None
            if last and token is not None:
                number, span = wholes["input_ids"][place][token], wholes.token_to_chars(place, token)
                if (number, *span) == (self.numbers[last.group()], *last.span()):
                    return _Anchor(last.start(), token)
        return _Anchor(0, 0)


def common(one: list[int], other: list[int]) -> int:
    """Number of tokens with which both begin."""
    if other[: len(one)] == one:
        return len(one)
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (left, right) in pairs if left != right), len(other))
