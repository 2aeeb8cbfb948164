"""The commands as a whole: their help, their options, the commands that messages propose."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from flows.cli import COMMANDS, NESTED, app
from flows.commands.options import ROOT
from flows.console.words import count
from schemas.settings import Settings
from tasks.build.builds.state import save_state
from tests.support.gathering import gather
from tests.support.places import DEMO

NAMES = sorted(command.__name__.replace("_", "-") for group in COMMANDS.values() for command in group)
QUICK = {"sql": ["sql", "SELECT 1"], "show": ["show", "mqp"], "tasks": ["tasks"], "why": ["why", "0"]}
HEAVY = ("prefect", "great_expectations", "pandas", "datasets", "sklearn", "scipy")


def text_of(*arguments: str) -> str:
    """What a command prints, in a terminal of 80 columns, without frames and line breaks."""
    done = CliRunner().invoke(app, [*arguments], env={"COLUMNS": "80", "MEDINST_ROOT": ""})
    return " ".join(re.sub(r"[│╭╮╰╯─]", " ", done.output).split())


def test_the_help_names_every_command_with_its_whole_summary() -> None:
    text = text_of("--help")
    for group, commands in COMMANDS.items():
        assert group in text
        for command in commands:
            assert command.__doc__
            assert command.__doc__.split("\n")[0] in text


@pytest.mark.parametrize("name", NAMES)
def test_each_command_shows_an_example_of_itself(name: str) -> None:
    assert re.search(rf"Example: medinst {name}\b", text_of(name, "--help"))


@pytest.mark.parametrize("name", NAMES)
def test_flags_have_no_opposite_and_every_option_has_help(name: str) -> None:
    group = get_command(app)
    command = group.commands[name]  # pyright: ignore[reportAttributeAccessIssue]
    for parameter in command.params:
        assert not parameter.secondary_opts, parameter.name
        assert parameter.help, parameter.name


def test_the_root_is_that_of_the_settings() -> None:
    assert Settings.model_fields["root"].default == ROOT


def test_a_wrong_choice_names_the_right_ones() -> None:
    done = CliRunner().invoke(app, ["build", "--runner", "threads"])
    assert done.exit_code == 2
    assert all(f"'{choice}'" in done.output for choice in ("thread", "process", "dask"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    save_state(gather(folder, DEMO, ["mqp"]))
    return folder


@pytest.mark.heavy
@pytest.mark.parametrize("arguments", QUICK.values(), ids=QUICK)
def test_a_quick_command_imports_nothing_heavy(arguments: list[str], built: Path) -> None:
    script = (
        "import sys\nfrom flows.cli import app\n"
        f"try: app({[*arguments, '--root', str(built)]!r})\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_message_repeats_the_root_that_was_given(tmp_path) -> None:
    root = tmp_path / "it's [1]"
    done = CliRunner().invoke(app, ["show", "mqp", "--root", str(root)])
    assert done.exit_code == 1
    assert f"medinst build --root '{tmp_path}/it'\"'\"'s [1]'" in done.output


def test_a_message_repeats_no_root_that_was_not_given(tmp_path) -> None:
    done = CliRunner().invoke(app, ["show", "mqp"], env={"MEDINST_ROOT": str(tmp_path)})
    assert "medinst build" in done.output
    assert "--root" not in done.output


@pytest.mark.parametrize(("number", "words"), [(0, "0 tasks"), (1, "1 task"), (1234, "1,234 tasks")])
def test_a_number_agrees_with_its_noun(number: int, words: str) -> None:
    assert count(number, "task") == words


@pytest.mark.parametrize(
    "words", [(name, word) for name, (_, _, below) in NESTED.items() for word in below], ids=" ".join
)
def test_each_nested_command_shows_an_example_of_itself_and_helps_with_every_option(words: tuple[str, str]) -> None:
    assert f"Example: medinst {' '.join(words)}" in text_of(*words, "--help")
    group = get_command(app)
    command = group.commands[words[0]].commands[words[1]]  # pyright: ignore[reportAttributeAccessIssue]
    for parameter in command.params:
        assert not parameter.secondary_opts, parameter.name
        assert parameter.help, parameter.name


def test_a_wrong_model_is_answered_with_the_closest(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["model", "fetch", "smollm-135"], env={"MEDINST_MODELS": str(tmp_path)})
    assert done.exit_code == 1
    assert "Unknown model `smollm-135` (did you mean `smollm2-135m`?)" in done.output
    assert list(tmp_path.iterdir()) == []


def test_models_are_listed_with_what_is_here(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["model", "list", "--json"], env={"MEDINST_MODELS": str(tmp_path)})
    listed = {each["name"]: each for each in json.loads(done.output)}
    assert listed["smollm2-135m"]["state"] == "not fetched"
    assert listed["smollm2-135m"]["licence"] == "Apache-2.0"


def test_a_message_gives_a_nested_command_no_folders_of_sources(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    arguments = ["evaluate", "--sources", str(tmp_path / "mine"), "--root", str(tmp_path), "--backend", "transformers"]
    done = CliRunner().invoke(app, [*arguments, "--model", "smollm2-135m"], env={"MEDINST_MODELS": str(tmp_path)})
    assert done.exit_code == 1
    assert "medinst model --" not in done.output
