"""The explorer on many samples, invented or of a release: `python -m tests.benchmarks.exploring [ROWS [RELEASE]]`."""

import random
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import polars as pl
from starlette.testclient import TestClient

from medinst_eval.definitions import definitions
from tasks.base.store.root import Root
from tasks.tools.explore.find import shown
from tasks.tools.explore.site import site
from tasks.tools.explore.start import started
from tests.benchmarks.measure import Meter, answer
from tests.support.explored import define, fill

ROWS = 300_000
TASKS = ("AnEM", "BC5CDR-RE", "SciFact", "BioRED", "MLEE-EE", "BIOSSES")
OUTPUTS = {
    "entities": "[{} <tissue>], [{} <organ>]",
    "relations": "[<{}> <induces> <{}>]",
    "events": "[<growth> <{}> <{}>]",
    "score": "5",
    "labels": "support",
}
SAMPLE = "SELECT task, id FROM samples ORDER BY nr LIMIT 1 OFFSET 1000"

VIEWS = {
    "all tasks": "/",
    "all samples": "/samples",
    "task and split": "/samples?task=BioRED&split=test",
    "label": "/samples?label=tissue",
    "length": "/samples?least=500&most=520",
    "leaks": "/samples?leak=any",
    "a frequent word": "/samples?q=of",
    "a rare word in one split": "/samples?q=gland&split=train",
    "the last page": "/samples?page=6000",
    "a task": "/tasks/BioRED",
}
"""What is asked for, each for the first time in its process."""


def work(meter: Meter, arguments: list[str]) -> None:
    """Start the explorer on a release of that many samples, and look at its pages."""
    rows = int(arguments[0]) if arguments else ROWS
    with tempfile.TemporaryDirectory(prefix="medinst-bench-") as name:
        root = Path(name)
        fill(root, invented(rows)) if len(arguments) < 2 else _repeated(Path(arguments[1]), root, rows)
        with ExitStack() as stack:
            with meter.measured("start"):
                explorer = stack.enter_context(started(shown(None, Root(str(root))), define))
            client = TestClient(site(explorer), base_url="http://127.0.0.1")
            for title, path in VIEWS.items():
                if "q=" in path:
                    with meter.measured("until the search is ready"):
                        explorer.index.wait(600)
                with meter.measured(title):
                    client.get(path).raise_for_status()
            with meter.measured("a sample"):
                client.get("/samples/{task}/{id}".format(**explorer.rows(SAMPLE)[0])).raise_for_status()


def invented(rows: int) -> list[tuple[str, str, str, str, str]]:
    """Samples of random words, of which few are frequent."""
    rng = random.Random(1)
    letters = "abcdefghiklmnoprstuvxyz"
    words = ["of", "the", "gland", *("".join(rng.choices(letters, k=rng.randint(3, 11))) for _ in range(20_000))]
    weights = [1 / (1 + rank) for rank in range(len(words))]
    text = rng.choices(words, weights, k=2_000_000)
    found = []
    for number in range(rows):
        task, split = TASKS[number % len(TASKS)], ("train", "train", "train", "dev", "test")[number % 5]
        start = rng.randrange(len(text) - 200)
        output = OUTPUTS[definitions()[task].form].format(*text[start : start + 2])
        found.append((task, split, f"{number:x}", " ".join(text[start : start + rng.randint(40, 150)]), output))
    return sorted(found)


def _repeated(release: Path, root: Path, rows: int) -> None:
    """A copy of a release in which each file has its samples so often that there are that many in all."""
    folder = root / "releases" / release.name
    shutil.copytree(release, folder)
    (root / "releases/latest.json").write_text(f'{{"version": "{release.name}"}}')
    files = sorted(folder.glob("data/*/*.parquet"))
    there = sum(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item() for path in files)
    for path in files:
        frame = pl.read_parquet(path, glob=False)
        count = -(-frame.height * rows // there)
        copies = pl.concat([frame] * -(-rows // there)).head(count).with_row_index()
        own = pl.col("index") < frame.height
        ids = pl.when(own).then("id").otherwise(pl.col("index").cast(pl.String).str.zfill(32))
        copies.with_columns(id=ids).drop("index").write_parquet(path)


if __name__ == "__main__":
    answer(work)
