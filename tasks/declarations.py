"""Faults of a declaration that its types cannot see, each with its cure."""

from collections.abc import Iterator
from pathlib import Path

from schemas.errors import DeclarationError
from schemas.records import KINDS
from schemas.source import Source
from schemas.task import Classes, Coref, Ee, Ned, Ner, PairClasses, Qa, Re, Sts, Sum, Task, Transl, TxtClass
from sources import find, instruction, registry
from tasks import correct
from tasks.parity import paper
from tasks.publish.bibliography import Bibliography

READS: tuple[tuple[type[Task], tuple[str, ...]], ...] = (
    (Ner, ("Document", "Sentence")),
    (Ned, ("Document", "Text")),
    (Re, ("Document",)),
    (Coref, ("Document",)),
    (Ee, ("Document",)),
    (Qa, ("Question",)),
    (PairClasses, ("Pair",)),
    (TxtClass, ("Text",)),
    (Sts, ("Pair",)),
    (Transl, ("Translation",)),
    (Sum, ("Summary",)),
)
"""The record types that a task can be rendered from."""

_FOLDER = Path(__file__).parents[1]


def faults(name: str) -> Iterator[str]:
    """Everything that is wrong with the declaration of a source, in sentences that name the cure."""
    source = find(name)
    if source.id != name:
        yield f"its id is {source.id!r}; a module and its source have one name: rename sources/{name}.py"
    if source.citation not in Bibliography.read().entries:
        yield f"sources/references.bib has no entry {source.citation!r}; add it"
    yield from _unfilled(source)
    for task in source.tasks:
        yield from _task_faults(source, task)
    yield from _strangers(source)


def _unfilled(source: Source) -> Iterator[str]:
    if "TODO" in source.model_dump_json(exclude={"parts": True, "format": True}):
        yield f"a field still says TODO; fill it in: sources/{source.id}.py"


def _task_faults(source: Source, task: Task) -> Iterator[str]:
    if task.name not in paper():
        yield f"{task.name} is not in expectations/paper.csv; a task has the name of its row in Table 11"
    elif paper()[task.name][0] != task.category:
        yield f"{task.name} is {task.category} here and {paper()[task.name][0]} in expectations/paper.csv"
    wanted = next(kinds for kind, kinds in READS if isinstance(task, kind))
    for part in task.reads:
        if (kind := source.format_of(part).kind) not in wanted:
            yield f"{task.name} reads {kind} records of part {part!r}, but wants {' or '.join(wanted)}"
    yield from _text_faults(task)
    if isinstance(task, Classes) and not all(task.classes):
        yield f"{task.name} has an empty label"


def _text_faults(task: Task) -> Iterator[str]:
    if not (_FOLDER / "tests" / "golden" / f"{task.name}.txt").exists():
        yield f"tests/golden/{task.name}.txt is missing; write and read it: make golden"
    try:
        prose = instruction(task)
    except DeclarationError as error:
        yield str(error)
        return
    for label in task.labels if not isinstance(task, Sts) else ():
        if label not in prose:
            yield f"sources/instructions/{task.name}.txt does not name the label {label!r}; say what it means"


def _strangers(source: Source) -> Iterator[str]:
    for correction in correct.load(_FOLDER / "sources" / f"{source.id}.corrections.yml"):
        if correction.part not in source.parts:
            yield f"a correction is for part {correction.part!r}; there are {list(source.parts)}"


def strangers() -> list[str]:
    """Files beside the declarations that belong to no source or task."""
    tasks = {task.name for source in registry().values() for task in source.tasks}
    instructions = (_FOLDER / "sources" / "instructions").glob("*.txt")
    corrections = (_FOLDER / "sources").glob("*.corrections.yml")
    return [
        *(path.name for path in sorted(instructions) if path.stem not in tasks),
        *(path.name for path in sorted(corrections) if path.name.removesuffix(".corrections.yml") not in registry()),
    ]


assert KINDS.keys() >= {kind for _, kinds in READS for kind in kinds}
