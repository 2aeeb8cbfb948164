"""Mixtures and exports from the miniatures: as `medinst` makes them, and as `datasets` loads them."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import yaml

from schemas.errors import ExportError, MixtureError, PublishError, QueryError
from schemas.sample import SAMPLE_COLUMNS
from schemas.state import State
from schemas.task import WORDINGS
from sources import tasks as declared
from tasks.base.paper.held_out import held_out
from tasks.base.store.root import Root
from tasks.base.versions.manifest import measure as facts
from tasks.build.audit import LEAKS
from tasks.build.builds.build import Build
from tasks.build.builds.state import save_state
from tasks.build.catalogue.write import write_catalogue
from tasks.build.judge.measure import measure
from tasks.build.render.stage import wordings
from tasks.model.benchmark.place import find
from tasks.model.benchmark.training import MIXTURES
from tasks.model.benchmark.write import write_benchmark
from tasks.model.disclosure.facts import facts_of, find_trained
from tasks.model.disclosure.write import as_json, as_markdown
from tasks.model.export.dataset import find_dataset
from tasks.model.export.forms import FORMS
from tasks.model.export.write import Options, export
from tasks.model.mixture import make as making
from tasks.model.mixture.recipe import load, ready
from tasks.model.mixture.write import write_mixture
from tests.support import manifests
from tests.support.gathering import as_published, gather
from tests.support.medinst import run_medinst, tree
from tests.support.places import DEMO

SOURCES = ["anem", "biosses", "pubmedqa", "scifact", "mqp", "meqsum", "iepa", "healthver", "bc5cdr", "meddialog"]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> State:
    """A build, its benchmark and its catalogue, in which the samples of one task leak."""
    folder = tmp_path_factory.mktemp("mixtures")
    made = gather(folder, DEMO, SOURCES)
    assert made.audit is not None
    leaks = folder / made.audit.place / LEAKS
    found = pl.read_parquet(leaks)
    ids = built(made, "MQP")["id"]
    constant = {"test_task": "BIOSSES", "test_id": "x", "train_task": "MQP", "kind": "text", "evidence": ""}
    new = pl.DataFrame({"train_id": ids}).with_columns(pl.lit(value).alias(name) for name, value in constant.items())
    pl.concat([found, new.select(found.columns)]).write_parquet(leaks)
    save_state(made)
    as_published(made)
    write_benchmark(made, "local")
    write_catalogue(Build(made), measure(Build(made)), [], [], [])
    return made


@pytest.fixture(scope="module")
def root(state: State) -> Root:
    return Root(state.order.root)


def rows(uri: str) -> pl.DataFrame:
    (path,) = Path(uri).glob("data/*/train.parquet")
    return pl.read_parquet(path)


def said(uri: str) -> dict:
    return json.loads((Path(uri) / "manifest.json").read_text())


@pytest.mark.parametrize("name", ready())
def test_ready_made_mixtures_keep_their_lineage_and_hash_every_file(name, state):
    release = write_mixture(state, load(name))
    found = rows(release.uri)
    every = {row["id"]: row for row in built(state).iter_rows(named=True)}
    assert found.height == release.samples > 20
    assert found.columns == list(SAMPLE_COLUMNS)
    assert all(row == every[row["id"]] for row in found.iter_rows(named=True))
    manifests.check(release.uri, "mixture")
    about = said(release.uri)
    for path, known in about["files"].items():
        assert facts(Path(release.uri) / path).model_dump() == known
    assert sum(task["rows"] for task in about["tasks"].values()) == about["samples"] == found.height
    assert sum(task["tokens"] for task in about["tasks"].values()) == about["tokens"] > found.height
    assert load(f"{release.uri}/recipe.yml") == load(name)
    summary = facts_of(find_trained(release.uri, Root(state.order.root)), Root(state.order.root))
    assert (Path(release.uri) / "training-content.md").read_text() == as_markdown(summary)
    assert json.loads((Path(release.uri) / "training-content.json").read_text()) == json.loads(as_json(summary))
    front = yaml.safe_load((Path(release.uri) / "README.md").read_text().split("---\n")[1])
    assert (front["language"], front["size_categories"]) == (["en"], ["n<1K"])
    licences = set(found["licence"])
    assert licences == {task["licence"] for task in about["tasks"].values()}
    assert ("MQP" in set(found["task"])) == (load(name).samples == "all")
    assert state.audit is not None
    leaks = pl.read_parquet(Path(state.order.root, state.audit.place, LEAKS)).select("train_task", "train_id").unique()
    chosen = leaks.filter(pl.col("train_task").is_in([*about["tasks"], *about["gave_nothing"]]))
    assert about["leaking"] == (chosen.height if load(name).samples == "clean" else 0)
    assert chosen.height > 0
    assert json.loads((Path(release.uri).parent / "latest.json").read_text())["version"] == release.version


def built(state: State, *tasks: str) -> pl.DataFrame:
    from tasks.model.draw.samples import samples

    found = samples(Build(state))
    return pl.concat([found[task].training() for task in tasks or found]).collect()


def test_a_recipe_may_draw_wordings(state):
    plain = rows(write_mixture(state, load("balanced_1m")).uri)
    release = write_mixture(state, load("balanced_1m", ["wordings=[standard, short, guideline]"]))
    found = rows(release.uri)
    assert found.drop("instruction").equals(plain.drop("instruction")), "the same samples in the same order"
    known = {
        (name, text): wording for name, (_, task) in declared().items() for wording, text in wordings(task).items()
    }
    drawn = [known[row["task"], row["instruction"]] for row in found.iter_rows(named=True)]
    assert set(drawn) == set(WORDINGS)
    assert said(release.uri)["recipe"]["wordings"] == list(WORDINGS)
    assert "Wording of the instructions: standard, short, guideline" in (Path(release.uri) / "README.md").read_text()


def test_commercial_has_no_row_that_does_not_permit_it(state):
    found = rows(write_mixture(state, load("commercial")).uri)
    for task in set(found["task"]):
        source, task_ = declared()[task]
        terms = [licence.terms for licence in source.licences(task_, "train")]
        assert all(each.commercial and each.redistribute and each.derivatives and not each.non_profit for each in terms)
    assert "MedDialog" in set(built(state)["task"]) - set(found["task"])


def test_they_are_those_of_the_benchmark(state, root):
    made = find(root)
    manifests.check(made.uri, "benchmark")
    for name in MIXTURES:
        mine = rows(write_mixture(state, load(name)).uri)
        theirs = pl.read_parquet(root.local(f"{made.folder}/data/{name}/train.parquet"))
        assert mine.equals(theirs)
    assert not set(rows(write_mixture(state, load(MIXTURES[1])).uri)["task"]) & set(held_out())


def test_equal_inputs_give_equal_bytes_and_versions_stay(state, tmp_path):
    recipe = load("balanced_1m", ["rows=40", "few_shot=0.5"])
    one = write_mixture(state, recipe)
    before = tree(Path(one.uri))
    assert write_mixture(state, recipe) == one
    other = write_mixture(state, recipe, Root(str(tmp_path)))
    assert tree(Path(other.uri)) == before == tree(Path(one.uri))
    assert write_mixture(state, load("balanced_1m", ["rows=41"])).version != one.version


def test_quotas_are_met_exactly_or_their_lack_is_said(state):
    release = write_mixture(
        state, load("balanced_1m", ["samples=all", "rows=40", "quotas={QA: 0.25, BIOSSES: 6, MeQSum: 20}"])
    )
    found = dict(rows(release.uri)["task"].value_counts().iter_rows())
    about = said(release.uri)
    assert found["BIOSSES"] == 6
    assert sum(count for task, count in found.items() if declared()[task][1].category == "QA") == 10
    assert about["shortfalls"] == {"MeQSum": {"asked": 20, "given": built(state, "MeQSum").height}}
    assert "MeQSum: 20 were asked for" in (Path(release.uri) / "README.md").read_text()


def test_a_query_chooses_samples_and_weighs_them(state, tmp_path):
    path = tmp_path / "short.yml"
    query = "SELECT id, 1.0 / length(input) AS weight FROM samples WHERE length(input) < 400 AND split <> 'test'"
    path.write_text(yaml.safe_dump({"query": query, "samples": "all", "rows": 25}))
    release = write_mixture(state, load(str(path)))
    found = rows(release.uri)
    assert found.height == 25
    assert found["input"].str.len_chars().max() < 400
    assert set(found["id"]) <= set(built(state)["id"])
    assert said(release.uri)["foreign"] > 0, "samples of dev sets are counted and left out"


@pytest.mark.parametrize(
    ("query", "error", "words"),
    [
        ("SELECT task FROM samples", MixtureError, "expected a text column `id`.*found task"),
        ("SELECT id FROM samples WHERE task = 'none'", MixtureError, "returns no ids"),
        ("SELECT id FROM samples WHERE split = 'test'", MixtureError, "none of its .* ids is a training sample"),
        ("SELECT id, 0 AS weight FROM samples", MixtureError, "weights are not positive numbers"),
        ("FROM samples UNION ALL FROM samples", MixtureError, "come more than once"),
        ("SELECT ids FROM samples", MixtureError, "(?s)ids.*medinst sql"),
        ("DROP VIEW samples", QueryError, "Expected one SELECT"),
        ("ATTACH 'x.db'", QueryError, "Expected one SELECT"),
        ("COPY samples TO 'x.csv'", QueryError, "Expected one SELECT"),
        ("SELECT id FROM read_csv('/etc/passwd')", MixtureError, "disabled|Permission"),
    ],
)
def test_a_query_that_gives_nothing_or_does_more_is_refused(query, error, words, state, tmp_path):
    path = tmp_path / "query.sql"
    path.write_text(query)
    with pytest.raises(error, match=words):
        write_mixture(state, load(str(path), ["samples=all"]))
    assert not (Path(state.order.root) / "mixtures" / "query").exists()


def test_a_build_without_an_audit_or_a_catalogue_is_told_of(state, tmp_path):
    bare = gather(tmp_path, DEMO, ["biosses"])
    with pytest.raises(QueryError, match="medinst build"):
        write_mixture(bare, load("balanced_1m", ["query=SELECT id FROM samples"]))
    with pytest.raises(MixtureError, match=r"needs a build that was audited.*medinst build.*samples=all"):
        write_mixture(bare.model_copy(update={"audit": None}), load("balanced_1m"))
    with pytest.raises(MixtureError, match="no training samples of the 1 tasks"):
        write_mixture(bare, load("balanced_1m", ["include={tasks: [MQP]}", "samples=all"]))


def test_every_mixture_says_what_it_has_of_each_test(state, root):
    """Measured here by the words of the inputs themselves; the miniatures share texts between tasks."""
    tests = every_test(state)
    for name in ("merged_train_100k", "merged_train_100k_paper"):
        release = write_mixture(state, load(name, ["limits={}"]))
        texts = set(rows(release.uri)["input"].map_elements(bare_words, return_dtype=pl.String))
        found = said(release.uri)["overlap"]
        assert {task: each["samples"] for task, each in found.items()} == {
            task: len(each) for task, each in tests.items()
        }
        for task, inputs in tests.items():
            assert found[task]["texts"] == sum(bare_words(text) in texts for text in inputs), (name, task)
        card = (Path(release.uri) / "README.md").read_text()
        assert "Test texts in the training data" in card
        for task, each in found.items():
            row = f"| {task} | {each['samples']:,} | {each['texts']:,} ({each['rows']:,}) |"
            assert (row in card) == (task in held_out() or each["texts"] > 0 or each["rows"] > 0), row
    leaky = said(write_mixture(state, load("merged_train_100k_paper")).uri)["overlap"]
    clean = said(write_mixture(state, load("merged_train_100k")).uri)["overlap"]
    assert sum(each["texts"] for each in leaky.values()) > 0
    assert leaky["BIOSSES"]["rows"] >= built(state, "MQP").height
    assert all((each["texts"], each["rows"]) == (0, 0) for each in clean.values())


def every_test(state: State) -> dict[str, list[str]]:
    """The inputs of the published samples of all tests."""
    from tasks.build.audit.leaks import tested
    from tasks.build.deduplicate.published import published

    found: dict[str, list[str]] = {}
    for task, (rendered, kept) in Build(state).outcomes.items():
        for split in rendered.splits:
            if tested(task, split):
                inputs = published(rendered.files(split), kept.place, split, Root(state.order.root)).select(
                    pl.col("input").cast(pl.String)
                )
                found[task] = found.get(task, []) + inputs.collect()["input"].to_list()
    return {task: inputs for task, inputs in found.items() if inputs}


def bare_words(text: str) -> str:
    """The words of an input without those that name its parts."""
    import re

    plain = re.sub(r"^(Question|[A-Z]\w*( \d)?): ", "", text)
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"\n[A-Z]\w*( \d)?: ", "\n", plain).lower()))


def test_instructions_are_counted(state):
    release = write_mixture(state, load("merged_train_100k", ["few_shot=0.5", "rows=40"]))
    found = rows(release.uri)
    words = r"\p{L}+|\p{N}+|[^\s\p{L}\p{N}]"
    asked = found["instruction"].str.count_matches(words) * (1 + found["history"].list.len())
    about = said(release.uri)
    assert (
        about["instruction_tokens"]
        == asked.sum()
        == sum(each["instruction_tokens"] for each in about["tasks"].values())
    )
    assert (
        f"Instructions take {100 * asked.sum() / about['tokens']:.1f} % of the tokens"
        in (Path(release.uri) / "README.md").read_text()
    )


def test_no_task_gives_more_of_a_kind_than_the_recipe_allows(state):
    asked = ["include={categories: [NER]}", "limits={untagged: 0.2}", "samples=all", "max_tokens=null"]
    release = write_mixture(state, load("balanced_1m", asked))
    found = rows(release.uri).with_columns(untagged=~pl.col("output").str.contains(r" \[[BI]\]( |$)"))
    tagged = found.filter(pl.col("output").str.contains(r" \[O\]"))
    shares = tagged.group_by("task").agg(pl.col("untagged").mean())
    assert tagged["untagged"].sum() > 0
    assert shares["untagged"].max() <= 0.2
    left_out = sum(each["limited"].get("untagged", 0) for each in said(release.uri)["tasks"].values())
    assert left_out > 0
    assert f"{left_out} tagged sentences without an entity" in (Path(release.uri) / "README.md").read_text()


def test_a_full_disk_is_said_and_leaves_nothing(state, tmp_path, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(making, "write_shuffled", full)
    with pytest.raises(PublishError, match=r"the disk is full. Nothing was published.*medinst mix"):
        write_mixture(state, load("commercial"), Root(str(tmp_path)))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_nothing_left_to_draw_is_an_error(state):
    with pytest.raises(MixtureError, match=r"nothing is left to draw: .* too long or too short"):
        write_mixture(state, load("merged_train_100k", ["max_tokens=3"]))


@pytest.fixture(scope="module")
def drawn(state: State, root: Root):
    release = write_mixture(state, load("merged_train_100k", ["rows=60", "few_shot=0.5"]))
    return find_dataset(release.version, root)


def exported(dataset, root, split="train", **options) -> list[dict]:
    made = export(dataset, Options(**options), root)
    return [
        json.loads(line)
        for path in sorted(Path(made.uri, split).glob("*.jsonl"))
        for line in path.read_text().split("\n")[:-1]
    ]


def conversation(row: dict) -> list[tuple[str, str]]:
    turns = [turn for user, assistant in row.get("history", []) for turn in (("user", user), ("assistant", assistant))]
    return [*turns, ("user", f"{row['instruction']}\n{row['input']}"), ("assistant", row["output"])]


def test_every_form_says_the_same(drawn, root):
    original = rows(drawn.uri).to_dicts()
    expected = {row["id"]: conversation(row) for row in original}
    alpaca = exported(drawn, root, format="alpaca")
    assert {row["id"]: conversation(row) for row in alpaca} == expected
    messages = exported(drawn, root, format="messages", rows_per_file=7)
    assert [row["id"] for row in messages] == [row["id"] for row in original]
    assert {row["id"]: [(m["role"], m["content"]) for m in row["messages"]] for row in messages} == expected
    names = {"human": "user", "gpt": "assistant"}
    sharegpt = exported(drawn, root, format="sharegpt")
    assert {row["id"]: [(names[t["from"]], t["value"]) for t in row["conversations"]] for row in sharegpt} == expected
    pairs = exported(drawn, root, format="prompt-completion")
    assert {
        row["id"]: [(m["role"], m["content"]) for m in row["prompt"] + row["completion"]] for row in pairs
    } == expected
    parquet = export(drawn, Options("parquet", rows_per_file=25), root)
    files = sorted(Path(parquet.uri, "train").glob("*.parquet"))
    assert [pl.read_parquet(file).height for file in files] == [25, 25, 10]
    assert pl.read_parquet(files).select(rows(drawn.uri).columns).equals(rows(drawn.uri))
    assert all(row["licence"] and row["source"] for form in (alpaca, messages, sharegpt, pairs) for row in form)


def test_a_system_prompt_comes_first(drawn, root):
    messages = exported(drawn, root, format="messages", system="Be brief.")
    assert all(row["messages"][0] == {"role": "system", "content": "Be brief."} for row in messages)
    assert {row["system"] for row in exported(drawn, root, format="alpaca", system="Be brief.")} == {"Be brief."}


def test_plain_rows_are_plain_texts(state, root):
    dataset = find_dataset(write_mixture(state, load("commercial")).uri, root)
    original = {row["id"]: row for row in rows(dataset.uri).to_dicts()}
    for row in exported(dataset, root, format="prompt-completion"):
        same = original[row["id"]]
        assert (row["prompt"], row["completion"]) == (f"{same['instruction']}\n{same['input']}\n", same["output"])


def test_of_a_benchmark_the_tests_with_examples_are_exported(root):
    dataset = find_dataset(find(root).version, root)
    tests = exported(dataset, root, split="test", format="messages")
    assert len(tests) == dataset.manifest.samples
    bare = {task for task, about in dataset.manifest.tasks.items() if not about.examples}
    assert {row["task"] for row in tests if len(row["messages"]) < 4} == bare
    assert any(len(row["messages"]) >= 4 for row in tests)
    bare = exported(dataset, root, split="test", format="messages", only=("BIOSSES-zs",))
    assert {len(row["messages"]) for row in bare} == {2}
    with pytest.raises(ExportError, match=r"has no BIOSES .did you mean `BIOSSES`"):
        export(dataset, Options("messages", only=("BIOSES",)), root)


def test_an_export_is_whole_licensed_and_stays(drawn, root, tmp_path):
    made = export(drawn, Options("sharegpt"), root)
    manifests.check(made.uri, "export")
    before = tree(Path(made.uri))
    assert {
        "NOTICE.md",
        "README.md",
        "dataset_info.json",
        "references.bib",
        "manifest.json",
        "train/00000.jsonl",
        "licences/gpl-3.0.txt",
        "licences/mit-pubmedqa.txt",
    } == set(before)
    assert export(drawn, Options("sharegpt"), root) == made
    assert tree(Path(export(drawn, Options("sharegpt"), Root(str(tmp_path))).uri)) == before
    front = yaml.safe_load(before["README.md"].decode().split("---\n")[1])
    card = yaml.safe_load(Path(drawn.uri, "README.md").read_text().split("---\n")[1])
    assert front["license_name"] == card["license_name"]
    info = json.loads(before["dataset_info.json"])["medinst_train"]
    assert Path(made.uri, info["file_name"]).is_dir()
    assert info["columns"]["messages"] == "conversations"


def test_what_may_not_leave_the_machine_does_not(drawn, state):
    with pytest.raises(PublishError, match=r"profile `local`.*medinst publish --profile open"):
        export(drawn, Options("messages"), Root("s3://bucket/exports"))
    with pytest.raises(PublishError, match=r"profile `local`.*--set profile=open"):
        write_mixture(state, load("merged_train_100k"), Root("s3://bucket/mixtures"))


def test_what_is_not_there_is_said(root, drawn, tmp_path):
    with pytest.raises(
        ExportError, match=r"merged_train_100 is not a folder .*did you mean `merged_train_100k`.*medinst mix"
    ):
        find_dataset("merged_train_100", root)
    with pytest.raises(ExportError, match="is not a folder with a tokenizer"):
        export(drawn, Options("messages", chat_template=str(tmp_path / "none")), root)
    with pytest.raises(ExportError, match="applies the template itself"):
        export(drawn, Options("alpaca", chat_template=str(tmp_path)), root)


def test_datasets_loads_mixtures_and_exports_offline(drawn, root, tmp_path):
    uris = [drawn.uri, *(export(drawn, Options(name, rows_per_file=25), root).uri for name in FORMS)]
    script = (
        "import sys; from datasets import load_dataset\n"
        "for path in sys.argv[1:]:\n"
        "    found = load_dataset(path, split='train'); print(len(found), *found.column_names)\n"
    )
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path), "HF_DATASETS_CACHE": str(tmp_path)}
    command = [sys.executable, "-W", "ignore", "-c", script, *uris]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["60"] * len(uris)
    columns = ("history", "output", "conversations", "messages", "completion", "verifier", "history")
    for line, column in zip(lines, columns, strict=True):
        assert column in line.split()


def test_croissant_describes_a_mixture(state):
    import mlcroissant

    release = write_mixture(state, load("commercial"))
    described = mlcroissant.Dataset(jsonld=f"{release.uri}/croissant.json")
    assert not described.metadata.ctx.issues.errors
    assert next(iter(described.records("commercial")))["commercial/split"] == b"train"


def test_the_commands(state, root, prefect_server, tmp_path):
    done = run_medinst(prefect_server, root.url, "mix", "unseen_train_100k", "--set", "rows=20", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "20 samples" in done.stdout
    assert "Test texts in this mixture: 0 of " in done.stdout
    assert "% of the tokens" in done.stdout
    (folder,) = (tmp_path / "mixtures" / "unseen_train_100k").glob("2*")
    told = run_medinst(prefect_server, root.url, "export", str(folder), "--format", "messages", "--out", str(tmp_path))
    assert told.returncode == 0, told.stderr
    assert len(list((tmp_path / "exports").rglob("*.jsonl"))) == 1
    short = run_medinst(prefect_server, root.url, "mix", "merged_train_100k", "--set", "quotas={MQP: 999}", "--json")
    assert short.returncode == 1
    assert json.loads(short.stdout)["shortfalls"]["MQP"]["asked"] == 999
    wrong = run_medinst(prefect_server, root.url, "mix", "unseen_train")
    assert (wrong.returncode, "did you mean `unseen_train_100k`" in wrong.stderr.replace("\n", " ")) == (1, True)
