"""Judging how far a build moved away from the release before it."""

from collections.abc import Sequence
from typing import Any

from expectations.drift import RULES
from schemas.drift import Acceptance, Drift, Finding
from schemas.receipts import Verdict
from sources import find
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.store.pool import in_own_process
from tasks.base.store.root import Root
from tasks.build.builds.build import Build
from tasks.build.builds.order import is_partial
from tasks.build.drift.accepted import acceptance_of, accepted, forget_drift, keep_drift
from tasks.build.drift.compare import of_build, of_release, rows
from tasks.build.drift.published import Published, predecessor
from tasks.build.judge.measure import Profiles
from tasks.build.judge.validate import judge_rows

SUITE = "drift"


def base_of(build: Build) -> Published | None:
    """The release that a build is compared with; None where nothing of it was published under its profile."""
    return predecessor(build.root, build.order.profile, build.chosen, build.is_original)


def drifted(build: Build, profiles: Profiles, base: Published | None) -> list[Verdict]:
    """Judge how far a build moved, and keep what was found for people to accept.

    Args:
        build: the build.
        profiles: its measures.
        base: the release that it is compared with; None: there is nothing to judge.

    Returns:
        Verdicts of the suite `drift`. What was accepted is a warning that says by whom.
    """
    profile = build.order.profile
    if base is None:
        forget_drift(build.root, profile)
        return []
    chosen = {*build.chosen} if is_partial(build.order) else {*build.chosen, *base.manifest.tasks}
    table = rows(base.version, of_release(base), of_build(profiles.samples), chosen, _reasons(build))
    verdicts = _judged(build.root, table)
    findings = tuple(_finding(verdict, table) for verdict in verdicts if _critical(verdict))
    keep_drift(build.root, Drift(profile=profile, base=base.version, findings=findings))
    known = accepted(build.root)
    return [_with_acceptance(verdict, table, base.version, known) for verdict in verdicts]


def _reasons(build: Build) -> dict[tuple[str, str], str]:
    """Why tasks and splits are not in a build."""
    whole = {(task, ""): why for task, why in build.withheld.items()}
    for built in build.state.sources:
        if built.failed:
            whole |= {(task.name, ""): built.failed for task in find(built.source).tasks}
    return whole | {(task, split): why for task, splits in build.missing.items() for split, why in splits.items()}


def _judged(root: Root, table: list[dict[str, Any]]) -> list[Verdict]:
    """Judge the rows; equal ones are judged once, because Great Expectations takes seconds to be imported."""
    if not table:
        return []
    folder = f"catalogue/verdicts/{fingerprint(RULES, table, code_of('tasks.build.judge.validate'))}"
    if (receipt := root.done(folder)) is not None:
        return [Verdict.model_validate(verdict) for verdict in receipt["verdicts"]]
    verdicts = in_own_process(judge_rows, SUITE, RULES, table)
    root.finish(folder, {"docs": [], "verdicts": [verdict.model_dump(mode="json") for verdict in verdicts]})
    return verdicts


def _critical(verdict: Verdict) -> bool:
    return verdict.severity == "critical" and not verdict.success and bool(verdict.task)


def _finding(verdict: Verdict, table: list[dict[str, Any]]) -> Finding:
    row = next(row for row in table if row["subject"] == verdict.subject)
    pair = verdict.measure if verdict.measure in row["was"] else "rows"
    return Finding(
        task=row["task"],
        split=row["split"],
        source=row["source"],
        measure=verdict.measure,
        before=row["was"][pair],
        after=row["now"][pair],
        value=row[verdict.measure],
        found=verdict.found,
    )


def _with_acceptance(verdict: Verdict, table: list[dict[str, Any]], base: str, known: Sequence[Acceptance]) -> Verdict:
    if not _critical(verdict):
        return verdict
    by = acceptance_of(_finding(verdict, table), base, known)
    if by is None:
        return verdict
    told = f"{verdict.found}. Accepted by {by.who} on {by.at:%Y-%m-%d}: {by.why}"
    return verdict.model_copy(update={"severity": "warning", "found": told, "command": "medinst accept"})
