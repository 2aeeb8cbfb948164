"""Names that training samples mark, found again in texts."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from medinst_eval.grammar import answers
from medinst_eval.grammar.brackets import NOTHING
from medinst_eval.grammar.labels import Entity
from medinst_eval.rewards.attacks import Sample

Way = Callable[[Sample], str]

TOKEN = re.compile(r"\w+|[^\w\s]")
LONGEST = 6
"""Words of the longest name that is looked up."""

FORMS = {
    "entities": answers.Entities(),
    "concepts": answers.Concepts(),
    "relations": answers.Relations(),
    "events": answers.Events(),
    "mentions": answers.Mentions(),
}


class Names:
    """Names in texts, each with its most frequent label, if a text that has it mostly marks it."""

    def __init__(self, marked: Sequence[tuple[str, Sequence[tuple[str, str]]]], share: float) -> None:
        """Learn names.

        Args:
            marked: texts, each with its names and their labels.
            share: of the occurrences of a name that have to be marked.
        """
        labels: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for _, names in marked:
            for name, label in names:
                labels[key(name)][label] += 1
        sizes = _sizes(labels)
        seen = Counter(gram for text, _ in marked for _, _, gram in _grams(text, labels, sizes))
        self.labels = {
            name: counts.most_common(1)[0][0]
            for name, counts in labels.items()
            if name and counts.total() >= share * seen[name]
        }
        self._sizes = _sizes(self.labels)

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Start, end and label of the names in a text; of those that overlap, the first and longest."""
        found: list[tuple[int, int, str]] = []
        for start, end, gram in sorted(_grams(text, self.labels, self._sizes), key=lambda each: (each[0], -each[1])):
            if not found or start >= found[-1][1]:
                found.append((start, end, self.labels[gram]))
        return found


def key(text: str) -> tuple[str, ...]:
    """A name as it is looked up."""
    return tuple(TOKEN.findall(text.casefold()))


def _sizes(names: Iterable[tuple[str, ...]]) -> dict[str, int]:
    """The first words of names, each with the number of words of the longest of them."""
    found: dict[str, int] = {}
    for name in names:
        if name:
            found[name[0]] = max(found.get(name[0], 0), min(len(name), LONGEST))
    return found


def _grams(
    text: str, names: Container[tuple[str, ...]], sizes: Mapping[str, int]
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    starts, ends, words = _tokens(text)
    for place, word in enumerate(words):
        for size in range(1, min(sizes.get(word, 0), len(words) - place) + 1):
            if (gram := words[place : place + size]) in names:
                yield starts[place], ends[place + size - 1], gram


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[tuple[int, ...], tuple[int, ...], tuple[str, ...]]:
    found = list(TOKEN.finditer(text))
    spans = [match.span() for match in found]
    words = tuple(match.group().casefold() for match in found)
    return tuple(start for start, _ in spans), tuple(end for _, end in spans), words


def parsed(sample: Sample, kind: str) -> list:
    """The items of a right answer."""
    return list(FORMS[kind].parse(sample.output))


def named(training: Sequence[Sample], kind: str) -> Way:
    """Mark the names of the training set."""
    names = Names([(sample.input, parsed(sample, kind)) for sample in training], share=0.5)

    def way(sample: Sample) -> str:
        return FORMS[kind].write([Entity(sample.input[a:b], label) for a, b, label in names.find(sample.input)])

    return way


def phrases(training: Sequence[Sample]) -> Way:
    """Give a phrase what the training set gives it; an unknown one what its last word has."""
    whole: dict[str, str] = {}
    last: dict[str, str] = {}
    for sample in training:
        concept = sample.output.rpartition(" <")[2]
        text = _asked(sample.input).casefold()
        whole.setdefault(text, concept)
        last.setdefault(text.split()[-1] if text.split() else "", concept)

    def way(sample: Sample) -> str:
        text = _asked(sample.input)
        end = text.casefold().split()[-1] if text.split() else ""
        concept = whole.get(text.casefold()) or last.get(end)
        return f"[{text} <{concept}" if concept else NOTHING

    return way


def _asked(text: str) -> str:
    """The phrase that is asked about: what is marked, or the whole input."""
    marked = re.search(r"\[\[(.+?)\]\]", text)
    return marked.group(1) if marked else text.strip()


def tagged(training: Sequence[Sample]) -> Way:
    """Tag the names of the training set."""
    marked = []
    for sample in training:
        names, words = [], answers.Tags().parse(sample.output)
        for word, tag in words:
            if tag == "B" or (tag == "I" and not names):
                names.append([word])
            elif tag == "I":
                names[-1].append(word)
        marked.append((" ".join(word for word, _ in words), [(" ".join(name), "B") for name in names]))
    names = Names(marked, share=0.5)

    def way(sample: Sample) -> str:
        found, place = names.find(sample.input), 0
        tags = []
        for word in sample.input.split():
            start = sample.input.index(word, place)
            place = start + len(word)
            span = next((span for span in found if span[0] < place and start < span[1]), None)
            tags.append(f"{word} [{'O' if span is None else 'B' if span[0] >= start else 'I'}]")
        return " ".join(tags)

    return way
