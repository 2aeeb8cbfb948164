"""The benchmark as task files of EleutherAI's lm-evaluation-harness, which `medinst_eval.harness` writes and scores.

<folder>/<task>.yaml, <task>_zs.yaml    one task of the harness for each test set, with examples and without
<folder>/medinst32.yaml, …_zs.yaml      all of them as a group

The files name the benchmark by its path from their folder, so that both move together.
"""

import os
import shutil
from pathlib import Path

from medinst_eval.harness import TASKS
from medinst_eval.harness.files import SHARED, task_files
from tasks.model.benchmark.place import Benchmark
from tasks.model.score.declared import definition


def export_tasks(made: Benchmark, folder: Path) -> Path:
    """Write the task files.

    Args:
        made: a benchmark in a local folder.
        folder: where the files go; of earlier ones, those that are written anew are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in SHARED:
        shutil.copyfile(TASKS / name, folder / name)
    beside = Path(os.path.relpath(made.local(""), folder)).as_posix()
    for name, text in task_files(map(definition, made.manifest.tasks), made.version, beside).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder
