"""Predictions in files: both layouts, cut off, changed, mixed up."""

import json
import pickle
import tracemalloc
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from schemas.errors import EvaluationError
from schemas.evaluation import Asking, Evaluation, Prediction
from sources import tasks as declared
from tasks.base.predictions.by_task import by_task
from tasks.base.predictions.files import Answered, Logged, Predictions, load
from tasks.base.predictions.log import Log
from tasks.base.predictions.record import PARQUET, keep_scores
from tasks.base.store.root import Root
from tasks.model.evaluate.verify import check, gaps
from tasks.model.score.declared import kinds
from tasks.model.score.scoring import compare, score

pytestmark = pytest.mark.usefixtures("scorers")

PUBLISHED = {
    "NER": {
        "AnEM": {"generated": [{"prediction": "[a <cell>]", "target": "[a <cell>], [b <organ>]"}]},
        "BC5CDR": {"generated": [{"prediction": "a [B] b [O]", "target": "a [B] b [I]"}]},
    },
    "STS": {"BIOSSES": {"generated": [{"prediction": "4", "target": "5"}, {"prediction": "?", "target": "0"}]}},
}


def write(path: Path, said: object) -> Path:
    path.write_text(json.dumps(said), encoding="utf-8")
    return path


def ours(folder: Path, answers: dict[str, str], asked: int, name: str = "m") -> Path:
    evaluation = Evaluation(
        name=name, asking=Asking(model=name), benchmark="b", profile="local", original=True, asked={"AnEM": asked}
    )
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(evaluation.model_dump_json())
    with Log(folder / "predictions.jsonl") as log:
        for id_, text in answers.items():
            log.append(Prediction(key=id_, id=id_, task="AnEM", prediction=text, target="[a <cell>]"))
    return folder


def main(found, task, kind):
    return next(each.value for each in found if (each.task, each.kind, each.main) == (task, kind, True))


def test_the_published_layout_is_scored(tmp_path):
    found = score(load(write(tmp_path / "them.json", PUBLISHED)))
    assert main(found, "AnEM", "paper") == pytest.approx(2 / 3)
    assert main(found, "BIOSSES", "paper") == pytest.approx((1 + 25) / 2)
    assert main(found, "BIOSSES", "strict") == pytest.approx((1 + 25) / 2)
    unread = {each.task: each.unread for each in found}
    assert unread == {"AnEM": 0.0, "BC5CDR": 0.0, "BIOSSES": 0.5}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (json.dumps(PUBLISHED)[:-30], r"line 1, column \d+.*cut off or no JSON; nothing was scored"),
        ("[1]", "holds a list"),
        ('{"NER": 1}', "'NER' holds a int"),
        ('{"NER": {"AnEM": {}}}', "has no list `generated`"),
        ('{"NER": {"AnEM": {"generated": [{"prediction": "a"}]}}}', "answer 0 has no texts"),
        ("{}", "holds no task with answers"),
    ],
)
def test_what_is_no_such_file_is_explained(text, words, tmp_path):
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(EvaluationError, match=words):
        load(path)


def test_bytes_that_are_no_text_are_explained(tmp_path):
    path = tmp_path / "x.json"
    path.write_bytes(b'{"a": "\xff"}')
    with pytest.raises(EvaluationError, match="byte 7 is not UTF-8"):
        load(path)


def test_an_unknown_task_is_not_scored(tmp_path):
    path = write(tmp_path / "x.json", {"NER": {"Nothing": {"generated": [{"prediction": "a", "target": "a"}]}}})
    with pytest.raises(EvaluationError, match="There is no task `Nothing`"):
        score(load(path))


def test_our_layout_is_sorted_and_knows_what_is_missing(tmp_path):
    found = load(ours(tmp_path / "e", {"i2": "[a <cell>]", "i1": "none"}, asked=3))
    assert found.tasks["AnEM"].ids == ["i1", "i2"]
    assert gaps(found) == [("AnEM", 2, 3)]
    assert main(score(found), "AnEM", "strict") == pytest.approx(2 / 3)


def thinking(folder: Path, *answers: dict[str, str]) -> list[Prediction]:
    """What is read of answers; some have reasoning, some are cut off."""
    ours(folder, {}, asked=len(answers))
    with Log(folder / "predictions.jsonl") as log:
        for place, each in enumerate(answers):
            log.append(Prediction(key=f"{place}", id=f"{place}", task="AnEM", target="[a <cell>]", **each))
    return list(by_task(folder / "predictions.jsonl").predictions("AnEM"))


CUT = {"prediction": "It may be [a <cell>]", "outcome": "length"}


def test_an_answer_cut_off_in_a_thought_that_its_template_opened_names_nothing(tmp_path):
    folder = tmp_path / "e"
    found = thinking(folder, {"prediction": "none", "reasoning": "hm"}, CUT, {"prediction": "", "outcome": "empty"})
    assert [each.prediction for each in found] == ["none", "", ""]
    assert found[1].reasoning == CUT["prediction"]
    assert load(folder).tasks["AnEM"].predictions == ["none", "", ""]
    keep_scores(folder, score(load(folder)))
    assert pq.read_table(folder / PARQUET)["prediction"].to_pylist() == ["none", "", ""]


@pytest.mark.parametrize(
    "others",
    [[], [{"prediction": "none"}], [{"prediction": "none"}, {"prediction": "none", "reasoning": "hm"}]],
    ids=["alone", "no thoughts", "thoughts now and then"],
)
def test_an_answer_cut_off_of_a_model_that_need_not_think_is_one(others, tmp_path):
    assert thinking(tmp_path / "e", CUT, *others)[0].prediction == CUT["prediction"]


def test_answers_of_several_tasks_are_read_task_by_task_and_the_last_of_a_sample_counts(tmp_path):
    folder = ours(tmp_path / "e", {}, asked=2)
    said = [
        ("i2", "BIOSSES", "4"),
        ("i1", "AnEM", "a"),
        ("i1", "BIOSSES", "3"),
        ("i2", "BIOSSES", "5"),
        ("é", "AnEM", "b"),
    ]
    with Log(folder / "predictions.jsonl") as log:
        for place, (id_, task, text) in enumerate(said):
            log.append(Prediction(key=f"{place}", id=id_, task=task, prediction=text, target="1"))
    found = load(folder).tasks
    assert list(found) == ["AnEM", "BIOSSES"]
    assert found["AnEM"] == Answered(["i1", "é"], ["a", "b"], ["1", "1"], 2)
    assert found["BIOSSES"] == Answered(["i1", "i2"], ["3", "5"], ["1", "1"], 0)
    assert isinstance(found, Logged)
    assert dict(pickle.loads(pickle.dumps(found.only("AnEM")))) == {"AnEM": found["AnEM"]}
    assert score(load(folder), workers=2) == score(load(folder))
    keep_scores(folder, score(load(folder)))
    assert pq.read_table(folder / PARQUET).select(["task", "id", "prediction"]).to_pylist() == [
        {"task": task, "id": id_, "prediction": text}
        for task, answered in found.items()
        for id_, text in zip(answered.ids, answered.predictions, strict=True)
    ]


def test_a_log_that_is_changed_while_it_is_read_is_told(tmp_path):
    folder = ours(tmp_path / "e", {"i1": "none", "i2": "none"}, asked=2)
    found = load(folder)
    log = folder / "predictions.jsonl"
    log.write_bytes(log.read_bytes()[1:])
    with pytest.raises(EvaluationError, match=r"at byte 0, found .*changed while it was read"):
        score(found)


def test_memory_holds_eight_bytes_of_an_answer_until_its_task_is_asked_for(tmp_path):
    folder, rows = ours(tmp_path / "e", {}, asked=0), 4_000
    line = Prediction(key="k" * 64, id="i" * 32, task="AnEM", prediction="p" * 200, target="t" * 200).model_dump_json()
    (folder / "predictions.jsonl").write_text(f"{line}\n" * rows)
    tracemalloc.start()
    found = load(folder)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(found.tasks) == 1
    assert held < 30 * rows


def test_thoughts_are_not_kept_in_memory(tmp_path):
    thought = {"prediction": "none", "reasoning": "hm " * 10_000}
    thinking(tmp_path / "e", *(thought for _ in range(100)))
    tracemalloc.start()
    assert len(load(tmp_path / "e").tasks["AnEM"].predictions) == 100
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 * len(thought["reasoning"]) / 4


def test_predictions_without_their_description_are_refused(tmp_path):
    folder = ours(tmp_path / "e", {"i1": "none"}, asked=1)
    (folder / "run.json").unlink()
    with pytest.raises(EvaluationError, match=r"run\.json is not there"):
        load(folder)


def test_predictions_of_another_benchmark_are_refused(tmp_path):
    found = load(ours(tmp_path / "e", {"i1": "none"}, asked=1))
    root = tmp_path / "root"
    assert "has no benchmark" in check(found, Root(str(root)))
    (root / "benchmark" / "other").mkdir(parents=True)
    with pytest.raises(EvaluationError, match="has no benchmark 'b'; it has other"):
        check(found, Root(str(root)))


def test_two_models_are_compared_on_the_samples_of_both(tmp_path):
    right = {f"i{n}": "[a <cell>]" for n in range(40)}
    wrong = dict.fromkeys(list(right)[10:], "none")
    one, other = (load(ours(tmp_path / name, answers, 40, name)) for name, answers in (("r", right), ("w", wrong)))
    strict = next(each for each in compare(one, other) if each.kind == "strict" and each.metric == "micro F1")
    assert (strict.first, strict.second, strict.difference, strict.samples) == (1.0, 0.0, 1.0, 30)
    assert (strict.low, strict.high) == (1.0, 1.0)


def test_different_samples_are_not_compared(tmp_path):
    one = Predictions("one", "", {"AnEM": Answered([], ["a"], ["a"], 1)}, None)
    for other in ({"AnEM": Answered([], ["a"], ["b"], 1)}, {"BIOSSES": Answered([], ["1"], ["1"], 1)}):
        with pytest.raises(EvaluationError, match="cannot be compared"):
            compare(one, Predictions("other", "", other, None))


def test_every_task_has_metrics_of_both_sets():
    for name, (_, task) in declared().items():
        published, own = kinds(task)
        assert published in ("label", "tags", "brackets", "list", "exact", "score", "text"), name
        assert own, name
    assert kinds(declared()["MeDAL"][1]) == ("exact", "concepts")
    assert kinds(declared()["MedQA"][1]) == ("exact", "exact")
    assert kinds(declared()["Hallmarks-of-Cancer"][1]) == ("list", "list")
    assert kinds(declared()["NCBI-disease"][1]) == ("tags", "tags")
    assert kinds(declared()["ParaMed"][1]) == ("text", "text")
