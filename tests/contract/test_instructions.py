"""Every declared task has an instruction of its own that names each label an answer can hold."""

import re
from collections.abc import Sequence

import pytest

from sources import FOLDER, tasks

INSTRUCTIONS = FOLDER / "instructions"
NAMES = sorted(tasks())
SHORTEST, LONGEST = 25, 180
MANY = 100
"""Labels, from which on they are not counted: the types of an ontology are more words than an instruction may have."""
MARKUP = re.compile(r"[{}`*_#~]|\]\(|</?[a-z]")


def raw(name: str) -> str:
    path = INSTRUCTIONS / name / "standard.txt"
    assert path.is_file(), f"sources/instructions/{name}/standard.txt is missing. Write in it what the task asks."
    return path.read_text(encoding="utf-8")


def prose(name: str) -> str:
    return " ".join(raw(name).split())


def unnamed(text: str, labels: Sequence[str]) -> list[str]:
    """The labels that do not occur as whole words; one within a longer label counts for that label only."""
    missing = []
    for label in sorted(labels, key=len, reverse=True):
        text, found = re.subn(rf"(?<!\w){re.escape(label)}(?!\w)", "\0", text)
        if not found:
            missing.append(label)
    return missing


@pytest.mark.parametrize("name", NAMES)
def test_has_a_fitting_length(name: str) -> None:
    words, labels = len(prose(name).split()), tasks()[name][1].labels
    longest = LONGEST + (sum(len(label.split()) for label in labels) if len(labels) > MANY else 0)
    assert SHORTEST <= words <= longest, (
        f"sources/instructions/{name}/standard.txt has {words} words. Write {SHORTEST} to {longest}."
    )


@pytest.mark.parametrize("name", NAMES)
def test_names_every_label(name: str) -> None:
    missing = unnamed(prose(name), tasks()[name][1].labels)
    assert not missing, (
        f"sources/instructions/{name}/standard.txt does not name {missing}. Write each label as it is spelt in "
        f"sources/{tasks()[name][0].id}.py, or correct it there."
    )


@pytest.mark.parametrize("name", NAMES)
def test_is_plain_prose(name: str) -> None:
    text = raw(name)
    found = MARKUP.search(text)
    assert found is None, f"sources/instructions/{name}/standard.txt has the markup {found[0]!r}. Write plain words."
    assert "  " not in text, f"sources/instructions/{name}/standard.txt has double blanks. Keep one of each."
    assert "\t" not in text, f"sources/instructions/{name}/standard.txt has a tab. Put a blank in its place."
    assert prose(name).endswith("."), f"sources/instructions/{name}/standard.txt ends without a full stop. Add it."


@pytest.mark.parametrize("name", NAMES)
def test_is_like_no_other(name: str) -> None:
    same = [other for other in NAMES if other != name and prose(other).casefold() == prose(name).casefold()]
    assert not same, f"sources/instructions/{name}/standard.txt has the text of {same}. Say what sets the task apart."


def test_every_file_belongs_to_a_task() -> None:
    strays = sorted({path.name for path in INSTRUCTIONS.iterdir()} - {*NAMES})
    assert not strays, f"sources/instructions holds {strays}, which no task uses. Rename or delete them."


def test_labels_within_longer_ones_are_told_apart() -> None:
    assert unnamed("it is not entailed", ("entailed", "not entailed")) == ["entailed"]
    assert unnamed("entailed or not entailed", ("entailed", "not entailed")) == []
    assert unnamed("cellular", ("cell",)) == ["cell"]
