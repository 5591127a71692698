"""Lines over years: a small one for a row of a table, a large one with axes."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 96, 28, 4
WIDTH, HEIGHT = 560, 240
LEFT, RIGHT, TOP, BOTTOM = 34, 16, 14, 28
LETTER = 9
"""Width of a letter in the picture's units, to keep words inside it."""


class Line(NamedTuple):
    """One line: its name, and a value or nothing for each place of the axis."""

    name: str
    values: Sequence[float | None]


def spark(values: Sequence[float | None], scale: tuple[float, float], label: str) -> Markup:
    """Draw a small line on a scale, its last value as a dot; a year without a value breaks it."""
    low, high = scale
    step = (SPARK_WIDTH - 2 * SPARK_EDGE) / max(len(values) - 1, 1)
    points = [
        None
        if value is None
        else (
            SPARK_EDGE + place * step,
            _height(value, low, high, SPARK_EDGE, SPARK_HEIGHT - SPARK_EDGE),
        )
        for place, value in enumerate(values)
    ]
    return Markup(
        '<svg class="pd-spark" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img"'
        ' aria-label="{label}">'
        "{path}{dot}</svg>"
    ).format(
        w=SPARK_WIDTH,
        h=SPARK_HEIGHT,
        label=label,
        path=_path(points),
        dot=_dot(next((one for one in reversed(points) if one), None), 3),
    )


def lines(
    data: Sequence[Line],
    places: Sequence[str],
    label: str,
    *,
    scale: tuple[float, float],
    steps: Sequence[float],
) -> Markup:
    """Draw lines over named places (years); ``steps`` are the heights that carry a rule and a number.

    The first line is the one that matters and is drawn strongest; each is named at its last value.
    """
    low, high = scale
    name_width = max((len(one.name) for one in data), default=0) * LETTER + RIGHT
    right = WIDTH - name_width
    span = (right - LEFT) / max(len(places) - 1, 1)
    at = [LEFT + place * span for place in range(len(places))]
    drawn = [_rule(step, low, high, right) for step in steps]
    drawn += [
        Markup('<text class="pd-lines__axis" x="{x:.1f}" y="{y}" text-anchor="middle">{text}</text>').format(
            x=x, y=HEIGHT - 8, text=text
        )
        for x, text in zip(at, places, strict=True)
    ]
    ends: list[tuple[int, float, float]] = []
    for order, one in reversed(list(enumerate(data))):
        points = [
            None if value is None else (x, _height(value, low, high, TOP, HEIGHT - BOTTOM))
            for x, value in zip(at, one.values, strict=True)
        ]
        drawn.append(
            Markup('<g class="pd-lines__{order}">{path}{dots}</g>').format(
                order=order, path=_path(points), dots=Markup("").join(_dot(point, 3.5) for point in points)
            )
        )
        if last := next((point for point in reversed(points) if point), None):
            ends.append((order, *last))
    drawn += _names(data, ends)
    return Markup(
        '<svg class="pd-lines" viewBox="0 0 {w} {h}" role="img" aria-label="{label}">{drawn}</svg>'
    ).format(w=WIDTH, h=HEIGHT, label=label, drawn=Markup("").join(drawn))


def _names(data: Sequence[Line], ends: Sequence[tuple[int, float, float]]) -> Iterator[Markup]:
    """Names beside the last values, moved apart where they would lie on each other."""
    below = TOP - 12.0
    for order, x, y in sorted(ends, key=lambda one: one[2]):
        below = max(below + 14, y)
        yield Markup(
            '<text class="pd-lines__name pd-lines__{order}" x="{x:.1f}" y="{y:.1f}">{text}</text>'
        ).format(order=order, x=x + 9, y=below + 4, text=data[order].name)


def _rule(step: float, low: float, high: float, right: float) -> Markup:
    y = _height(step, low, high, TOP, HEIGHT - BOTTOM)
    return Markup(
        '<path class="pd-lines__rule" d="M{left} {y:.1f}H{right:.0f}"/>'
        '<text class="pd-lines__axis" x="{x}" y="{below:.1f}" text-anchor="end">{step:g}</text>'
    ).format(left=LEFT, right=right, y=y, x=LEFT - 8, below=y + 4, step=step)


def _height(value: float, low: float, high: float, top: float, bottom: float) -> float:
    share = (value - low) / (high - low) if high > low else 0
    return bottom - (bottom - top) * min(max(share, 0), 1)


def _path(points: Sequence[tuple[float, float] | None]) -> Markup:
    """One path with a new beginning after each hole."""
    told, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        told.append(f"{pen}{point[0]:.1f} {point[1]:.1f}")
        pen = "L"
    return Markup('<path class="pd-lines__line" d="{d}"/>').format(d="".join(told))


def _dot(point: tuple[float, float] | None, radius: float) -> Markup:
    if point is None:
        return Markup("")
    return Markup('<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}"/>').format(x=point[0], y=point[1], r=radius)
