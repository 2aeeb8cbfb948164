"""`medinst mcp` as agents use it: the SDK's own client in this process, over standard input, and over HTTP."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from schemas.meanings import meanings
from tasks.base.store.root import Root
from tasks.build.builds.build import Build
from tasks.build.builds.state import save_state
from tasks.build.catalogue.query import rows
from tasks.build.catalogue.write import write_catalogue
from tasks.build.judge.measure import measure
from tasks.tools.agents.answers import CHARS, DATA, ROWS, Desk, Limits
from tests.support.gathering import gather
from tests.support.places import CHECKOUT, DEMO

mcp = pytest.importorskip("mcp", reason="needs the extra mcp; make .venv/dev.done brings it")
from mcp import Client  # noqa: E402
from mcp.client.stdio import StdioServerParameters  # noqa: E402

from tasks.tools.agents.server import HOST, make_server  # noqa: E402

pytestmark = [pytest.mark.heavy, pytest.mark.filterwarnings("ignore::DeprecationWarning:mcp.*")]

Call = Callable[..., Any]
"""Calls one tool with arguments: what it answers, or the message of its error as a text."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Root:
    state = gather(tmp_path_factory.mktemp("mcp") / "root", DEMO, ["mqp", "scifact"])
    save_state(state)
    build = Build(state)
    write_catalogue(build, measure(build), [], [], [])
    return Root(state.order.root)


def talk(server: Any, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """What a client gets from a server: its answers, in order."""

    async def all_calls() -> list[Any]:
        async with Client(server) as client:
            found = [await client.call_tool(name, arguments) for name, arguments in calls]
        return [each.content[0].text if each.is_error else each.structured_content for each in found]

    return asyncio.run(_within(all_calls()))


async def _within(work: Coroutine[Any, Any, Any]) -> Any:
    return await asyncio.wait_for(work, 60)


@pytest.fixture
def call(root: Root) -> Call:
    server = make_server(Desk(root.url, Limits(2.0, "64MB")))
    return lambda tool, /, **arguments: talk(server, (tool, arguments))[0]


def test_every_tool_only_reads_and_says_what_it_does(root: Root) -> None:
    async def listed() -> Any:
        async with Client(make_server(Desk(root.url))) as client:
            assert DATA in (client.instructions or "")
            return (await client.list_tools()).tools

    tools = asyncio.run(_within(listed()))
    assert {tool.name for tool in tools} == {"tables", "sql", "show", "why"}
    for tool in tools:
        assert tool.description
        assert tool.annotations.read_only_hint
        assert not tool.annotations.destructive_hint
        assert all(each["description"] for each in tool.input_schema["properties"].values()), tool.name


def test_the_tables_come_with_their_comments(call: Call) -> None:
    assert {name for name, *_ in call("tables")["tables"]} == set(meanings())
    columns = call("tables", name="samples")["columns"]
    assert [name for name, *_ in columns] == list(meanings()["samples"].columns)
    assert all(comment for *_, comment in columns)


def test_questions_are_answered(call: Call, root: Root) -> None:
    query = "SELECT task, sum(kept) AS kept, current_date AS day FROM splits GROUP BY task ORDER BY task"
    found = call("sql", query=query)
    assert found["columns"] == ["task", "kept", "day"]
    assert [row[:2] for row in found["rows"]] == [[row[0], int(row[1])] for row in rows(root, query).iter_rows()]
    assert found["complete"]
    assert found["note"] == DATA


def test_samples_and_their_stories_are_shown(call: Call, root: Root) -> None:
    shown = call("show", name="MQP", n=2)
    (sample, *_), *_ = shown["rows"]
    assert len(shown["rows"]) == 2
    story = call("why", name=sample)["story"]
    assert story["source"] == "mqp"
    assert sample in str(story)
    assert {row[1] for row in call("show", name="scifact", n=1)["rows"]} == {"SciFact"}


def test_a_long_answer_is_cut_and_says_so(call: Call) -> None:
    many = call("sql", query="FROM range(10000)")
    assert len(many["rows"]) == ROWS
    assert (many["complete"], many["more"]) == (
        False,
        "Only the first 200 rows are here. Narrow the query or aggregate.",
    )
    (text,) = call("sql", query="SELECT repeat('x', 5000) AS x")["rows"][0]
    assert text == f"{'x' * CHARS}… [1,000 more characters]"
    wide = call("sql", query="SELECT repeat('x', 3000) AS x FROM range(100)")
    assert not wide["complete"]
    assert 10 < len(wide["rows"]) < 20


REFUSED = {
    "writes": ("sql", {"query": "COPY sources TO '/tmp/medinst-test.csv'"}, "found COPY"),
    "changes": ("sql", {"query": "DROP TABLE sources"}, "found DROP"),
    "several": ("sql", {"query": "SELECT 1; SELECT 2"}, "found SELECT, SELECT"),
    "other files": ("sql", {"query": "FROM read_text('/etc/hostname')"}, "disabled"),
    "other roots": ("sql", {"query": "FROM glob('{root}/../*')"}, "disabled"),
    "the network": ("sql", {"query": "FROM 'https://example.org/a.parquet'"}, "a.parquet"),
    "the environment": ("sql", {"query": "SELECT getenv('HOME')"}, "getenv"),
    "settings": ("sql", {"query": "SET memory_limit = '1TB'"}, "found SET"),
    "no end": ("sql", {"query": "SELECT count(*) FROM range(100000000) a, range(100000000) b"}, "given up"),
    "memory": ("sql", {"query": "SELECT list(i) FROM range(900000000) t(i)"}, "memory did not suffice"),
    "no SQL": ("sql", {"query": "Which tasks are there?"}, "syntax error"),
    "no table": ("tables", {"name": "x'; DROP TABLE sources; --"}, "no table or view"),
    "no task": ("show", {"name": "MPQ"}, "did you mean `MQP`"),
    "not built": ("show", {"name": "BC5CDR-RE"}, "has published no sample"),
    "too many": ("show", {"name": "MQP", "n": 10_000}, "less than or equal to 20"),
    "no record": ("why", {"name": "' OR 1=1"}, "no sample and no record"),
}


@pytest.mark.parametrize(("tool", "arguments", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_says_why(call: Call, root: Root, tool: str, arguments: dict[str, Any], said: str) -> None:
    given = {
        name: each.replace("{root}", root.url) if isinstance(each, str) else each for name, each in arguments.items()
    }
    answer = call(tool, **given)
    assert isinstance(answer, str)
    assert said in answer
    assert "Traceback" not in answer


def test_a_root_without_a_catalogue_says_what_to_do(tmp_path: Path) -> None:
    server = make_server(Desk(str(tmp_path)))
    for answer in talk(server, ("tables", {}), ("sql", {"query": "SELECT 1"})):
        assert "Build something first: medinst build" in answer


def command(root: Root, *more: str) -> list[str]:
    return ["-m", "flows", "mcp", "--root", root.url, *more]


def test_a_program_that_is_started_answers_on_standard_output(root: Root) -> None:
    environment = {"PYTHONPATH": ":".join(sys.path[1:])}
    program = StdioServerParameters(command=sys.executable, args=command(root), env=environment, cwd=CHECKOUT)
    (found, wrong) = talk(
        program, ("sql", {"query": "SELECT count(*) FROM parity"}), ("sql", {"query": "DROP TABLE x"})
    )
    assert found["rows"] == [[163]]
    assert "found DROP" in wrong


def test_http_is_served_on_this_machine_alone(root: Root) -> None:
    import httpx

    process = subprocess.Popen(
        [sys.executable, *command(root, "--http", "--port", "0")], cwd=CHECKOUT, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr
        address = re.search(r"http://\S+", process.stderr.readline())
        assert address
        assert address[0].startswith(f"http://{HOST}:")
        (found,) = talk(address[0], ("sql", {"query": "SELECT count(*) FROM parity"}))
        assert found["rows"] == [[163]]
        asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        accept = {"Accept": "application/json, text/event-stream"}
        for stranger in ({"Host": "example.org"}, {"Origin": "https://example.org"}):
            refused = httpx.post(address[0], json=asked, headers={**accept, **stranger}, trust_env=False)
            assert refused.status_code in (403, 421), stranger
    finally:
        process.terminate()
        try:
            code = process.wait(15)
        finally:
            process.kill()
            process.stderr and process.stderr.close()
    assert code == 143
