"""A linear-chain conditional random field (Lafferty et al., 2001) over what an encoder says of each word."""

from typing import Any

import torch  # pyright: ignore[reportMissingImports]


class Crf(torch.nn.Module):
    """Learned scores of neighbouring tags, beside those that may not follow each other.

    Args:
        pairs: 0 where the second tag may follow the first, else very low; shape (tags, tags).
        first: the same for the tag of the first word; shape (tags,).
    """

    def __init__(self, pairs: Any, first: Any) -> None:
        super().__init__()
        self.pairs = torch.nn.Parameter(torch.zeros(len(first), len(first)))
        self.first = torch.nn.Parameter(torch.zeros(len(first)))
        self.register_buffer("may", torch.tensor(pairs, dtype=torch.float32))
        self.register_buffer("may_begin", torch.tensor(first, dtype=torch.float32))

    def learned(self) -> tuple[Any, Any]:
        """The scores of pairs and of first tags, with what may not be."""
        return self.pairs + self.may, self.first + self.may_begin

    def loss(self, scores: Any, tags: Any, there: Any) -> Any:
        """Minus the log likelihood of the right tags, the mean over texts.

        Args:
            scores: of each word's tags, shape (texts, words, tags).
            tags: the right ones, shape (texts, words).
            there: whether a word is one and no padding, shape (texts, words); each text has a first word.
        """
        pairs, first = self.learned()
        whole = first + scores[:, 0]
        right = whole.gather(1, tags[:, :1]).squeeze(1)
        for place in range(1, scores.shape[1]):
            here, now, before = there[:, place], tags[:, place], tags[:, place - 1]
            step = scores[:, place].gather(1, now[:, None]).squeeze(1) + pairs[before, now]
            right = right + step * here
            reached = torch.logsumexp(whole[:, :, None] + pairs, dim=1) + scores[:, place]
            whole = torch.where(here[:, None], reached, whole)
        return (torch.logsumexp(whole, dim=1) - right).mean()
