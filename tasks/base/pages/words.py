"""How values are written: numbers, sizes, shortened labels, and JSON that can stand in a script element."""

import json

from markupsafe import Markup

_IN_SCRIPTS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def number(value: float) -> str:
    """A count with its thousands separated, such as 9,938,327; a fraction with one digit."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def size(count: int) -> str:
    """A number of bytes as people read it."""
    value = float(count)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" or value >= 10 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def short(text: str, limit: int = 44) -> str:
    """A text cut to what fits beside a bar."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def link(text: str, url: str) -> Markup | str:
    """A link where the address is a web address, the bare text where it is anything else."""
    if not url.startswith(("https://", "http://")):
        return text
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(url, text)


def as_json(value: object) -> str:
    """JSON in which no text can end the script element that holds it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character, code in _IN_SCRIPTS.items():
        text = text.replace(character, code)
    return text
