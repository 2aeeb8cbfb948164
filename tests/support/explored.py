"""Small releases and benchmarks to explore, with evaluations; texts, labels and names in them try to be markup."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import uvicorn
from starlette.types import ASGIApp

from medinst_eval.definitions import Definition, definitions
from schemas.evaluation import Asking, Evaluation, Prediction
from tasks.base.store.root import Root
from tasks.tools.explore.explorer import Explorer
from tasks.tools.explore.find import shown
from tasks.tools.explore.start import started
from tests.support.manifests import benchmark, held_out_test, put, release

EVIL = "</textarea></script><script>window.ran = 1</script><img src=x onerror='window.ran = 2'>\"'"
"""Text that a page must show as it is."""

Sample = tuple[str, str, str, str, str]
"""Task, split, number that ends the id, input, output."""

SAMPLES: Sequence[Sample] = (
    ("AnEM", "train", "01", "The gastric wall and the lower gland.", "[gastric wall <tissue>], [gland <organ>]"),
    ("AnEM", "train", "02", "Upper and lower wall, and the IL-2 gland.", "[Upper wall <tissue>], [gland <organ>]"),
    ("AnEM", "test", "03", f"A gland {EVIL} beside a wall.", "[gland <organ>], [wall <tissue>]"),
    ("BC5CDR-RE", "test", "04", "Zelutinib caused fever.", "[<Zelutinib> <induces> <fever>]"),
    ("SciFact", "test", "05", "A claim of some length, and no gland.", "support"),
)


def id_of(number: str) -> str:
    """The id of an invented sample."""
    return number.rjust(32, "0")


ASKED: Sequence[tuple[str, list[str]]] = (
    ("", ["01", "02", "03", "04", "05"]),
    ("task=AnEM", ["01", "02", "03"]),
    ("category=NER&split=train", ["01", "02"]),
    ("label=tissue", ["01", "02", "03"]),
    ("label=induces", ["04"]),
    ("label=organ", []),
    ("least=40&most=60", ["02"]),
    ("leak=any", ["01", "03", "05"]),
    ("leak=train&kind=test", ["05"]),
    ("leak=test&other=AnEM", ["03"]),
    ("leak=test&other=AnEM&kind=text", ["03"]),
    ("other=AnEM&kind=near", []),
    ("leak=test&other=SciFact", []),
    ("leak=test", ["03"]),
    ("leak=train&kind=text", ["01"]),
    ("leak=train&kind=words", []),
    ("near=yes", ["01", "02"]),
    ("conflict=any", ["05"]),
    ("conflict=the+majority+is+kept", ["05"]),
    ("licence=cc0-1.0&q=gland&near=no", ["03", "05"]),
    ("q=gastric", ["01"]),
    ("q=IL-2", ["02"]),
    ("q=%22lower+gland%22", ["01"]),
    ("q=zelu", ["04"]),
    ("q=" + id_of("05"), ["05"]),
    ("q=nowhere", []),
)
"""Filters, and the numbers of the samples that they ask for."""


def fill(root: Path, samples: Sequence[Sample] = SAMPLES) -> None:
    """Put a release `r1` and a benchmark `b1` of its tests into a root."""
    for folder, chosen in (("releases/r1", samples), ("benchmark/b1", [each for each in samples if each[1] == "test"])):
        _write_data(root / folder, chosen)
    _write_found(root / "releases/r1")
    tasks = {each[0]: definitions()[each[0]] for each in samples}
    released = {
        task: {"category": one.category, "source": one.source, "language": "en", "licence": "cc0-1.0", "rows": {}}
        for task, one in tasks.items()
    }
    put(Root(str(root)), "releases/r1", release("r1", tasks=released, original=False))
    tests = {task: held_out_test(category=one.category, source=one.source) for task, one in tasks.items()}
    put(Root(str(root)), "benchmark/b1", benchmark("b1").model_copy(update={"tasks": tests}))


def _write_data(folder: Path, samples: Sequence[Sample]) -> None:
    for task, split in dict.fromkeys((task, split) for task, split, *_ in samples):
        rows = [
            {
                "id": id_of(number), "instruction": f"Find what there is. {EVIL}", "input": input_, "output": output,
                "task": task, "category": definitions()[task].category, "source": definitions()[task].source,
                "record_id": EVIL, "language": "en", "licence": "cc0-1.0", "document": EVIL,
            }
            for name, part, number, input_, output in samples
            if (name, part) == (task, split)
        ]  # fmt: skip
        path = folder / "data" / task / f"{split}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pl.DataFrame(rows).write_parquet(path)


SELF = {"test_id": id_of("05"), "train_id": id_of("05"), "kind": "test"}
"""What is listed of a training sample of which a test of the benchmark is made."""


def _write_found(folder: Path) -> None:
    """A leak, a sample that is a test itself, a near duplicate, a conflict, a reject, labels, and a report."""
    tables: Mapping[str, Mapping[str, object]] = {
        "audit/leaks": {
            "test_task": "AnEM", "test_id": id_of("03"), "train_task": "AnEM", "train_id": id_of("01"), "kind": "text",
            "evidence": EVIL,
        },
        "audit/near": {
            "task": "AnEM", "split": "train", "id": id_of("02"), "cluster": 1, "twin_task": "AnEM",
            "twin_split": "train", "twin": id_of("01"), "similarity": 0.9,
        },
        "catalogue/conflicts": {
            "task": "SciFact", "input": "0", "samples": 2, "answers": 2, "splits": "test", "policy": "majority",
            "done": "the majority is kept", "id": id_of("05"),
        },
        "catalogue/rejects": {
            "stage": "deduplicate", "source": "anem", "part": "", "task": "AnEM", "split": "train", "id": id_of("09"),
            "record_id": EVIL, "reason": "duplicate", "detail": EVIL, "twin": id_of("01"),
        },
        "catalogue/labels": {"task": "AnEM", "split": "train", "label": "tissue", "answers": 2},
    }  # fmt: skip
    for name, row in tables.items():
        path = folder / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [row, {**row, "label": EVIL}] if "label" in row else [row]
        if name == "audit/leaks":
            rows.append(row | dict.fromkeys(("test_task", "train_task"), "SciFact") | SELF)
        pl.DataFrame(rows).write_parquet(path)
    (folder / "report.html").write_text("<!doctype html><title>report</title>", encoding="utf-8")


def evaluate(root: Path, name: str, answers: Mapping[str, str]) -> Path:
    """Put an evaluation of benchmark `b1` into a root: answers by the number of the sample."""
    folder = root / "evaluations" / "b1" / name
    folder.mkdir(parents=True)
    run = Evaluation(name=name, asking=Asking(model=name), benchmark="b1", profile="open", original=False, asked={})
    (folder / "run.json").write_text(run.model_dump_json())
    with (folder / "predictions.jsonl").open("w") as file:
        for task, _, number, _, output in SAMPLES:
            if number in answers:
                said = {"key": number, "id": id_of(number), "task": task, "prediction": answers[number]}
                file.write(Prediction.model_validate(said | {"target": output}).model_dump_json() + "\n")
    return folder


def define(task: str) -> Definition | None:
    """The definition of a task of the checkout."""
    return definitions().get(task)


@contextmanager
def exploring(name: str | None, root: Path) -> Iterator[Explorer]:
    """An explorer whose search index is ready."""
    with started(shown(name, Root(str(root))), define) as explorer:
        assert explorer.index.wait(60)
        yield explorer


@contextmanager
def served(application: ASGIApp, wait: Callable[..., None]) -> Iterator[str]:
    """The address of an explorer on loopback."""
    import threading

    from tests.support.medinst import free_port

    port = free_port()
    server = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait(lambda: server.started, "the explorer is up")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def manifest(root: Path, version: str) -> dict[str, object]:
    """The manifest of a release."""
    return json.loads((root / "releases" / version / "manifest.json").read_text())
