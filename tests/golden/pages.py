"""The generated pages of the documentation: sources, licences, commands, and the schema of the manifests."""

import re
from pathlib import Path

from typer.cli import get_docs_for_click
from typer.main import get_command

from flows.cli import app
from tasks.tools.declare.licences_page import licences_page
from tasks.tools.declare.source_pages import source_pages
from tests.golden.manifest_schema import SCHEMA, manifest_schema
from tests.support.places import CHECKOUT

DOCS = CHECKOUT / "docs"

_COMMANDS = """# Commands

This page is generated from the program: `make golden` writes it, and a test keeps it current. `medinst COMMAND --help`
prints the same.

"""


def commands_page() -> str:
    """The help of all commands, as typer writes it, without its list of commands, whose summaries are cut."""
    command = get_command(app)
    context = command.make_context("medinst", [], resilient_parsing=True)
    text = get_docs_for_click(obj=command, ctx=context, name="medinst")
    text = text[text.index("\n## ") + 1 :]
    return _COMMANDS + re.sub(r"\n{3,}", "\n\n", re.sub(_CODE, _escaped, text)).strip() + "\n"


_CODE = re.compile(r"```.*?```|`[^`]*`|<", re.DOTALL)
"""Code, or an angle bracket outside of it, which Markdown takes for HTML."""


def _escaped(found: re.Match[str]) -> str:
    return "&lt;" if found[0] == "<" else found[0]


def pages(samples: dict[str, str]) -> dict[Path, str]:
    """The text of every generated page.

    Args:
        samples: task -> its golden sample.
    """
    sources = {DOCS / "sources" / name: text for name, text in source_pages(samples).items()}
    return {
        DOCS / "licences.md": licences_page(),
        DOCS / "commands.md": commands_page(),
        SCHEMA: manifest_schema(),
        **sources,
    }


def write_pages(samples: dict[str, str]) -> None:
    """Write every generated page, and remove those of sources that are no longer declared."""
    wanted = pages(samples)
    for path in set((DOCS / "sources").glob("*.md")) - set(wanted):
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
