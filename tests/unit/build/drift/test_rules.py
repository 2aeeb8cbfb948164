"""The bounds as Great Expectations judges them, and what people read."""

import pytest

from expectations.drift import RULES
from schemas.errors import GateRefused
from schemas.receipts import Verdict
from tasks.build.drift.compare import rows
from tasks.build.judge.validate import gate, judge_rows
from tests.unit.build.drift.test_compare import measured

pytestmark = pytest.mark.heavy


def judged(was, now, reasons=None) -> dict[tuple[str, str], Verdict]:
    table = rows("r1", {("T", split): each for split, each in was.items()}, now, {"T"}, reasons or {})
    return {(each.subject, each.measure): each for each in judge_rows("drift", RULES, table) if not each.success}


def test_what_is_beyond_its_bound_is_critical_and_growth_is_told():
    found = judged(
        {"train": measured(1000), "dev": measured(), "test": measured()},
        {
            ("T", "train"): measured(999, {"yes": 62, "no": 38}, input_chars_p95=141.0),
            ("T", "dev"): measured(101, {"yes": 59, "no": 41}, input_chars_p95=139.0),
        },
        {("T", "test"): "no file"},
    )
    severities = {key: verdict.severity for key, verdict in found.items()}
    assert severities == {
        ("T/train", "lost"): "critical",
        ("T/train", "labels"): "critical",
        ("T/train", "input_chars_p95"): "critical",
        ("T/test", "gone"): "critical",
        ("T/dev", "grown"): "info",
    }
    assert found["T/train", "lost"].found == "1,000 rows in r1, 999 now: 0.1% are lost"
    assert found["T/train", "input_chars_p95"].found == "100 characters in r1, 141 now: moved by 41.0%"
    assert found["T/test", "gone"].found == "100 rows in r1, none now: no file"
    assert 'medinst accept T:train --why "…"' in found["T/train", "lost"].command
    with pytest.raises(GateRefused, match="4 critical") as refused:
        gate(found.values())
    assert "bound: 0" in str(refused.value)


def test_a_task_that_is_gone_is_accepted_by_its_name():
    (gone,) = judged({"train": measured(30), "test": measured(10)}, {}, {("T", ""): "unreachable"}).values()
    assert (gone.subject, gone.found) == ("T", "40 rows in r1, none now: unreachable")
    assert 'medinst accept T --why "…"' in gone.command
