"""No byte of a source outside a profile reaches what is published under it.

A mirror is built whose every text, id, type and file name carries the word of its source. Then all that is published is
searched for these words.
"""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

import sources
from schemas.errors import GateRefused, PublishError
from schemas.licence import Profile
from schemas.mixture import Recipe
from tasks.base.licences.profiles import PROFILES
from tasks.base.store.root import Root
from tasks.build.audit import audit
from tasks.build.builds.build import Build
from tasks.build.builds.runs import Run, now
from tasks.build.judge.measure import measure
from tasks.build.judge.validate import gate
from tasks.build.pipeline import finish
from tasks.build.publish.content import content
from tasks.build.publish.copy import copy_release
from tasks.build.publish.release import write_release
from tasks.model.benchmark.harness import export_tasks
from tasks.model.benchmark.place import find
from tasks.model.benchmark.write import write_benchmark
from tasks.model.export.dataset import find_dataset
from tasks.model.export.forms import FORMS
from tasks.model.export.write import Options, export
from tasks.model.mixture.write import write_mixture
from tests.support.canary import holds, places
from tests.support.gathering import gather
from tests.support.medinst import tree
from tests.support.places import DEMO

UNKNOWN, BOUND, OPEN = "qzvunkwjx", "qzvbndkwjx", "qzvopnkwjx"
"""The words of sources of unknown licence, of one that an agreement binds, and of those that may be redistributed."""

SHARED = "the keepers of the lighthouse counted every wave that came in before the long winter night began"
"""Words that texts of all of them share, to tempt whatever compares texts."""

WORDS = (UNKNOWN, BOUND, OPEN)
ADMITTED: dict[Profile, set[str]] = {"open": {OPEN}, "research": {OPEN, UNKNOWN}, "local": {OPEN, UNKNOWN, BOUND}}
AGREED = "anem"
SOURCES = ("anem", "bioinfer", "biosses", "covert", "mqp")


def text(word: str, number: int) -> str:
    """A text that is a word's alone; it also looks like an address."""
    return f"{word} {number} {SHARED} {word}{number}, {word}@{word}.example.org and https://{word}.example.org/{word}"


def pairs(word: str) -> str:
    """Two questions and a label in each row; one of the labels is not in the scale, one row is there twice."""
    rows = [(1, text(word, each), text(word, each + 10), each % 2) for each in range(6)]
    rows += [rows[0], (1, text(word, 90), text(word, 91), word)]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def claims(word: str) -> str:
    """Claims with evidence; one of the labels is not declared."""
    rows = [
        {
            "id": f"{word}{each}",
            "claim": text(word, each),
            "evidence": [["SUPPORTS", word, text(word, 50 + each), word]],
            "label": label,
        }
        for each, label in enumerate(("SUPPORTS", "REFUTES", word))
    ]
    return "".join(json.dumps(row) + "\n" for row in rows)


def sentences(word: str, split: str) -> str:
    """Annotated sentences; one type is not declared."""
    documents = []
    for number in range(3):
        words = f"{word} binds {word}s {number} in {split}. {SHARED}"
        here = f"{word}.d{number}"
        kinds = ("Individual_protein", "Gene" if number else word)
        entities = "".join(
            f'<entity charOffset="{start}-{end}" id="{here}.s0.e{place}" text="{words[start:end]}" type="{kind}"/>'
            for place, ((start, end), kind) in enumerate(
                zip(((0, len(word)), (len(word) + 7, 2 * len(word) + 8)), kinds, strict=True)
            )
        )
        link = f'<interaction e1="{here}.s0.e0" e2="{here}.s0.e1" id="{here}.s0.i0" type="PPI"/>'
        documents.append(
            f'<document id="{here}" origId="{word}{number}">'
            f'<sentence charOffset="0-{len(words)}" id="{here}.s0" text="{words}">{entities}{link}</sentence>'
            "</document>"
        )
    return f'<?xml version="1.0" encoding="UTF-8"?><corpus source="x">{"".join(documents)}</corpus>'


def scored(word: str) -> str:
    """Two sentences and how similar five people found them, in three splits by their ids."""
    ids = (1, 2, 3, 7, 20, 22)
    rows = [[str(each), text(word, each), text(word, each + 30), *("12321"[each % 5] * 5)] for each in ids]
    head = ["sentence_id", "sentence_1", "sentence_2", *(f"annotator_{each}" for each in "abcde")]
    return "".join("\t".join(row) + "\n" for row in [head, *rows])


def passages(folder: Path, word: str) -> None:
    """Annotated passages, each in files of its own that bear the word; one type is not declared."""
    names = [f"{word}-{each}" for each in range(9)]
    lists = {
        "development/train-files.list": names[:3],
        "development/test-files.list": names[3:6],
        "test/train-files.list": names[:6],
        "test/test-files.list": names[6:],
    }
    for name, listed in lists.items():
        write(folder / name, "\n".join(listed) + "\n")
    for number, name in enumerate(names):
        write(folder / "standoff" / f"{name}.txt", f"{word} in {word}s {number}. {SHARED}.\n")
        kind = word if number % 3 == 2 else "Cell"
        first, last = len(word) + 4, 2 * len(word) + 5
        annotations = [
            f"T1\tOrgan 0 {len(word)}\t{word}",
            f"T2\t{kind} {first} {last}\t{word}s",
            "R1\tPart-of Arg1:T2 Arg2:T1",
            "*\tCoreference T1 T2",
        ]
        write(folder / "standoff" / f"{name}.ann", "\n".join(annotations) + "\n")


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def fill(mirror: Path) -> None:
    """Write the mirror."""
    write(mirror / "mirror.json", (DEMO / "mirror.json").read_text())
    write(mirror / "mqp" / "mqp.csv", pairs(UNKNOWN))
    write(mirror / "covert" / "CoVERT_FC_annotations.jsonl", claims(UNKNOWN))
    for split in ("train", "test"):
        write(mirror / "bioinfer" / f"BioInfer-{split}.xml", sentences(UNKNOWN, split))
    passages(mirror / AGREED / "AnEM-1.0.4.tar.gz" / "AnEM-1.0.4", BOUND)
    write(mirror / "biosses" / "annotation_pairs_scores.tsv", scored(OPEN))


class Made:
    """A build for `local`, and what was published of it."""

    def __init__(self, folder: Path) -> None:
        self.mirror, self.root = folder / "mirror", folder / "root"
        fill(self.mirror)
        self.state = gather(self.root, self.mirror, SOURCES)
        judged = finish.finish(self.state, Run(run="1", name="made", started=now(), profile="local"))
        assert judged.refusal is None, judged.refusal
        self.releases = {profile: finish.republish(self.state, profile) for profile in PROFILES}

    def folder(self, profile: Profile) -> Path:
        return Path(self.releases[profile].uri)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finish, "in_own_process", lambda function, *given: function(*given))
        bind(patch, AGREED)
        yield Made(tmp_path_factory.mktemp("canary"))


def bind(patch: pytest.MonkeyPatch, name: str) -> None:
    """Have a source be one that an agreement binds."""
    bound = sources.find(name).model_copy(update={"access": "agreement", "apply": "https://example.org/sign"})
    patch.setitem(sources.registry(), name, bound)
    for task in bound.tasks:
        patch.setitem(sources.tasks(), task.name, (bound, task))


def check(folder: Path, profile: Profile) -> None:
    """What a profile admits is there, and nothing else."""
    for word in WORDS:
        found = places(folder, word)
        if word in ADMITTED[profile]:
            assert found, f"{word} is not in what was published as `{profile}`, where it belongs"
        else:
            assert not found, f"{word} is in what was published as `{profile}`: {sorted(found)}"


@pytest.mark.parametrize("profile", PROFILES)
def test_a_release_holds_what_its_profile_admits(profile: Profile, made: Made) -> None:
    check(made.folder(profile), profile)


def test_the_search_would_find_it(made: Made) -> None:
    """Every sample of the local release carries its word, and so do the tables and the catalogue of the root."""
    folder = made.folder("local")
    rows = pl.read_parquet(folder / "data" / "*" / "*.parquet")
    assert set(rows["source"]) == set(SOURCES)
    assert rows["input"].str.contains("|".join(WORDS)).all()
    hidden = {word: places(folder, word) for word in WORDS}
    for task, word in {
        "MQP": UNKNOWN,
        "CoVERt": UNKNOWN,
        "BioInfer-RE": UNKNOWN,
        "AnEM": BOUND,
        "BIOSSES": OPEN,
    }.items():
        assert any(name.startswith(f"data/{task}/") for name in hidden[word]), task
    leaks = pl.read_parquet(folder / "audit" / "leaks.parquet")
    assert ("AnEM", "BIOSSES") in set(leaks.select("test_task", "train_task").rows()), "nothing tempts the audit"
    assert "audit/leaks.parquet" in hidden[UNKNOWN]
    for word in (UNKNOWN, BOUND):
        assert "catalogue/rejects.parquet" in hidden[word]
        assert holds(made.root / "catalogue" / "catalogue.duckdb", word)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_copy_is_the_release_and_nothing_else(profile: Profile, made: Made, tmp_path: Path) -> None:
    release = made.releases[profile]
    copy_release(release.version, Root(str(made.root)), str(tmp_path / "to"), profile)
    files = tree(tmp_path / "to" / "releases")
    pointers = {name: files.pop(name) for name in ("latest.json", "latest-partial.json")}
    assert {json.loads(pointer)["version"] for pointer in pointers.values()} == {release.version}
    assert files == {f"{release.version}/{name}": data for name, data in tree(made.folder(profile)).items()}
    assert set(tree(tmp_path / "to")) == {f"releases/{name}" for name in [*pointers, *files]}
    assert not [name for name in files if name.endswith(".duckdb")]
    check(tmp_path / "to", profile)


@pytest.mark.parametrize("profile", ["open", "research"])
def test_a_build_for_a_profile_has_nothing_else_in_its_root(profile: Profile, made: Made, tmp_path: Path) -> None:
    state = gather(tmp_path / "root", made.mirror, SOURCES, profile=profile)
    check(tmp_path / "root", profile)
    narrowed = audit(Build(made.state).admitted(profile).state)
    built, published = (content(each, measure(each), []) for each in (Build(state), Build(narrowed)))
    assert built.version == published.version, "a build for a profile and the publication under it differ"


@pytest.mark.parametrize("profile", PROFILES)
def test_a_benchmark_holds_what_its_profile_admits(profile: Profile, made: Made, tmp_path: Path) -> None:
    release = write_benchmark(made.state, profile)
    check(Path(release.uri), profile)
    export_tasks(find(Root(str(made.root)), release.version), tmp_path / "lm-eval")
    for word in set(WORDS) - ADMITTED[profile]:
        assert places(tmp_path / "lm-eval", word) == set()


@pytest.mark.parametrize("profile", PROFILES)
def test_a_mixture_holds_what_its_profile_admits(profile: Profile, made: Made) -> None:
    recipe = Recipe(name="canary", profile=profile, samples="all", few_shot=1.0)
    check(Path(write_mixture(made.state, recipe).uri), profile)


@pytest.mark.parametrize("profile", PROFILES)
def test_an_export_holds_what_its_profile_admits(profile: Profile, made: Made) -> None:
    root = Root(str(made.root))
    release = find_dataset(made.releases[profile].uri, root)
    for form in FORMS:
        check(Path(export(release, Options(form), root).uri), profile)


def test_what_nobody_left_out_does_not_pass_the_gate(made: Made, tmp_path: Path) -> None:
    """Were a build not narrowed to its profile, the gate and then publication would refuse it."""
    order = made.state.order.model_copy(update={"profile": "open"})
    state = made.state.model_copy(update={"order": order})
    profiles = measure(Build(state))
    with pytest.raises(GateRefused, match="does not admit"):
        gate(finish.judge(Root(state.order.root), profiles, tmp_path))
    with pytest.raises(PublishError, match="CoVERt: profile `open` holds only what may be redistributed"):
        write_release(content(Build(state), profiles, []), Root(str(made.root)), {})
