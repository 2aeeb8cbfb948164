"""Orders: names that are declared, a profile that suits the root, and what is chosen by them."""

import inspect
import shlex
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.testing import CliRunner

from flows.cli import app
from schemas.base import Collections
from schemas.errors import DeclarationError
from schemas.receipts import Order
from schemas.source import Source
from sources import registry
from tasks.build.builds.order import Wishes, chosen_parts, chosen_sources, chosen_tasks, command, is_partial, make_order


def several() -> Source:
    """A declared source with tasks of two parts."""
    return next(source for source in registry().values() if len({task.reads for task in source.tasks}) > 1)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MEDINST_ROOT", "MEDINST_SOURCES", "MEDINST_WORKERS"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("root", "profile", "wanted"),
    [
        ("data", None, "local"),
        ("data", "open", "open"),
        ("data", "research", "research"),
        ("data", "local", "local"),
        ("file:///tmp/data", None, "local"),
        ("s3://bucket/data", None, "research"),
        ("s3://bucket/data", "open", "open"),
        ("memory://data", None, "research"),
    ],
)
def test_a_profile_suits_its_root(root: str, profile: str | None, wanted: str) -> None:
    assert make_order(root=root, profile=profile).profile == wanted  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("root", ["s3://bucket/data", "gs://bucket", "hf://datasets/a/b"])
def test_what_is_local_never_leaves_the_machine(root: str) -> None:
    with pytest.raises(DeclarationError, match=r"never leaves the machine.*--profile research"):
        make_order(root=root, profile="local")


def test_a_root_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert make_order().root == str(tmp_path / "data")
    assert make_order(root=f"file://{tmp_path}/x").root == f"{tmp_path}/x"
    assert make_order(root="s3://bucket/data/").root == "s3://bucket/data"
    monkeypatch.setenv("MEDINST_ROOT", "s3://bucket/other")
    assert make_order().root == "s3://bucket/other"
    assert make_order(root="here").root == str(tmp_path / "here")


def test_the_origin_is_the_mirror_of_last_resort_only_if_none_is_given() -> None:
    assert make_order().mirrors == ("origin",)
    assert make_order(mirrors=["demo"]).mirrors == ("demo",)


def test_workers_come_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDINST_WORKERS", "7")
    assert make_order().workers == 7
    assert make_order(workers=3).workers == 3


def test_unknown_names_are_refused_with_the_list_to_look_at() -> None:
    with pytest.raises(DeclarationError, match=r"no source `nowhere`.*medinst sources"):
        make_order(sources=["nowhere"])
    with pytest.raises(DeclarationError, match=r"no task `Nothing`.*medinst tasks"):
        make_order(tasks=["Nothing"])


def test_equal_orders_are_equal() -> None:
    first, second = list(registry())[:2]
    assert make_order([second, first, second]) == make_order([first, second])


def test_without_names_the_sources_of_the_paper_are_meant_or_a_collection() -> None:
    of = {
        name: {source.collection for source in chosen_sources(make_order(collection=name))}
        for name in get_args(Collections)
    }
    assert of == {"paper": {"paper"}, "beyond": {"beyond"}, "own": set(), "all": {"paper", "beyond"}}
    assert make_order() == make_order(collection="paper")
    partial = {name: is_partial(make_order(collection=name)) for name in get_args(Collections)}
    assert partial == {"paper": False, "beyond": True, "own": True, "all": False}
    beyond = next(source.id for source in registry().values() if source.collection == "beyond")
    assert [source.id for source in chosen_sources(make_order([beyond]))] == [beyond]


def test_a_task_brings_its_source() -> None:
    source = several()
    order = make_order(tasks=[source.tasks[0].name])
    assert order.sources == (source.id,)
    assert [each.id for each in chosen_sources(order)] == [source.id]
    assert [task.name for task in chosen_tasks(order, source)] == [source.tasks[0].name]


def test_only_the_parts_that_chosen_tasks_read_are_read() -> None:
    source = several()
    task = source.tasks[0]
    assert chosen_parts(make_order(tasks=[task.name]), source) == list(task.reads)
    assert chosen_parts(make_order([source.id]), source) == list(source.parts)


def test_nothing_chosen_is_all_that_the_paper_has() -> None:
    order = make_order()
    assert chosen_sources(order) == [source for source in registry().values() if source.paper]
    assert all(chosen_tasks(order, source) == list(source.tasks) for source in registry().values())
    assert not is_partial(order)


def test_anything_chosen_is_partial() -> None:
    source = several()
    assert is_partial(make_order([source.id]))
    assert is_partial(make_order(tasks=[source.tasks[0].name]))
    assert not is_partial(Order(root="elsewhere", frozen=True))


@pytest.mark.parametrize("where", ["root", "mirrors"])
def test_credentials_in_an_address_are_refused_and_not_repeated(where: str) -> None:
    url = "https://someone:hush@example.org/data"
    given = {"root": url} if where == "root" else {"mirrors": [url]}
    with pytest.raises(DeclarationError, match="credentials") as refused:
        make_order(**given)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"sources": ["bc5cdr", "mqp"], "mirrors": ["demo", "origin"], "root": "some where", "profile": "open"},
        {"tasks": ["BC5CDR-RE"], "sources": ["mqp"], "strict": True, "frozen": True},
        {"near": "remove", "fresh": True, "replace": True, "mirrors": ["my files"]},
        {"root": "s3://bucket/prefix", "profile": "open"},
    ],
    ids=["all", "sources", "tasks", "options", "bucket"],
)
def test_its_command_asks_for_the_same(given: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """So a hint repeats the build that failed."""
    monkeypatch.chdir(tmp_path)
    for folder in ("demo", "my files"):
        (tmp_path / folder).mkdir()
    seen: list[Order] = []
    monkeypatch.setattr("flows.commands.build.show_plan", lambda order, json: seen.append(order))
    order = make_order(**given)
    words = shlex.split(command(order))
    assert words[:2] == ["medinst", "build"]
    CliRunner().invoke(app, [*words[1:], "--dry-run"], catch_exceptions=False)
    assert seen == [order]


@pytest.mark.heavy
def test_the_options_of_a_build_are_declared_once() -> None:
    """Command, plan, flow and order have the same names, so that none of them drops what another has."""
    from flows.build import build as flow
    from flows.commands.build import build
    from flows.commands.plan import plan

    wishes = {"sources", *Wishes.__annotations__}
    assert wishes == set(Order.model_fields)
    assert wishes == set(inspect.signature(flow.fn).parameters)
    said = set(inspect.signature(build).parameters)
    assert wishes - said == {"folders", "step_rows", "step_bytes"}, "settings, of which all processes need the same"
    assert set(inspect.signature(plan).parameters) <= wishes | {"json"}


def test_how_large_splits_are_cut_goes_with_the_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A worker on another machine may have other settings."""
    monkeypatch.setenv("MEDINST_STEP_ROWS", "7")
    monkeypatch.setenv("MEDINST_STEP_BYTES", "8")
    order = make_order(root=str(tmp_path))
    assert (order.step_rows, order.step_bytes) == (7, 8)
    assert make_order(root=str(tmp_path), step_rows=9).step_rows == 9
