"""Faults of instructions: what makes a wording incomplete, hard to follow or like another, each with its cure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Indel

from schemas.errors import DeclarationError
from schemas.task import WORDINGS, Classes, Ned, Ner, Qa, Task, Wording
from sources import folders, instruction, instruction_file, tasks
from tasks.build.render.renderers import form
from tasks.tools.declare.english import odd

WORDS: dict[Wording, tuple[int, int]] = {"standard": (25, 60), "short": (8, 30), "guideline": (60, 140)}
"""Fewest and most words of its own that a wording has: those in quoted labels are not counted."""
MEANING: dict[Wording, int] = {"standard": 10, "short": 4, "guideline": 10}
"""Words that each label may add to the most, to say what it means; a database twice as many, for its identifiers."""

ALIKE_WORDINGS, ALIKE_TASKS = 0.6, 0.8
"""Share of words in common, in the same order, from which on two wordings of a task, or two tasks, read alike."""

_MARKUP = re.compile(r"[{}`*#~]|(?<!\w)_|_(?!\w)|\]\(|</?[a-z]+>")


class Place(NamedTuple):
    """Where a wording of a task is."""

    task: str
    wording: Wording

    def __str__(self) -> str:
        return f"sources/instructions/{self.task}/{self.wording}.txt"


def wording_faults(task: Task, wording: Wording) -> Iterator[str]:
    """What is wrong with a wording of a task's instruction, in sentences that name the cure."""
    place = Place(task.name, wording)
    try:
        prose = instruction(task, wording)
    except DeclarationError as error:
        yield str(error)
        return
    raw = instruction_file(task, wording).read_text(encoding="utf-8")
    yield from (f"{place} {fault}" for fault in prose_faults(task, wording, prose))
    if "  " in raw or "\t" in raw:
        yield f"{place} has a tab or several spaces in a row; leave one space"
    for other in _all_alike().get(place, ()):
        yield f"{place} has nearly the words of {other}; write it in another way, or say what sets the task apart"


def prose_faults(task: Task, wording: Wording, prose: str) -> Iterator[str]:
    """What is wrong with a text, to be said after its place."""
    meaning = MEANING[wording] * len(task.named) * (2 if isinstance(task, Ned) else 1)
    fewest, most = WORDS[wording][0], WORDS[wording][1] + meaning
    if not fewest <= (words := len(own_words(prose, task.named))) <= most:
        yield f"has {words} words of its own, labels not counted; write {fewest} to {most}"
    yield from _label_faults(task, wording, prose)
    yield from odd(_without(prose, task.named))
    if found := _MARKUP.search(prose):
        yield f"has the markup {found[0]!r}; write plain words"
    if not prose.endswith((".", "?")):
        yield "does not end with a full stop or a question mark; add it"


def _label_faults(task: Task, wording: Wording, prose: str) -> Iterator[str]:
    """Labels that the wording does not name, or not as answers have them."""
    if isinstance(task, Ned) or (isinstance(task, Ner) and task.answer == "bio"):
        # The name of a database stands out by itself, and tags do not say a type: neither needs quotes.
        if missing := unnamed(prose, task.named):
            yield f"does not name {', '.join(map(repr, missing))}; say what it is for"
        return
    choice = isinstance(task, Classes | Qa)
    # The answer form of a choice lists the labels, which is enough for the short wording.
    listed = form(task).sentence if choice and wording == "short" else ""
    if missing := [label for label in task.named if f'"{label}"' not in f"{prose} {listed}"]:
        yield f"does not name {', '.join(map(repr, missing))} in double quotes; say what each means"
    elif isinstance(task, Classes) and task.multiple:
        places = [prose.index(f'"{label}"') for label in task.labels]
        if places != sorted(places):
            yield f"names the labels in another order than answers have them; write {', '.join(task.labels)}"


def unnamed(prose: str, labels: Iterable[str]) -> list[str]:
    """The labels that a text does not name as whole words; one within a longer label counts for that label only."""
    missing: list[str] = []
    for label in sorted(labels, key=len, reverse=True):
        prose, found = re.subn(rf"(?<!\w){re.escape(label)}(?!\w)", "\0", prose)
        if not found:
            missing.append(label)
    return missing


def own_words(prose: str, labels: Iterable[str] = ()) -> list[str]:
    """The words of a text without the labels that it quotes."""
    return [word for word in _without(prose, labels).split() if any(map(str.isalnum, word))]


def _without(prose: str, labels: Iterable[str]) -> str:
    for label in labels:
        prose = prose.replace(f'"{label}"', " ")
    return prose


def alike(texts: Mapping[Place, str]) -> dict[Place, list[Place]]:
    """Wordings that have most of their words in common with others, in the same order."""
    signs: dict[str, str] = {}  # a character for each word: texts of these are compared at once
    names = list(texts)
    spelt = [
        "".join(signs.setdefault(word, chr(0x10000 + len(signs))) for word in text.split()) for text in texts.values()
    ]
    shares = process.cdist(spelt, spelt, scorer=Indel.normalized_similarity)
    found: dict[Place, list[Place]] = {}
    for one, name in enumerate(names):
        for other in (shares[one] >= min(ALIKE_WORDINGS, ALIKE_TASKS)).nonzero()[0]:
            limit = ALIKE_WORDINGS if names[other].task == name.task else ALIKE_TASKS
            if one != other and shares[one][other] >= limit:
                found.setdefault(name, []).append(names[other])
    return found


def _all_alike() -> dict[Place, list[Place]]:
    return _alike_with(folders())


@cache
def _alike_with(_folders: tuple[Path, ...]) -> dict[Place, list[Place]]:
    """The wordings of all tasks that are alike, while some folders of one's own are in use."""
    texts: dict[Place, str] = {}
    for name, (_, task) in tasks().items():
        for wording in WORDINGS:
            if instruction_file(task, wording).exists():
                prose = instruction(task, wording).casefold()
                texts[Place(name, wording)] = " ".join(own_words(prose, map(str.casefold, task.named)))
    return alike(texts)
