"""What guard finds in invented training sets: each kind, however a prompt wraps it, and nothing else."""

import json
import random
import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.audit import BOILERPLATE
from schemas.errors import GuardError
from schemas.guard import Guarded, Looked
from tasks.build.audit.words import hashed
from tasks.tools.guard.badge import endpoint, markdown, svg
from tasks.tools.guard.guard import guard, training
from tasks.tools.guard.index import index
from tasks.tools.guard.layouts import Texts
from tasks.tools.guard.search import Batch, search
from tasks.tools.guard.tests import Sample, Set, folder_tests
from tasks.tools.guard.write import refuse_taken, write_clean, write_report

WORDS = [f"{letter}{number}" for letter in "abcdefgh" for number in range(400)]


def text(length, seed):
    return " ".join(random.Random(f"{seed}").choices(WORDS, k=length))


def changed(said, place, word="changed"):
    parts = said.split()
    parts[place : place + 1] = word.split()
    return " ".join(parts)


def wrapped(said):
    return f"### Instruction:\n{text(20, 'i')}\n### Input:\nQuestion: {said}\nAnswer:"


def against(texts, test="quiz", unquoted=(), documents=()):
    documents = documents or [""] * len(texts)
    samples = [
        Sample(test, f"q{n}", [said], document) for n, (said, document) in enumerate(zip(texts, documents, strict=True))
    ]
    return Set(Looked(name=test, files=1, rows=len(samples), sha256="0"), samples, frozenset(unquoted))


def looked(tmp_path, rows, *sets):
    file = tmp_path / "train.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return guard(training("train.jsonl", file, ()), sets)


def prompts(*texts):
    return [{"prompt": said, "completion": "yes"} for said in texts]


def kinds(outcome):
    return {(row["row"], row["sample"], row["kind"]) for row in outcome.findings.iter_rows(named=True)}


FOUND = {
    "as it is": (30, lambda said: said, "text"),
    "wrapped": (30, wrapped, "text"),
    "wrapped, other signs and case": (30, lambda said: wrapped(said.upper().replace(" ", "  -- ")), "text"),
    "wrapped, one word changed": (30, lambda said: wrapped(changed(said, 15)), "words"),
    "one word changed in the middle of 25": (25, lambda said: wrapped(changed(said, 12)), "near"),
    "a passage": (80, lambda said: wrapped(" ".join(said.split()[30:44])), "words"),
    "short": (8, wrapped, "text"),
    "short, a word changed": (12, lambda said: wrapped(changed(said, 6)), "near"),
    "short, first word changed": (9, lambda said: wrapped(changed(said, 0)), "words"),
    "short, last word left out": (14, lambda said: wrapped(" ".join(said.split()[:-1])), "words"),
    "short, a word inserted": (16, lambda said: wrapped(changed(said, 8, f"{said.split()[8]} y")), "near"),
    "short, a word left out": (16, lambda said: wrapped(changed(said, 8, "")), "near"),
    "very short, as the whole prompt": (4, lambda said: said, "text"),
}
MISSED = {
    "a short passage": (80, lambda said: wrapped(" ".join(said.split()[30:42]))),
    "short, two words changed": (16, lambda said: wrapped(changed(changed(said, 4), 12))),
    "very short, within a prompt": (4, wrapped),
    "two words": (2, lambda said: said),
    "other words": (30, lambda said: wrapped(text(30, "other"))),
}


@pytest.mark.parametrize("case", FOUND)
def test_a_test_is_found_however_it_is_wrapped(tmp_path, case):
    length, change, kind = FOUND[case]
    said = text(length, case)
    rows = prompts(*(wrapped(text(length, n)) for n in range(5)), change(said))
    outcome = looked(tmp_path, rows, against([text(40, "x"), said]))
    assert kinds(outcome) == {(6, "q1", kind)}
    assert outcome.unclean == {"train.jsonl": {6}}
    assert outcome.report.tests[0].touched == 1


@pytest.mark.parametrize("case", MISSED)
def test_what_is_no_leak_is_not_found(tmp_path, case):
    length, change = MISSED[case]
    said = text(length, case)
    outcome = looked(tmp_path, prompts(change(said)), against([said]))
    assert outcome.report.clean
    assert outcome.report.message == "clean"


@pytest.mark.heavy
@given(st.integers(8, 19), st.integers(0, 10**6), st.sampled_from(["changed", "x y", ""]))
@settings(max_examples=60, deadline=None)
def test_short_texts_agree_with_plain_python(length, seed, word):
    """Against all passages of the row, one edit each."""
    said = text(length, seed)
    place = seed % length
    row = f"{text(5, 'l')} {changed(said, place, f'{said.split()[place]} y' if ' ' in word else word)} {text(5, 'r')}"
    found = search(index([Sample("t", "q", [said], "")]), Batch(0, [Texts([row], [])]))
    near = set(found.near["text"])
    whole = found.runs["length"].sum() == max(1, length - 12 if length >= 13 else length - 7)
    assert near == {0} or whole


def test_a_sample_and_a_publication_are_found_by_name(tmp_path):
    name = "0123456789abcdef" * 2
    rows = [{"text": text(30, 1), "id": name}, {"text": text(30, 2), "pmid": 77}, {"text": text(30, 3), "pmid": 78}]
    tests = against([text(30, 4), text(30, 5)], documents=["pmid:77", "pmid:79"])
    tests.samples[1] = tests.samples[1]._replace(id=name)
    assert kinds(looked(tmp_path, rows, tests)) == {(1, name, "test"), (2, "q0", "document")}


@pytest.mark.parametrize("length", [3, 7, 8, 12, 13, 19, 20, 21])
def test_a_test_of_any_length_is_found_alone(tmp_path, length):
    said = text(length, "alone")
    assert kinds(looked(tmp_path, prompts(said, text(length, "other")), against([said]))) == {(1, "q0", "text")}


def test_a_stock_phrase_in_many_rows_is_boilerplate(tmp_path):
    phrase = text(14, "stock")
    tests = [f"{text(40, f't{n}')} {phrase} {text(40, f'u{n}')}" for n in range(3)]
    for count, clean in ((BOILERPLATE - 3, False), (BOILERPLATE - 2, True), (BOILERPLATE * 3, True)):
        rows = prompts(*(f"{text(20, f'r{n}')} {phrase} {text(20, f's{n}')}" for n in range(count)))
        outcome = looked(tmp_path, rows, against(tests))
        assert outcome.report.clean is clean, count
        assert bool(outcome.report.stock) is clean
    assert phrase.startswith(outcome.report.boilerplate[0].words) or outcome.report.boilerplate[0].words in phrase
    assert outcome.report.boilerplate[0].tests == 3


def test_a_whole_test_in_many_rows_is_no_boilerplate(tmp_path):
    """An abstract that is asked a hundred questions leaks a hundred times."""
    said = text(60, "abstract")
    rows = prompts(*(f"{text(20, f'question {n}')}\n{said}" for n in range(100)))
    outcome = looked(tmp_path, rows, against([said]))
    assert outcome.report.unclean == 100
    assert outcome.report.kinds == {"text": 100}


def test_the_same_row_many_times_counts_once_for_boilerplate(tmp_path):
    said = text(100, "long")
    row = f"{text(20, 'r')} {' '.join(said.split()[50:70])}"
    assert looked(tmp_path, prompts(*[row] * 50), against([said])).report.unclean == 50


def test_what_every_question_begins_with_is_not_looked_for(tmp_path):
    opening = text(20, "opening")
    tests = [f"{opening} {text(30, n)}" for n in range(300)]
    rows = prompts(f"{opening} {text(30, 'other')}", f"{opening} {text(30, 7)}")
    assert kinds(looked(tmp_path, rows, against(tests))) == {(2, "q7", "text")} or kinds(
        looked(tmp_path, rows, against(tests))
    ) == {(2, "q7", "words")}


def test_one_text_of_many_tests_is_told_for_each(tmp_path):
    said = text(30, "both")
    outcome = looked(tmp_path, prompts(said), against([said, said], "one"), against([text(20, 1), said], "two"))
    assert kinds(outcome) == {(1, "q0", "text"), (1, "q1", "text")}
    assert {test.name: (test.touched, test.samples) for test in outcome.report.tests} == {"one": (2, 2), "two": (1, 2)}
    assert outcome.findings.filter(pl.col("test") == "one")["samples"].to_list() == [2]


def test_words_of_a_restricted_test_are_quoted_nowhere(tmp_path):
    secret = " ".join(f"secret{n}" for n in range(30))
    phrase = " ".join(f"hidden{n}" for n in range(14))
    tests = [secret, *(f"{text(40, f't{n}')} {phrase} {text(40, f'u{n}')}" for n in range(3))]
    rows = prompts(secret, changed(secret, 15), *(f"{text(20, n)} {phrase} {text(30, n)}" for n in range(30)))
    outcome = looked(tmp_path, rows, against(tests, unquoted=["quiz"]))
    assert outcome.report.unclean == 2
    assert outcome.report.stock > 0
    write_report(outcome, tmp_path / "out")
    pl.read_parquet(tmp_path / "out" / "findings.parquet").write_csv(tmp_path / "out" / "findings.csv")
    for file in (tmp_path / "out").iterdir():
        assert not re.search(rb"secret\d|hidden\d", file.read_bytes()), file.name


def test_a_clean_copy_is_clean_and_the_data_is_untouched(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    tests = [text(30, f"t{n}") for n in range(3)]
    for shard in range(2):
        rows = prompts(*(wrapped(text(30, f"{shard} {n}")) for n in range(20)), wrapped(tests[shard]))
        (folder / f"train-{shard}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    before = {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()}
    data = training("data", folder, ())
    outcome = guard(data, [against(tests)])
    assert outcome.unclean == {"train-0.jsonl": {21}, "train-1.jsonl": {21}}
    refuse_taken(tmp_path / "clean", folder)
    write_clean(data, outcome.unclean, tmp_path / "clean", folder)
    assert {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()} == before
    for name, (data_bytes, _) in before.items():
        assert (tmp_path / "clean" / name).read_bytes() == b"".join(data_bytes.splitlines(keepends=True)[:20])
    assert guard(training("clean", tmp_path / "clean", ()), [against(tests)]).report.clean
    with pytest.raises(GuardError, match="expected a name that is free"):
        refuse_taken(tmp_path / "clean", folder)
    with pytest.raises(GuardError, match="expected a place outside"):
        refuse_taken(folder / "clean", folder)


def test_tests_that_are_the_training_set_are_refused(tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"question": text(20, 1)}))
    with pytest.raises(GuardError, match="found the same files in both"):
        guard(training("a", file, ()), [folder_tests(file, ())])


@pytest.mark.parametrize("data", ["", "\n\n", '{"text": null}\n{"text": " "}\n'])
def test_a_training_set_without_texts_is_refused(tmp_path, data):
    (tmp_path / "a.jsonl").write_text(data)
    with pytest.raises(GuardError, match=r"expected rows with texts, found (none|2 rows without any) in 1 file"):
        guard(training("a", tmp_path / "a.jsonl", ()), [against([text(20, 1)])])
    with pytest.raises(GuardError, match="expected samples of a test, found none"):
        folder_tests(tmp_path / "a.jsonl", ())


def test_half_a_character_in_an_escape_is_read(tmp_path):
    said = text(20, 1)
    (tmp_path / "test.jsonl").write_text(json.dumps({"question": f"\ud800 {said}"}))
    outcome = looked(tmp_path, prompts(f"\udc00 {said} \0"), folder_tests(tmp_path / "test.jsonl", ()))
    assert outcome.report.unclean == 1


def test_batches_and_threads_make_no_difference(tmp_path, monkeypatch):
    tests = [text(5 + n, f"t{n}") for n in range(60)]
    rows = prompts(*(wrapped(changed(tests[n % 60], n % 5) if n % 3 else tests[n % 60]) for n in range(300)))
    whole = looked(tmp_path, rows, against(tests))
    monkeypatch.setattr("tasks.tools.guard.search.AT_ONCE", 7)
    monkeypatch.setattr("tasks.tools.guard.collect.PENDING", 3)
    parts = looked(tmp_path, rows, against(tests))
    assert parts.findings.equals(whole.findings)
    assert parts.report.model_copy(update={"seconds": whole.report.seconds}) == whole.report


def test_tests_in_folders_have_names(tmp_path):
    for name in ("mmlu/test/anatomy_test.csv", "medqa/test.jsonl", "medqa/train.jsonl", "mmlu/test/virology_test.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        row = f'"{text(9, name)}",w,x,y,z,B\n' if name.endswith("csv") else json.dumps({"question": text(9, name)})
        (tmp_path / name).write_text(row)
    found = folder_tests(tmp_path, ())
    assert found.about.rows == 3
    assert {sample.test.removeprefix(tmp_path.name) for sample in found.samples} == {"/mmlu/test", "/medqa"}
    for shard in range(2):
        (tmp_path / f"ori_test-0000{shard}-of-00002.txt").write_text(text(9, shard))
    found = folder_tests(tmp_path, ())
    assert f"{tmp_path.name}/ori_test" in {sample.test for sample in found.samples}


def test_right_answers_beside_a_test_say_which_samples_it_has(tmp_path):
    """As PubMedQA is published: a thousand questions by id, and the answers of the five hundred that are the test."""
    rows = {str(n): {"QUESTION": text(12, n), "CONTEXTS": [text(30, f"c{n}"), text(30, f"d{n}")]} for n in range(6)}
    (tmp_path / "ori_pqal.json").write_text(json.dumps(rows, indent=1))
    (tmp_path / "test_ground_truth.json").write_text(json.dumps({"1": "yes", "4": "no"}))
    assert [sample.id for sample in folder_tests(tmp_path, ()).samples] == ["1", "4"]
    (tmp_path / "test_ground_truth.json").write_text("[[1]]")
    with pytest.raises(GuardError, match="expected the right answers"):
        folder_tests(tmp_path, ())


def badge_of(unclean, rows):
    looked_at = Looked(name="a & <b>", files=1, rows=rows, sha256="ab" * 32)
    return Guarded(data=looked_at, against=(looked_at,), tests=(), unclean=unclean, kinds={})


@pytest.mark.parametrize(
    ("unclean", "rows", "message", "colour"),
    [
        (0, 10, "clean", "brightgreen"),
        (1, 10**6, "1 of 1,000,000 rows (<0.01 %)", "orange"),
        (5, 1000, "5 of 1,000 rows (0.50%)", "orange"),
        (10, 1000, "10 of 1,000 rows (1.00%)", "red"),
    ],
)
def test_the_badge_says_what_was_found(unclean, rows, message, colour):
    from lxml import etree

    report = badge_of(unclean, rows)
    said = json.loads(endpoint(report))
    assert said == {"schemaVersion": 1, "label": "tests in a & <b>", "message": message, "color": colour}
    assert message in "".join(etree.fromstring(svg(report).encode()).itertext())
    assert message in markdown(report)


def test_words_are_those_of_the_audit():
    """Guard and audit compare the same words, or their findings could not be told together."""
    found = index([Sample("t", "q", ["A (b)-c 12."], "")])
    assert found.words.hashes.tolist() == hashed(pl.Series(["a b c 12"])).hashes.tolist()
