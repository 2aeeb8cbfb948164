"""Golden samples: the first sample of every declared task, rendered from the miniatures of `demo/`.

`make golden` writes them and the generated pages of the documentation (`pages.py`). With arguments,
`python -m tests.golden.write SOURCE…` writes only the samples of these sources, and `--pages` only the pages. A change
of an instruction, a declaration or a renderer then shows as text in the diff: read it as a model would.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from schemas.errors import MedinstError
from schemas.receipts import Order, Rendered
from schemas.source import Source
from schemas.task import SPLITS, Task
from sources import find, registry, tasks
from tasks.base.store.root import Root
from tasks.build.pipeline import work
from tests.golden.pages import write_pages
from tests.support.places import DEMO

FOLDER = Path(__file__).parent


def golden(root: Root, sources: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """The golden text of every declared task, by name.

    Args:
        root: an empty root, where the miniatures are read and rendered.
        sources: ids of the sources whose tasks are wanted; none for all.
    """
    order = Order(root=root.url, mirrors=(str(DEMO),), workers=1)
    for source in map(find, sources or registry()):
        batches = work.read(source.id, work.fetch(source.id, order), order)
        for task, rendered in zip(source.tasks, work.render(source.id, batches, order), strict=True):
            yield task.name, _text(source, task, rendered, root)


def _text(source: Source, task: Task, rendered: Rendered, root: Root) -> str:
    for split in SPLITS:
        if split in rendered.splits and rendered.splits[split].kept:
            path = root.local(f"{rendered.place}/{split}.parquet")
            return as_text(split, pl.scan_parquet(path).head(1).collect().row(0, named=True))
    reason = rendered.withheld or "no record makes a sample"
    raise MedinstError(
        f"`{task.name}` has no sample in the miniature: {reason}. Put records with annotations into demo/{source.id}/"
    )


def as_text(split: str, sample: dict[str, str]) -> str:
    """A sample as a golden file shows it."""
    return (
        f"task    {sample['task']}\nsplit   {split}\nrecord  {sample['record_id']}\n"
        f"\n=== instruction\n{sample['instruction']}\n"
        f"\n=== input\n{sample['input']}\n"
        f"\n=== output\n{sample['output']}\n"
    )


def written() -> dict[str, str]:
    """The golden files by task."""
    return {path.stem: path.read_bytes().decode() for path in FOLDER.glob("*.txt")}


def main(sources: Sequence[str]) -> None:
    """Write the golden files of some sources, or of all, and remove those of tasks that are no longer declared."""
    with tempfile.TemporaryDirectory(prefix="medinst-golden-") as folder:
        texts = dict(golden(Root(folder), sources))
    for path in FOLDER.glob("*.txt"):
        if path.stem not in tasks():
            path.unlink()
    for name, text in texts.items():
        (FOLDER / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
    if not sources:
        write_pages(written())
    print(f"wrote {len(texts)} golden samples; read what changed: git diff tests/golden")


if __name__ == "__main__":
    write_pages(written()) if sys.argv[1:] == ["--pages"] else main(sys.argv[1:])
