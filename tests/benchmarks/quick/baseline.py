"""The ratios that are committed, and how far a run is from them."""

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

FILE = Path(__file__).with_name("baseline.json")

TOLERANCE = 0.25
"""A ratio may differ from the baseline by this share: runs on a busy machine of two cores differ by up to a fifth."""


class Verdict(StrEnum):
    """What a ratio says beside its baseline."""

    NEW = "new"
    SAME = ""
    SLOWER = "slower"
    FASTER = "faster"


def verdict(ratio: float, before: float | None) -> Verdict:
    """How a ratio compares with its baseline."""
    if before is None:
        return Verdict.NEW
    if ratio > before * (1 + TOLERANCE):
        return Verdict.SLOWER
    if ratio < before / (1 + TOLERANCE):
        return Verdict.FASTER
    return Verdict.SAME


def read() -> dict[str, float]:
    """Title of a piece -> ratio; empty if none were committed."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


def write(ratios: Mapping[str, float]) -> None:
    """Make these the baseline."""
    rounded = {title: round(ratio, 3) for title, ratio in ratios.items()}
    FILE.write_text(json.dumps(rounded, indent=2) + "\n", encoding="utf-8")
