"""The encoder's network: words and their characters, read in both directions, then a score for each tag or label.

The design is that of Ma and Hovy (2016) without pretrained word vectors.
"""

from typing import Any, NamedTuple

import torch  # pyright: ignore[reportMissingImports]
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence  # pyright: ignore[reportMissingImports]


class Sizes(NamedTuple):
    """The size of each layer, in numbers a word.

    Attributes:
        words: words in the vocabulary, with those for padding and for unknown ones.
        characters: the same for characters.
        outputs: tags or labels.
    """

    words: int
    characters: int
    outputs: int
    word: int = 100
    character: int = 30
    spelling: int = 60
    hidden: int = 100


class Network(torch.nn.Module):
    """The scores of the outputs for each word, or for each text.

    Args:
        sizes: of the layers.
        per_word: whether each word has an output; else the text has one.
        dropout: share of the numbers between layers that are left out in training.
    """

    def __init__(self, sizes: Sizes, per_word: bool, dropout: float) -> None:
        super().__init__()
        nn = torch.nn
        self.per_word = per_word
        self.words = nn.Embedding(sizes.words, sizes.word, padding_idx=0)
        self.characters = nn.Embedding(sizes.characters, sizes.character, padding_idx=0)
        self.spelling = nn.Conv1d(sizes.character, sizes.spelling, kernel_size=3, padding=1)
        self.reading = nn.LSTM(sizes.word + sizes.spelling, sizes.hidden, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(dropout)
        self.outputs = nn.Linear(2 * sizes.hidden * (1 if per_word else 2), sizes.outputs)

    def forward(self, words: Any, characters: Any, there: Any) -> Any:
        """Score texts.

        Args:
            words: their numbers, shape (texts, words); 0 is padding.
            characters: of each word, shape (texts, words, characters).
            there: whether a word is one and no padding, shape (texts, words).

        Returns:
            shape (texts, words, outputs), or (texts, outputs).
        """
        texts, longest, letters = characters.shape
        seen = self.characters(characters.view(texts * longest, letters)).transpose(1, 2)
        spelled = torch.relu(self.spelling(seen)).amax(dim=2).view(texts, longest, -1)
        known = self.dropout(torch.cat([self.words(words), spelled], dim=2))
        packed = pack_padded_sequence(known, there.sum(dim=1), batch_first=True, enforce_sorted=False)
        read, _ = pad_packed_sequence(self.reading(packed)[0], batch_first=True, total_length=longest)
        if self.per_word:
            return self.outputs(self.dropout(read))
        mean = read.sum(dim=1) / there.sum(dim=1, keepdim=True)
        most = read.masked_fill(~there[:, :, None], -torch.inf).amax(dim=1)
        return self.outputs(self.dropout(torch.cat([mean, most], dim=1)))
