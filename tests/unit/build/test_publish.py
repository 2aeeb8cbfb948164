"""Publication: what a release folder holds, and that it appears whole, once, and the same everywhere."""

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
import yaml

import sources
from schemas.errors import BucketError, DeclarationError, PublishError
from schemas.licence import Licence
from schemas.profile import ReleaseProfile
from schemas.receipts import Blob
from schemas.release import Lost, ParityRow, ReleaseContent, ReleaseSplit, ReleaseTask
from schemas.sample import SAMPLE_COLUMNS
from schemas.source import Part
from schemas.task import Ner
from tasks.base.licences.bibliography import PAPER
from tasks.base.store.root import Root
from tasks.base.versions.find import releases
from tasks.base.versions.pointers import point
from tasks.build.deduplicate.published import write_decisions
from tasks.build.pipeline import finish
from tasks.build.publish.copy import copy_release
from tasks.build.publish.manifest import manifest
from tasks.build.publish.release import write_release
from tests.support import manifests
from tests.support.declared import source
from tests.support.places import CHECKOUT

VERSION = "2026.11.0-open-0123456789ab"
BIB = r"""
A comment @ the top.

@inproceedings{han2024medinst,
  author = {Han, Wenhan and Fang, Meng},
  title = {{MedINST}: Meta Dataset of Biomedical Instructions},
  year = {2024},
}

@article{made2020alpha,
  author = "M{\"u}ller, J{\o}rn and others",
  title = {An {Alpha} \& a beta, 50\% \{sic\}},
  journal = {Journal of Examples}, year = 2020, doi = {10.1000/alpha}
}

@misc{made2021beta, author = {Beta Group}, title = {Beta}, year = {2021}, url = {https://example.org/beta}}
"""


DECLARED = {
    name: source(
        id=name,
        title=f"The {name} corpus",
        licence=licence,
        citation=citation,
        files={"a.tsv": f"https://example.org/{name}/a.tsv"},
        parts={"main": Part(train="a.tsv")},
        tasks=(Ner(name="BETA-1.x" if name == "beta" else name.upper(), types={"X": "thing"}, **said),),
    )
    for name, licence, citation, said in (
        ("alpha", Licence.CC_BY_4_0, "made2020alpha", {"answerable": "no", "because": "Nobody knows the numbers."}),
        ("beta", Licence.CC_BY_NC_SA_3_0, "made2021beta", {}),
        ("gamma", Licence.UNKNOWN, "made2021beta", {"answerable": "partly", "because": "Pages are missing."}),
    )
}


def samples(root: Root, task: str, name: str, rows: int, split: str, dropped: tuple[int, ...] = ()) -> ReleaseSplit:
    folder = Path(root.uri("samples", task))
    folder.mkdir(parents=True, exist_ok=True)
    ids = [sha256(f"{task} {split} {row}".encode()).hexdigest()[:32] for row in range(rows)]
    table = {column: [f"{column} {row} – ä|\n" for row in range(rows)] for column in SAMPLE_COLUMNS}
    table |= {"id": ids, "task": [task] * rows, "source": [name] * rows, "key": ids}
    pl.DataFrame(table, schema=dict.fromkeys(table, pl.String)).write_parquet(folder / f"{split}.parquet")
    lost = {"split": [split] * len(dropped) + ["other"], "id": [ids[row] for row in dropped] + ids[:1]}
    columns = {"twin": pl.lit(""), "reason": pl.lit("duplicate")}
    decisions = f"samples/{task}/decisions-{split}"
    write_decisions(decisions, root, dropped=pl.DataFrame(lost, strict=False).with_columns(**columns))
    return ReleaseSplit(
        samples=(f"samples/{task}/{split}.parquet",),
        decisions=decisions,
        rows=rows - len(dropped),
    )


def content_of(root: Root, **changes) -> ReleaseContent:
    alpha = {
        "train": samples(root, "ALPHA", "alpha", 50, "train", dropped=(3, 7)),
        "dev": samples(root, "ALPHA", "alpha", 4, "dev"),
        "test": samples(root, "ALPHA", "alpha", 6, "test"),
    }
    beta = {
        "test": samples(root, "BETA-1.x", "beta", 5, "test"),
        "train": samples(root, "BETA-1.x", "beta", 1, "train", (0,)),
    }
    common = {"category": "NER", "instruction": "Find.", "wordings": {"standard": "Find.", "short": "Find it."}}
    values = {
        "version": VERSION,
        "fingerprint": "0123456789ab" * 4,
        "profile": "open",
        "original": True,
        "partial": True,
        "tasks": (
            ReleaseTask(name="ALPHA", source="alpha", language="en", licence="cc-by-4.0", splits=alpha, **common),
            ReleaseTask(
                name="BETA-1.x",
                source="beta",
                language="en-es",
                licence="cc-by-nc-sa-3.0",
                splits=beta,
                **common,
            ),
        ),
        "withheld": {"GAMMA": "an agreement\nmust be signed"},
        "undeclared": ("OMEGA",),
        "files": {
            name: (
                Blob(
                    name="a.tsv",
                    url=place.format(name),
                    sha256="f" * 64,
                    bytes=9,
                    place="blobs/" + "f" * 64,
                ),
            )
            for name, place in (
                ("alpha", "https://example.org/{}/a.tsv"),
                ("beta", f"{root.url}/mirror/{{}}/a.tsv"),
            )
        },
        "records": (),
        "samples": (),
        "summary": ReleaseProfile(
            profile="open",
            chosen=3,
            built=2,
            withheld=1,
            unaccounted=0,
            unaccounted_tasks=(),
            samples=63,
            duplicate_ids=0,
            refused_licences=0,
            uncited=0,
        ),
        "verdicts": (),
        "lost": (
            Lost(
                stage="deduplicate",
                source="alpha",
                part="",
                task="ALPHA",
                split="train",
                reason="duplicate",
                rows=2,
            ),
        ),
        "parity": (
            ParityRow(task="ALPHA", category="NER", paper=(50, 4, 6), ours=(50, 4, 6), status="equal", reason=""),
        ),
    }
    return ReleaseContent(**(values | changes))


@pytest.fixture(autouse=True)
def declared(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("sources")
    (folder / "references.bib").write_text(BIB, encoding="utf-8")
    monkeypatch.setattr(sources, "FOLDER", folder)
    monkeypatch.setattr(sources, "registry", lambda: DECLARED)


@pytest.fixture
def root(tmp_path):
    return Root(str(tmp_path / "root"))


@pytest.fixture
def extras(tmp_path):
    quality = tmp_path / "site" / "pages"
    quality.mkdir(parents=True)
    (quality / "one.html").write_text("<p>one</p>")
    return {"report.html": b"<p>report</p>", "quality": tmp_path / "site"}


@pytest.fixture
def release(root, extras):
    return write_release(content_of(root), root, extras)


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def names(root: Root) -> list[str]:
    return sorted(entry.name for entry in Path(root.url, "releases").iterdir())


def test_layout(release, root):
    folder = Path(release.uri)
    assert sorted(tree(folder)) == [
        "NOTICE.md",
        "README.md",
        "catalogue/columns.parquet",
        "catalogue/conflicts.parquet",
        "catalogue/instructions.parquet",
        "catalogue/parity.parquet",
        "catalogue/sources.parquet",
        "catalogue/tasks.parquet",
        "croissant.json",
        "data/ALPHA/dev.parquet",
        "data/ALPHA/test.parquet",
        "data/ALPHA/train.parquet",
        "data/BETA-1.x/test.parquet",
        "manifest.json",
        "quality/pages/one.html",
        "references.bib",
        "report.html",
    ]
    assert folder == Path(root.url) / "releases" / VERSION
    assert (release.tasks, release.samples, release.partial, release.profile) == (2, 63, True, "open")
    assert names(root) == [VERSION, "latest-partial.json", "latest.json"]


def test_rows_are_the_kept_samples_in_their_order(release, root):
    before = pl.read_parquet(root.local(content_of(root).tasks[0].splits["train"].samples[0]))
    after = pl.read_parquet(f"{release.uri}/data/ALPHA/train.parquet")
    kept = [row for row in range(50) if row not in (3, 7)]
    assert after.equals(before.select(SAMPLE_COLUMNS)[kept])


def test_latest_names_the_version(release, root):
    latest = root.read_json("releases/latest.json")
    assert latest["version"] == VERSION
    assert latest["manifest_sha256"] == release.manifest_sha256


def test_manifest_verifies(release):
    folder = Path(release.uri)
    text = (folder / "manifest.json").read_bytes()
    manifests.check(folder, "release")
    assert sha256(text).hexdigest() == release.manifest_sha256
    said = json.loads(text)
    there = {name: {"bytes": len(data), "sha256": sha256(data).hexdigest()} for name, data in tree(folder).items()}
    del there["manifest.json"]
    assert said["files"] == there
    assert said["tasks"]["ALPHA"]["rows"] == {"train": 48, "dev": 4, "test": 6}
    assert said["withheld"] == {"GAMMA": "an agreement\nmust be signed"}
    assert said["sources"]["alpha"][0]["trust"] == "first-use"
    assert "place" not in said["sources"]["alpha"][0]
    assert said["sources"]["beta"][0]["url"] == "https://example.org/beta/a.tsv"  # not that of the mirror
    assert set(said["made_with"]) == {"medinst", "polars", "great-expectations"}


def test_no_address_of_this_machine_is_in_a_release(release, tmp_path):
    for name, data in tree(Path(release.uri)).items():
        assert str(tmp_path).encode() not in data, name


def test_equal_content_is_equal_bytes(release, extras, tmp_path):
    other = Root(str(tmp_path / "other"))
    again = write_release(content_of(other), other, extras)
    assert again.manifest_sha256 == release.manifest_sha256
    assert tree(Path(again.uri)) == tree(Path(release.uri))


@pytest.mark.heavy
def test_equal_bytes_in_another_process_with_other_threads(release, tmp_path):
    code = f"""
import sources
from tests.unit.build import test_publish as t
from pathlib import Path
sources.FOLDER, sources.registry = Path({str(sources.FOLDER)!r}), lambda: t.DECLARED
root = t.Root({str(tmp_path / "third")!r})
extras = {{"report.html": b"<p>report</p>", "quality": Path({str(tmp_path / "site")!r})}}
print(t.write_release(t.content_of(root), root, extras).manifest_sha256)
"""
    environment = os.environ | {"POLARS_MAX_THREADS": "1", "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.split()[-1] == release.manifest_sha256


@pytest.mark.heavy
def test_many_row_groups_do_not_depend_on_threads(tmp_path):
    code = f"""
from pathlib import Path
from hashlib import sha256
from tests.unit.build import test_publish as t
from tasks.build.publish.data import _write
root = t.Root({str(tmp_path)!r})
split = t.samples(root, "BIG", "alpha", 90_000, "train", tuple(range(0, 90_000, 3)))
out = Path({str(tmp_path)!r}) / "out.parquet"
print(_write(split, "train", root, out), sha256(out.read_bytes()).hexdigest())
"""
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"POLARS_MAX_THREADS": str(threads)},
        ).stdout
        for threads in (1, 4)
    }
    assert len(found) == 1
    assert found.pop().startswith("(60000, ")


def test_a_version_never_changes(release, root):
    before = {path: path.stat().st_mtime_ns for path in Path(root.url, "releases").rglob("*")}
    again = write_release(content_of(root), root, {"report.html": b"another"})
    assert again == release
    assert {path: path.stat().st_mtime_ns for path in Path(root.url, "releases").rglob("*")} == before


def test_latest_moves_and_moves_back(release, root, extras):
    newer = write_release(content_of(root, version="2026.12.0-open-ff"), root, extras)
    pointer = "releases/latest.json"
    assert root.read_json(pointer)["version"] == newer.version
    root.remove(pointer)
    assert write_release(content_of(root), root, extras) == release
    assert root.read_json(pointer)["version"] == VERSION


def test_an_error_midway_leaves_no_trace(release, root, extras, monkeypatch):
    before = tree(Path(root.url, "releases"))

    def fail(*_):
        raise RuntimeError("out of paper")

    monkeypatch.setattr("tasks.build.publish.release.manifest", fail)
    with pytest.raises(RuntimeError, match="out of paper"):
        write_release(content_of(root, version="2026.12.0-open-ff"), root, extras)
    assert tree(Path(root.url, "releases")) == before
    assert names(root) == [VERSION, "latest-partial.json", "latest.json"]


def test_what_dead_runs_left_is_removed(root, extras):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    releases = Path(root.url, "releases")
    for process in (dead.pid, os.getppid()):
        (releases / f".1.0.0-open-a.part-{process}" / "data").mkdir(parents=True)
    write_release(content_of(root), root, extras)
    assert names(root) == [f".1.0.0-open-a.part-{os.getppid()}", VERSION, "latest-partial.json", "latest.json"]


def test_a_folder_without_manifest_is_not_overwritten(root, extras):
    strange = Path(root.url, "releases", VERSION)
    strange.mkdir(parents=True)
    (strange / "mine.txt").write_text("mine")
    with pytest.raises(PublishError, match=r"no manifest.json.*medinst publish"):
        write_release(content_of(root), root, extras)
    assert tree(strange) == {"mine.txt": b"mine"}


def test_a_wrong_number_of_rows_is_an_error(root, extras):
    content = content_of(root)
    alpha = content.tasks[0]
    wrong = alpha.splits["train"].model_copy(update={"rows": 50})
    content = content.model_copy(update={"tasks": (alpha.model_copy(update={"splits": {"train": wrong}}),)})
    with pytest.raises(PublishError, match=r"ALPHA train: expected 50 rows .* 48 were written") as caught:
        write_release(content, root, extras)
    assert (caught.value.facts["expected"], caught.value.facts["found"]) == (50, 48)
    assert names(root) == []


def test_samples_without_a_column_are_an_error(root, extras):
    content = content_of(root)
    path = root.local(content.tasks[0].splits["dev"].samples[0])
    pl.read_parquet(path).drop("licence").write_parquet(path)
    with pytest.raises(PublishError, match="expected samples with the columns"):
        write_release(content, root, extras)


@pytest.mark.parametrize("name", ["../outside", "/outside", "README.md", "manifest.json", "data/ALPHA"])
def test_extras_stay_in_their_place(root, name):
    with pytest.raises(PublishError, match="expected a relative path"):
        write_release(content_of(root), root, {name: b""})


def test_the_profile_is_kept(root):
    content = content_of(root)
    unknown = content.tasks[0].model_copy(update={"source": "gamma", "licence": "unknown"})
    with pytest.raises(PublishError, match="only what may be redistributed"):
        write_release(content.model_copy(update={"tasks": (unknown,)}), root, {})


def test_card(release):
    text = Path(release.uri, "README.md").read_text(encoding="utf-8")
    front = yaml.safe_load(text.split("---\n")[1])
    names = [each["config_name"] for each in front["configs"]]
    assert names == ["all", "ALPHA", "BETA-1.x"]  # without an audit nobody knows what is clean
    assert front["configs"][1] == {
        "config_name": "ALPHA",
        "data_files": [{"split": split, "path": f"data/ALPHA/{split}.parquet"} for split in ("train", "dev", "test")],
    }
    assert front["configs"][2]["data_files"] == [{"split": "test", "path": "data/BETA-1.x/test.parquet"}]
    assert (front["license"], front["license_name"]) == ("other", "mixed-non-commercial-share-alike")
    manifest = json.loads(Path(release.uri, "manifest.json").read_text(encoding="utf-8"))
    assert manifest["licence"] == front["license_name"]
    assert front["language"] == ["en", "es"]
    assert front["size_categories"] == ["n<1K"]
    for words in (
        "**partial**",
        "non-commercial",
        "share-alike",
        "**GAMMA**: an agreement must be signed",
        "OMEGA",
    ):
        assert words in text
    assert "| [The alpha corpus](https://example.org/alpha) | CC BY 4.0 | 48 | 4 | 6 |" in text
    assert "- **ALPHA** is not answerable: Nobody knows the numbers." in text
    assert "Pages are missing." not in text
    assert "Not for training" not in text
    assert "| deduplicate | duplicate | 2 |" in text


def test_card_of_miniatures_and_of_one_licence(root):
    content = content_of(root)
    content = content.model_copy(update={"tasks": content.tasks[:1], "original": False})
    release = write_release(content, root, {})
    text = Path(release.uri, "README.md").read_text(encoding="utf-8")
    assert "Not for training or evaluation" in text
    assert yaml.safe_load(text.split("---\n")[1])["license"] == "cc-by-4.0"
    assert "Made from invented miniatures" in json.loads(Path(release.uri, "croissant.json").read_text())["description"]


def test_an_empty_release_is_a_release(root):
    release = write_release(content_of(root).model_copy(update={"tasks": ()}), root, {})
    assert (release.tasks, release.samples) == (0, 0)


def test_notice_names_every_licence(release):
    text = Path(release.uri, "NOTICE.md").read_text(encoding="utf-8")
    for name in ("alpha", "beta"):
        declared = DECLARED[name]
        for words in (
            declared.title,
            declared.homepage,
            declared.licence.terms.title,
            declared.licence.terms.url,
        ):
            assert words in text
        assert f"<{declared.evidence.url}>: {declared.evidence.words}" in text
    assert "gamma" not in text
    assert "Cite: Jørn Müller, et al. (2020). An Alpha & a beta, 50% {sic}. Journal of Examples. https" in text
    assert "non-commercial: " in text


def test_references_are_those_of_the_release(release):
    text = Path(release.uri, "references.bib").read_text(encoding="utf-8")
    assert [line.split("{")[1].rstrip(",") for line in text.splitlines() if line.startswith("@")][:2] == [
        PAPER,
        "made2020alpha",
    ]
    assert r"50\% \{sic\}" in text


@pytest.mark.parametrize(
    ("bib", "message"),
    [
        (BIB.replace("made2021beta", "other"), "sources.*/references.bib has no entry `made2021beta`"),
        (BIB[:-3], r"line \d+, `@misc{made2021beta, .*`, is not BibTeX.*braces"),
        (BIB + BIB, "two entries `han2024medinst`"),
    ],
)
def test_errors_of_the_bibliography(root, bib, message):
    (sources.FOLDER / "references.bib").write_text(bib, encoding="utf-8")
    with pytest.raises(DeclarationError, match=message):
        write_release(content_of(root), root, {})


@pytest.mark.heavy
def test_datasets_loads_it_offline(release, tmp_path):
    code = f"""
from datasets import get_dataset_config_names, load_dataset
folder = {release.uri!r}
assert get_dataset_config_names(folder) == ["all", "ALPHA", "BETA-1.x"]
found = load_dataset(folder, "ALPHA")
assert {{split: len(rows) for split, rows in found.items()}} == {{"train": 48, "dev": 4, "test": 6}}, found
assert list(found["dev"].features) == {list(SAMPLE_COLUMNS)!r}
assert found["dev"][0]["task"] == "ALPHA"
assert load_dataset(folder, "BETA-1.x").keys() == {{"test"}}
every = load_dataset(folder, "all")
assert {{split: len(rows) for split, rows in every.items()}} == {{"train": 48, "dev": 4, "test": 11}}
"""
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "cache")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.heavy
def test_croissant_validates_and_loads(release):
    mlcroissant = pytest.importorskip("mlcroissant")
    dataset = mlcroissant.Dataset(jsonld=f"{release.uri}/croissant.json")
    issues = dataset.metadata.ctx.issues
    assert (issues.errors, issues.warnings) == (set(), set())
    rows = list(dataset.records("ALPHA"))
    assert [row["ALPHA/split"] for row in rows].count(b"train") == 48
    assert len(rows) == 58
    assert all(row["ALPHA/task"] == b"ALPHA" for row in rows)
    assert len(list(dataset.records("BETA-1.x", filters={"BETA-1.x/split": "test"}))) == 5
    assert {file.id: file.sha256 for file in dataset.metadata.file_objects} == {
        name: sha256(data).hexdigest() for name, data in tree(Path(release.uri)).items() if name.endswith(".parquet")
    }


def test_copy_to_another_folder(release, root, tmp_path):
    other = Root(str(tmp_path / "mirror"))
    copied = copy_release(release.version, root, other.url, "open")
    assert tree(Path(copied.uri)) == tree(Path(release.uri))
    assert copied.manifest_sha256 == release.manifest_sha256
    assert other.read_json("releases/latest.json")["version"] == VERSION
    assert copy_release(release.version, root, other.url, "open") == copied


def test_copy_refuses_a_version_that_differs(release, root, tmp_path):
    other = Root(str(tmp_path / "mirror"))
    copied = copy_release(release.version, root, other.url, "open")
    path = Path(copied.uri, "manifest.json")
    path.write_text(path.read_text().replace('"original": true', '"original": false'))
    with pytest.raises(PublishError, match=r"other fields: original.*never overwritten.*medinst publish --to"):
        copy_release(release.version, root, other.url, "open")


def test_copy_refuses_damage(release, root, tmp_path):
    Path(release.uri, "report.html").write_text("changed")
    with pytest.raises(PublishError, match=r"report.html is damaged"):
        copy_release(release.version, root, str(tmp_path / "mirror"), "open")
    assert not (tmp_path / "mirror" / "releases" / VERSION).exists()


def test_copy_refuses_what_is_not_there(root, tmp_path):
    with pytest.raises(PublishError, match=r"not a complete release.*medinst publish"):
        copy_release("9", root, str(tmp_path / "mirror"), "open")


def test_local_releases_stay_on_the_machine(root, tmp_path):
    release = write_release(content_of(root, profile="local", version="1.0.0-local-a"), root, {})
    with pytest.raises(PublishError, match=r"must not leave this machine.*--profile open"):
        copy_release(release.version, root, "memory://bucket", "local")
    with pytest.raises(PublishError, match="has profile `local`, but `open` was asked for"):
        copy_release(release.version, root, "memory://bucket", "open")
    assert copy_release(release.version, root, str(tmp_path / "mirror"), "local").profile == "local"


def on_s3(content: ReleaseContent, local: Root, remote: Root) -> ReleaseContent:
    remote.fs.put(local.uri("samples") + "/", remote.uri("samples") + "/", recursive=True)
    return ReleaseContent.model_validate_json(content.model_dump_json().replace(local.url, remote.url))


@pytest.mark.heavy
def test_s3_root(release, root, extras, bucket, monkeypatch):
    remote = Root(bucket)
    content = on_s3(content_of(root), root, remote)
    uploads = []
    put_file = remote.fs.put_file
    monkeypatch.setattr(remote.fs, "put_file", lambda path, uri: (uploads.append(uri), put_file(path, uri)))
    there = write_release(content, remote, extras)
    assert there.uri == f"{bucket}/releases/{VERSION}"
    assert there.manifest_sha256 == release.manifest_sha256
    for name, data in tree(Path(release.uri)).items():
        assert remote.read_bytes(f"releases/{VERSION}/{name}") == data
    assert [uri.rsplit("/", 1)[-1] for uri in uploads] == ["manifest.json", "latest-partial.json", "latest.json"]
    assert write_release(content, remote, {}) == there
    assert len(uploads) == 3


def test_an_interrupted_upload_is_no_release(release, root, bucket):
    remote = Root(bucket)
    remote.fs.pipe_file(f"{bucket}/releases/{VERSION}/stale.txt", b"stale")
    copied = copy_release(release.version, root, bucket, "open")
    found = {uri.split(f"{VERSION}/")[1] for uri in remote.fs.find(copied.uri, refresh=True)}
    assert found == set(tree(Path(release.uri)))
    with pytest.raises(BucketError, match=r"The bucket `missing` .*is not there"):
        copy_release(release.version, root, "s3://missing/prefix", "open")


def test_listing_releases_does_not_move_the_pointer(tmp_path):
    root = Root(str(tmp_path))
    for version in ("2026.1-local-aa", "2026.1-local-zz"):
        said = manifest(content_of(root, version=version), {}).model_dump(mode="json")
        root.write_json(f"releases/{version}/manifest.json", said)
    versions = releases(root)
    found = versions.find("2026.1-local-aa")
    assert found is not None
    point(versions, found)
    listed = {release.version: latest for release, latest in finish.releases(root)}
    assert listed == {"2026.1-local-aa": True, "2026.1-local-zz": False}
    assert versions.latest == "2026.1-local-aa"
