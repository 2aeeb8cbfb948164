"""Recipes in files: found by name or path, changed by `--set`, checked; every mistake names its field."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from schemas.errors import MedinstError, did_you_mean
from tasks.model import strict_yaml

R = TypeVar("R", bound=BaseModel)

SHOWN = 5
"""Faults of one recipe that a message names."""


class Recipes(NamedTuple, Generic[R]):
    """Recipes of one kind.

    Attributes:
        model: what a recipe holds.
        folder: of the ready-made ones.
        error: what is raised.
        what: what messages call one.
        guide: the page that says what a recipe holds.
        from_text: reads the fields of a file that is not YAML, by its suffix.
    """

    model: type[R]
    folder: Path
    error: type[MedinstError]
    what: str
    guide: str
    from_text: Mapping[str, Callable[[str], dict[str, Any]]] = {}

    def ready(self) -> list[str]:
        """The names of the ready-made recipes."""
        return sorted(path.stem for path in self.folder.glob("*.yml"))

    def load(self, asked: str, changes: Sequence[str] = ()) -> R:
        """Read a recipe.

        Args:
            asked: the name of a ready-made recipe, or a file; a file without a `name` is called by its own.
            changes: `field=value` or `field.field=value`, the value in YAML, which replace what the recipe says.
        """
        said = self._read(asked)
        for change in changes:
            self._change(said, change)
        try:
            return self.model.model_validate(said)
        except ValidationError as error:
            faults = dict.fromkeys(map(self._fault, error.errors(include_url=False)))
            more = f"; and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
            raise self.error(
                f"{asked}: {'; '.join([*faults][:SHOWN])}{more}. The fields of a recipe: {self.guide}"
            ) from error

    def _read(self, asked: str) -> dict[str, Any]:
        path = self.folder / f"{asked}.yml" if asked in self.ready() else Path(asked)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            ready = self.ready()
            raise self.error(
                f"There is no {self.what} `{asked}`{did_you_mean(asked, ready)} and no file of that name. "
                f"Ready-made: {', '.join(ready)}. What a file of your own holds: {self.guide}",
                name=asked,
            ) from error
        except UnicodeDecodeError as error:
            raise self.error(
                f"{asked} is not a text file in UTF-8: {error}. Save it as UTF-8. See {self.guide}"
            ) from error
        reader = self.from_text.get(path.suffix)
        said = reader(text) if reader else self._yaml(text, asked)
        if not isinstance(said, dict):
            found = type(said).__name__
            raise self.error(f"{asked}: expected `field: value` lines, found {found}. See {self.guide}")
        return {"name": path.stem, **said}

    def _yaml(self, text: str, place: str) -> Any:
        try:
            return strict_yaml.load(text)
        except ValueError as error:
            raise self.error(f"{place} is not YAML of a recipe: {error}. See {self.guide}") from error

    def _change(self, said: dict[str, Any], change: str) -> None:
        """Change one field, however deep."""
        field, equals, value = change.partition("=")
        if not equals or not field.strip():
            example = f"--set {next(iter(self.model.model_fields))}=…"
            raise self.error(f"--set {change}: expected FIELD=VALUE, such as {example}. See {self.guide}")
        *above, last = field.strip().split(".")
        for name in above:
            if not isinstance(said.get(name), dict):
                said[name] = {}
            said = said[name]
        said[last] = self._yaml(value, f"--set {change}")

    def _fault(self, fault: ErrorDetails) -> str:
        """One fault; of a union, pydantic's path ends with a name that is not a field."""
        path = [step for step in fault["loc"] if isinstance(step, str) and "-" not in step]
        name = ".".join(path)
        if fault["type"] == "extra_forbidden":
            fields = _fields(self.model, path[:-1])
            return f"there is no field `{name}`{did_you_mean(path[-1], fields) or ' among ' + ', '.join(fields)}"
        if fault["type"] == "missing":
            return f"the field `{name}` is missing"
        words = fault["msg"].removeprefix("Value error, ")
        return f"`{name}`: {words}, not {fault['input']!r}" if name and fault["type"] != "value_error" else words


def _fields(model: type[BaseModel], place: Sequence[str]) -> list[str]:
    """The fields of a model at a place in it."""
    for name in place:
        parts = (model.model_fields[name].annotation, *get_args(model.model_fields[name].annotation))
        model = next(part for part in parts if isinstance(part, type) and issubclass(part, BaseModel))
    return list(model.model_fields)
