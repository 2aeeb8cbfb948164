"""The summary as Markdown, for people, or as JSON, for programs."""

import json

from tasks.base.pages.template import render
from tasks.model.disclosure.facts import Facts
from tasks.model.disclosure.fields import SECTIONS, Section

_SIZES = ((10**9, "less than 1 billion tokens"), (10**13, "1 billion to 10 trillion tokens"))
"""The ranges of the template, for text."""


NAME = "training-content"
"""The name of the files beside what they are about, without their endings."""


def beside(facts: Facts) -> dict[str, str]:
    """The files that are written with every mixture and model: name -> text."""
    return {f"{NAME}.md": as_markdown(facts), f"{NAME}.json": as_json(facts)}


def size_range(tokens: int | None) -> str:
    """The range that a number of tokens is in; of a number that was not counted, nothing."""
    if tokens is None:
        return ""
    return next((words for limit, words in _SIZES if tokens < limit), "more than 10 trillion tokens")


def as_markdown(facts: Facts) -> str:
    """The summary for people."""
    return render(__file__, "summary.md.j2", facts=facts, sections=answered(facts))


def as_json(facts: Facts) -> str:
    """The summary for programs: the facts, and the fields with what is said of each; null: the provider fills it."""
    said = {
        "facts": facts.model_dump(mode="json"),
        "sections": [
            {"title": section.title, "fields": [field._asdict() for field in section.fields]}
            for section in answered(facts)
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def answered(facts: Facts) -> list[Section]:
    """The sections, each field with what the facts say."""
    values = {
        "model": _model(facts),
        "base": f"{facts.base} (revision {facts.revision}), trained further; its provider publishes its own summary."
        if facts.base
        else None,
        "modality": "Text.",
        "size": _size(facts),
        "content": "Biomedical texts (abstracts, articles, questions, terms) with annotations, as instructions with "
        "answers.",
        "languages": ", ".join(facts.languages) or None,
        "public": _public(facts),
        "synthetic": "The pipeline generates no text with a model. What authors of datasets generated is in them.",
        "processing": _processing(facts),
    }
    return [
        section._replace(fields=tuple(field._replace(value=values.get(field.key)) for field in section.fields))
        for section in SECTIONS
    ]


def _model(facts: Facts) -> str:
    return f"Model {facts.name}." if facts.base else f"Training set {facts.name}, version {facts.version}."


def _public(facts: Facts) -> str | None:
    bound = [each.title for each in facts.sources if each.access not in ("open", "gone")]
    more = f" Their files need a registration or an agreement: {', '.join(bound)}." if bound else ""
    return f"{len(facts.sources)} datasets, listed below.{more}" if facts.sources else None


def _size(facts: Facts) -> str:
    samples = f"{facts.samples:,} samples"
    if facts.tokens is None:
        return f"{samples}; their tokens were not counted."
    return f"{samples}, {facts.tokens:,} tokens ({facts.counted}): {size_range(facts.tokens)}."


def _processing(facts: Facts) -> str:
    leaking = f" {facts.leaking:,} samples that leak into a test were left out." if facts.leaking else ""
    return (
        "Files are read into records and rendered as instruction, input and answer; of equal samples of a task one is "
        f"kept; whatever is left out is counted by its reason.{leaking} Direct identifiers of persons are counted, not "
        "removed."
    )
