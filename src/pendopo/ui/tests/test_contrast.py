"""Every pair of colours that text or a control uses meets WCAG 2.2 (1.4.3 text, 1.4.11 edges)."""

import json
from pathlib import Path

import pytest

TOKENS = json.loads((Path(__file__).parents[1] / "tokens.json").read_text(encoding="utf-8"))


def _luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2 definition."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = [
    (theme, front, back, least)
    for theme in ("light", "dark", "fixed")
    for front, back, least in TOKENS["pairs"][theme]
]


@pytest.mark.parametrize(("theme", "front", "back", "least"), PAIRS)
def test_pair_is_readable(theme: str, front: str, back: str, least: float) -> None:
    found = contrast(TOKENS[theme][front], TOKENS[theme][back])
    assert found >= least, f"{theme}: {front} on {back} is {found:.2f}:1, needs {least}:1"


def test_the_measure_knows_its_ends() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_both_themes_have_the_same_names() -> None:
    assert set(TOKENS["light"]) == set(TOKENS["dark"])
