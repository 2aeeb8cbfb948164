"""Prose and pages stand in `templates/*.j2` beside the module that fills them."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from schemas.source import UNVERIFIED
from tasks.base.pages.palette import variables
from tasks.base.pages.words import link, number, size

FILTERS: Mapping[str, Callable[..., object]] = {
    "number": number,
    "size": size,
    "link": link,
    "signed": lambda value: f"{value:+.3f}",
    "value": lambda value: "" if value is None else f"{value:.3f}",
    "line": lambda value: " ".join(str(value).split()),
    "cell": lambda value: " ".join(str(value).split()).replace("|", r"\|"),
}


_SHARED = Path(__file__).parent / "templates"
"""Parts that any template may include."""


@cache
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([folder, _SHARED]),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["unverified"] = UNVERIFIED
    environment.globals["colours"] = variables
    environment.filters.update(FILTERS)
    return environment


def render(module: str, template: str, **values: object) -> str:
    """Fill a template of a module.

    Args:
        module: the module's `__file__`; its templates are in `templates/` beside it, and may include the shared ones.
        template: file name. In `*.html.j2` values are escaped.
        values: what the template names; a missing one is an error.
    """
    return _environment(Path(module).parent / "templates").get_template(template).render(values)
