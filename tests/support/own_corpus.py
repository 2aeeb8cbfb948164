"""A corpus of one's own for tests: notes on tides in a folder of sources, which may be shared."""

from pathlib import Path

MODULE = '''"""Tide Notes: is the tide high?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import TxtClass

SOURCE = Source(
    id="tide",
    title="Tide Notes",
    about="Notes of tides.",
    homepage="the pier",
    citation="pier2026",
    licence=Licence.CC0_1_0,
    evidence=Evidence(url="the pier", words="Ours.", about=("all",)),
    files={{"tide.csv": {address}}},
    format=Delimited(record="Text", fields={{"id": "id", "text": "text", "labels": "label"}}),
    documents="Notes come from no publication.",
    parts={{"main": Part(train="tide.csv")}},
    tasks=(TxtClass(name="TideNotes", classes={{"h": "high", "l": "low"}}),),
    shareable=True,
)
'''
NOTES = ("The sea covers the pier", "Mud as far as one sees", "Boats lie on their side", "Waves come over the wall")


def table(*notes: str) -> bytes:
    """The file of the corpus."""
    rows = [f"n{number},{note},{'hl'[number % 2]}" for number, note in enumerate(notes)]
    return "\n".join(["id,text,label", *rows, ""]).encode()


def put(folder: Path, url: str) -> None:
    """Declare it in a folder.

    Args:
        folder: the folder.
        url: where its file is; empty: in a mirror.
    """
    (folder / "instructions" / "TideNotes").mkdir(parents=True)
    for wording in ("standard", "short", "guideline"):
        (folder / "instructions" / "TideNotes" / f"{wording}.txt").write_text('Is it "high" or "low"?\n', "utf-8")
    (folder / "references.bib").write_text("@misc{pier2026,\n  title = {Notes},\n  year  = {2026},\n}\n", "utf-8")
    (folder / "tide.py").write_text(MODULE.format(address=repr(url or ())), "utf-8")
