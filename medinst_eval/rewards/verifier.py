"""What a row says of how its answers are verified, so that nothing else has to be looked up."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from medinst_eval.definitions import Definition

OPTIONS = "\nOptions:\n- "
"""Where an input lists the options of a question: one of them is right, word by word."""


class Verifier(NamedTuple):
    """How the answers to a row are verified.

    Attributes:
        kind: of the answers, a key of `medinst_eval.rewards.kinds.KINDS`.
        labels: the labels that an answer may hold; none where answers are free.
        symmetric: the relations among them that have no direction.
    """

    kind: str
    labels: tuple[str, ...] = ()
    symmetric: tuple[str, ...] = ()

    @classmethod
    def of(cls, definition: Definition, asked: str) -> "Verifier":
        """The verifier of a sample.

        Args:
            definition: of its task.
            asked: its input.
        """
        kind = "exact" if definition.strict == "text" and OPTIONS in asked else definition.strict
        return cls(kind, definition.labels, definition.symmetric)

    def text(self) -> str:
        """The verifier as JSON, as rows hold it."""
        return json.dumps(self._asdict(), ensure_ascii=False)


def read(value: object) -> Verifier:
    """Read the verifier of a row.

    Args:
        value: JSON, or what JSON would say: a mapping with `kind` and perhaps `labels` and `symmetric`.

    Raises:
        ValueError: it is neither, or lacks `kind`.
    """
    return _parsed(value) if isinstance(value, str) else _of(value)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Verifier:
    try:
        return _of(json.loads(text))
    except json.JSONDecodeError as error:
        raise ValueError(f"`verifier` is not JSON: {text[:80]!r}. {_EXPECTED}") from error


def _of(value: Any) -> Verifier:
    if not isinstance(value, Mapping) or not isinstance(value.get("kind"), str):
        raise ValueError(f"`verifier` has no kind: {str(value)[:80]!r}. {_EXPECTED}")
    return Verifier(value["kind"], _texts(value.get("labels")), _texts(value.get("symmetric")))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else ()


_EXPECTED = 'Expected e.g. {"kind": "label", "labels": ["yes", "no"]}, as `medinst export --format rl` writes it.'
