"""`medinst build` as a user runs it: on the miniatures, twice, with a broken source, with other runners."""

import json
import shutil
from pathlib import Path

import duckdb
import httpx
import pytest
from typer.testing import CliRunner

from flows.cli import app
from schemas.licence import Licence
from sources import registry, tasks
from tasks.base.paper.parity import paper
from tests.support.medinst import Medinst, releases, run_medinst, run_python, tree
from tests.support.places import DEMO

QUICK = ("mqp", "scielo")

PIECES = {"MEDINST_STEP_ROWS": "2"}
"""Splits of more records are rendered in steps of their own."""


@pytest.fixture(scope="module")
def built(prefect_server, tmp_path_factory):
    """One build of all miniatures, shared; gives its root and what was printed."""
    root = tmp_path_factory.mktemp("built")
    done = run_python(prefect_server, root, "build", "--mirror", "demo", "--json")
    return root, done


@pytest.fixture(scope="module")
def reference(prefect_server, tmp_path_factory):
    """The bytes of a release of one source, built in pieces by threads and one worker."""
    root = tmp_path_factory.mktemp("reference")
    done = run_medinst({**prefect_server, **PIECES}, root, "build", "mqp", "--mirror", "demo", "--workers", "1")
    assert done.returncode == 0, done.stderr
    return releases(root)


def test_the_miniatures_make_a_whole_release(built):
    root, done = built
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {row["source"] for row in told["sources"]} == {name for name, source in registry().items() if source.paper}
    assert {row["outcome"] for row in told["sources"]} == {"built"}
    assert told["release"]["partial"] is False
    folder = Path(told["release"]["uri"])
    assert {path.name for path in (folder / "data").iterdir()} == set(paper())
    wanted = {
        "README.md",
        "NOTICE.md",
        "croissant.json",
        "references.bib",
        "manifest.json",
        "report.html",
        "quality",
        "audit",
        "catalogue",
        "clean",
        "data",
        "licences",
    }
    assert {path.name for path in folder.iterdir()} == wanted
    assert (folder / "report.html").stat().st_size < 1_500_000
    assert json.loads((root / "releases" / "latest.json").read_text())["version"] == told["release"]["version"]


def test_no_path_of_this_machine_is_in_a_release(built):
    root, _ = built
    found = releases(root)
    assert found
    for name, data in found.items():
        assert str(root).encode() not in data, name
        assert str(DEMO.parent).encode() not in data, name


def test_all_records_and_samples_are_accounted_for(built):
    root, _ = built
    with duckdb.connect(str(root / "catalogue" / "catalogue.duckdb"), read_only=True) as catalogue:
        catalogue.execute(f"SET VARIABLE medinst_root = '{root}'")
        counts = catalogue.execute("SELECT count(*), count(*) FILTER (read <> kept + rejected) FROM counts").fetchone()
        splits = catalogue.execute(
            "SELECT count(*), count(*) FILTER (rendered <> kept + rejected) FROM splits"
        ).fetchone()
        samples = catalogue.execute("SELECT (SELECT sum(kept) FROM splits) = (SELECT count(*) FROM samples)").fetchone()
        rejects = catalogue.execute(
            "SELECT (SELECT sum(rejected) FROM counts) + (SELECT sum(rejected) FROM splits)"
            " = (SELECT count(*) FROM rejects WHERE stage <> 'render')"
        ).fetchone()
    assert counts[0] > 40
    assert counts[1] == 0
    assert splits[0] > 60
    assert splits[1] == 0
    assert samples == (True,)
    assert rejects == (True,)


def test_the_run_shows_in_prefect_by_names_that_people_know(built, prefect_server):
    api = prefect_server["PREFECT_API_URL"]
    runs = httpx.post(f"{api}/flow_runs/filter", json={}, timeout=30).json()
    (whole,) = (run for run in runs if run["parameters"].get("root") == str(built[0]))
    assert whole["name"].startswith("build 20")
    assert whole["name"].endswith(" · all sources · local")
    assert {"medinst", "build", "local", "thread", "mirror"} == {*whole["tags"]}
    assert whole["state_type"] == "COMPLETED"
    names = set()
    for offset in range(0, 1000, 200):
        found = httpx.post(f"{api}/task_runs/filter", json={"limit": 200, "offset": offset}, timeout=30).json()
        names |= {run["name"] for run in found}
    assert {"fetch bc5cdr", "read bc5cdr", "render bc5cdr", "deduplicate bc5cdr", "index bc5cdr"} <= names
    assert {"audit near duplicates and leaks", "judge and publish"} <= names
    mine = {"artifacts": {"flow_run_id": {"any_": [whole["id"]]}}}
    artifacts = {found["key"]: found for found in httpx.post(f"{api}/artifacts/filter", json=mine, timeout=30).json()}
    assert {"plan", "progress", "sources", "verdicts", "parity", "report", "data-docs"} <= set(artifacts)
    assert "](" not in artifacts["report"]["data"], "what is not served is no link"
    assert f"{built[0]}/releases/" in artifacts["report"]["data"]
    rows = json.loads(artifacts["sources"]["data"])
    assert {row["source"] for row in rows} >= set(QUICK)


def test_a_second_build_does_no_work(built, medinst: Medinst):
    root, first = built
    before = {path: path.stat().st_mtime_ns for path in _stages(root)}
    again = medinst("build", "--mirror", "demo", "--json", root=root)
    assert again.returncode == 0, again.stderr
    assert {path: path.stat().st_mtime_ns for path in _stages(root)} == before
    assert json.loads(again.stdout)["release"] == json.loads(first.stdout)["release"]


def _stages(root: Path) -> list[Path]:
    return [
        path for name in ("blobs", "records", "samples", "rejects", "releases") for path in (root / name).rglob("*")
    ]


def test_a_broken_source_takes_no_other_down_and_stops_the_release(medinst: Medinst, prefect_server, tmp_path):
    mirror = tmp_path / "mirror"
    for name in (*QUICK, "meqsum"):
        shutil.copytree(DEMO / name, mirror / name)
    shutil.copy(DEMO / "mirror.json", mirror)
    good = medinst("build", *QUICK, "--mirror", str(mirror))
    assert good.returncode == 0, good.stderr
    latest = (tmp_path / "root" / "releases" / "latest.json").read_bytes()
    sheet = next((mirror / "meqsum").iterdir())
    shutil.rmtree(sheet)
    sheet.write_bytes(b"this is not a workbook")
    bad = medinst("build", *QUICK, "meqsum", "--mirror", str(mirror))
    assert bad.returncode == 1
    assert "MeQSum" in bad.stderr
    assert "meqsum" in bad.stdout
    assert "is not an Excel workbook" in bad.stdout
    assert "Traceback" not in bad.stderr + bad.stdout
    assert (tmp_path / "root" / "releases" / "latest.json").read_bytes() == latest
    with duckdb.connect(str(tmp_path / "root" / "catalogue" / "catalogue.duckdb"), read_only=True) as catalogue:
        asked = catalogue.execute("SELECT source, status FROM sources WHERE status <> 'not asked for'").fetchall()
        states = catalogue.execute("SELECT state FROM runs ORDER BY started").fetchall()
    assert dict(asked) == {"meqsum": "failed", "mqp": "built", "scielo": "built"}
    assert states == [("completed",), ("refused",)]
    _it_ended_refused(prefect_server, tmp_path / "root", "meqsum")


def _it_ended_refused(environment: dict[str, str], root: Path, source: str) -> None:
    """In Prefect, the run has a state of that name, which says why without an error's text, and pages with more."""
    api = environment["PREFECT_API_URL"]
    runs = httpx.post(f"{api}/flow_runs/filter", json={}, timeout=30).json()
    mine = (run for run in runs if run["parameters"].get("root") == str(root))
    (run,) = (run for run in mine if source in run["parameters"]["sources"])
    assert (run["state_type"], run["state_name"]) == ("FAILED", "Refused")
    reason = "1 critical expectation failed in release (unaccounted); nothing was published"
    assert run["state"]["message"] == reason
    assert {"refused", "failed"} <= {*run["tags"]}
    its = {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}}
    artifacts = {found["key"]: found for found in httpx.post(f"{api}/artifacts/filter", json=its, timeout=30).json()}
    assert "MeQSum" in artifacts["refusal"]["data"]
    assert artifacts["verdicts"]["data"].startswith("**1** critical")
    first = json.loads(artifacts["sources"]["data"])[0]
    assert (first["source"], first["outcome"], first["change"]) == (source, "failed", "new"), (
        "what needs a look is first"
    )


def test_a_source_asked_for_by_name_and_withheld_is_not_success(medinst: Medinst, tmp_path):
    (tmp_path / "empty").mkdir()
    shutil.copytree(DEMO / "mqp", tmp_path / "empty" / "mqp")
    shutil.copy(DEMO / "mirror.json", tmp_path / "empty")
    done = medinst("build", "mqp", "medical_data", "--mirror", str(tmp_path / "empty"))
    assert done.returncode == 1
    assert "registration" in done.stdout
    assert "Release" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("how", [("--runner", "process"), ("--runner", "dask")], ids=" ".join)
def test_runner_and_workers_do_not_change_a_byte(how, reference, prefect_server, tmp_path):
    done = run_python({**prefect_server, **PIECES}, tmp_path / "other", "build", "mqp", "--mirror", "demo", *how)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [*(tmp_path / "other" / "samples").rglob("train-00001-of-*.parquet")]
    found = releases(tmp_path / "other")
    assert found.keys() == reference.keys()
    assert [name for name in found if found[name] != reference[name]] == []


def test_profiles_withhold_what_they_do_not_admit(built, medinst: Medinst, tmp_path):
    root, _ = built
    done = medinst("publish", "--profile", "open", "--to", str(tmp_path / "elsewhere"), root=root)
    assert done.returncode == 0, done.stderr
    latest = json.loads((tmp_path / "elsewhere" / "releases" / "latest.json").read_text())
    folder = tmp_path / "elsewhere" / "releases" / latest["version"]
    published = {path.name for path in (folder / "data").iterdir()}
    refused = {name for source in registry().values() for name in source.refused("open")}
    unknown = {
        task.name for source in registry().values() for task in source.tasks if source.licence == Licence.UNKNOWN
    }
    paper = {name for name, (source, _) in tasks().items() if source.collection == "paper"}
    assert published == paper - refused
    assert unknown < refused
    notice = (folder / "NOTICE.md").read_text()
    assert "Medical Question Pairs" not in notice
    texts = b"".join(data for name, data in tree(folder).items() if name.endswith((".md", ".bib")))
    assert b"mccreery2020mqp" not in texts


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("build", "nosuch"), "There is no source `nosuch`"),
        (("build", "--task", "NoSuch"), "There is no task `NoSuch`"),
        (("build", "--mirror", "/no/such/folder"), "/no/such/folder"),
        (("show", "BC5CDR"), "Nothing has been built"),
        (("parity",), "Nothing has been built"),
        (("sql", "SELECT 1"), "There is no catalogue"),
        (("lock", "nosuch"), "There is no source `nosuch`"),
        (("publish",), "Nothing has been built"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_what_cannot_be_is_an_error_with_a_cure(arguments, words, tmp_path, monkeypatch, prefect_server):
    for name in ("PREFECT_API_URL", "PREFECT_HOME"):
        monkeypatch.setenv(name, prefect_server[name])
    done = CliRunner().invoke(app, [*arguments, "--root", str(tmp_path)])
    assert done.exit_code == 1, done.output
    assert words in done.output
    assert "medinst" in done.output or "--mirror" in done.output
    assert "Traceback" not in done.output
