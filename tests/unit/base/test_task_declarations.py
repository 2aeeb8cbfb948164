"""What a task may declare of its answers, and what is refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.task import Ned, Ner, Re, Sum, Task

TYPES = {"X": "meets", "Y": "eats"}


@pytest.mark.parametrize(
    ("kind", "fields", "told"),
    [
        (Sum, {"answerable": "no"}, "Give `because` if and only if"),
        (Sum, {"because": "Nobody knows."}, "Give `because` if and only if"),
        (Re, {"types": TYPES, "symmetric": ("meets", "meat")}, "calls ['meat'] symmetric"),
        (Re, {"types": TYPES, "symmetric": ("X",)}, "its relations are ['meets', 'eats']"),
        (Ned, {"databases": ("A",), "per": "phrase", "patterns": {"(x)": "B"}}, "patterns of ['B']"),
        (Ned, {"databases": ("A",), "patterns": {"(x)": "A"}}, "its records say which database"),
    ],
)
def test_what_cannot_be_meant_is_refused(kind: type[Task], fields: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as error:
        kind(name="T", **fields)
    assert told in str(error.value)


def test_what_can_be_meant_is_accepted() -> None:
    assert Sum(name="T").answerable == "yes"
    assert Sum(name="T", answerable="partly", because="Names are not in the input.").because
    assert Re(name="T", types=TYPES, symmetric=("eats",)).symmetric == ("eats",)
    assert not Ner(name="T", types=TYPES).discontinuous
