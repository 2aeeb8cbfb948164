"""A training in several processes: accelerate's launcher starts them, and this process hears how far they are."""

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

from flows.lifeline import end, start_module
from schemas.errors import FinetuneError
from schemas.trained import Trained
from tasks.model.finetune import loss
from tasks.model.finetune.accelerated import Launch
from tasks.model.finetune.loss import Point
from tasks.model.finetune.plan import Plan
from tasks.model.finetune.processes import CPU
from tasks.model.finetune.room import room
from tasks.model.finetune.worker import Request

OUTPUT = "processes.log"
"""What the processes say beside the loss; it stays if one of them fails."""

_RAISED = re.compile(r"^\[rank\d+\]: ([\w.]*(?:Error|Exception)\b.*)", re.MULTILINE)
"""The last line of a traceback, as torch marks it."""


def train_together(plan: Plan, launch: Launch) -> Trained:
    """Train a model in the processes of a configuration, which end with this one.

    Raises:
        FinetuneError: one of them failed; checkpoints are kept.
    """
    if plan.trained:
        return plan.trained
    place = room()
    if not launch.cpu and launch.processes > (place.devices if place.device == "cuda" else 0):
        found = f"{place.devices} GPU(s)" if place.device == "cuda" else "no GPU"
        raise FinetuneError(
            f"{launch.path} starts {launch.processes} processes, one a GPU, and this machine has {found}. Change its "
            "num_processes, or leave --accelerate out to train on one device."
        )
    output = plan.folder / OUTPUT
    request = Request(recipe=plan.recipe, root=plan.root.url, out=str(plan.folder.parent))
    with tempfile.TemporaryDirectory() as folder, output.open("wb") as errors:
        path = Path(folder) / "request.json"
        path.write_text(request.model_dump_json(), encoding="utf-8")
        child = start_module(
            "accelerate.commands.launch",
            *("--config_file", str(launch.path), "-m", "tasks.model.finetune.worker", str(path)),
            env={**os.environ, "PYTHONSAFEPATH": "1", CPU: str(launch.cpu).lower()},
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        try:
            why = _hear(child)
            code = child.wait()
        finally:
            end(child)
    if code or why:
        raise FinetuneError(why or _failed(output, code))
    output.unlink()
    assert plan.trained is not None
    return plan.trained


def _failed(output: Path, code: int) -> str:
    raised = _RAISED.findall(output.read_text(encoding="utf-8", errors="replace"))
    said = raised[0] if raised else f"exit code {code}"
    return f"A process of the training failed: {said}. What the processes said is in {output}"


def _hear(child: "subprocess.Popen[bytes]") -> str:
    """Pass on the points of the loss until the processes end; gives the first error they told."""
    assert child.stdout is not None
    why = ""
    for line in child.stdout:
        try:
            said = json.loads(line)
        except ValueError:
            continue  # a library's words
        if isinstance(said, dict) and "point" in said:
            loss.tell(Point(**said["point"]), said["steps"])
        elif isinstance(said, dict) and "error" in said:
            why = why or said["error"]
    return why
