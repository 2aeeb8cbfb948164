"""The public summary of training content: what follows from a manifest is said, the rest is left to the provider."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from schemas.drawn import TaskShare
from schemas.manifest import ModelManifest
from sources import tasks as declared_tasks
from tasks.base.store.root import Root
from tasks.model.disclosure.facts import facts_of, find_trained
from tasks.model.disclosure.fields import SECTIONS
from tasks.model.disclosure.write import as_json, as_markdown, size_range
from tests.support.manifests import mixture, put, release

TASKS = {"MQP": 30, "SciELO": 20, "SciFact": 10}
FILE = {
    "name": "a.tsv",
    "url": "https://example.org/a.tsv",
    "original": True,
    "trust": "locked",
    "bytes": 1,
    "sha256": "0",
}


def share(task: str, rows: int) -> TaskShare:
    source, declared = declared_tasks()[task]
    return TaskShare(
        category=declared.category, source=source.id, licence="cc-by-4.0 AND umls", language="en", held=rows, rows=rows,
        tokens=rows * 100, few_shot=0, wrong_length=0,
    )  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """A root with a mixture, a model trained on it, one trained on rows of unknown origin, and a release."""
    place = Root(str(tmp_path / "root"))
    drawn = {task: share(task, rows) for task, rows in TASKS.items()} | {"BIOSSES": share("BIOSSES", 0)}
    said = {"samples": 60, "tokens": 6000, "tasks": drawn, "leaking": 7, "sources": {"mqp": [FILE]}}
    put(place, "mixtures/small/m1", mixture("m1", **said))
    model = {
        "profile": "local", "partial": False, "fingerprint": "f", "samples": 60, "licence": "mixed",
        "base": "base-135m", "revision": "abc", "mixture": "small", "mixture_version": "m1", "tasks": TASKS,
    }  # fmt: skip
    put(place, "models/ours", ModelManifest(version="ours", **model), latest=False)
    other = model | {"mixture": "/rows", "mixture_version": "0", "tasks": {"unknown": 5}}
    put(place, "models/theirs", ModelManifest(version="theirs", **other), latest=False)
    put(place, "releases/r1", release("r1"))
    return place


def said(root: Root, name: str) -> dict[str, str | None]:
    """Key of a field -> what the summary says."""
    found = json.loads(as_json(facts_of(find_trained(name, root), root)))
    return {
        field["key"]: field["value"] for section in found["sections"] for field in section["fields"] if field["key"]
    }


def test_a_mixture_says_sources_sizes_languages_and_licences(root: Root) -> None:
    facts = facts_of(find_trained("small", root), root)
    assert {used.id: (used.samples, used.tokens) for used in facts.sources} == {
        "mqp": (30, 3000), "scielo": (20, 2000), "scifact": (10, 1000),
    }  # fmt: skip
    assert facts.languages == ("en", "es", "pt")
    assert {used.licence for used in facts.sources} == {"CC-BY-4.0 AND LicenseRef-UMLS"}
    assert next(used.files for used in facts.sources if used.id == "mqp") == ("https://example.org/a.tsv",)
    assert (facts.samples, facts.tokens, facts.leaking, facts.unknown) == (60, 6000, 7, {})
    fields = said(root, "small")
    assert fields["size"] == "60 samples, 6,000 tokens (words): less than 1 billion tokens."
    assert fields["base"] is None
    assert "7 samples that leak into a test were left out" in str(fields["processing"])


def test_a_model_says_what_it_was_made_from_and_does_not_guess_its_tokens(root: Root) -> None:
    fields = said(root, "ours")
    assert fields["base"] == "base-135m (revision abc), trained further; its provider publishes its own summary."
    assert fields["size"] == "60 samples; their tokens were not counted."
    assert facts_of(find_trained("ours", root), root).languages == ("en", "es", "pt")


def test_rows_of_unknown_origin_are_left_to_the_provider(root: Root) -> None:
    facts = facts_of(find_trained("theirs", root), root)
    assert (facts.unknown, facts.sources) == ({"unknown": 5}, ())
    assert said(root, "theirs")["public"] is None
    assert "**provider**: the origin of samples that no declared source gave: unknown." in as_markdown(facts)


def test_what_only_a_provider_knows_is_marked_and_never_filled(root: Root) -> None:
    facts = facts_of(find_trained("small", root), root)
    fields = [field for section in SECTIONS for field in section.fields]
    assert [field.title for field in fields if not field.key and not field.hint] == []
    text = as_markdown(facts)
    left = [field for field in fields if not field.key]
    assert {field.number for field in left} == {"1.1", "1.2", "1.3", "2.2", "2.3", "2.4", "2.6", "3.1", "3.2"}
    assert all(f"| {field.number} | {field.title} | **provider**: {field.hint} |" in text for field in left)


def test_it_is_written_and_the_same_each_time(root: Root, tmp_path: Path) -> None:
    for name in ("a.md", "b.md", "a.json"):
        done = CliRunner().invoke(app, ["summary", "small", "--out", str(tmp_path / name), "--root", root.url])
        assert done.exit_code == 0, done.output
    assert (tmp_path / "a.md").read_bytes() == (tmp_path / "b.md").read_bytes()
    printed = CliRunner().invoke(app, ["summary", "small", "--root", root.url])
    assert printed.stdout == (tmp_path / "a.md").read_text()
    assert root.url not in (tmp_path / "a.json").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["smal"], "did you mean `small`"),
        (["nothing"], "It has: small, ours, theirs. Make one: medinst mix"),
        (["{root}/releases/r1"], "is a release: expected a mixture or a model"),
        (["small", "--out", "a.txt"], r"a name in .md or .json"),
        (["small", "--out", "no/a.md"], "a file in a folder that is there"),
    ],
)
def test_what_cannot_be_summed_up_says_why(root: Root, arguments: list[str], message: str) -> None:
    given = [each.replace("{root}", root.url) for each in arguments]
    done = CliRunner().invoke(app, ["summary", *given, "--root", root.url])
    assert done.exit_code == 1
    assert message in done.stderr


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        (None, ""),
        (0, "less than 1 billion tokens"),
        (10**9 - 1, "less than 1 billion tokens"),
        (10**9, "1 billion to 10 trillion tokens"),
        (10**13, "more than 10 trillion tokens"),
    ],
)
def test_sizes_are_in_the_ranges_of_the_template(tokens: int | None, words: str) -> None:
    assert size_range(tokens) == words
