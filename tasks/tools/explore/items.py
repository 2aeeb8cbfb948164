"""The items of an answer as people look at them: texts of the input, and what the answer says of them."""

from collections.abc import Iterable
from typing import NamedTuple

from medinst_eval.definitions import Definition
from medinst_eval.grammar import answers
from medinst_eval.grammar.brackets import Unparsable
from medinst_eval.grammar.form import Form
from medinst_eval.metrics import reading

FORMS: dict[str, Form] = {
    "entities": answers.Entities(),
    "concepts": answers.Concepts(),
    "relations": answers.Relations(),
    "events": answers.Events(),
    "mentions": answers.Mentions(),
    "tags": answers.Tags(),
}
"""Forms whose answers are lists of items; the others are plain text."""


class Item(NamedTuple):
    """One item of an answer.

    Attributes:
        texts: the texts of the input that it names: a mention, the two ends of a relation, trigger and theme.
        label: what it says of them: a type, concept, relation or event type; empty for a mention alone.
        key: the item in canonical form, as metrics compare it.
        words: of a tagged entity, the numbers of its first word and of the one behind its last.
    """

    texts: tuple[str, ...]
    label: str
    key: tuple[str, ...]
    words: tuple[int, int] | None = None


class Read(NamedTuple):
    """An answer as it is read.

    Attributes:
        items: its items; none of a plain answer.
        fault: why the grammar cannot read it; empty where it can.
        plain: whether answers of this form have no items.
    """

    items: tuple[Item, ...]
    fault: str = ""
    plain: bool = False


def read(form: str, answer: str) -> Read:
    """Read a gold answer by the grammar.

    Args:
        form: name of the task's answer form.
        answer: the answer.
    """
    if form not in FORMS:
        return Read((), plain=True)
    try:
        labels = FORMS[form].parse(" ".join(answer.split()) if form == "tags" else answer)
    except Unparsable as error:
        return Read((), fault=str(error))
    if form == "tags":
        return Read(tuple(tagged([tag.word for tag in labels], [tag.tag for tag in labels])))
    return Read(tuple(of_texts(form, (label,) if isinstance(label, str) else tuple(label)) for label in labels))


def of_texts(form: str, texts: tuple[str, ...]) -> Item:
    """An item of its texts in the order of the form."""
    key = tuple(map(reading.canonical, texts))
    if form == "mentions" or len(texts) == 1:
        return Item(texts[:1], "", key)
    if len(texts) == 2:
        return Item(texts[:1], texts[1], key)
    label, ends = (texts[0], texts[1:]) if form == "events" else (texts[1], (texts[0], texts[2]))
    return Item(ends, label, key)


def tagged(words: list[str], tags: Iterable[str | None]) -> list[Item]:
    """The tagged entities of a sentence."""
    spans = sorted(reading.spans(list(tags)))
    return [
        Item((text := " ".join(words[start:end]),), "", (str(start), str(end), reading.canonical(text)), (start, end))
        for start, end in spans
    ]


def directed(definition: Definition, item: Item) -> Item:
    """An item whose key is equal for both directions of a relation that has none."""
    undirected = {reading.canonical(name) for name in definition.symmetric}
    if definition.form != "relations" or len(item.key) != 3 or item.key[1] not in undirected:
        return item
    first, name, second = item.key
    return item._replace(key=(min(first, second), name, max(first, second)))
