"""Faults of a declaration that types cannot catch, each with its cure."""

import re
from collections.abc import Iterator

import polars as pl

import sources
from schemas.records import KINDS
from schemas.source import Source
from schemas.task import (
    WORDINGS,
    Classes,
    Coref,
    Ee,
    Ned,
    Ner,
    PairClasses,
    Qa,
    Re,
    Sts,
    Sum,
    Task,
    Transl,
    TxtClass,
    Typed,
)
from sources import find, registry
from tasks.base.licences.bibliography import Bibliography
from tasks.base.paper.parity import paper
from tasks.build.read import correct
from tasks.build.render.document import patterns
from tasks.tools.declare.wordings import wording_faults

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

TODO = "TODO"
"""What `medinst new-source` writes where a person has to know something."""

_FOLDER = sources.FOLDER.parent


def faults(name: str) -> Iterator[str]:
    """Everything that is wrong with the declaration of a source, in sentences that name the cure."""
    source = find(name)
    if source.id != name:
        yield f"its id is {source.id!r}; a module and its source have one name: rename sources/{name}.py"
    yield from _unfilled(source)
    yield from _miniature_faults(source)
    yield from _address_faults(source)
    yield from _unused(source)
    yield from _document_faults(source)
    for task in source.tasks:
        yield from _task_faults(source, task)
        yield from _label_faults(task)
        yield from _text_faults(task)
    yield from _strangers(source)


def _unfilled(source: Source) -> Iterator[str]:
    """What still waits for a person in the texts of a source, line by line."""
    module = _FOLDER / "sources" / f"{source.id}.py"
    folders = [_FOLDER / "sources" / "instructions" / task.name for task in source.tasks]
    texts = [folder / f"{wording}.txt" for folder in folders for wording in WORDINGS]
    for path in (module, *texts):
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else ()
        for number, line in enumerate(lines, 1):
            if TODO in line:
                yield f"{path.relative_to(_FOLDER)}:{number} still says {TODO}; fill it in: {line.strip()}"
    entries = Bibliography.read().entries
    if source.citation not in entries:
        yield f"sources/references.bib has no entry {source.citation!r}; add it, sorted by key"
    elif TODO in entries[source.citation]:
        yield f"sources/references.bib still says {TODO} in the entry {source.citation!r}; fill it in"


def _miniature_faults(source: Source) -> Iterator[str]:
    folder = _FOLDER / "demo" / source.id
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if not files:
        yield f"demo/{source.id}/ has no files; put a miniature in the true layout there, every word of it invented"
    for path in files:
        if TODO.encode() in path.read_bytes():
            yield f"{path.relative_to(_FOLDER)} still says {TODO}; put invented records in the true layout there"


def _address_faults(source: Source) -> Iterator[str]:
    places = {"homepage": source.homepage, "evidence.url": source.evidence.url, "apply": source.apply}
    for field, place in places.items():
        if place is not None and re.match(r"https?://\S+$", place) is None:
            yield f"{field} is {place!r}; write the address of a page, with https://"
    for file in source.files:
        for url in source.urls(file):
            if re.match(r"[a-z][a-z0-9+]*://\S+$", url) is None:
                yield f"the file {file!r} has the address {url!r}; write it whole, with https://"
        if not source.urls(file) and source.access == "open":
            yield f"the file {file!r} has no address; give one, or say how the file is had: access"


def _unused(source: Source) -> Iterator[str]:
    read = {member.split("!")[0] for part in source.parts.values() for member in part.members}
    for file in sorted(set(source.files) - read):
        yield f"no part reads the file {file!r}; name it in a part, or remove it"
    asked = {part for task in source.tasks for part in task.reads}
    for part in sorted(set(source.parts) - asked):
        yield f"no task reads the part {part!r}; name it in a task, or remove it"


def _document_faults(source: Source) -> Iterator[str]:
    for part in source.parts:
        if source.documents_of(part) is None:
            yield f"nothing says from which documents part {part!r} is; add `documents`: what names them, or why none"
    declared = {pattern for part in source.parts for pattern, _ in patterns(source, part)}
    for pattern in sorted(declared):
        if (groups := re.compile(pattern).groups) != 1:
            yield f"`documents` has {pattern!r} with {groups} groups; leave one, around the identifier: (?:…) is none"
        try:
            pl.Series(["x"]).str.extract(pattern)
        except pl.exceptions.ComputeError:
            yield f"`documents` has {pattern!r}, which Polars cannot run; write it without look-around and references"


def _task_faults(source: Source, task: Task) -> Iterator[str]:
    if task.name not in paper():
        yield f"{task.name} is not in expectations/paper.csv; a task has the name of its row in Table 11"
    elif paper()[task.name][0] != task.category:
        yield f"{task.name} is {task.category} here and {paper()[task.name][0]} in expectations/paper.csv"
    owners = [other.id for other in registry().values() for each in other.tasks if each.name == task.name]
    if len(owners) > 1:
        yield f"{task.name} is declared {len(owners)} times, by {', '.join(owners)}; keep one"
    wanted = next(kinds for kind, kinds in READS if isinstance(task, kind))
    for part in task.reads:
        if (kind := source.format_of(part).kind) not in wanted:
            yield f"{task.name} reads {kind} records of part {part!r}, but wants {' or '.join(wanted)}"


def _label_faults(task: Task) -> Iterator[str]:
    """Labels that the answer grammar could not write, or not read again."""
    forbidden = ("[", "]", "<", ">", "\\", "/") if isinstance(task, Ned) else ("[", "]", "<", ">", "\\")
    if isinstance(task, Classes | Qa):
        forbidden = (", ",)
    for label in task.labels:
        for sign in forbidden:
            if sign in label:
                yield f"{task.name} has a label with {sign!r}, which answers need for themselves: rename {label!r}"
    if isinstance(task, Typed) and (both := sorted(set(task.types) & set(task.ignore))):
        yield f"{task.name} declares and ignores {both}; remove them from `types` or from `ignore`"


def _text_faults(task: Task) -> Iterator[str]:
    if not (_FOLDER / "tests" / "golden" / f"{task.name}.txt").exists():
        yield f"tests/golden/{task.name}.txt is missing; write and read it: make golden"
    for wording in WORDINGS:
        yield from wording_faults(task, wording)


def _strangers(source: Source) -> Iterator[str]:
    for correction in correct.load(_FOLDER / "sources" / f"{source.id}.corrections.yml"):
        if correction.part not in source.parts:
            yield f"a correction is for part {correction.part!r}; there are {list(source.parts)}"


def strangers() -> list[str]:
    """Files beside the declarations that belong to no source or task, each with its cure."""
    tasks = {task.name for source in registry().values() for task in source.tasks}
    instructions = (_FOLDER / "sources" / "instructions").glob("*/*")
    wordings = [f"{wording}.txt" for wording in WORDINGS]
    corrections = (_FOLDER / "sources").glob("*.corrections.yml")
    golden = (_FOLDER / "tests" / "golden").glob("*.txt")
    miniatures = (path for path in (_FOLDER / "demo").glob("*") if path.is_dir())
    strays = [
        *(path for path in sorted(instructions) if path.parent.name not in tasks or path.name not in wordings),
        *(path for path in sorted(corrections) if path.name.removesuffix(".corrections.yml") not in registry()),
        *(path for path in sorted(golden) if path.stem not in tasks),
        *(path for path in sorted(miniatures) if path.name not in registry()),
    ]
    return [f"{path.relative_to(_FOLDER)} belongs to no source or task; rename or delete it" for path in strays]


assert KINDS.keys() >= {kind for _, kinds in READS for kind in kinds}
