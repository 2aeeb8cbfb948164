"""What is generated: pages of the documentation, the schema of the manifests, the definitions of the tasks."""

import re
from pathlib import Path

from typer.cli import get_docs_for_click
from typer.main import get_command

from flows.cli import app
from medinst_eval import __version__
from medinst_eval.harness import TASKS
from medinst_eval.harness.files import task_files
from sources import tasks as declared_tasks
from tasks.base.paper.held_out import held_out
from tasks.model.score.declared import definition, definitions_text
from tasks.tools.declare.catalogue_page import with_catalogue
from tasks.tools.declare.licences_page import licences_page
from tasks.tools.declare.source_pages import source_pages
from tests.golden.manifest_schema import SCHEMA, manifest_schema
from tests.golden.measured import with_measured
from tests.support.places import CHECKOUT

DOCS = CHECKOUT / "docs"
DATA_MODEL = DOCS / "data-model.md"
"""Written by hand, with the tables and views between two marks."""

BENCHMARKS = DOCS / "benchmarks.md"
"""Written by hand, with the age of the figures between two marks."""

DEFINITIONS = CHECKOUT / "medinst_eval" / "definitions.json"

_COMMANDS = """# Commands

This page is generated from the program: `make golden` writes it, and a test keeps it current. `medinst COMMAND --help`
prints the same.

"""


def commands_page() -> str:
    """The help of all commands, as typer writes it, without its lists of commands, whose summaries are cut."""
    command = get_command(app)
    context = command.make_context("medinst", [], resilient_parsing=True)
    text = get_docs_for_click(obj=command, ctx=context, name="medinst")
    text = re.sub(r"\*\*Commands\*\*:\n\n(\* .*\n)+", "", text[text.index("\n## ") + 1 :])
    return _COMMANDS + re.sub(r"\n{3,}", "\n\n", re.sub(_CODE, _escaped, text)).strip() + "\n"


_CODE = re.compile(r"```.*?```|`[^`]*`|<", re.DOTALL)
"""Code, or an angle bracket outside of it, which Markdown takes for HTML."""


def _escaped(found: re.Match[str]) -> str:
    return "&lt;" if found[0] == "<" else found[0]


def pages(samples: dict[str, str]) -> dict[Path, str]:
    """The text of every generated page and file.

    Args:
        samples: task -> its golden sample.
    """
    sources = {DOCS / "sources" / name: text for name, text in source_pages(samples).items()}
    return {
        DOCS / "licences.md": licences_page(),
        DOCS / "commands.md": commands_page(),
        DATA_MODEL: with_catalogue(DATA_MODEL.read_text(encoding="utf-8")),
        BENCHMARKS: with_measured(BENCHMARKS.read_text(encoding="utf-8")),
        SCHEMA: manifest_schema(),
        DEFINITIONS: definitions_text(),
        **harness_tasks(),
        **sources,
    }


def harness_tasks() -> dict[Path, str]:
    """The task files of lm-evaluation-harness that medinst_eval brings."""
    tests = [definition(name) for name in held_out("paper") if name in declared_tasks()]
    return {TASKS / name: text for name, text in task_files(tests, __version__).items()}


def write_pages(samples: dict[str, str]) -> None:
    """Write every generated page, and remove those of sources and tests that are no longer declared."""
    wanted = pages(samples)
    for path in {*(DOCS / "sources").glob("*.md"), *TASKS.glob("*.yaml")} - set(wanted):
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
