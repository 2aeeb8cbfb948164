"""The tasks of the wheel in Inspect, found by their entry point and asked of its mock model."""

import json
from pathlib import Path

import pytest

from medinst_eval.definitions import definitions
from medinst_eval.measure import strictly
from medinst_eval.samples import question, rows
from tests.harnesses.conftest import User

pytestmark = pytest.mark.slow

TASKS = ("AnEM", "SciFact")

PROGRAM = '''"""Ask the mock model, which knows every second answer; it thinks before the others."""

import itertools, json, sys
from inspect_ai import eval
from inspect_ai.model import ModelOutput, ModelUsage, get_model

gold, logs = json.loads(sys.argv[1]), sys.argv[2]
turn = itertools.count()


def answer(asked, *_):
    said = gold[asked[-1].text] if next(turn) % 2 else "<think>[a <cell>] support</think>I cannot say."
    output = ModelOutput.from_content("mockllm/model", said)
    output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)  # else it downloads a tokenizer
    return output


model = get_model("mockllm/model", custom_outputs=answer)
done = eval(sys.argv[3:], model=model, log_dir=logs, display="none", max_connections=1)
print([each.status for each in done])
'''


@pytest.fixture(scope="module")
def logs(user: User, benchmark: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The logs of an evaluation, by task."""
    folder = tmp_path_factory.mktemp("inspect")
    (folder / "ask_mock.py").write_text(PROGRAM)
    gold = {question(row): row["output"] for task in TASKS for row in rows(task, folder=benchmark)}
    names = [f"medinst_eval/{task.lower()}" for task in TASKS]
    user(folder / "ask_mock.py", json.dumps(gold), folder / "logs", *names)
    return {task: next((folder / "logs").glob(f"*_{task.lower()}_*.eval")) for task in TASKS}


@pytest.mark.parametrize("task", TASKS)
def test_it_is_scored_by_the_strict_metrics(user: User, logs: dict[str, Path], task: str) -> None:
    log = json.loads(user("inspect_ai", "log", "dump", logs[task]).stdout)
    assert log["status"] == "success"
    assert log["eval"]["task"] == f"medinst_eval/{task.lower()}"
    scored = [each["scores"]["strict"] for each in log["samples"]]
    golds = [each["target"] for each in log["samples"]]
    found = strictly(definitions()[task], [each["answer"] for each in scored], golds)
    (results,) = log["results"]["scores"]
    said = {name: each["value"] for name, each in results["metrics"].items()}
    assert said == pytest.approx({each.name: each.value for each in found.metrics} | {"unread": said["unread"]})
    assert 0 < said["unread"] < 1
    for each, gold in zip(scored, golds, strict=True):
        assert each["metadata"] == {"task": task, "gold": gold, "read": each["answer"] == gold}
        assert each["value"] == float(each["answer"] == gold)


def test_a_log_is_scored_again(user: User, logs: dict[str, Path], tmp_path: Path) -> None:
    again = tmp_path / "again.eval"
    options = ("--action", "overwrite", "--output-file", again, "--display", "plain")
    user("inspect_ai", "score", logs["AnEM"], "--scorer", "medinst_eval/strict", *options)
    before = json.loads(user("inspect_ai", "log", "dump", "--header-only", logs["AnEM"]).stdout)["results"]
    after = json.loads(user("inspect_ai", "log", "dump", "--header-only", again).stdout)["results"]
    assert [each["metrics"] for each in after["scores"]] == [each["metrics"] for each in before["scores"]]


def test_the_hubs_file_is_what_inspect_reads(user: User, benchmark: Path, tmp_path: Path) -> None:
    program = f"""
import yaml
from inspect_ai._eval.task.hf import HFTask, _record_to_sample_hf
from medinst_eval.samples import rows

for each in yaml.safe_load(open({str(benchmark / "eval.yaml")!r}, encoding="utf-8"))["tasks"]:
    task = HFTask.model_validate(each)
    sample = _record_to_sample_hf(rows(task.config, task.split)[0], task.field_spec)
    print(task.id, bool(sample.input and sample.target and sample.metadata["instruction"]))
"""
    (tmp_path / "read.py").write_text(program)
    said = dict(line.split() for line in user(tmp_path / "read.py").stdout.splitlines())
    assert said == {path.name.removesuffix("-zs"): "True" for path in (benchmark / "data").glob("*-zs")}
