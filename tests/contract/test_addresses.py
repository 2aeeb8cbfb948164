"""Where files are had: named by commits, in two places or with a reason, and pinned under their first address."""

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import pytest

from schemas.source import Source, file_of
from sources import find, registry
from tasks.base.one_address import one_address
from tasks.build.fetch.lock import committed_lock
from tasks.build.fetch.source import lock_key

NAMES = sorted(registry())
HOSTED = {"github.com": 2, "raw.githubusercontent.com": 2, "huggingface.co": 3}
"""Hosts of many owners -> the parts of the path that name a repository."""
COMMIT = re.compile(r"[0-9a-f]{40}(\.zip)?")
BRANCHES = {
    "bio_id": "the copy's commit is not known, and the Internet Archive comes first",
    "cpi": "no commit of the repository is known",
    "medcalc_bench": "the commit that holds both files is not known",
    "paramed": "the commit of the second copy is not known",
}
"""Sources with an address on GitHub that names a branch -> why."""


def place(url: str) -> str:
    """What fails as one: the host, or the repository where a host has many owners."""
    parts = urlsplit(url)
    host = parts.netloc.removeprefix("www.")
    path = PurePosixPath(parts.path.lower()).parts[1:]
    return f"{'github.com' if 'github' in host else host}/{'/'.join(path[: HOSTED[host]])}" if host in HOSTED else host


def places(source: Source, file: str) -> set[str]:
    """The places that have a file, or what somebody converted from it and is read instead."""
    parts = [part for part in source.parts.values() if file in map(file_of, part.members)]
    converted = [file_of(member) for part in parts if part.instead for member in part.instead.members]
    return {place(url) for name in (file, *converted) for url in source.urls(name)}


def alone(source: Source) -> list[str]:
    """The publishers' files that can be had from one place only."""
    return [name for name in source.own_files if len(places(source, name)) < 2]


def branches(source: Source) -> list[str]:
    """The addresses in a GitHub repository that do not name a commit or a release."""
    urls = [url for name in source.files for url in source.urls(name) if place(url).startswith("github.com/")]
    named = (url for url in urls if "/releases/download/" in url or any(map(COMMIT.fullmatch, url.split("/"))))
    return sorted({*urls} - {*named})


@pytest.mark.parametrize("name", NAMES)
def test_files_are_in_two_places_or_it_is_said_why_not(name: str) -> None:
    source = find(name)
    lonely = alone(source) if source.access == "open" else []
    where = "expectations/one_address.csv"
    if name in one_address():
        assert lonely, f"All files of {name} have a second place. Remove its line from {where}."
        assert one_address()[name].endswith("."), f"{where}, {name}: write a sentence."
    else:
        assert not lonely, f"{lonely} of {name} are in one place. Add an address elsewhere, or the reason to {where}."


def test_reasons_are_for_sources_that_exist() -> None:
    assert [*one_address()] == sorted(one_address()), "Sort expectations/one_address.csv by source."
    assert not {*one_address()} - {*NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_addresses_on_github_name_a_commit(name: str) -> None:
    found = branches(find(name))
    assert bool(found) == (name in BRANCHES), f"{name}: put the commit in place of the branch: {found}"


@pytest.mark.parametrize("name", NAMES)
def test_an_archive_of_a_commit_is_read_whatever_its_folder_is_called(name: str) -> None:
    source = find(name)
    archives = {file for file in source.files if any("/archive/" in url for url in source.urls(file))}
    members = [member for part in source.parts.values() for member in part.members]
    fixed = [member for member in members if member.split("!")[0] in archives and "*" not in member.split("/")[0]]
    assert not fixed, f"The top folder of these is named after the commit: {fixed}. Write * for it."


@pytest.mark.parametrize("name", NAMES)
def test_an_address_is_declared_once(name: str) -> None:
    source = find(name)
    urls = [url for file in source.files for url in source.urls(file) if source.access == "open"]
    assert len(urls) == len({*urls})


def test_every_pin_is_of_a_declared_file() -> None:
    declared = {lock_key(source, file) for source in registry().values() for file in source.files}
    assert not {*committed_lock()} - declared, "Remove these lines, or move them to the first address of their file."


def test_no_pin_is_of_a_copy() -> None:
    copies = set[str]().union(*(source.known_copies for source in registry().values()))
    assert not {url for url, line in committed_lock().items() if line.sha256 in copies}


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("https://github.com/o/n/raw/x/f", "https://raw.githubusercontent.com/o/n/y/f", True),
        ("https://github.com/o/n/raw/x/f", "https://github.com/p/n/raw/x/f", False),
        (
            "https://huggingface.co/datasets/o/n/resolve/main/f",
            "https://huggingface.co/datasets/o/m/resolve/x/f",
            False,
        ),
        ("https://ftp.example.org/a/f", "ftp://ftp.example.org/a/f", True),
        ("http://www.example.org/f", "https://example.org/g", True),
        ("https://one.example.org/f", "https://two.example.org/f", False),
    ],
)
def test_a_place_is_what_fails_as_one(first: str, second: str, same: bool) -> None:
    assert (place(first) == place(second)) is same
