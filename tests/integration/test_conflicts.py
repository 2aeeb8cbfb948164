"""Invented conflicts in miniatures, followed through catalogue, release, benchmark rows and `medinst why`."""

import json
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from schemas.settings import Settings
from schemas.state import State
from tasks.base.store.root import Root
from tasks.build.builds.runs import Run, now
from tasks.build.builds.state import save_state
from tasks.build.catalogue.query import rows
from tasks.build.pipeline.finish import finish
from tasks.tools.why.find import find
from tasks.tools.why.tell import tell
from tests.support.gathering import gather
from tests.support.places import DEMO

SOURCES = ("healthver", "mayosrs", "twadr_l")
FOLD = "twadr_l/datasets.zip/datasets/TwADR-L/TwADR-L.fold-0."
ADDED = {
    f"{FOLD}train.txt": "C9930007\tx\tdrowsy as a mole\nC9930008\tx\tDrowsy as a mole\nC9930009\tx\tadrift\n",
    f"{FOLD}test.txt": "C9930005\tx\tadrift\n",
    "mayosrs/MayoSRS.csv": '1,"C1","C2","knot","rope"\n10,"C1","C2","knot","rope"\n10,"C1","C2","knot","rope"\n',
    "healthver/healthver_train.csv": "990091,Fog is wet.,fog wets,Supports,1,?\n"
    "990092,Fog is wet.,fog wets,Refutes,1,?\n"
    "990093,Ice is cold.,ice is cold,Refutes,1,?\n",
    "healthver/healthver_dev.csv": "990094,Ice is cold.,ice is cold,Supports,1,?\n",
}
"""File -> lines that contradict others."""


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> State:
    mirror = tmp_path_factory.mktemp("mirror")
    shutil.copy(DEMO / "mirror.json", mirror)
    for source in SOURCES:
        shutil.copytree(DEMO / source, mirror / source)
    for name, lines in ADDED.items():
        path = mirror / name
        whole = path.read_bytes()
        path.write_bytes(whole + b"\n" * (not whole.endswith(b"\n")) + lines.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tasks.build.pipeline.finish.in_own_process", lambda function, *given: function(*given))
        patch.setattr("tasks.build.pipeline.finish.validate", lambda *_: [])
        made = gather(tmp_path_factory.mktemp("root"), mirror, SOURCES)
        save_state(made)
        judged = finish(made, Run(run="1", name="x", started=now(), profile="local"))
        assert judged.release is not None
    return made


@pytest.fixture
def root(state: State) -> Root:
    return Root(state.order.root)


@pytest.fixture
def release(root: Root) -> Path:
    version = json.loads(Path(root.uri("releases/latest.json")).read_text())["version"]
    return Path(root.uri("releases", version))


EXPECTED = {
    ("TwADR-L-NED", "drowsy as a mole"): "[drowsy as a mole <UMLS/C9930007>], [drowsy as a mole <UMLS/C9930008>]",
    ("TwADR-L-NED", "adrift"): "[adrift <UMLS/C9930005>], [adrift <UMLS/C9930009>]",
    ("MayoSRS", "Term 1: knot\nTerm 2: rope"): "3",
    ("HealthVer", "Evidence: Ice is cold.\nClaim: ice is cold"): "supports",
}


def test_the_release_and_the_catalogue_have_one_answer_for_each_input(root: Root, release: Path) -> None:
    published = pl.concat([pl.read_parquet(path) for path in release.glob("data/*/*.parquet")])
    catalogued = rows(root, "SELECT id, task, input, output FROM samples")
    columns = ["id", "task", "input", "output"]
    assert published.select(columns).sort("id").equals(catalogued.select(columns).sort("id"))
    found = {(task, text): output for task, text, output in published.select("task", "input", "output").iter_rows()}
    assert {key: found.get(key) for key in EXPECTED} == EXPECTED
    assert published.filter(pl.col("input").str.contains("fog wets")).is_empty(), "a tie has no right answer"
    assert published.group_by("task", pl.col("input").str.to_lowercase()).len()["len"].max() == 1


def test_the_table_of_conflicts_is_the_same_in_both(root: Root, release: Path) -> None:
    query = "SELECT task, samples, answers, splits, policy, done FROM conflicts ORDER BY ALL"
    expected = [
        ("HealthVer", 2, 2, "dev, train", "majority", "the answer in dev is kept"),
        ("HealthVer", 2, 2, "train", "majority", "left out: no majority"),
        ("MayoSRS", 3, 2, "train", "mean", "mean of the scores"),
        ("TwADR-L-NED", 2, 2, "test, train", "merge", "merged"),
        ("TwADR-L-NED", 2, 2, "train", "merge", "merged"),
    ]
    assert rows(root, query).rows() == expected
    table = release / "catalogue" / "conflicts.parquet"
    assert duckdb.sql(query.replace("conflicts", f"'{table}'")).fetchall() == expected


def test_the_ledger_balances_and_names_the_reasons(root: Root) -> None:
    balance = rows(root, "SELECT sum(rendered - kept) AS lost, sum(rejected) AS rejected FROM splits").row(0)
    listed = rows(root, "SELECT reason, count(*) AS n FROM rejects WHERE stage = 'deduplicate' GROUP BY ALL")
    reasons = dict(listed.iter_rows())
    assert balance == (sum(reasons.values()), sum(reasons.values()))
    assert (reasons["conflict"], reasons["dev text"], reasons["merged answer"]) == (2, 1, 3)
    amended = rows(root, "SELECT task, split, value FROM profiles WHERE measure = 'amended' AND value > 0 ORDER BY ALL")
    assert amended.rows() == [("MayoSRS", "train", 1), ("TwADR-L-NED", "test", 1), ("TwADR-L-NED", "train", 1)]


def test_why_tells_of_the_new_answer_and_of_what_it_was_merged_into(state: State, root: Root) -> None:
    here = "WHERE task = 'TwADR-L-NED' AND split = 'train'"
    kept = rows(root, f"SELECT id FROM amended JOIN samples USING (task, split, id) {here}").item()
    merged = rows(root, f"SELECT id FROM rejects {here} AND reason = 'merged answer'").item()
    (key,) = find(kept, state, root)
    (sample,) = tell(key, state, root, Settings()).tasks[0].samples
    assert sample.answer == EXPECTED["TwADR-L-NED", "drowsy as a mole"]
    assert sample.output == "[drowsy as a mole <UMLS/C9930007>]"
    (key,) = find(merged, state, root)
    (sample,) = tell(key, state, root, Settings()).tasks[0].samples
    assert sample.lost is not None
    assert sample.lost.reason == "merged answer"
    assert sample.lost.detail == f"one of 2 answers to this input, merged into that of {kept}"
    assert sample.lost.twin.startswith("TwADR-L-NED/train/")
