"""The prose of models stands in templates/*.j2."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tasks.report.words import number, size


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(number=number, size=size, signed=lambda value: f"{value:+.3f}")
    environment.filters["value"] = lambda value: f"{value:.3f}"
    return environment


def render(template: str, **values: object) -> str:
    """Fill a template; a value that it names and nobody gives is an error."""
    return _environment().get_template(template).render(values)
