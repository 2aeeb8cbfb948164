"""The notebook of the documentation, without a browser: as a script, and as a page."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tasks.base.store.root import Root
from tasks.build.builds.runs import Run, now, record
from tasks.build.catalogue.file import PLACE
from tasks.build.pipeline.finish import finish
from tests.support.gathering import gather
from tests.support.places import CHECKOUT, DEMO

pytestmark = pytest.mark.slow

NOTEBOOK = CHECKOUT / "docs" / "explore.py"


@pytest.fixture(scope="module")
def built(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with a release of a few miniatures."""
    state = gather(tmp_path_factory.mktemp("notebook"), DEMO, ["anem", "bc5cdr", "ncbi_disease", "scai_chemical"])
    run = Run(run="notebook", name="the notebook", started=now(), profile=state.order.profile)
    record(Root(state.order.root), run)
    assert finish(state, run).refusal is None
    return Path(state.order.root)


def ran(root: Path, *command: str | Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "MEDINST_ROOT": str(root)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)


def test_as_a_script_it_draws_a_mixture_and_leaves_the_catalogue_alone(programs: Path, built: Path) -> None:
    before = (built / PLACE).read_bytes()
    done = ran(built, programs / "python", NOTEBOOK)
    assert done.returncode == 0, done.stderr
    assert (built / PLACE).read_bytes() == before
    (manifest,) = (built / "mixtures" / "explored").glob("*/manifest.json")
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    assert {task["category"] for task in facts["tasks"].values()} == {"NER"}
    assert facts["samples"] > 0
    assert f"{facts['samples']} samples in " in done.stdout


def test_as_a_page_it_shows_tables_and_plots_and_draws_nothing(programs: Path, built: Path, tmp_path: Path) -> None:
    mixtures = sorted(built.glob("mixtures/*/*"))
    copy = shutil.copy(NOTEBOOK, tmp_path)  # marimo writes beside a notebook what its cells said
    page = tmp_path / "explore.html"
    done = ran(built, programs / "marimo", "export", "html", copy, "-o", page)
    assert done.returncode == 0, done.stderr
    text = page.read_text(encoding="utf-8")
    assert set(re.findall(r'"ename": "([^"]*)"', text)) == {"ancestor-stopped"}, "other cells failed"
    assert text.count("\\u003Cmarimo-plotly ") == 3
    assert text.count("\\u003Cmarimo-table ") == 4
    assert sorted(built.glob("mixtures/*/*")) == mixtures


def test_without_a_build_it_says_what_to_do(programs: Path, tmp_path: Path) -> None:
    copy = shutil.copy(NOTEBOOK, tmp_path)
    page = tmp_path / "explore.html"
    ran(tmp_path, programs / "marimo", "export", "html", copy, "-o", page)
    assert "There is no catalogue in" in page.read_text(encoding="utf-8").split('"session"')[1]
