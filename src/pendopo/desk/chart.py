"""The load of the last days as an SVG made here: bars for what came in, a mark for what was closed.

The picture is decoration for who can see it; the page carries the same numbers in a table behind it.
"""

from collections.abc import Sequence

from markupsafe import Markup

from pendopo.casework.api import DayLoad

WIDTH, HEIGHT = 184, 76
BASE = 70
"""Height at which the bars stand, in the units of the picture."""
TALLEST = 62
DAY, TODAY, LINE, CLOSED = "#2f5d9c", "#e0a526", "#2a3648", "#9fe3b4"


def load_chart(days: Sequence[DayLoad], label: str) -> Markup:
    """Draw one bar a day, the last one in the accent colour, with a thin mark at what was closed."""
    step = WIDTH / max(len(days), 1)
    top = max([1, *(max(day.submitted, day.closed) for day in days)])
    bars = Markup("").join(
        _bar(index, day, step, top, TODAY if index == len(days) - 1 else DAY)
        for index, day in enumerate(days)
    )
    return Markup(
        '<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        ' aria-label="{label}">'
        '{bars}<path d="M0 {base}.5H{width}" stroke="{line}"/></svg>'
    ).format(width=WIDTH, height=HEIGHT, base=BASE, label=label, bars=bars, line=LINE)


def _bar(index: int, day: DayLoad, step: float, top: int, colour: str) -> Markup:
    height = max(TALLEST * day.submitted / top, 1.5)
    left, width = index * step + 2, step - 5
    bar = Markup(
        '<rect fill="{fill}" x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="1.5"/>'
    ).format(fill=colour, x=left, y=BASE - height, w=width, h=height)
    if not day.closed:
        return bar
    level = BASE - TALLEST * day.closed / top
    return bar + Markup('<path stroke="{stroke}" stroke-width="2" d="M{x:.1f} {y:.1f}h{w:.1f}"/>').format(
        stroke=CLOSED, x=left - 1, y=level, w=width + 2
    )
