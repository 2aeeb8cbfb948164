"""Labels and options in another order: in an instruction, and in the input of a multiple-choice question.

Answers are labels and options themselves, not their letters, so a gold answer is right in any order. Only an answer
that lists several labels in the order of the instruction follows it; where predictions are read it is put back
(`tasks/base/predictions/order.py`).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

_ITEM = re.compile(r'"([^"]+)"(?: \([^()]*\))?')
_BETWEEN = re.compile(r"[,;]? (?:and |or )?")
_BEHIND = re.compile(r"[.;:?!]| in this |$")
_RANKED = re.compile(r"\bfrom \S+ to \S+: $", re.IGNORECASE)
OPTIONS, OPTION = "\nOptions:\n- ", "\n- "
"""What stands before the options of a question and between them, as `tasks/build/render/rows.py` writes them."""


def shuffled(listed: Sequence[str], seed: int, about: str) -> list[str]:
    """Some things in an order other than theirs, if they have one: by the hashes of the seed and each of them.

    Args:
        listed: the things, in their order.
        seed: of the draw.
        about: what else the draw depends on.
    """
    order = sorted(listed, key=lambda each: hashlib.sha256(f"{seed}\x1f{about}\x1f{each}".encode()).digest())
    return order if order != list(listed) else [*order[1:], *order[:1]]


def reordered(question: str, seed: int) -> str:
    """A multiple-choice question with its options in another order; any other text as it is."""
    stem, there, options = question.rpartition(OPTIONS)
    return stem + there + OPTION.join(shuffled(options.split(OPTION), seed, stem)) if there else question


def relisted(instruction: str, labels: Sequence[str]) -> str:
    """An instruction whose lists of labels have them in another order; what it says of single labels stays in place.

    A list is two labels or more with nothing but commas, semicolons, `and` and `or` between them; what stands in
    brackets behind a label moves with it. A list that is ranked in words (`from large to small:`) stays as it is.

    Args:
        instruction: the instruction, with its labels in double quotes.
        labels: the labels in the order wanted.
    """
    rank = {label: place for place, label in enumerate(labels)}
    pieces, end = [], 0
    for found in _lists(instruction, rank):
        for slot, item in zip(found, sorted(found, key=lambda item: rank[item.group(1)]), strict=True):
            pieces += [instruction[end : slot.start()], item.group()]
            end = slot.end()
    return "".join([*pieces, instruction[end:]])


def _lists(text: str, labels: Mapping[str, int]) -> Iterator[list[re.Match[str]]]:
    """The lists of labels in a text. A label that is explained behind it, but not in brackets, belongs to none."""
    items = [item for item in _ITEM.finditer(text) if item.group(1) in labels]
    joined = {one: bool(_BETWEEN.fullmatch(text[one.end() : other.start()])) for one, other in pairwise(items)}
    found: list[re.Match[str]] = []
    for item in items:
        if joined.get(item) or _BEHIND.match(text, item.end()):
            found.append(item)
        if not joined.get(item):
            if len(found) > 1 and not _RANKED.search(text[: found[0].start()]):
                yield found
            found = []
