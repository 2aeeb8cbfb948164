"""Colours that colour-blind readers can tell apart (Okabe and Ito), for light and for dark pages.

Pages include `colours.css.j2`, which makes each of them a CSS variable; charts name them and hold no colour themselves.
"""

from schemas.task import CATEGORIES, SPLITS

BLUE, SKY, GREEN, ORANGE, VERMILION, PURPLE, YELLOW = (
    "#0072B2",
    "#56B4E9",
    "#009E73",
    "#E69F00",
    "#D55E00",
    "#CC79A7",
    "#F0E442",
)
SERIES = ("blue", "orange", "green", "purple", "sky", "vermilion", "yellow")
"""Names of the colours of series, in the order in which they are given out."""

SPLIT_COLOURS: dict[str, str] = dict(zip(SPLITS, SERIES, strict=False))

CATEGORY_COLOURS = {
    "NER": BLUE,
    "NED": SKY,
    "RE": GREEN,
    "COREF": "#7fcfb4",
    "EE": "#b8dfd0",
    "QA": ORANGE,
    "TE": VERMILION,
    "STS": "#f0b27f",
    "TXTCLASS": PURPLE,
    "TEXTPAIRCLASS": "#e6bcd2",
    "TRANSL": YELLOW,
    "SUM": "#bbbbbb",
}
"""Twelve categories, seven colours: kindred categories share a colour in another tint, and all are named."""

Shades = tuple[str, str]
"""A colour on a light page and on a dark one, as `#rrggbb`."""

PAGE: Shades = ("#ffffff", "#14191d")


def mixed(colour: str, other: str, share: float) -> str:
    """A colour mixed with another one, of which it takes a share."""
    pairs = [(int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(mine + (theirs - mine) * share):02x}" for mine, theirs in pairs)


def _area(colour: str, light: float, dark: float) -> Shades:
    """A large area that carries text; the shares are those of the page."""
    return mixed(colour, PAGE[0], light), mixed(colour, PAGE[1], dark)


INKS: dict[str, Shades] = {
    "ink": ("#1f2a33", "#e4e9ec"),
    "quiet": ("#55626d", "#a3b0b9"),
    "link": ("#005a8d", "#7cc4f0"),
    "refused": ("#9a3d00", "#ff9c66"),
}
"""Colours of text on `page`, `soft` and the tiles of charts."""

SURFACES: dict[str, Shades] = {
    "page": PAGE,
    "soft": ("#f4f6f7", "#1d2429"),
    "marked": ("#fff1d6", "#3d3014"),
}
"""Colours behind text."""

LINES: dict[str, Shades] = {
    "line": ("#d9dfe3", "#333d45"),
    "edge": ("#7c8892", "#7c8892"),
    "focus": (BLUE, SKY),
    "track": ("#b6bec5", "#5c6972"),
}
"""Colours of lines; `edge` is that of fields."""

SIGNS: dict[str, tuple[Shades, Shades, Shades]] = {
    "good": (("#00583f", "#5fd3ac"), ("#e2f4ee", "#0c3529"), (GREEN, GREEN)),
    "told": (("#004b77", "#8ecdf5"), ("#e3f0f9", "#10344b"), (BLUE, BLUE)),
    "warned": (("#6b4a00", "#f2c45c"), ("#fff1d6", "#3d3014"), (ORANGE, ORANGE)),
    "bad": (("#8a3a00", "#ffab7d"), ("#fde8dc", "#47230f"), (VERMILION, VERMILION)),
    "absent": (("#4a555e", "#b3bec6"), ("#f0f2f3", "#262e34"), ("#9aa5ad", "#7c8892")),
}
"""Badges: their text, their area, their edge."""

HEAT: tuple[tuple[Shades, Shades], ...] = (
    (("#e3eff8", "#16303f"), INKS["ink"]),
    (("#b5d5ec", "#1d4a66"), ("#1f2a33", "#ffffff")),
    (("#7fb8dc", "#2b6d96"), ("#1f2a33", "#ffffff")),
    (("#1f6fa6", "#6db8e4"), ("#ffffff", "#0b1216")),
    (("#0a4570", "#c3e4f8"), ("#ffffff", "#0b1216")),
)
"""Steps of a heat map with the colour of the number on each: darker on a light page, lighter on a dark one."""


def _series() -> dict[str, Shades]:
    named = dict(zip(SERIES, (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, YELLOW), strict=True))
    light = {"sky": "#2f93cc", "yellow": "#9a8f00", "orange": "#c98200", "purple": "#c0628f"}
    dark = {"blue": "#3a9ad6"}
    found = {name: (light.get(name, colour), dark.get(name, colour)) for name, colour in named.items()}
    return found | {"neutral": ("#7f8a92", "#999999")}


BARS = _series()
"""Colours of bars and lines, by name."""


def variables() -> dict[str, Shades]:
    """Every colour by the name of its CSS variable."""
    found = INKS | SURFACES | LINES | BARS
    for name, parts in SIGNS.items():
        found |= dict(zip((f"{name}-ink", f"{name}-area", f"{name}-edge"), parts, strict=True))
    for step, (area, ink) in enumerate(HEAT):
        found |= {f"heat-{step}": area, f"heat-{step}-ink": ink}
    for name in CATEGORIES:
        colour = CATEGORY_COLOURS[name]
        found |= {f"of-{name}": (colour, colour)}
        found |= {f"tile-{name}": _area(colour, 0.55, 0.72), f"group-{name}": _area(colour, 0.3, 0.62)}
    return found
