"""The tools that are compared with ours: where they are installed, and the settings they run with."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.scale.beside.driver import FOUND, WORK
from tests.benchmarks.scale.watch import Cost, watched
from tests.support.places import CHECKOUT


class Tool(NamedTuple):
    """A tool with settings.

    Attributes:
        name: of its package.
        settings: in words.
        given: its settings as its driver takes them.
        environment: the folder that it is installed in; empty if it is beside this project.
    """

    name: str
    settings: str
    given: tuple[str, ...]
    environment: str

    @property
    def python(self) -> Path:
        """The interpreter that has it."""
        return CHECKOUT / self.environment / "bin" / "python" if self.environment else Path(sys.executable)

    @property
    def driver(self) -> str:
        """The module that runs it."""
        return f"tests.benchmarks.scale.beside.by_{self.name.replace('-', '_')}"


def _tools(name: str, environment: str, settings: dict[str, str]) -> tuple[Tool, ...]:
    return tuple(Tool(name, words, tuple(given.split()), environment) for words, given in settings.items())


NEAR = (
    *_tools(
        "datasketch",
        "",
        {
            "3 words, 64 hashes in 16 bands": "64 16 4",
            "3 words, 128 hashes, bands for 0.7": "128 0.7",
        },
    ),
    *_tools(
        "text-dedup",
        ".venv-beside-text-dedup",
        {
            "3 words, 64 hashes in 16 bands": "--ngram 3 --num_perm 64 --b 16 --r 4",
            "its defaults: 5 words, 250 hashes, bands for 0.7": "",
        },
    ),
    *_tools(
        "datatrove",
        ".venv-beside-datatrove",
        {
            "3 words, 64 hashes in 16 bands": "3 16 4 spaces",
            "5 words, 112 hashes in 14 bands": "5 14 8 spaces",
            "its defaults: the same, words by spaCy": "5 14 8 spacy",
        },
    ),
)
"""Near duplicates: each with our bands, which only propose pairs to be verified, and with bands that decide alone."""

BLOOM = "--bloom_filter.estimated_doc_count 10000000 --bloom_filter.desired_false_positive_rate 1e-9"
LEAKS = _tools(
    "dolma",
    ".venv-beside-dolma",
    {
        "13 words, any in common": f"13 --dedupe.paragraphs.by_ngram.overlap_threshold 0.000001 {BLOOM}",
        "13 words, half of them in common": f"13 --dedupe.paragraphs.by_ngram.overlap_threshold 0.5 {BLOOM}",
    },
)
"""Leaks of tests into training texts."""


def version(tool: Tool) -> str | None:
    """The version that is installed; none if it is not."""
    if not tool.python.exists():
        return None
    ask = [str(tool.python), "-c", f"from importlib.metadata import version; print(version({tool.name!r}))"]
    done = subprocess.run(ask, capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def absent(tools: Sequence[Tool]) -> list[str]:
    """A line for each tool that is not installed."""
    missing = dict.fromkeys((tool.name, tool.environment) for tool in tools if not version(tool))
    return [f"{name} is left out: it is not in {place} (`make beside` installs it)" for name, place in missing]


def find(tool: Tool, folder: Path, out: Path, environment: dict[str, str]) -> Cost:
    """Let a tool find what it finds among the texts of a folder.

    Args:
        tool: the tool.
        folder: of the texts.
        out: scratch, new, and where the findings are afterwards.
        environment: added to that of this process.

    Returns:
        what it cost, without imports.

    Raises:
        RuntimeError: it failed.
    """
    out.mkdir()
    command = [str(tool.python), "-m", tool.driver, str(folder), str(out), *tool.given]
    alone = {"HF_HOME": str(out / "home"), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    cost = watched(command, out, environment | alone, out / "log.txt")[WORK]
    if not (out / FOUND).exists():
        raise RuntimeError(f"{tool.name} left no findings")
    return cost
