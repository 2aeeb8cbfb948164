"""Reading a recipe: a ready-made one by its name, or a file of the user's; a file of SQL is the query of one."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.errors import MixtureError, did_you_mean
from schemas.mixture import Recipe, Selection

_FOLDER = Path(__file__).parent / "recipes"


def ready() -> list[str]:
    """The names of the ready-made recipes."""
    return sorted(path.stem for path in _FOLDER.glob("*.yml"))


def load(asked: str, changes: Sequence[str] = ()) -> Recipe:
    """Read a recipe.

    Args:
        asked: the name of a ready-made recipe, or a path: `.yml` or `.yaml` is a recipe, `.sql` its query alone.
        changes: `field=value` in YAML, which replace what the recipe says.

    Raises:
        MixtureError: there is no such recipe, or it is no valid one.
    """
    return _checked({**_read(asked), **dict(_change(each) for each in changes)}, asked)


def _read(asked: str) -> dict[str, Any]:
    if asked in ready():
        return _mapping((_FOLDER / f"{asked}.yml").read_text(encoding="utf-8"), asked)
    path = Path(asked)
    if not path.is_file():
        raise MixtureError(
            f"There is no mixture `{asked}`{did_you_mean(asked, ready())} and no file of that name. "
            f"Ready-made: {', '.join(ready())}. What a file of your own holds: docs/mixtures.md",
            name=asked,
        )
    text = path.read_text(encoding="utf-8")
    return {"name": path.stem, "query": text} if path.suffix == ".sql" else {"name": path.stem} | _mapping(text, asked)


def _mapping(text: str, place: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise MixtureError(f"{place} is no YAML: {error}. An example: docs/mixtures.md", place=place) from error
    if not isinstance(found, dict):
        raise MixtureError(
            f"{place}: expected `field: value` lines, found {type(found).__name__}. See docs/mixtures.md"
        )
    return found


def _change(each: str) -> tuple[str, Any]:
    field, equals, value = each.partition("=")
    if not equals:
        raise MixtureError(f"--set {each}: expected FIELD=VALUE, such as --set rows=1000")
    return field.strip(), _mapping(f"value: {value}", f"--set {each}")["value"]


def _checked(data: Mapping[str, Any], place: str) -> Recipe:
    try:
        return Recipe.model_validate(data)
    except ValidationError as error:
        found = "; ".join(dict.fromkeys(_words(each) for each in error.errors(include_url=False)))
        raise MixtureError(f"{place}: {found}. The fields of a recipe: docs/mixtures.md", place=place) from error


def _words(error: ErrorDetails) -> str:
    """One fault; of a union, the path ends with a name that is no field."""
    path = [str(step) for step in error["loc"] if "-" not in str(step)]
    if error["type"] == "extra_forbidden":
        known = Selection.model_fields if len(path) > 1 else Recipe.model_fields
        return f"there is no field `{'.'.join(path)}`{did_you_mean(path[-1], known)}"
    said = error["msg"].removeprefix("Value error, ")
    return f"{'.'.join(path)}: {said}, found {error['input']!r}" if path else said
