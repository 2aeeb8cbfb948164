"""`python -m tests.benchmarks.nights [SOURCE…] [--files FOLDER]`: nights against publishers on this machine.

The declared addresses lead to a proxy that sends the miniatures, or the files of a folder. The nights: the first one,
one in which nothing has changed (with the time that it takes beyond an empty flow, and what it asked), a bad one (10 %
of the addresses dead, 5 % changed, 5 % slow, one web page) and a good one again.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from sources import find, registry
from tests.benchmarks.commands import BUILDS, EMPTY_FLOW, MEDINST, run
from tests.support.places import CHECKOUT, DEMO
from tests.support.published import copies, miniatures
from tests.support.publishers import Publishers, running_publishers
from tests.support.servers import Answer, Visit, data, missing

UNPINNED = """
from pathlib import Path
import tasks.build.fetch.lock
import tasks.build.fetch.source
tasks.build.fetch.lock.COMMITTED = Path("/nowhere/sources.lock")
"""
"""What Python runs first: the files are trusted at their first use."""

MINIATURE = """
import tasks.base.paper.counts as counts
counts.COMMITTED = Path({counts!r})
blob_of = tasks.build.fetch.source.blob_of
tasks.build.fetch.source.blob_of = lambda *given: blob_of(*given).model_copy(update={{"original": False}})
"""
"""The same for miniatures: they are not held against what the publishers document, and their counts are known."""

SLOW = 5.0
"""Seconds that a slow publisher takes to begin."""

PAGE = data(b"<html><title>Sign in</title>", Content_Type="text/html")


def main() -> None:
    """Run the nights and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="*")
    parser.add_argument("--files", type=Path, help="folder with SOURCE/FILE instead of the miniatures")
    parser.add_argument("--root", type=Path, help="keep the root there")
    given = parser.parse_args()
    chosen = [find(name) for name in given.sources] or list(registry().values())
    files = copies(chosen, given.files) if given.files else miniatures(chosen)
    with tempfile.TemporaryDirectory(prefix="medinst-nights-") as name:
        folder = Path(name)
        (folder / "certificates").mkdir()
        with running_publishers(folder / "certificates", files) as publishers:
            root = given.root or folder / "root"
            nights(Nights(publishers, folder, root, [source.id for source in chosen], bool(given.files)))


class Nights:
    """A root that is built each night."""

    def __init__(self, publishers: Publishers, folder: Path, root: Path, sources: list[str], real: bool) -> None:
        self.publishers, self.sources = publishers, sources if len(sources) < len(registry()) else []
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "MEDINST_"))}
        shim = UNPINNED if real else UNPINNED + MINIATURE.format(counts=str(DEMO / "counts.csv"))
        (folder / "sitecustomize.py").write_text(shim)
        self.environment = {
            **plain,
            **publishers.environment,
            "PREFECT_HOME": str(folder / "prefect"),
            "MEDINST_ROOT": str(root),
            "MEDINST_WAIT": "0.1",
            "DO_NOT_TRACK": "1",
            "PYTHONPATH": f"{folder}{os.pathsep}{CHECKOUT}",
        }

    def build(self, title: str) -> dict[str, Any]:
        """One night; what it printed."""
        self.publishers.asked.clear()
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, *MEDINST, "build", *self.sources, "--recheck", "--json"],
            cwd=CHECKOUT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        wall = time.perf_counter() - started
        asked = self.publishers.asked
        methods = Counter(method for method, _ in asked.elements())
        print(f"{title}: {wall:.1f} s, exit code {done.returncode}, asked {dict(methods)}", flush=True)
        print(f"  at most {max(asked.values(), default=0)} of a kind for one address, {len(asked)} kinds and addresses")
        said = json.loads(done.stdout) if done.stdout.startswith("{") else {"sources": [], "release": None}
        print(f"  {dict(Counter(row['outcome'] for row in said['sources']))}; release {said['release']}")
        for row in said["sources"]:
            if row["outcome"] == "failed" or (row["reason"] and self.publishers.plan):
                print(f"  {row['source']}: {row['outcome']}: {row['reason'][:160]}")
        if said["release"] is None:
            print(done.stderr[-3000:])
        return said


def nights(each: Nights) -> None:
    """All nights, and what they say."""
    run(*BUILDS[EMPTY_FLOW], environment=each.environment)
    empty = run(*BUILDS[EMPTY_FLOW], environment=each.environment)
    print(f"empty flow: {empty.wall:.1f} s")
    each.build("first night")
    good = each.build("nothing changed")
    each.publishers.plan.update(bad_plan(each.publishers))
    each.build("bad night")
    each.publishers.plan.clear()
    healed = each.build("the next good night")
    print(f"healed to the same release: {healed['release'] == good['release']}")


def bad_plan(publishers: Publishers) -> dict[str, Answer]:
    """10 % of the addresses dead, 5 % changed, 5 % slow, one web page."""
    urls = sorted(publishers.files)
    random.Random(13).shuffle(urls)
    tenth, twentieth = len(urls) // 10, len(urls) // 20
    dead, urls = urls[:tenth], urls[tenth:]
    changed, slow, page = urls[:twentieth], urls[twentieth : 2 * twentieth], urls[2 * twentieth]
    return (
        dict.fromkeys(dead, missing)
        | dict.fromkeys(changed, data(b"other,bytes\n"))
        | {url: slowly(publishers, url) for url in slow}
        | {page: PAGE}
    )


def slowly(publishers: Publishers, url: str) -> Answer:
    """A publisher who takes his time."""

    def answer(visit: Visit) -> None:
        time.sleep(SLOW)
        publishers.send(visit, url)

    return answer


if __name__ == "__main__":
    main()
