"""The documentation: links resolve, names exist, every source and command has its place, the English is plain."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from markdown.extensions.toc import slugify
from typer.main import get_command

from flows.cli import app
from sources import registry
from tests.support.places import CHECKOUT as HOME

DOCS = HOME / "docs"
PAGES = sorted([*HOME.glob("*.md"), *DOCS.rglob("*.md"), HOME / "demo" / "README.md"])
EACH = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(HOME).as_posix())

FENCE = re.compile(r"^( *)(```+).*?^\1\2 *$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
ANCHOR = re.compile(r'<a id="([^"]+)">')
NAMED = re.compile(
    r"`((?:demo|deployments|docs|expectations|flows|medinst_eval|schemas|sources|tasks|tests)/[\w./-]*\w/?|[\w-]+\.(?:md|yml))`"
)
ELSEWHERE = {
    "badge.md",
    "comparison.md",
    "recipe.yml",
    "NOTICE.md",
    "sources/instructions/TODO-mqp/standard.txt",
    "sources/mqp.corrections.yml",
}
"""Files of a release, of a report, or of a source that is being added."""

QUAINT = {
    r"\bparted by\b": "separated by",
    r"\bto be had\b": "available",
    r"\bbe it\b": "whether",
    r"\bjoined by blanks\b": "joined with spaces",
    r"\bblanks?\b(?!_)": "space",
    r"\bin earnest\b": "substantially",
    r"(?<!there )(?<!There )\b(?:is|are) no (?!longer)": "is not a",
    r"\bupright strokes?\b": "vertical bar",
    r"\bbears? (?:it|them|the \w+) out\b": "support",
    r"\bfor ever\b": "forever",
    r"\b(?:held|holds) against\b": "compared with",
    r"\bmend(?:s|ed|ing)?\b": "fix",
    r"\bsaid of it\b": "reported",
    r"\bsome (?:[5-9]|\d\d+) ": "about",
    r"\blet through\b": "allow",
    r"\blikes of\b|\band its like\b": "and similar",
}
LOCAL = re.compile(r"(?<![\w.])/(?:home|root|work|Users|mnt)/\w+|\b[A-Z]:\\\w+|\.\./shared")
MACHINE = {"benchmarks.md": "../shared"}
"""The folder beside the checkout in which the benchmarks look for real files."""


@cache
def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


@cache
def anchors(page: Path) -> set[str]:
    text = prose(page)
    return {slugify(re.sub(r"[`*]", "", heading), "-") for heading in HEADING.findall(text)} | set(ANCHOR.findall(text))


@EACH
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(prose(page)):
        if re.match(r"\w+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{page.name} links to {link}, and there is no such file"
        if target.suffix == ".md" and anchor:
            assert anchor in anchors(target), f"{page.name} links to {link}, of {sorted(anchors(target))}"


@pytest.mark.parametrize("page", [p for p in PAGES if DOCS in p.parents], ids=lambda page: page.stem)
def test_a_page_of_the_site_links_only_to_the_site(page: Path) -> None:
    """The site is `docs/` alone: a link out of it would be dead there."""
    links = [link.partition("#")[0] for link in LINK.findall(prose(page)) if not re.match(r"\w+:", link)]
    assert [link for link in links if DOCS not in (page.parent / link).resolve().parents and link] == []


@EACH
def test_every_file_that_is_named_exists(page: Path) -> None:
    names = set(NAMED.findall(prose(page))) - ELSEWHERE
    lost = [name for name in names if not any((base / name).exists() for base in (HOME, page.parent, HOME / "docs"))]
    assert lost == [], f"{page.name} names files that do not exist"


def test_every_page_is_in_the_navigation() -> None:
    listed = re.findall(r"[\w/-]+\.md", yaml.dump(yaml.safe_load((HOME / "mkdocs.yml").read_text("utf-8"))["nav"]))
    pages = [page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")]
    reached = {name for name in pages if name in listed or name.startswith("sources/")}
    assert sorted(reached) == sorted(pages)
    assert sorted(set(listed) - set(pages)) == []


@pytest.mark.parametrize("source", registry())
def test_every_source_has_its_page_and_is_in_the_index(source: str) -> None:
    page = prose(DOCS / "sources" / f"{source}.md")
    declared = registry()[source]
    assert declared.title in page
    assert [task.name for task in declared.tasks if f"| {task.name} |" not in page] == []
    assert f"({source}.md)" in prose(DOCS / "sources" / "index.md")


def test_every_command_and_option_is_in_the_reference() -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    command = get_command(app)
    commands = getattr(command, "commands", {})
    assert commands
    for name, each in commands.items():
        assert f"## `medinst {name}`" in page, f"docs/commands.md lacks `{name}`. Write it: make golden"
        for option in (option for parameter in each.params for option in parameter.opts if option.startswith("--")):
            assert f"`{option}" in page or f", {option}" in page, f"docs/commands.md lacks `{name} {option}`"


@EACH
def test_the_english_is_plain(page: Path) -> None:
    text = re.sub(r"`[^`]*`", "", prose(page))
    found = {
        f"{hit[0]!r}: say {better!r}" for phrase, better in QUAINT.items() for hit in re.finditer(phrase, text, re.I)
    }
    assert found == set()


@EACH
def test_no_path_of_a_machine_is_named(page: Path) -> None:
    text = page.read_text(encoding="utf-8").replace(MACHINE.get(page.name, "\0"), "")
    assert LOCAL.findall(text) == []
