"""What is said of a dataset for responsible use, in the words of Croissant's RAI vocabulary, version 1.0."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.personal import IDENTIFIERS
from schemas.release import ReleaseContent, training_sets
from schemas.source import Source
from tasks.build.publish.extent import Extent

Responsible = Mapping[str, str | Sequence[str]]
"""Property of the vocabulary, without its prefix -> what it says."""

MINIATURE = "It was made from invented miniatures and is not for training or evaluation."


def responsible(original: bool, limitations: Sequence[str] = (), **more: str | Sequence[str]) -> Responsible:
    """What holds for every dataset, with what is known of one.

    Args:
        original: whether all files are the publishers', none a miniature.
        limitations: known limits of this one.
        more: further properties.
    """
    return {
        "dataCollection": "Nothing was collected for it: it is made from files that the authors of public datasets "
        "have published. manifest.json names each file with its hash.",
        "dataCollectionType": ["Secondary Data analysis"],
        "dataCollectionRawData": "Texts of biomedicine with the annotations of their authors: abstracts, articles, "
        "questions and answers, examinations, drug labels, posts, terms. NOTICE.md names every source.",
        "dataPreprocessingProtocol": [
            "Files are read into records, and records are rewritten as an instruction, an input and an output.",
            "Of samples of a task that are equal once normalised, one is kept.",
            "Whatever is left out is counted by its reason.",
        ],
        "dataAnnotationProtocol": "Answers are the annotations of the sources' authors, whose works references.bib "
        "lists. The instructions were written for this dataset.",
        "dataUseCases": [
            "Training, fine-tuning and testing of language models on biomedical text.",
            "It is not made for decisions about patients.",
        ],
        "dataSocialImpact": "A model that is trained on it may be wrong, and nothing here says that it is safe for any "
        "use with patients.",
        "dataReleaseMaintenancePlan": ["A version never changes. Errors are corrected in later versions."],
        "dataLimitations": [*([] if original else [MINIATURE]), *limitations] or ["None are known beyond the card's."],
        **more,
    }


def of_release(content: ReleaseContent, extent: Extent, partial: Sequence[Source]) -> Responsible:
    """What is said of a release.

    Args:
        content: what the release is made of.
        extent: its tasks.
        partial: sources of which an incomplete copy was read.
    """
    limits = [f"It holds {extent.covered} of the {extent.table} tasks of the paper."] if extent.absent else []
    if partial:
        limits.append(f"Only a part of the published files was read of: {', '.join(each.title for each in partial)}.")
    sets = training_sets(content)
    if "clean" in sets and sets["clean"].samples < sets["all"].samples:
        leaking = sets["all"].samples - sets["clean"].samples
        limits.append(
            f"Training samples that leak into a test: {leaking:,}; the configuration `clean` has none of them."
        )
    return responsible(
        content.original,
        limits,
        dataBiases=_biases(content),
        personalSensitiveInformation=_personal(content),
    )


def _biases(content: ReleaseContent) -> list[str]:
    rows = {task.name: sum(part.rows for part in task.splits.values()) for task in content.tasks}
    english = sum(rows[task.name] for task in content.tasks if task.language == "en")
    whole = sum(rows.values())
    if not whole:
        return ["It has no samples."]
    largest = max(sorted(rows), key=lambda name: rows[name])
    return [
        f"{_share(english, whole)} of the samples are English alone.",
        f"The largest task, {largest}, has {_share(rows[largest], whole)} of the samples.",
    ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"


def _personal(content: ReleaseContent) -> list[str]:
    """How many samples hold which direct identifier, as far as its form gives it away."""
    found: dict[str, Any] = {
        kind.what: sum(getattr(profile, kind.measure) for profile in content.samples) for kind in IDENTIFIERS
    }
    counted = [f"{rows:,} samples hold what looks like {what}." for what, rows in found.items() if rows]
    return [*counted, "Names of persons are not looked for."]
