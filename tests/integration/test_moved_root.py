"""A root can be copied and moved: whatever is done with a copy reads and writes the copy, wherever it lies."""

import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli import app
from schemas.evaluation import Asking, Prediction
from schemas.mixture import Recipe
from tasks.base.predictions.files import load
from tasks.base.predictions.log import Log
from tasks.base.predictions.record import keep_scores
from tasks.base.store.root import Root
from tasks.build.builds.runs import Run, now
from tasks.build.builds.state import newest
from tasks.build.catalogue.query import rows
from tasks.build.pipeline.finish import finish, refresh, republish
from tasks.build.publish.copy import copy_release
from tasks.model.benchmark.place import find
from tasks.model.benchmark.write import write_benchmark
from tasks.model.evaluate.plan import make_plan, save_run
from tasks.model.leaderboard.write import leaderboard
from tasks.model.mixture.write import write_mixture
from tasks.model.score.scoring import score
from tests.support.canary import places
from tests.support.gathering import gather
from tests.support.medinst import tree
from tests.support.places import DEMO

pytestmark = pytest.mark.slow

SOURCES = ["anem", "biosses", "mqp"]
WORD = "zq7originalplace"
"""Part of the path of the first root, found in no file by accident."""

NASTY = "run [1] it's *?é #%20{a}=b"
"""A name in which shells, DuckDB, Polars, URLs and templates see more than a name."""

VIEWS = "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY ALL"


def build(folder: Path) -> Root:
    """A root with a release, a benchmark, a mixture, an evaluation and an export."""
    state = gather(folder, DEMO, SOURCES)
    root = Root(str(folder))
    finish(state, Run(run="one", name="build", started=now(), profile="local"))
    write_benchmark(state, "local")
    write_mixture(state, Recipe(name="small", samples="all"))
    evaluate(root)
    medinst(root, "export", "small", "--format", "messages")
    return root


def medinst(root: Root, *arguments: str) -> str:
    """What a command prints; it must go well."""
    done = CliRunner().invoke(app, [*arguments, "--root", root.url], env={"COLUMNS": "300"})
    assert done.exit_code == 0, done.output
    return done.output


def evaluate(root: Root) -> None:
    """A model in the root that answers every question rightly."""
    model = Path(root.url, "models", "right")
    model.mkdir(parents=True, exist_ok=True)
    plan = make_plan(Asking(model=str(model), backend="transformers"), root)
    save_run(plan)
    with Log(plan.predictions) as log:
        for task in plan.asked:
            for asked in plan.questions(task):
                known = {"key": asked.key, "id": asked.id, "task": task, "target": asked.target}
                log.append(Prediction(**known, prediction=asked.target))
    keep_scores(plan.folder, score(load(plan.folder), 1))
    leaderboard(root, plan.folder.parents[1], plan.benchmark.version)
    refresh(root)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Root:
    return build(tmp_path_factory.mktemp("first") / WORD)


Pair = tuple[Root, Root]


@pytest.fixture(scope="module")
def pair(built: Root, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A copy of the root, and the root moved to another name; at its first place there is nothing any more."""
    folder = tmp_path_factory.mktemp("others")
    shutil.copytree(built.url, folder / "copy")
    Path(built.url).rename(folder / NASTY)
    yield Root(str(folder / "copy")), Root(str(folder / NASTY))
    (folder / NASTY).rename(built.url)


@pytest.fixture(params=["copied", "moved"])
def both(pair: Pair, request: pytest.FixtureRequest) -> Pair:
    """The root that is used, and the other one."""
    return pair if request.param == "copied" else (pair[1], pair[0])


def facts(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Everything in a folder: its time and size, and of a file the hash."""
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mtime_ns,
            path.stat().st_size,
            sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in [folder, *folder.rglob("*")]
    }


@pytest.fixture(autouse=True)
def only_the_named_root_changes(request: pytest.FixtureRequest) -> Iterator[None]:
    """Watch the other root, and the place where the root was first."""
    if "both" not in request.fixturenames:
        yield
        return
    other, first = request.getfixturevalue("both")[1], request.getfixturevalue("built")
    before = facts(Path(other.url))
    assert len(before) > 100
    yield
    assert facts(Path(other.url)) == before
    assert not Path(first.url).exists()


def test_nothing_in_a_root_says_where_it_lies(built: Root) -> None:
    assert Path(built.url).is_dir()
    found = places(Path(built.url), WORD)
    with duckdb.connect(built.uri("catalogue/catalogue.duckdb"), read_only=True) as connection:
        ddl = connection.execute("SELECT sql FROM duckdb_views() UNION ALL SELECT sql FROM duckdb_tables()").fetchall()
    assert len(ddl) > 20
    assert WORD not in repr(ddl)
    assert found == set()
    assert len(tree(Path(built.url))) > 100


def test_a_build_elsewhere_gives_the_same_bytes(built: Root, tmp_path: Path) -> None:
    other = build(tmp_path / NASTY)
    for kind in ("releases", "benchmark", "mixtures", "exports", "evaluations"):
        found = tree(Path(other.url, kind))
        assert len(found) > 2, kind
        assert found == tree(Path(built.url, kind)), kind


def asked(root: Root, query: str) -> list[tuple[Any, ...]]:
    return rows(root, query).rows()


def test_the_catalogue_finds_its_files(both: Pair) -> None:
    root, other = both
    views = [view for (view,) in asked(root, VIEWS)]
    assert {"documents", "samples", "predictions", "leaks"} <= set(views)
    counts = {view: asked(root, f"SELECT count(*) FROM {view}") for view in views}
    assert counts == {view: asked(other, f"SELECT count(*) FROM {view}") for view in views}
    assert min(counts[view][0][0] for view in ("documents", "pairs", "samples", "predictions")) > 0
    assert asked(root, "SELECT count(*) FROM (DESCRIBE samples)") == [(12,)]
    assert asked(root, "SELECT place FROM releases") == [(f"releases/{name}",) for name in versions(root)]


def versions(root: Root) -> list[str]:
    return [name for name in root.names("releases") if not name.startswith("latest")]


@pytest.mark.parametrize("inside", [True, False], ids=["in the root", "elsewhere"])
def test_plain_duckdb_opens_the_catalogue(both: Pair, inside: bool, tmp_path: Path, monkeypatch) -> None:
    root, _ = both
    file = tmp_path / "attached.duckdb"
    shutil.copyfile(root.local("catalogue/catalogue.duckdb"), file)
    monkeypatch.chdir(root.url if inside else tmp_path)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{file}' AS other (READ_ONLY)")
        if not inside:
            with pytest.raises(duckdb.IOException, match="No files found"):
                connection.execute("FROM other.samples")
            connection.execute("SET VARIABLE medinst_root = '" + root.url.replace("'", "''") + "'")
        found = connection.sql("SELECT count(*), count(DISTINCT split) FROM other.samples").fetchall()
        assert found == asked(root, "SELECT count(*), count(DISTINCT split) FROM samples")
        assert found[0][0] > 5


@pytest.mark.parametrize(
    "command",
    [
        ("sql", "SELECT task, count(*) FROM samples GROUP BY ALL ORDER BY ALL"),
        ("show", "BIOSSES", "-n", "2"),
        ("show", "anem", "-n", "1"),
        ("sources", "--json"),
        ("tasks", "--json"),
        ("parity",),
        ("licences",),
        ("check",),
        ("why",),
    ],
    ids=" ".join,
)
def test_commands_that_look_answer_the_same(both: Pair, command: tuple[str, ...]) -> None:
    root, other = both
    sample = asked(root, "SELECT min(id) FROM samples")[0][0]
    said = [medinst(each, *command, *([sample] if command == ("why",) else [])) for each in both]
    assert said[0] == said[1]
    assert len(said[0]) > 20
    assert WORD not in said[0]
    assert other.url not in said[0]


def test_what_is_made_of_a_root_is_made_in_it(both: Pair, tmp_path: Path) -> None:
    root, other = both
    state = newest(root)
    assert state.order.root == root.url
    assert write_benchmark(state, "local").version == find(other).version
    release = republish(state, "open")
    assert release.uri == root.uri("releases", release.version)
    assert Path(release.uri, "manifest.json").is_file()
    drawn = write_mixture(state, Recipe(name="again", samples="clean"))
    assert drawn.uri == root.uri("mixtures/again", drawn.version)
    said = medinst(root, "export", release.version, "--format", "alpaca")
    assert f"At:     {root.url}/exports/" in said
    plan = make_plan(Asking(model="m"), root)
    assert plan.folder.is_relative_to(root.url)
    assert len(list(plan.questions("BIOSSES"))) == plan.asked["BIOSSES"] > 0
    assert copy_release(release.version, root, str(tmp_path / "to [1]"), "open").samples == release.samples


def test_the_evaluation_of_a_model_in_the_root_goes_on_where_it_was(both: Pair) -> None:
    root, other = both
    model = Asking(model=root.uri("models/right"), backend="transformers")
    plan = make_plan(model, root)
    (known,) = {path.name for path in plan.folder.parent.iterdir() if path.is_dir()}
    assert plan.folder.name == known
    assert asked(root, "SELECT DISTINCT evaluation FROM predictions") == [(known,)]
    assert asked(other, "SELECT DISTINCT evaluation FROM predictions") == [(known,)]


def test_a_build_goes_on_with_what_is_there(both: Pair) -> None:
    root, _ = both
    before = {name: fact for name, fact in facts(Path(root.url)).items() if name.startswith(("records/", "samples/"))}
    state = gather(Path(root.url), DEMO, SOURCES)
    after = {name: fact for name, fact in facts(Path(root.url)).items() if name.startswith(("records/", "samples/"))}
    assert after == before
    assert state.model_dump(exclude={"order", "release"}) == newest(root).model_dump(exclude={"order", "release"})


def test_a_root_of_the_old_form_is_refused_with_the_cure(tmp_path: Path) -> None:
    from schemas.errors import MedinstError

    root = Root(str(tmp_path))
    blob = {"name": "a", "url": "u", "sha256": "0", "bytes": 1, "uri": f"{tmp_path}/blobs/0"}
    fetched = {"source": "mqp", "blobs": [blob]}
    root.write_json(
        "catalogue/build.json", {"order": {"root": "/x"}, "sources": [{"source": "mqp", "fetched": fetched}]}
    )
    with pytest.raises(MedinstError, match=f"earlier version.*medinst build --root {tmp_path}"):
        newest(root)
