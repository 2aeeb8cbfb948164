"""The benchmark as task files of EleutherAI's lm-evaluation-harness, scored by our metric functions.

<folder>/<task>.yaml, <task>_zs.yaml    one task of the harness for each test set, with examples and without
<folder>/medinst32.yaml, …_zs.yaml      all of them as a group
<folder>/metrics.py                     calls `tasks.model.score`, so this project must be importable where lm_eval runs
"""

from pathlib import Path
from typing import Any

import yaml

from tasks.model.benchmark.place import Benchmark, test_set
from tasks.model.score import harness

GROUP = "medinst32"
_EXAMPLES = "{% for turn in history %}{{turn[0]}}\n{{turn[1]}}\n\n{% endfor %}"
_QUESTION = "{{instruction}}\n{{input}}"


class _Function(str):
    """The name of a function, as the harness reads it."""


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(_Function, lambda dumper, name: dumper.represent_scalar("!function", str(name)))


def export_tasks(made: Benchmark, folder: Path) -> Path:
    """Write the task files.

    Args:
        made: a benchmark in a local folder.
        folder: where the files go; of earlier ones, those that are written anew are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metrics.py").write_text(
        f'"""How lm-evaluation-harness scores MedINST32 {made.version}."""\n\n'
        f"from {harness.__name__} import paper, process, strict\n\n"
        '__all__ = ["paper", "process", "strict"]\n',
        encoding="utf-8",
    )
    for suffix, text in (("", _EXAMPLES + _QUESTION), ("_zs", _QUESTION)):
        names = {task: f"{GROUP}_{_plain(task)}{suffix}" for task in made.manifest.tasks}
        for task, name in names.items():
            _write(folder / f"{name}.yaml", _task(made, task, name, text))
        group = {"group": GROUP + suffix, "task": sorted(names.values()), "metadata": {"version": made.version}}
        _write(folder / f"{GROUP}{suffix}.yaml", group)
    return folder


def _plain(task: str) -> str:
    """A name without what the harness reads as a pattern."""
    return task.replace(".", "_").replace("-", "_").lower()


def _task(made: Benchmark, task: str, name: str, text: str) -> dict[str, Any]:
    # The examples stand in the sample, so the configuration with `history` serves both.
    return {
        "task": name,
        "dataset_path": "parquet",
        "dataset_kwargs": {"data_files": {"test": str(test_set(made, task))}},
        "test_split": "test",
        "output_type": "generate_until",
        "doc_to_text": text,
        "doc_to_target": "{{output}}",
        "generation_kwargs": {"until": ["<|endoftext|>"], "max_gen_toks": 1024, "do_sample": False, "temperature": 0.0},
        "process_results": _Function("metrics.process"),
        "metric_list": [
            {
                "metric": kind,
                "aggregation": _Function(f"metrics.{kind}"),
                "higher_is_better": made.manifest.tasks[task].metric != "score",
            }
            for kind in ("strict", "paper")
        ],
        "metadata": {"version": made.version},
    }


def _write(path: Path, said: dict[str, Any]) -> None:
    path.write_text(
        yaml.dump(said, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120), encoding="utf-8", newline="\n"
    )
