"""The pairs through our pipeline; started with the folder of the two files."""

import tempfile
from pathlib import Path

from schemas.formats import ParallelText
from schemas.licence import Licence
from schemas.receipts import Fetched
from schemas.settings import Settings
from schemas.source import Evidence, Part, Source
from schemas.task import Transl
from tasks.build.fetch.source import fetch_source
from tests.benchmarks import data_path
from tests.benchmarks.measure import Meter, answer


def declare(folder: Path) -> Source:
    """A source of two parallel files on this machine."""
    return Source(
        id="pairs",
        title="Invented pairs",
        about="Invented pairs.",
        homepage="https://example.org",
        citation="none",
        licence=Licence.CC0_1_0,
        evidence=Evidence(url="https://example.org", words="Invented.", about=("all",)),
        language="es-en",
        files={name: f"file://{folder / name}" for name in ("text.es", "text.en")},
        parts={"main": Part(format=ParallelText(), train={"source": "text.es", "target": "text.en"})},
        tasks=(Transl(name="SciELO"),),  # for its instruction
    )


def work(meter: Meter, arguments: list[str]) -> None:
    """Fetch, then take the data path."""
    source = declare(Path(arguments[0]))
    with tempfile.TemporaryDirectory(prefix="medinst-bench-", dir=arguments[0]) as folder:
        root = Path(folder)
        with meter.measured("fetch"):
            fetched: Fetched = fetch_source(source, data_path.order(root, "origin"), Settings())
        with meter.measured("data path"):
            rows = data_path.run(source, fetched, root, meter)
        assert rows > 0


if __name__ == "__main__":
    answer(work)
