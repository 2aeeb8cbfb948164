"""Colours of pages have enough contrast, light and dark: WCAG 2.2, 1.4.3 (text, AA) and 1.4.11 (what is not text)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.task import CATEGORIES
from tasks.base.pages.palette import BARS, HEAT, INKS, PAGE, SIGNS, SURFACES, Shades, variables

TEXT, GRAPHIC = 4.5, 3.0
STYLED = ("tasks/build/report", "tasks/base/pages", "tasks/model/leaderboard", "tasks/model/finetune")
SCHEMES = {"light": 0, "dark": 1}


def luminance(colour: str) -> float:
    """The relative luminance of WCAG."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def texts() -> Iterator[tuple[str, Shades, Shades]]:
    for surface in ("page", "soft", "marked"):
        yield from ((f"{name} on {surface}", ink, SURFACES[surface]) for name, ink in INKS.items())
    yield from ((f"{name} sign", ink, area) for name, (ink, area, _) in SIGNS.items())
    yield from ((f"step {step} of heat", ink, area) for step, (area, ink) in enumerate(HEAT))
    found = variables()
    for name in CATEGORIES:
        yield f"a task of {name}", INKS["ink"], found[f"tile-{name}"]
        yield f"the heading of {name}", INKS["ink"], found[f"group-{name}"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read(scheme: str) -> None:
    at = SCHEMES[scheme]
    poor = {what: round(contrast(ink[at], area[at]), 2) for what, ink, area in texts()}
    assert {what: ratio for what, ratio in poor.items() if ratio < TEXT} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_bars_and_fields_stand_out(scheme: str) -> None:
    at, found = SCHEMES[scheme], variables()
    drawn = {name: found[name] for name in (*BARS, "edge", "focus")}
    poor = {name: round(contrast(shades[at], PAGE[at]), 2) for name, shades in drawn.items()}
    assert {name: ratio for name, ratio in poor.items() if ratio < GRAPHIC} == {}


def test_pages_name_colours_that_there_are_and_no_others() -> None:
    for folder in STYLED:
        for path in sorted(Path(folder).rglob("*")):
            if (
                path.suffix in (".css", ".js", ".j2")
                and path.name != "colours.css.j2"
                and not path.name.endswith("md.j2")
            ):
                text = path.read_text(encoding="utf-8")
                assert set(re.findall(r"var\(--([\w-]+)\)", text)) <= set(variables()), path
                assert not re.findall(r"(?<!&)#[0-9a-fA-F]{6}\b", text), path


def test_a_known_contrast() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
