"""Faults of a declaration that types cannot catch, each with its cure."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

import sources
from schemas.records import KINDS
from schemas.source import Source, file_of
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
from tasks.base.licences.bibliography import REFERENCES, Bibliography
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


class Home(NamedTuple):
    """Where what belongs to a source lies.

    Attributes:
        top: what paths in messages begin after.
        declared: modules, instructions, corrections and citations.
        demo: miniatures.
        golden: golden samples; None where none are asked for.
    """

    top: Path
    declared: Path
    demo: Path
    golden: Path | None

    def shown(self, path: Path) -> str:
        """A path as messages name it."""
        return path.relative_to(self.top).as_posix()


def _checkout() -> Home:
    return Home(_FOLDER, _FOLDER / "sources", _FOLDER / "demo", _FOLDER / "tests" / "golden")


def _elsewhere(folder: Path) -> Home:
    return Home(folder, folder, folder / "demo", None)


def _home(source: Source) -> Home:
    return _elsewhere(sources.home(source.id)) if source.own else _checkout()


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
        yield from _text_faults(source, task)
    yield from _strangers(source)


def _unfilled(source: Source) -> Iterator[str]:
    """What still waits for a person in the texts of a source, line by line."""
    home = _home(source)
    module = home.declared / f"{source.id}.py"
    folders = [home.declared / "instructions" / task.name for task in source.tasks]
    texts = [folder / f"{wording}.txt" for folder in folders for wording in WORDINGS]
    for path in (module, *texts):
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else ()
        for number, line in enumerate(lines, 1):
            if TODO in line:
                yield f"{home.shown(path)}:{number} still says {TODO}; fill it in: {line.strip()}"
    entries, references = Bibliography.read().entries, home.shown(home.declared / REFERENCES)
    if source.citation not in entries:
        yield f"{references} has no entry {source.citation!r}; add it, sorted by key"
    elif TODO in entries[source.citation]:
        yield f"{references} still says {TODO} in the entry {source.citation!r}; fill it in"


def _miniature_faults(source: Source) -> Iterator[str]:
    home = _home(source)
    files = sorted(path for path in (home.demo / source.id).rglob("*") if path.is_file())
    if not files:
        yield f"demo/{source.id}/ has no files; put a miniature in the true layout there, every word of it invented"
    for path in files:
        if TODO.encode() in path.read_bytes():
            yield f"{home.shown(path)} still says {TODO}; put invented records in the true layout there"


def _address_faults(source: Source) -> Iterator[str]:
    public = {"homepage": source.homepage, "evidence.url": source.evidence.url, "apply": source.apply}
    places = {} if source.stays else public
    for field, place in places.items():
        if place is not None and re.match(r"https?://\S+$", place) is None:
            yield f"{field} is {place!r}; write the address of a page, with https://"
    for file in source.files:
        for url in source.urls(file):
            if re.match(r"[a-z][a-z0-9+]*://\S+$", url) is None:
                yield f"the file {file!r} has the address {url!r}; write it whole, with https://"
        if not source.urls(file) and source.access == "open" and not source.own:
            yield f"the file {file!r} has no address; give one, or say how the file is obtained: access"


def _unused(source: Source) -> Iterator[str]:
    parts = [each for part in source.parts.values() for each in (part, part.instead) if each]
    read = {file_of(member) for part in parts for member in part.members}
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
    if source.paper is None:
        if task.name in paper():
            yield f"{task.name} is in expectations/paper.csv; leave out `paper=None`, or choose another name"
    elif task.name not in paper():
        yield (
            f"{task.name} is not in expectations/paper.csv; a task has the name of its row in Table 11. If the paper "
            "does not have the source, say so: paper=None"
        )
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


def _text_faults(source: Source, task: Task) -> Iterator[str]:
    golden = _home(source).golden
    if golden and not (golden / f"{task.name}.txt").exists():
        yield f"tests/golden/{task.name}.txt is missing; write and read it: make golden"
    for wording in WORDINGS:
        yield from wording_faults(task, wording)


def _strangers(source: Source) -> Iterator[str]:
    for correction in correct.load(_home(source).declared / f"{source.id}.corrections.yml"):
        if correction.part not in source.parts:
            yield f"a correction is for part {correction.part!r}; there are {list(source.parts)}"


def strangers() -> list[str]:
    """Files beside the declarations that belong to no source or task, each with its cure."""
    found = _strays(_checkout(), [source for source in registry().values() if not source.own])
    for folder in sources.folders():
        own = [source for source in registry().values() if source.own and sources.home(source.id) == folder]
        found += _strays(_elsewhere(folder), own)
    return found


def _strays(home: Home, declared: Collection[Source]) -> list[str]:
    ids = {source.id for source in declared}
    tasks = {task.name for source in declared for task in source.tasks}
    wordings = [f"{wording}.txt" for wording in WORDINGS]
    instructions = sorted((home.declared / "instructions").glob("*/*"))
    corrections = sorted(home.declared.glob("*.corrections.yml"))
    golden = sorted(home.golden.glob("*.txt")) if home.golden else ()
    miniatures = sorted(path for path in home.demo.glob("*") if path.is_dir())
    strays = [
        *(path for path in instructions if path.parent.name not in tasks or path.name not in wordings),
        *(path for path in corrections if path.name.removesuffix(".corrections.yml") not in ids),
        *(path for path in golden if path.stem not in tasks),
        *(path for path in miniatures if path.name not in ids),
    ]
    return [f"{home.shown(path)} belongs to no source or task; rename or delete it" for path in strays]


assert KINDS.keys() >= {kind for _, kinds in READS for kind in kinds}
