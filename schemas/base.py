"""The base of every declared model: frozen, and closed to fields that nobody declared."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""A source or part id: lower case letters, digits and underscores."""

TaskName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9.\-]*$")]
"""A task name, as Table 11 of the paper spells it if it is there; also its folder and configuration name."""

Line = Annotated[str, StringConstraints(min_length=1, pattern=r"^\S(.*\S)?$")]
"""One line of text without spaces at its ends."""


Collection = Literal["paper", "beyond", "own"]
"""What a source belongs to: `paper`: its tasks are rows of Table 11. `beyond`: it is declared here, but the paper does
not have it. `own`: it is declared in a folder outside the checkout."""

Collections = Literal["paper", "beyond", "own", "all"]
"""Which sources are meant where none are named."""


class Model(BaseModel):
    """A frozen model that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
