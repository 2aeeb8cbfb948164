"""Scaffold: the files of a new source, complete enough to import, with a TODO wherever a person has to know something.

`medinst check` lists the TODOs that are left, so that a source that is half filled in disturbs no other.
"""

from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from schemas.base import Slug
from schemas.errors import DeclarationError
from schemas.task import Wording
from sources import registry
from tasks.base.licences.bibliography import REFERENCES, Bibliography

_MODULE = '''"""TODO: the dataset's name: what it asks, in one line."""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import TxtClass

SOURCE = Source(
    id="$source",
    title="TODO: its name as the authors write it",
    about="TODO: one sentence that says what it holds.",
    homepage="$page",
    citation="$key",
    licence=Licence.UNKNOWN,  # TODO: the one that the authors state; schemas/licence.py lists them
    evidence=Evidence(
        url="$page",
        words="TODO: what the authors say there, in short and in your words.",
        about=("all",),  # TODO: what it speaks of: annotations, texts, codes, software, compilation
    ),
$files
    # TODO: the format of the files, and where the fields of a record stand; schemas/formats/ lists both.
    format=Delimited(
        record="Text",
        separator="\\t",
        quote=None,
        fields={"id": "id", "labels": "label", "text": "text"},
    ),
    documents="TODO: which publication each record is from, or why from none; schemas/source.py says how.",
    parts={"main": Part(train="train.tsv", dev="dev.tsv", test="test.tsv")},
    tasks=(
        # TODO: the kind of the task; schemas/task/ lists them. $name
        TxtClass(
            name="$task",
            classes={"TODO-a": "TODO first", "TODO-b": "TODO second"},
        ),
    ),
    verified=False,  # TODO: leave this line out once the real files have been read
$last)
'''

_PUBLIC = {
    "page": "https://TODO.example.org",
    "files": """    files={
        "train.tsv": "https://TODO.example.org/train.tsv",
        "dev.tsv": "https://TODO.example.org/dev.tsv",
        "test.tsv": "https://TODO.example.org/test.tsv",
    },""",
    "name": "Its name is that of its row in Table 11.",
    "last": "    paper=None,  # TODO: leave this line out if the tasks are rows of Table 11 of the paper\n",
}
"""What the module of a source in the checkout says."""

_OWN = {
    "page": "TODO: a page, a folder or a person",
    "files": """    # Without an address, a file is read from a mirror: FOLDER/$source/train.tsv with `--mirror FOLDER`.
    files={"train.tsv": (), "dev.tsv": (), "test.tsv": ()},""",
    "name": "Its name is yours to choose.",
    "last": "",
}
"""What the module of a source in a folder of one's own says."""

_MIRROR = """{"original": false, "about": "Miniatures: every text is invented."}
"""

_INSTRUCTIONS: dict[Wording, str] = {
    "standard": """TODO: what to do first, then which answer is right when, in 25 to 60 words. Quote each label as it is
declared, in double quotes, and say what it means. The program adds how the answer is written.
""",
    "short": """TODO: the same in one or two sentences, in 8 to 30 words.
""",
    "guideline": """TODO: the same as a guideline for annotators, in 60 to 140 words: the task, what each label means,
what to include and what to leave out.
""",
}

_ENTRY = """@misc{$key,
  author = {TODO: Last, First and Last, First},
  title  = {TODO},
  year   = {TODO},
  url    = {https://TODO.example.org},
}"""

_ROWS = (
    ("id", "label", "text"),
    ("$split-1", "TODO-a", "TODO: an invented text of the first class."),
    ("$split-2", "TODO-b", "TODO: an invented text of the second class."),
    ("$split-3", "TODO-a", "TODO: another text of the first class."),
    ("$split-4", "TODO-b", "TODO: another text of the second class."),
)
_SPLITS = ("train", "dev", "test")


class _Places(NamedTuple):
    """Where declarations and miniatures go."""

    top: Path
    declared: Path

    @property
    def demo(self) -> Path:
        return self.top / "demo"

    @property
    def own(self) -> bool:
        return self.declared == self.top


def scaffold(source: str, folder: Path, own: bool = False) -> list[Path]:
    """Write the files of a new source.

    Args:
        source: its id.
        folder: the checkout, or a folder of one's own sources.
        own: whether it is the latter, which is made if need be.

    Returns:
        the files that were written or changed: module, instructions, bibliography, miniature.

    Raises:
        DeclarationError: the id is none, or taken.
    """
    places = _Places(folder, folder if own else folder / "sources")
    _check(source, places)
    names = {"source": source, "key": f"TODO_{source}", "task": f"TODO-{source.replace('_', '-')}"}
    texts = dict(_texts(names, places))
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(texts)


def _check(source: str, places: _Places) -> None:
    try:
        TypeAdapter(Slug).validate_python(source)
    except ValidationError as error:
        raise DeclarationError(
            f"`{source}` is not a valid source id (lower-case letters, digits and underscores, a letter first). "
            f"Choose another: medinst new-source {_suggested(source)}"
        ) from error
    if places.own and source in registry():
        raise DeclarationError(f"`{source}` is taken: there is a source of this name. Choose another id.")
    for path in (places.declared / f"{source}.py", places.declared / source, places.demo / source):
        if path.exists():
            raise DeclarationError(
                f"`{source}` is taken: {path.relative_to(places.top)} is there. Look at it, or choose another id.",
                path=path,
            )


def _suggested(source: str) -> str:
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in source.lower()).split()
    slug = "_".join(words).lstrip("0123456789_")
    return slug or "my_corpus"


def _texts(names: dict[str, str], places: _Places) -> Iterator[tuple[Path, str]]:
    said = {name: Template(text).substitute(names) for name, text in (_OWN if places.own else _PUBLIC).items()}
    yield places.declared / f"{names['source']}.py", Template(_MODULE).substitute(names | said)
    for wording, text in _INSTRUCTIONS.items():
        yield places.declared / "instructions" / names["task"] / f"{wording}.txt", text
    references = places.declared / REFERENCES
    yield references, _with_entry(references, names["key"], Template(_ENTRY).substitute(names))
    for split in _SPLITS:
        lines = ["\t".join(row) + "\n" for row in _ROWS]
        yield places.demo / names["source"] / f"{split}.tsv", Template("".join(lines)).substitute(split=split)
    if places.own and not (places.demo / "mirror.json").exists():
        yield places.demo / "mirror.json", _MIRROR


def _with_entry(references: Path, key: str, entry: str) -> str:
    """The bibliography with one entry more, before the first whose key is greater."""
    if not references.exists():
        return f"{entry}\n"
    text = references.read_text(encoding="utf-8")
    entries = Bibliography.read(references).entries
    if key in entries:
        raise DeclarationError(
            f"{references.parent.name}/{REFERENCES} has an entry `{key}` already. Remove it, or choose another id."
        )
    ordered = sorted(entries.items(), key=lambda item: item[0].lower())
    later = next((other for name, other in ordered if name.lower() > key.lower()), None)
    if later is None:
        return f"{text.rstrip()}\n\n{entry}\n".lstrip()
    place = text.index(later)
    return f"{text[:place]}{entry}\n\n{text[place:]}"
