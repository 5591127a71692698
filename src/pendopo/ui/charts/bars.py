"""Upright bars over days, the last one in the accent colour."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

WIDTH, HEIGHT = 184, 76
BASE = 70
"""Height at which the bars stand, in the units of the picture."""
TALLEST = 62
LEAST = 1.5
"""A bar of nothing is still a line, so that the day is seen."""


class Bar(NamedTuple):
    """One bar, and the height of the thin mark across it (0: none); both in the same unit, never negative."""

    value: int
    mark: int = 0


def bars(data: Sequence[Bar], label: str) -> Markup:
    """Draw the bars from left to right, the last in the accent colour; ``label`` says what is shown."""
    step = WIDTH / max(len(data), 1)
    top = max([1, *(max(bar) for bar in data)])
    drawn = Markup("").join(
        _bar(place, bar, step, top, is_last=place == len(data) - 1) for place, bar in enumerate(data)
    )
    return Markup(
        '<svg class="pd-bars" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        ' aria-label="{label}">{drawn}<path class="pd-bars__ground" d="M0 {base}.5H{width}"/></svg>'
    ).format(width=WIDTH, height=HEIGHT, base=BASE, label=label, drawn=drawn)


def _bar(place: int, bar: Bar, step: float, top: int, *, is_last: bool) -> Markup:
    height = max(TALLEST * bar.value / top, LEAST)
    left, width = place * step + 2, step - 5
    drawn = Markup('<rect{last} x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="1.5"/>').format(
        last=Markup(' class="is-last"') if is_last else "", x=left, y=BASE - height, w=width, h=height
    )
    if not bar.mark:
        return drawn
    level = BASE - TALLEST * bar.mark / top
    return drawn + Markup('<path class="pd-bars__mark" d="M{x:.1f} {y:.1f}h{w:.1f}"/>').format(
        x=left - 1, y=level, w=width + 2
    )
