"""The taskset of the wheel in verifiers: rows of an export, and what answers earn there."""

import json
from pathlib import Path

import pytest

from tasks.base.store.root import Root
from tasks.model.export.dataset import find_dataset
from tasks.model.export.write import Options, export
from tests.harnesses.conftest import User

pytestmark = pytest.mark.slow

PROGRAM = '''"""What the right answer to each task earns, behind a thought, and what a wrong one does."""

import asyncio, json, sys
import verifiers.v1 as vf

config = vf.taskset_config_type("medinst-eval")(id="medinst-eval", data=sys.argv[1])
env = vf.load_environment(vf.SingleAgentEnvConfig(taskset=config))


async def earned(task, said):
    about = vf.TraceTask(type=type(task).__name__, data=task.data, key=task.key)
    trace = vf.Trace(task=about, agent=vf.AgentInfo(config=vf.AgentConfig()), root_reply=said)
    await task.score(trace)
    return trace.rewards["verified"].score


def missing():
    try:
        list(vf.load_taskset(config.model_copy(update={"split": "dev"})))
    except FileNotFoundError as error:
        return str(error)


async def main():
    found = []
    for task in vf.load_taskset(config):
        data = task.data
        replies = (f"<think>Is it no?</think>{data.ground_truth}", "I cannot help with that.")
        rewards = [await earned(task, said) for said in replies]
        found.append({"key": task.key, "prompt": data.prompt, "task": data.task, "rewards": rewards})
    print(json.dumps({"env": type(env).__name__, "tasks": found, "no dev": missing()}))


asyncio.run(main())
'''


def test_the_right_answer_earns_the_reward(user: User, benchmark: Path, tmp_path: Path) -> None:
    root = Root(str(benchmark.parents[1]))
    exported = Path(export(find_dataset(benchmark.name, root), Options("rl", only=("unseen_train",)), root).uri)
    (file,) = exported.glob("train/*.jsonl")
    rows = list(map(json.loads, file.read_text("utf-8").removesuffix("\n").split("\n")))
    assert len(rows) > 4
    (tmp_path / "score.py").write_text(PROGRAM)
    said = json.loads(user(tmp_path / "score.py", exported).stdout.splitlines()[-1])
    assert said["env"] == "SingleAgentEnv"
    assert [each["key"] for each in said["tasks"]] == [row["id"] for row in rows]
    assert [each["prompt"] for each in said["tasks"]] == [row["messages"][-1]["content"] for row in rows]
    assert [each["rewards"] for each in said["tasks"]] == [[1.0, 0.0]] * len(rows)
    assert said["no dev"].startswith(f"Expected {exported}/dev/*.jsonl, found none.")
