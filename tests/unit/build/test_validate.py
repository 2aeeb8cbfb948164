"""The suites find each defect alone, the gate names it, and equal profiles give equal pages."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from expectations.rule import Rule
from schemas.errors import GateRefused, MedinstError
from schemas.profile import RecordProfile, ReleaseProfile, SampleProfile
from schemas.receipts import Verdict
from tasks.build.judge import validate as judging
from tasks.build.judge.validate import gate, validate

pytestmark = pytest.mark.heavy  # Great Expectations: seven seconds for its import, half a second for each release

IDS = ("0a1b", "2c3d")


def records(**changes) -> RecordProfile:
    sound = {
        "source": "bc5cdr",
        "part": "main",
        "split": "train",
        "read": 500,
        "kept": 500,
        "rejected": 0,
        "mismatches": 0,
        "lost_share": 0.0,
    }
    return RecordProfile(**(sound | changes))


def samples(**changes) -> SampleProfile:
    none = (
        "lost_records",
        "refused",
        "lost_candidates",
        "rejected",
        "unbalanced",
        "missing",
        "surplus",
        "empty_inputs",
        "empty_outputs",
        "missing_licences",
    )
    none += ("unparsable", "undeclared_labels", "unlisted_labels", "duplicate_ids")
    sound = {
        "task": "BC5CDR-RE",
        "category": "RE",
        "source": "bc5cdr",
        "split": "train",
        "licence": "public-domain",
        "records": 500,
        "candidates": 500,
        "rendered": 500,
        "kept": 500,
        "expected": 500,
        **{
            f"{side}_chars_{how}": size
            for side in ("input", "output")
            for how, size in {"min": 9, "median": 90.5, "p95": 400.0, "max": 800}.items()
        },
        **dict.fromkeys(none, 0),
    }
    return SampleProfile(**(sound | changes))


def release(**changes) -> ReleaseProfile:
    sound = {
        "profile": "open",
        "chosen": 3,
        "built": 2,
        "withheld": 1,
        "unaccounted": 0,
        "unaccounted_tasks": (),
        "samples": 1_000,
        "duplicate_ids": 0,
        "refused_licences": 0,
        "uncited": 0,
    }
    return ReleaseProfile(**(sound | changes))


def judged(tmp_path: Path, *profiles, whole: ReleaseProfile | None = None) -> list[Verdict]:
    """Judge a sound neighbour together with the given profiles."""
    return validate(
        [records(source="ddi"), *(one for one in profiles if isinstance(one, RecordProfile))],
        [samples(task="DDI", source="ddi"), *(one for one in profiles if isinstance(one, SampleProfile))],
        whole or release(),
        tmp_path / "quality",
    )


def failures(verdicts: list[Verdict]) -> set[tuple[str, str, str]]:
    return {(one.subject, one.measure, one.severity) for one in verdicts if not one.success}


def pages(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("profile", "failed", "words"),
    [
        pytest.param(
            samples(empty_outputs=2, examples={"empty_outputs": IDS}),
            ("BC5CDR-RE/train", "empty_outputs"),
            ["2 of 500 answers are empty", "0a1b, 2c3d", "WHERE id IN ('0a1b', '2c3d')"],
            id="empty-answer",
        ),
        pytest.param(
            samples(empty_inputs=1, examples={"empty_inputs": IDS[:1]}),
            ("BC5CDR-RE/train", "empty_inputs"),
            ["1 of 500 inputs are empty", "0a1b"],
            id="empty-input",
        ),
        pytest.param(
            samples(unparsable=2, examples={"unparsable": IDS}),
            ("BC5CDR-RE/train", "unparsable"),
            ["2 of 500 answers cannot be read", "0a1b, 2c3d"],
            id="unparsable-answer",
        ),
        pytest.param(
            samples(undeclared_labels=2, examples={"undeclared_labels": IDS}),
            ("BC5CDR-RE/train", "undeclared_labels"),
            ["2 of 500 answers hold other labels", "0a1b, 2c3d"],
            id="undeclared-label",
        ),
        pytest.param(
            samples(missing_licences=2, examples={"missing_licences": IDS}),
            ("BC5CDR-RE/train", "missing_licences"),
            ["2 of 500 samples name none", "0a1b, 2c3d"],
            id="missing-licence",
        ),
        pytest.param(
            samples(duplicate_ids=2, examples={"duplicate_ids": IDS}),
            ("BC5CDR-RE/train", "duplicate_ids"),
            ["2 of 500 samples have an id that another sample has too", "0a1b, 2c3d"],
            id="duplicate-id",
        ),
        pytest.param(
            samples(unlisted_labels=1),
            ("BC5CDR-RE/train", "unlisted_labels"),
            ["leaves out 1 labels", "medinst show BC5CDR-RE"],
            id="label-not-in-the-instruction",
        ),
        pytest.param(
            samples(rendered=350, kept=350, missing=0.3),
            ("BC5CDR-RE/train", "missing"),
            ["350 of 500 samples, 30.0% are lost", "task IN ('', 'BC5CDR-RE')"],
            id="lost-samples",
        ),
        pytest.param(
            samples(lost_records=3, rendered_in="samples/BC5CDR-RE/0f"),
            ("BC5CDR-RE/train", "lost_records"),
            ["500 records, 3 of them without a trace", "remove samples/BC5CDR-RE/0f from the root"],
            id="silent-loss-of-records-at-rendering",
        ),
        pytest.param(
            samples(candidates=504, refused=1, lost_candidates=3),
            ("BC5CDR-RE/train", "lost_candidates"),
            ["504 candidates, 500 samples, 1 rejected: 3 without a trace"],
            id="silent-loss-of-candidates",
        ),
        pytest.param(
            samples(kept=499, unbalanced=1),
            ("BC5CDR-RE/train", "unbalanced"),
            ["500 rendered, 499 kept, 0 rejected: 1 without a trace"],
            id="silent-loss-of-samples",
        ),
        pytest.param(
            samples(missing=float("nan")),
            ("BC5CDR-RE/train", "unmeasured"),
            ["1 measures have no value"],
            id="measure-without-a-value",
        ),
        pytest.param(
            records(kept=470, rejected=30, mismatches=30, lost_share=0.06),
            ("bc5cdr/main/train", "mismatch_share"),
            [
                "30 of 500 records (6.0%) have spans that miss their text",
                "source = 'bc5cdr'",
            ],
            id="span-mismatches",
        ),
        pytest.param(
            records(kept=350, rejected=150, lost_share=0.3),
            ("bc5cdr/main/train", "lost_share"),
            ["150 of 500 records rejected, 30.0% beyond what is known"],
            id="lost-records",
        ),
        pytest.param(
            records(kept=480),
            ("bc5cdr/main/train", "unbalanced"),
            ["500 read, 480 kept, 0 rejected: 20 without a trace"],
            id="silent-loss-of-records",
        ),
    ],
)
def test_each_defect_alone_is_refused(tmp_path, profile, failed, words):
    verdicts = judged(tmp_path, profile)
    assert {found for found in failures(verdicts) if found[2] == "critical"} == {(*failed, "critical")}
    with pytest.raises(GateRefused) as refused:
        gate(verdicts)
    for word in [f"`{failed[0]}`", failed[1], *words]:
        assert word in str(refused.value)
    assert "DDI" not in str(refused.value)
    assert refused.value.facts["verdicts"] == verdicts
    assert [(one.subject, one.measure) for one in refused.value.facts["failures"]] == [failed]


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        pytest.param(
            release(unaccounted=1, unaccounted_tasks=("CHIA",)),
            ["1 of 3 tasks are neither", "see the reason of CHIA", "then: medinst build"],
            id="unaccounted-task",
        ),
        pytest.param(release(samples=0), ["0 samples"], id="no-samples"),
        pytest.param(release(duplicate_ids=4), ["4 ids stand for several samples"], id="duplicate-ids"),
        pytest.param(release(refused_licences=1), ["does not admit", "`open`"], id="refused-licence"),
        pytest.param(release(uncited=2), ["2 sources have none"], id="uncited-source"),
    ],
)
def test_a_release_with_a_defect_is_refused(tmp_path, whole, words):
    with pytest.raises(GateRefused) as refused:
        gate(judged(tmp_path, whole=whole))
    assert str(refused.value).startswith("1 critical expectation failed: nothing was published")
    for word in ["`release`", *words]:
        assert word in str(refused.value)


def test_a_hint_repeats_the_build_that_failed(tmp_path):
    """A narrower build would leave the other tasks unbuilt."""
    again = "medinst build bc5cdr chia --mirror demo --strict"
    verdicts = judged(tmp_path, samples(lost_records=3), whole=release(unaccounted=1, unaccounted_tasks=("CHIA",)))
    with pytest.raises(GateRefused) as refused:
        gate(verdicts, again)
    assert str(refused.value).count(f"then: {again}") == 2
    assert "medinst build" not in str(refused.value).replace(again, "")


def test_sound_profiles_pass(tmp_path):
    verdicts = judged(tmp_path, samples(), records(), samples(split="dev"))
    assert not failures(verdicts)
    assert {one.subject for one in verdicts} == {"all"}
    assert len(verdicts) == sum(len(rules) for rules in judging.SUITES.values())
    gate(verdicts)


def test_warnings_do_not_refuse(tmp_path):
    verdicts = judged(
        tmp_path,
        records(kept=485, rejected=15, mismatches=1, lost_share=0.03),
        samples(rendered=600, kept=200, rejected=400, surplus=100, input_chars_max=600_000),
        samples(split="dev", expected=None),
        samples(split="test", rendered=0, kept=0, expected=0),
    )
    assert failures(verdicts) == {
        ("bc5cdr/main/train", "lost_share", "warning"),
        ("bc5cdr/main/train", "mismatches", "warning"),
        ("BC5CDR-RE/train", "surplus", "warning"),
        ("BC5CDR-RE/train", "duplicate_share", "warning"),
        ("BC5CDR-RE/train", "input_chars_max", "warning"),
        ("BC5CDR-RE/dev", "uncounted", "info"),
        ("BC5CDR-RE/test", "unrendered", "warning"),
    }
    gate(verdicts)


def test_a_broken_check_is_critical(tmp_path, monkeypatch):
    broken = Rule("perplexity", "info", "answers surprise nobody", "{perplexity}", command="")
    monkeypatch.setitem(judging.SUITES, "samples", (broken, *judging.SUITES["samples"]))
    verdicts = judged(tmp_path)
    assert failures(verdicts) == {("all", "perplexity", "critical")}
    with pytest.raises(GateRefused, match=r"the check itself broke: .*perplexity"):
        gate(verdicts)
    written = b"".join(pages(tmp_path / "quality").values())
    assert b"perplexity" in written
    assert b"Traceback" not in written
    assert b"site-packages" not in written


def test_nothing_to_judge_is_refused_for_the_release(tmp_path):
    verdicts = validate([], [], release(samples=0), tmp_path / "quality")
    assert failures(verdicts) == {("release", "samples", "critical")}


def test_verdicts_carry_task_source_and_examples(tmp_path):
    verdicts = judged(tmp_path, samples(unparsable=2, examples={"unparsable": IDS}))
    (found,) = (one for one in verdicts if not one.success)
    assert (found.suite, found.task, found.source, found.examples) == ("samples", "BC5CDR-RE", "bc5cdr", IDS)
    assert found.expectation == "the answer grammar of the task reads every answer"


def test_messages_show_a_few_examples(tmp_path):
    whole = release(unaccounted=9, unaccounted_tasks=tuple(f"T{number}" for number in range(9)))
    with pytest.raises(GateRefused, match="T0, T1, T2, T3, T4 and 4 more"):
        gate(judged(tmp_path, whole=whole))


def test_pages_need_nothing_from_outside(tmp_path):
    judged(tmp_path, samples(empty_outputs=2))
    written = pages(tmp_path / "quality")
    folder = "{0}/release/20000101T000000.000000Z/{0}.html"
    assert set(written) == {"index.html"} | {
        name
        for suite in judging.SUITES
        for name in (f"expectations/{suite}.html", "validations/" + folder.format(suite))
    }
    for html in written.values():
        for foreign in (b"http:", b"https:", b"<script", b"<img", b"/tmp", str(tmp_path).encode()):
            assert foreign not in html
    findings = written["validations/" + folder.format("samples")]
    assert b"critical: every sample has an answer" in findings
    assert b"BC5CDR-RE/train" in findings


def test_a_page_that_cannot_be_rendered_is_an_error(tmp_path, monkeypatch):
    from expectations import site

    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "page.j2").write_text("{{ 1 / 0 }}", encoding="utf-8")
    monkeypatch.setattr(site, "PAGES", tmp_path / "pages")
    with pytest.raises(MedinstError, match="the log says why"):
        judged(tmp_path)


CHILD = """
import json, socket, sys
from pathlib import Path
from schemas.profile import RecordProfile, ReleaseProfile, SampleProfile
from tasks.build.judge.validate import validate

def refuse(*_):
    raise AssertionError("no network")

socket.socket.connect = socket.getaddrinfo = refuse
given = json.loads(sys.argv[2])
validate(
    [RecordProfile(**row) for row in given["records"]],
    [SampleProfile(**row) for row in given["samples"]],
    ReleaseProfile(**given["release"]),
    Path(sys.argv[1]),
)
"""
GIVEN = {
    "records": [records(), records(source="ddi", kept=300, rejected=200, mismatches=7, lost_share=0.4)],
    "samples": [
        samples(split=split, empty_outputs=2, labels={"b": 2, "a": 1}, examples={"unparsable": IDS})
        for split in ("train", "dev", "test")
    ],
    "release": release(uncited=1),
}


@pytest.fixture(scope="module", autouse=True)
def elsewhere(tmp_path_factory):
    """The pages of `GIVEN` from a process without a network, in another time zone and order of hashes.

    It starts before the first test, so that it loads Great Expectations while this process does.
    """
    folder = tmp_path_factory.mktemp("elsewhere") / "quality"
    given = json.dumps(GIVEN, default=lambda model: model.model_dump())
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), given],
        env=os.environ | {"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"},
        cwd=Path(judging.__file__).parents[1],
    )
    yield child, folder
    child.kill()
    child.wait()


def test_equal_profiles_give_equal_bytes(tmp_path, elsewhere):
    folders = tmp_path / "first", tmp_path / "deeper" / "second"
    first = validate(GIVEN["records"], GIVEN["samples"], GIVEN["release"], folders[0])
    second = validate(GIVEN["records"][::-1], GIVEN["samples"][::-1], GIVEN["release"], folders[1])
    assert first == second
    assert pages(folders[0]) == pages(folders[1])

    child, folder = elsewhere
    assert child.wait(timeout=120) == 0
    assert pages(folders[0]) == pages(folder)


def test_other_profiles_give_other_bytes(tmp_path):
    judged(tmp_path, samples())
    sound = pages(tmp_path / "quality")
    judged(tmp_path, samples(surplus=1))
    assert pages(tmp_path / "quality") != sound
