"""What every task asks and accepts, as text: each golden file is what is rendered now."""

from pathlib import Path

import pytest

from sources import tasks
from tasks.base.store.root import Root
from tests.golden.pages import DOCS, pages
from tests.golden.write import FOLDER, golden, written
from tests.support.places import CHECKOUT

PAGES = pages(written())


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return dict(golden(Root(str(tmp_path_factory.mktemp("root")))))


@pytest.mark.parametrize("task", sorted(tasks()))
def test_is_what_is_rendered_now(task: str, rendered: dict[str, str]) -> None:
    path = FOLDER / f"{task}.txt"
    assert path.exists(), f"tests/golden/{path.name} is missing. Write it: make golden, then read it."
    written = path.read_bytes().decode()
    assert written == rendered[task], f"tests/golden/{path.name} is old. Write it: make golden, then read the diff."


def test_every_file_belongs_to_a_task() -> None:
    strays = sorted(path.name for path in FOLDER.glob("*.txt") if path.stem not in tasks())
    assert not strays, f"tests/golden holds {strays}, which no task has. Remove them: make golden."


@pytest.mark.parametrize("path", sorted(PAGES), ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_a_generated_page_is_current(path: Path) -> None:
    name = path.relative_to(CHECKOUT)
    assert path.exists(), f"{name} is missing. Write it: make golden"
    assert path.read_text(encoding="utf-8") == PAGES[path], f"{name} is out of date. Write it: make golden"


def test_every_page_of_a_source_belongs_to_a_source() -> None:
    strays = sorted(path.name for path in (DOCS / "sources").glob("*.md") if path not in PAGES)
    assert not strays, f"docs/sources has {strays}, which no source has. Remove them: make golden."


def test_a_line_break_of_the_data_survives(tmp_path: Path, rendered: dict[str, str]) -> None:
    """A golden file must not hide what a model sees: carriage returns are data."""
    text = next(iter(rendered.values())) + "\r\r\n"
    path = tmp_path / "x.txt"
    path.write_text(text, encoding="utf-8", newline="\n")
    assert path.read_bytes().decode() == text
