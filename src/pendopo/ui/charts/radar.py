"""A radar: one value on each axis, and what it is compared with behind it."""

from collections.abc import Sequence
from math import cos, pi, sin
from typing import NamedTuple

from markupsafe import Markup

WIDTH, HEIGHT = 360, 300
CENTRE = (WIDTH / 2, HEIGHT / 2)
RADIUS = 112
WORDS = 18
"""How far outside the last ring an axis is named."""


class Axis(NamedTuple):
    """One axis: a short name (the table explains it), the value, and the other one where there is one."""

    name: str
    value: float
    other: float | None = None


def radar(axes: Sequence[Axis], label: str, *, scale: tuple[float, float], rings: Sequence[float]) -> Markup:
    """Draw the values from the scale's low at the centre to its high at the rim; the first axis points up."""
    low, high = scale
    spokes = [_place(order, len(axes), 1.0) for order in range(len(axes))]
    parts = [
        Markup('<polygon class="pd-radar__ring" points="{points}"/>').format(
            points=_points([_place(order, len(axes), _share(ring, low, high)) for order in range(len(axes))])
        )
        for ring in rings
    ]
    parts += [
        Markup('<path class="pd-radar__ring" d="M{x0} {y0}L{x:.1f} {y:.1f}"/>').format(
            x0=CENTRE[0], y0=CENTRE[1], x=x, y=y
        )
        for x, y in spokes
    ]
    others = [one.other for one in axes]
    if axes and all(one is not None for one in others):
        parts.append(_shape("other", [one or 0 for one in others], low, high))
    parts.append(_shape("own", [one.value for one in axes], low, high))
    parts += [_name(order, len(axes), one) for order, one in enumerate(axes)]
    return Markup(
        '<svg class="pd-radar" viewBox="0 0 {w} {h}" role="img" aria-label="{label}">{parts}</svg>'
    ).format(w=WIDTH, h=HEIGHT, label=label, parts=Markup("").join(parts))


def _share(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low) if high > low else 0


def _place(order: int, of: int, share: float) -> tuple[float, float]:
    turn = 2 * pi * order / max(of, 1) - pi / 2
    return CENTRE[0] + RADIUS * share * cos(turn), CENTRE[1] + RADIUS * share * sin(turn)


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def _shape(name: str, values: Sequence[float], low: float, high: float) -> Markup:
    places = [_place(order, len(values), _share(value, low, high)) for order, value in enumerate(values)]
    dots = Markup("").join(
        Markup('<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>').format(x=x, y=y) for x, y in places
    )
    return Markup('<g class="pd-radar__{name}"><polygon points="{points}"/>{dots}</g>').format(
        name=name, points=_points(places), dots=dots
    )


def _name(order: int, of: int, axis: Axis) -> Markup:
    x, y = _place(order, of, (RADIUS + WORDS) / RADIUS)
    side = "middle" if abs(x - CENTRE[0]) < 1 else "start" if x > CENTRE[0] else "end"
    return Markup('<text x="{x:.1f}" y="{y:.1f}" text-anchor="{side}">{name}</text>').format(
        x=x, y=y + 4, side=side, name=axis.name
    )
