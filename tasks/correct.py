"""Apply a source's corrections; one that matches nothing, or not what it expects, stops the build."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from schemas.correction import Correction
from schemas.errors import CorrectionError
from schemas.records import Document, Entity, Reject

Found = Document | Reject


def load(path: Path) -> tuple[Correction, ...]:
    """The corrections in a file; none if it is not there."""
    if not path.exists():
        return ()
    return tuple(Correction.model_validate(entry) for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or ())


def correct(found: Iterable[Found], corrections: tuple[Correction, ...], used: set[Correction]) -> Iterator[Found]:
    """Correct records as they pass.

    Args:
        found: what a reader yields.
        corrections: the source's corrections.
        used: collects the corrections that matched, for `unused` at the end.

    Raises:
        CorrectionError: an entity or text is not what the correction expects.
    """
    by_record: dict[str, list[Correction]] = {}
    for correction in corrections:
        by_record.setdefault(correction.record, []).append(correction)
    for item in found:
        current = item
        for correction in by_record.get(item.id, ()):
            if isinstance(current, Document):
                current = _apply(current, correction)
                used.add(correction)
        yield current


def unused(source: str, corrections: tuple[Correction, ...], used: set[Correction]) -> None:
    """Stop where a correction matched nothing.

    Raises:
        CorrectionError: names the correction.
    """
    for correction in corrections:
        if correction not in used:
            raise CorrectionError(
                f"A correction of `{source}` matches nothing: record `{correction.record}` is in none of its files. "
                f"If the publishers have mended it, remove the entry from sources/{source}.corrections.yml."
            )


def _apply(document: Document, correction: Correction) -> Found:
    if correction.entity is None:
        _expect(correction, document.text[: len(correction.expect)])
        return Reject(document.id, "dropped by a correction", correction.reason)
    known = {entity.id: entity for entity in document.entities}
    entity = known.get(correction.entity)
    _expect(correction, entity.text if entity else "no such entity")
    entities = tuple(
        changed
        for old in document.entities
        if (changed := _changed(old, correction) if old is entity else old) is not None
    )
    return replace(document, entities=entities)


def _changed(entity: Entity, correction: Correction) -> Entity | None:
    if correction.action == "move":
        return replace(entity, spans=correction.spans)
    return replace(entity, text=correction.text) if correction.action == "mention" else None


def _expect(correction: Correction, found: str) -> None:
    if found != correction.expect:
        raise CorrectionError(
            f"The correction of record `{correction.record}`, {correction.entity or 'text'} expects "
            f"{correction.expect!r} and finds {found!r}. If the publishers have mended it, remove the entry."
        )
