"""`medinst guard` as a user runs it: exit codes, what is written, and what it says where it cannot."""

import json

import pytest
from typer.testing import CliRunner

from flows.cli import app

QUESTION = "Which of these invented tablets calms a restless heron without making it hum at night?"
TESTS = f"{json.dumps({'question': QUESTION, 'options': {'A': 'calimorfen'}, 'answer': 'calimorfen'})}\n"
CLEAN = [{"instruction": "Answer.", "input": f"What is invented thing {n}?", "output": "A thing."} for n in range(5)]
LEAKY = [*CLEAN, {"instruction": "Answer.", "input": f"Question: {QUESTION}", "output": "calimorfen"}]


@pytest.fixture
def place(tmp_path, monkeypatch):
    (tmp_path / "test.jsonl").write_text(TESTS)
    for name, rows in (("clean.jsonl", CLEAN), ("leaky.jsonl", LEAKY)):
        (tmp_path / name).write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ran(*arguments):
    return CliRunner().invoke(app, ["guard", *arguments])


@pytest.mark.heavy  # it loads what all others need
def test_a_clean_training_set_ends_with_0(place):
    done = ran("clean.jsonl", "--against", "test.jsonl")
    assert (done.exit_code, "Result: clean" in done.output) == (0, True), done.output


def test_a_leak_ends_with_1_says_where_and_is_left_out_of_the_copy(place):
    done = ran("leaky.jsonl", "--against", "test.jsonl", "--clean", "out/clean.jsonl", "--out", "report")
    assert done.exit_code == 1
    assert "leaky.jsonl, row 6: text of test test.jsonl:1 (100%): which of these" in " ".join(done.output.split())
    assert (place / "out" / "clean.jsonl").read_bytes() == (place / "clean.jsonl").read_bytes()
    names = {"report.json", "report.html", "findings.parquet", "badge.svg", "badge.json", "badge.md"}
    assert {file.name for file in (place / "report").iterdir()} == names
    assert "calimorfen" not in (place / "report" / "report.html").read_text(), "an answer is no evidence"


def test_json_is_the_report(place):
    done = ran("leaky.jsonl", "--against", "test.jsonl", "--json")
    said = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (said["clean"], said["unclean"], said["kinds"]) == (False, 1, {"text": 1})
    assert said["findings"][0]["row"] == 6


WRONG = {
    "no such data": (["nowhere.jsonl", "--against", "test.jsonl"], "expected a file, a folder, or a release"),
    "no such test": (["clean.jsonl", "--against", "nowhere"], "expected `medinst32`, or a folder or file with tests"),
    "no benchmark": (["clean.jsonl", "--root", "root"], "medinst benchmark"),
    "itself": (["test.jsonl", "--against", "test.jsonl"], "found the same files in both"),
    "unknown columns": (["odd.jsonl", "--against", "test.jsonl"], "--columns NAME,NAME"),
    "place taken": (["leaky.jsonl", "--against", "test.jsonl", "--clean", "clean.jsonl"], "name that is free"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_it_cannot_do_it_says(place, case):
    arguments, said = WRONG[case]
    (place / "odd.jsonl").write_text('{"frage": "Was ist das?"}\n')
    before = {file.name: file.read_bytes() for file in place.iterdir()}
    done = ran(*arguments)
    assert (done.exit_code, said in " ".join(done.output.split())) == (1, True), done.output
    assert {file.name: file.read_bytes() for file in place.iterdir() if file.is_file()} == before


def test_columns_can_be_named(place):
    (place / "odd.jsonl").write_text(json.dumps({"frage": {"text": QUESTION}}))
    assert ran("odd.jsonl", "--against", "test.jsonl", "--columns", "frage.text").exit_code == 1
    assert ran("clean.jsonl", "--against", "odd.jsonl", "--test-columns", "frage.text").exit_code == 0
