"""`eval.yaml`: every test of the benchmark, asked without examples."""

import pytest
import yaml

from tasks.base.paper.held_out import held_out
from tasks.model.benchmark.hub import evaluation


@pytest.mark.heavy  # for the import of every source
def test_every_test_is_a_task_of_the_hub():
    said = yaml.safe_load(evaluation(held_out().values()))  # pyright: ignore[reportArgumentType]  the name is enough
    assert said["evaluation_framework"] == "inspect-ai"
    tasks = {each["id"]: each for each in said["tasks"]}
    assert list(tasks) == list(held_out())
    assert tasks["BC5CDR"] == {
        "id": "BC5CDR",
        "config": "BC5CDR-zs",
        "split": "test",
        "field_spec": {"input": "input", "target": "output", "metadata": ["instruction"]},
        "solvers": [
            {"name": "prompt_template", "args": {"template": "{instruction}\n{prompt}"}},
            {"name": "generate"},
        ],
        "scorers": [{"name": "f1"}],
    }
    exact = {name for name, each in tasks.items() if each["scorers"] == [{"name": "exact"}]}
    assert {"SciFact", "MedQA", "BIOSSES"} <= exact
    assert not exact & {"ParaMed", "AnEM", "Hallmarks-of-Cancer", "MeDAL"}
