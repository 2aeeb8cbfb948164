"""Every declared task has an instruction in three wordings, each complete and in plain English."""

from collections.abc import Mapping

import pytest

from schemas.task import (
    STANDARD,
    WORDINGS,
    Ned,
    Ner,
    Qa,
    Sts,
    Task,
    TxtClass,
    Wording,
)
from sources import FOLDER, tasks
from tasks.build.render.renderers import form
from tasks.tools.declare.wordings import Place, alike, own_words, prose_faults, unnamed, wording_faults

NAMES = sorted(tasks())


@pytest.mark.parametrize("wording", WORDINGS)
@pytest.mark.parametrize("name", NAMES)
def test_the_wording_has_no_fault(name: str, wording: Wording) -> None:
    found = list(wording_faults(tasks()[name][1], wording))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_the_answer_form_is_an_answer(name: str) -> None:
    answers = form(tasks()[name][1])
    if answers.example:
        assert answers.example in answers.sentence
        assert answers.write(answers.parse(answers.example)) == answers.example
    else:
        assert "e.g." not in answers.sentence


def test_every_form_with_brackets_has_an_example() -> None:
    without = {form(task).name for _, task in tasks().values() if not form(task).example}
    assert without == {"labels", "score", "text"}


def test_every_file_belongs_to_a_task() -> None:
    files = {f"{path.parent.name}/{path.name}" for path in (FOLDER / "instructions").rglob("*") if path.is_file()}
    strays = sorted(files - {f"{name}/{wording}.txt" for name in NAMES for wording in WORDINGS})
    assert not strays, f"sources/instructions holds {strays}, which no task uses. Rename or delete them."


# The faults themselves: each is found, and says what to do.

NER = Ner(name="T", types={"G": "gene", "D": "disease"})
ONE = TxtClass(name="T", classes={"A": "air", "B": "hot air"})
MANY = TxtClass(name="T", classes={"A": "air", "B": "hot air"}, multiple=True)
GOOD = 'Choose "air" or "hot air" for this text, whichever its author seems to mean.'


def faults_of(prose: str, task: Task = ONE, wording: Wording = "short") -> list[str]:
    return list(prose_faults(task, wording, prose))


def test_a_good_wording_has_no_fault() -> None:
    assert faults_of(GOOD) == []


@pytest.mark.parametrize(
    ("prose", "words"),
    [
        ('Choose "air" or "hot air".', "has 2 words of its own, labels not counted; write 8 to 38"),
        (f"{GOOD} {'Think twice. ' * 20}", "has 51 words of its own, labels not counted; write 8 to 38"),
        (f"{GOOD} Several are parted by commas.", "says 'parted by'; write plain English, such as 'separated by'"),
        (f"{GOOD} Judge it as it stands.", "says 'as it stands'"),
        (f"{GOOD} A guess is no answer.", "says 'is no answer'; write plain English, such as 'is not a …'"),
        (f"{GOOD} The text bears the choice out.", "says 'bears the choice out'"),
        (f"{GOOD} The text is tokenised.", "spells 'tokenised' the British way"),
        (f"{GOOD} It may be about tumours.", "spells 'tumours' the British way"),
        (f"{GOOD} Do *not* guess.", "has the markup '*'; write plain words"),
        (f"{GOOD} Choose <b>one.", "has the markup '<b>'; write plain words"),
        (GOOD.removesuffix("."), "does not end with a full stop or a question mark; add it"),
    ],
)
def test_odd_prose_is_found(prose: str, words: str) -> None:
    assert any(fault.startswith(words) for fault in faults_of(prose)), faults_of(prose)


@pytest.mark.parametrize(
    "prose",
    [
        "There is no context, so use what you know about the analyses of this organism and its size.",
        "The illness might be it, however precise the otherwise comprised exercise of the author may be.",
        "Choose @cite_5 where the author is no longer sure, and leave the other markers out of it.",
    ],
)
def test_good_prose_is_left_alone(prose: str) -> None:
    assert faults_of(prose, Qa(name="T")) == []


LABELS: Mapping[str, tuple[str, Task, Wording, str]] = {
    "unquoted": (
        "Find each gene and each disease that this text mentions.",
        NER,
        "short",
        "does not name 'gene', 'disease' in double quotes; say what each means",
    ),
    "part of another": ('Mark the text as "hot air" if its author says nothing at all.', ONE, STANDARD, "'air'"),
    "another order": (
        'Which apply to the text in the opinion of its author: "hot air" or "air"?',
        MANY,
        "short",
        "names the labels in another order than answers have them; write air, hot air",
    ),
    "several, not in the form": (
        "Which of the known kinds of air apply to this text?",
        MANY,
        "short",
        "does not name 'air', 'hot air' in double quotes",
    ),
    "database": (
        "Link each gene that the text mentions to its identifier.",
        Ned(name="T", databases=("MeSH",)),
        "short",
        "does not name 'MeSH'; say what it is for",
    ),
    "type of tagged words": (
        "Tag each protein that this tokenized sentence mentions by name.",
        Ner(name="T", types={"G": "gene"}, answer="bio"),
        "short",
        "does not name 'gene'; say what it is for",
    ),
}


@pytest.mark.parametrize("case", LABELS)
def test_a_missing_label_is_found(case: str) -> None:
    prose, task, wording, words = LABELS[case]
    assert any(words in fault for fault in faults_of(prose, task, wording)), faults_of(prose, task, wording)


def test_the_short_wording_leaves_a_choice_to_the_answer_form() -> None:
    prose = "Decide which kind of air the author of this text means."
    assert faults_of(prose, ONE, "short") == []
    assert any("does not name" in fault for fault in faults_of(prose, ONE, "standard"))


def test_scores_need_no_names() -> None:
    assert faults_of("How similar are these two sentences in their meaning?", Sts(name="T", scale=(0, 1))) == []


def test_labels_are_not_counted_as_words() -> None:
    assert own_words('Choose "hot air" - or "air" (a gas).', ("air", "hot air")) == ["Choose", "or", "(a", "gas)."]


def test_labels_within_longer_ones_are_told_apart() -> None:
    assert unnamed("it is not entailed", ("entailed", "not entailed")) == ["entailed"]
    assert unnamed("entailed or not entailed", ("entailed", "not entailed")) == []
    assert unnamed("cellular", ("cell",)) == ["cell"]


def test_near_duplicates_are_found_within_a_task_and_between_tasks() -> None:
    first = "find each gene that the title and the abstract of this article mention"
    near = "find each gene which the title and the abstract of this paper mention"
    far = "find each disease that the title and the abstract of an old article on moths mention"
    other = "tag the words"
    a, b, c, d = (Place("A", "standard"), Place("B", "standard"), Place("A", "short"), Place("C", "short"))
    assert alike({a: first, b: near, d: other}) == {a: [b], b: [a]}
    assert alike({a: first, b: far, d: other}) == {}  # between tasks this much may be the same
    assert alike({a: first, c: far, d: other}) == {a: [c], c: [a]}  # but not between wordings
