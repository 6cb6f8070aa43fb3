"""Contrast of the declared colours in light and dark, by the formula of WCAG 2.1 (1.4.3, 1.4.11).

Relative luminance and contrast ratio are written out here from the definition in the guidelines.
"""

from __future__ import annotations

import re
from itertools import product

import pytest

from admissions.report.page import TEMPLATES

STYLE = (TEMPLATES / "style.css").read_text(encoding="utf-8")
TEXT = [
    *product(("text", "muted", "link", "good", "bad"), ("page", "surface")),
    ("band-text", "band"),
]
GRAPHICS = [
    ("qualified", "page"),
    ("offered", "page"),
    ("offered", "qualified"),
    ("offered", "surface"),
    ("seats", "page"),
    ("focus", "page"),
    ("focus", "surface"),
    ("band-text", "band"),
]


def declared() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    return {
        scheme: dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
        for scheme, block in (("light", light), ("dark", dark))
    }


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_the_formula_gives_the_known_ratios() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_can_be_read(scheme: str, front: str, back: str) -> None:
    colours = declared()[scheme]
    assert contrast(colours[front], colours[back]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), GRAPHICS)
def test_bars_marks_and_focus_can_be_told_apart(scheme: str, front: str, back: str) -> None:
    colours = declared()[scheme]
    assert contrast(colours[front], colours[back]) >= 3


def test_light_and_dark_declare_the_same_colours_and_no_others_are_used() -> None:
    light, dark = declared().values()
    assert set(light) == set(dark)
    rules = STYLE[STYLE.index("* {") :]
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", rules)
    assert set(re.findall(r"var\(--([a-z-]+)\)", rules)) == set(light)
