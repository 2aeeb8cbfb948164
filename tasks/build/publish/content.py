"""From the receipts of a build to the content of its release, with everything that was asked for accounted for."""

from schemas.audit import Ingredients
from schemas.licence import together
from schemas.receipts import Kept, Rendered, Verdict
from schemas.release import ReleaseContent, ReleaseSplit, ReleaseTask
from schemas.source import Source
from schemas.state import State
from schemas.task import SPLITS, Split, Task
from sources import find
from sources import tasks as declared_tasks
from tasks.base.paper.parity import paper, parity
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.versions.manifest import made_with
from tasks.build.builds.build import Build
from tasks.build.builds.order import is_partial
from tasks.build.builds.reasons import FILE
from tasks.build.diagnose.stage import diagnosed_place
from tasks.build.judge.measure import Profiles
from tasks.build.render.stage import whole_instruction, wordings

DATA_VERSION = "2026.11.0"
"""Version of the data that the declarations describe; docs/decisions.md says when it changes."""


def content(build: Build, profiles: Profiles, verdicts: list[Verdict]) -> ReleaseContent:
    """Put the content of a release together; equal content has an equal version."""
    audit = build.state.audit
    parts = {
        "profile": build.order.profile,
        "original": build.is_original,
        "partial": is_partial(build.order) or build.unreachable,
        "tasks": tuple(_release_task(build, *outcome, profiles) for outcome in build.outcomes.values()),
        "withheld": build.withheld,
        "missing": build.missing,
        "stale": build.stale,
        "undeclared": tuple(sorted(set(paper()) - set(declared_tasks()))),
        "files": build.files,
        "records": tuple(profiles.records),
        "samples": tuple(profiles.samples),
        "summary": profiles.release,
        "verdicts": tuple(verdicts),
        "lost": build.lost,
        "parity": tuple(parity(build.counts, build.withheld, build.missing, build.derived)),
        "rejects": build.rejects,
        "diagnosed": diagnosed_place(build),
        "audit": audit and audit.model_copy(update={"seconds": 0.0}),
    }
    mark = fingerprint(parts, _declared(build.state), *made_by())
    version = f"{DATA_VERSION}-{build.order.profile}-{mark[:8]}"
    return ReleaseContent(version=version, fingerprint=mark, **parts)


def made_by() -> tuple[object, object]:
    """What shapes a release beside its content: code and libraries."""
    code = code_of("tasks.build.pipeline.finish")  # it puts the files together: data, cards, report, Data Docs, audit
    return code, made_with()


def _declared(state: State) -> list[Source]:
    return [find(built.source) for built in state.sources]


def _release_task(build: Build, rendered: Rendered, kept: Kept, profiles: Profiles) -> ReleaseTask:
    source, task = declared_tasks()[rendered.task]
    rows = {profile.split: profile.kept for profile in profiles.samples if profile.task == task.name}
    filled: list[Split] = [split for split in SPLITS if rows.get(split)]
    return ReleaseTask(
        name=task.name,
        category=task.category,
        source=source.id,
        language=",".join(dict.fromkeys(source.language_of(part) for part in task.reads)),
        licence=together(source.licences(task, *filled)),
        instruction=whole_instruction(task),
        wordings=wordings(task),
        splits={
            split: ReleaseSplit(samples=tuple(rendered.files(split)), decisions=kept.place, rows=rows[split])
            for split in SPLITS
            if split in rows
        },
        made_of=_made_of(build, task, rendered, kept),
    )


def _made_of(build: Build, task: Task, rendered: Rendered, kept: Kept) -> Ingredients:
    """The ingredients of all stages of a task, by names that say the stage, without those that stand for others."""
    built = next(built for built in build.state.sources if built.source == rendered.source)
    made: Ingredients = {}
    for batch in (batch for batch in built.batches if batch.part in task.reads):
        for name, mark in batch.made_of.items():
            made[name if name.startswith(FILE) else f"read {batch.part}: {name}"] = mark
    made |= {f"render: {name}": mark for name, mark in rendered.made_of.items() if name != "records"}
    return made | {f"deduplicate: {name}": mark for name, mark in kept.made_of.items() if name != "samples"}
