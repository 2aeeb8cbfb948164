"""Recipes in files: found, changed by `--set`, checked; every mistake names its field."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from schemas.errors import FinetuneError, did_you_mean
from schemas.finetune import Recipe

FOLDER = Path(__file__).parent / "recipes"


def recipes() -> list[str]:
    """The names of the recipes that come with this checkout."""
    return sorted(path.stem for path in FOLDER.glob("*.yml"))


def load(recipe: str, settings: Sequence[str] = ()) -> Recipe:
    """Read a recipe.

    Args:
        recipe: the name of one that comes with this checkout, or a file.
        settings: changes of it, each written as `field=value` or `field.field=value`, the value in YAML.

    Raises:
        FinetuneError: it is not there, or a field of it is wrong.
    """
    path = Path(recipe) if Path(recipe).suffix in (".yml", ".yaml") else FOLDER / f"{recipe}.yml"
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FinetuneError(
            f"There is no recipe `{recipe}`{did_you_mean(recipe, recipes())}. Ready-made are {', '.join(recipes())}; "
            "a recipe of your own is a file that ends with .yml."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FinetuneError(f"{path}: this is no YAML: {' '.join(str(error).split())}") from error
    if not isinstance(said, dict):
        raise FinetuneError(f"{path}: a recipe has fields (`name: …`), this file has none. See {FOLDER}")
    for setting in settings:
        _set(said, setting)
    try:
        return Recipe.model_validate(said)
    except ValidationError as error:
        raise FinetuneError(f"{path}: " + "; ".join(_faults(error))) from error


def _set(said: dict[str, Any], setting: str) -> None:
    """Change one field, however deep."""
    field, equals, value = setting.partition("=")
    if not equals or not field:
        raise FinetuneError(f"--set {setting}: write it as field=value, such as --set learning_rate=1e-4")
    *above, last = field.split(".")
    for name in above:
        if not isinstance(said.get(name), dict):
            said[name] = {}
        said = said[name]
    try:
        said[last] = yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise FinetuneError(f"--set {setting}: the value is no YAML: {' '.join(str(error).split())}") from error


def _faults(error: ValidationError) -> list[str]:
    """What is wrong, field by field."""
    return [_fault(fault) for fault in error.errors()]


def _fault(fault: Mapping[str, Any]) -> str:
    place = [part for part in fault["loc"] if isinstance(part, str)]
    name = ".".join(place)
    if fault["type"] == "extra_forbidden":
        fields = _fields(Recipe, place[:-1])
        return f"there is no field `{name}`{did_you_mean(place[-1], fields) or '. There are ' + ', '.join(fields)}"
    if fault["type"] == "missing":
        return f"the field `{name}` is missing"
    words = fault["msg"].removeprefix("Value error, ")
    return f"`{name}`: {words}, not {fault['input']!r}" if name and fault["type"] != "value_error" else words


def _fields(model: type[BaseModel], place: Sequence[str]) -> list[str]:
    """The fields of the recipe at a place."""
    for name in place:
        parts = (model.model_fields[name].annotation, *get_args(model.model_fields[name].annotation))
        model = next(part for part in parts if isinstance(part, type) and issubclass(part, BaseModel))
    return list(model.model_fields)
