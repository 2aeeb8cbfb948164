"""What a profile admits of the samples of a source: licences may differ from task to task and split to split."""

from collections.abc import Container, Mapping
from typing import TypeVar

from schemas.licence import Profile
from schemas.receipts import Kept, Rendered
from schemas.source import Source
from schemas.state import Built
from schemas.task import SPLITS, Split
from sources import find
from sources import tasks as declared_tasks

Splits = TypeVar("Splits", Rendered, Kept)


def admit(built: Built, profile: Profile) -> Built:
    """What a build has of a source, without the tasks and splits that a profile refuses.

    A task that is refused is withheld with the reason, a split that is refused alone is missing with its own. The words
    of its samples stay in the index, so that training samples that leak into it are still known.

    Args:
        built: what the build has.
        profile: what it may hold.
    """
    source = find(built.source)
    refused = source.refused(profile)
    return built.model_copy(
        update={
            "rendered": tuple(_rendered(each, source, profile, refused) for each in built.rendered),
            "kept": tuple(
                _without(each, refused_splits(source, each.task, profile))
                for each in built.kept
                if each.task not in refused
            ),
            "indexed": tuple(each for each in built.indexed if each.task not in refused),
        }
    )


def refused_splits(source: Source, task: str, profile: Profile) -> dict[Split, str]:
    """The splits of a task that a profile refuses, with the reasons."""
    declared = declared_tasks()[task][1]
    found: dict[Split, str] = {}
    for split in SPLITS:
        if reason := source.refusal(profile, declared, split):
            found[split] = reason
    return found


def _rendered(each: Rendered, source: Source, profile: Profile, refused: Mapping[str, str]) -> Rendered:
    if each.withheld:
        return each
    if each.task in refused:
        return each.model_copy(update={"withheld": refused[each.task], "splits": {}, "missing": {}})
    splits = refused_splits(source, each.task, profile)
    there = {split: reason for split, reason in splits.items() if split in each.splits}
    return _without(each, splits).model_copy(update={"missing": {**each.missing, **there}})


def _without(each: Splits, splits: Container[Split]) -> Splits:
    kept = {split: tally for split, tally in each.splits.items() if split not in splits}
    return each.model_copy(update={"splits": kept})
