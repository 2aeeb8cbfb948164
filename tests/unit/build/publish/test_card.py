"""The card and the Croissant description of a release: what is in it, what is not, and what is shown of it."""

import json
from pathlib import Path

import polars as pl
import pytest
import yaml
from packaging.licenses import canonicalize_license_expression

from schemas.errors import PublishError
from schemas.release import ParityRow, ReleaseContent
from tasks.base.store.root import Root
from tasks.build.publish.extent import extent
from tasks.build.publish.release import write_release
from tests.support.released import DECLARED, audited, content_of

TABLE = ("ALPHA", "BETA-1.x", "GAMMA", "DELTA", "EPSILON", "OMEGA")


def written(content: ReleaseContent, root: Root) -> tuple[Path, str, dict]:
    folder = Path(write_release(content, root, {}).uri)
    text = (folder / "README.md").read_text(encoding="utf-8")
    return folder, text, yaml.safe_load(text.split("---\n")[1])


def test_clean_has_the_training_samples_that_leak_into_no_test(root: Root) -> None:
    folder, text, front = written(audited(root, {"ALPHA": 5}), root)
    configs = {each["config_name"]: each["data_files"] for each in front["configs"]}
    assert list(configs) == ["all", "clean", "ALPHA", "BETA-1.x"]
    assert configs["clean"] == [{"split": "train", "path": ["clean/ALPHA.parquet"]}]
    every = pl.read_parquet(folder / "data/ALPHA/train.parquet")
    left = pl.read_parquet(folder / "clean/ALPHA.parquet")
    assert left.equals(every[5:])
    assert "or `clean` for the training samples" in text
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["training_sets"]["clean"]["samples"] == left.height
    assert "clean/ALPHA.parquet" in manifest["files"]


def test_a_task_without_leaks_is_clean_as_it_is(root: Root) -> None:
    folder, _, front = written(audited(root, {}), root)
    configs = {each["config_name"]: each["data_files"] for each in front["configs"]}
    assert configs["clean"] == [{"split": "train", "path": ["data/ALPHA/train.parquet"]}]
    assert not (folder / "clean").exists()


def test_an_audit_of_other_samples_is_an_error(root: Root) -> None:
    with pytest.raises(PublishError, match="42 training samples leak into no test by the audit, 43 by the files"):
        write_release(audited(root, {"ALPHA": 6}), root, {})


def rows(task: str) -> ParityRow:
    return ParityRow(task=task, category="NER", paper=(1, 1, 1), ours=None, status="withheld", reason="")


def test_every_task_of_the_table_is_in_one_list(root: Root) -> None:
    """A task without a sample counts as one that is not there."""
    content = content_of(root, parity=tuple(map(rows, TABLE)))
    empty = content.tasks[1].model_copy(update={"name": "DELTA", "splits": {}})
    content = content.model_copy(update={"tasks": (*content.tasks, empty)})
    held = extent(content)
    assert (held.covered, held.absent) == (2, 4)
    assert held.covered + sum(map(len, (held.empty, held.withheld, held.unasked, held.undeclared))) == len(TABLE)
    _, text, front = written(content, root)
    words = " ".join(text.split())
    assert "2 tasks from 2 public datasets" in words
    assert "Table 11 has 6 tasks; 2 of them are in this release, 4 are not." in words
    assert "**Without a sample** (1), because everything was left out: DELTA." in words
    assert "**Not asked for** (1): EPSILON." in words
    assert "**Not declared** (1)" in words
    assert "| DELTA |" not in text
    assert "DELTA" not in {each["config_name"] for each in front["configs"]}


def test_one_sample_of_each_category_and_the_answer_forms_are_shown(root: Root) -> None:
    folder, text, _ = written(content_of(root), root)
    shown = text.split("## Samples")[1].split("## Answer forms")[0]
    assert shown.count("### ") == 1  # both tasks are of one category
    first = pl.read_parquet(folder / "data/ALPHA/train.parquet").sort(pl.col("input").str.len_chars(), "id")
    assert first["input"][0].strip() in shown
    assert "| entities | 2 |" in text.split("## Answer forms")[1]


def test_a_long_text_is_cut(root: Root) -> None:
    content = content_of(root)
    path = root.local(content.tasks[0].splits["train"].samples[0])
    pl.read_parquet(path).with_columns(input=pl.lit("word " * 500)).write_parquet(path)
    _, text, _ = written(content, root)
    assert "word […]" in text
    assert "word " * 200 not in text


def test_cut_copies_are_named(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    partial = DECLARED["alpha"].model_copy(update={"partial": frozenset({"f" * 64})})
    monkeypatch.setitem(DECLARED, "alpha", partial)
    folder, text, _ = written(content_of(root), root)
    assert "**Cut copies.**" in text
    assert "The alpha corpus." in text.split("**Cut copies.**")[1].split("###")[0]
    limits = json.loads((folder / "croissant.json").read_text())["rai:dataLimitations"]
    assert any("The alpha corpus" in words for words in limits)
    monkeypatch.setitem(DECLARED, "alpha", partial.model_copy(update={"partial": frozenset()}))
    again = content_of(root, version="2026.12.0-open-ff")
    assert "**Cut copies.**" not in written(again, root)[1]


@pytest.mark.parametrize("field", ["derived", "converted"])
def test_copies_that_others_made_are_named_with_how(root: Root, monkeypatch: pytest.MonkeyPatch, field: str) -> None:
    content = content_of(root)
    (blob,) = content.files["alpha"][:1]
    key = blob.sha256 if field == "derived" else blob.name
    monkeypatch.setitem(
        DECLARED, "alpha", DECLARED["alpha"].model_copy(update={field: {key: "Somebody wrote it anew."}})
    )
    _, text, _ = written(content, root)
    assert f"- **{DECLARED['alpha'].title}**: Somebody wrote it anew." in text


def test_a_release_of_the_publishers_files_names_no_copies(root: Root) -> None:
    assert "Remade copies" not in written(content_of(root), root)[1]


@pytest.mark.heavy
def test_croissant_says_what_responsible_use_needs(root: Root) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    folder, _, _ = written(audited(root, {"ALPHA": 5}), root)
    said = json.loads((folder / "croissant.json").read_text())
    assert said["conformsTo"] == ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
    assert all(said[name] for name in ("creator", "datePublished", "license", "url", "description", "name"))
    metadata = mlcroissant.Dataset(jsonld=f"{folder}/croissant.json").metadata
    assert (metadata.ctx.issues.errors, metadata.ctx.issues.warnings) == (set(), set())
    assert metadata.ctx.is_v1_1()
    known = {name.removeprefix("rai:") for name in said if name.startswith("rai:")}
    assert known >= {"dataCollection", "dataLimitations", "dataBiases", "personalSensitiveInformation", "dataUseCases"}
    assert metadata.data_biases == said["rai:dataBiases"]
    assert metadata.data_limitations == said["rai:dataLimitations"]
    assert "Training samples that leak into a test: 5;" in " ".join(said["rai:dataLimitations"])
    assert {each.name for each in metadata.record_sets} == {"all", "clean", "ALPHA", "BETA-1.x"}


def test_croissant_says_what_it_was_made_from(root: Root) -> None:
    folder, _, _ = written(content_of(root), root)
    said = json.loads((folder / "croissant.json").read_text())
    assert said["@context"]["prov"] == "http://www.w3.org/ns/prov#"
    assert said["prov:wasGeneratedBy"]["@type"] == "prov:Activity"
    sources = {each["@id"]: each for each in said["prov:wasDerivedFrom"]}
    sets = {each["name"]: each.get("prov:wasDerivedFrom", {}).get("@id") for each in said["recordSet"]}
    assert sets["all"] is None
    assert {sets["ALPHA"], sets["BETA-1.x"]} == set(sources)
    for each in sources.values():
        assert each["prov:label"]
        assert canonicalize_license_expression(each["dct:license"]) == each["dct:license"]


def test_biases_are_measured(root: Root) -> None:
    folder, _, _ = written(content_of(root), root)
    said = json.loads((folder / "croissant.json").read_text())["rai:dataBiases"]
    assert said == [
        "92.1 % of the samples are English alone.",
        "The largest task, ALPHA, has 92.1 % of the samples.",
    ]
