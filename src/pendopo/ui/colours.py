"""The tokens as they are written, and the contrast between two of them (WCAG 2.2, 1.4.3 and 1.4.11)."""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

TOKENS = Path(__file__).with_name("tokens.json")
LINEAR_BELOW = 0.04045


class Pair(NamedTuple):
    """Two colours that meet on a page: their names, the least contrast that is allowed, what is measured."""

    theme: str
    front: str
    back: str
    least: float
    measured: float


@cache
def tokens() -> dict[str, Any]:  # what the file holds is JSON
    """Return the design tokens."""
    loaded: dict[str, Any] = json.loads(TOKENS.read_text(encoding="utf-8"))
    return loaded


def _luminance(colour: str) -> float:
    """Relative luminance, by the definition in WCAG 2.2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= LINEAR_BELOW else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (``#rrggbb``), between 1 and 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def pairs() -> list[Pair]:
    """Return every pair that the tokens name, with the contrast measured between its colours."""
    told = tokens()
    return [
        Pair(theme, front, back, least, contrast(told[theme][front], told[theme][back]))
        for theme in ("light", "dark", "fixed")
        for front, back, least in told["pairs"][theme]
    ]
