"""What people read in a release: card, notice and references."""

import json
from pathlib import Path

import pytest
import yaml

import sources
from schemas.errors import DeclarationError
from tasks.base.licences.bibliography import PAPER
from tasks.build.publish.release import write_release
from tests.support.released import BIB, DECLARED, content_of


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
