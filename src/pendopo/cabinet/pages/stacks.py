"""Person-hours as rows of one chart: what each row is called, and what its bar is made of."""

from dataclasses import dataclass

from pendopo.cabinet.metric import Hours

PARTS = ("reading", "coordination", "positions", "session")
"""In the order in which the work is done; the last one is what people see of it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: where it begins and how wide it is, in thousandths of the longest bar."""

    kind: str
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Row:
    """One bar. ``note`` stands below its name in small letters, ``href`` leads to what it is about."""

    name: str
    note: str
    hours: Hours
    pieces: tuple[Piece, ...]
    href: str = ""


def rows(given: list[tuple[str, str, str, Hours]]) -> tuple[Row, ...]:
    """Return rows of (name, note, address, hours), all on the scale of the longest."""
    longest = max((hours.total for *_, hours in given), default=0.0) or 1.0
    return tuple(Row(name, note, hours, _pieces(hours, longest), href) for name, note, href, hours in given)


def _pieces(hours: Hours, longest: float) -> tuple[Piece, ...]:
    found, reached = [], 0.0
    for kind in PARTS:
        value: float = getattr(hours, kind)
        start, end = round(1000 * reached / longest), round(1000 * (reached + value) / longest)
        reached += value
        if end > start:
            found.append(Piece(kind, start, end - start))
    return tuple(found)
