"""Strips for one row of a table: how far something reached, and how sure a figure is."""

from markupsafe import Markup

WIDTH, HEIGHT = 160, 14


def reach(value: float, possible: float, most: float, label: str) -> Markup:
    """Draw ``value`` full and the way to ``possible`` as an outline; ``most`` is the width of the strip."""
    scale = WIDTH / most if most > 0 else 0
    return Markup(
        '<svg class="pd-strip" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img"'
        ' aria-label="{label}">'
        '<rect class="pd-strip__rest" x=".5" y="2.5" width="{possible:.1f}" height="9" rx="2"/>'
        '<rect class="pd-strip__own" y="2" width="{own:.1f}" height="10" rx="2"/></svg>'
    ).format(w=WIDTH, h=HEIGHT, label=label, possible=max(possible * scale - 1, 0), own=value * scale)


def span(low: float, value: float, high: float, scale: tuple[float, float], label: str) -> Markup:
    """Draw a figure as a mark within the span that holds it, on a scale from its first to its last value."""
    width = (WIDTH - 8) / (scale[1] - scale[0])

    def at(figure: float) -> float:
        return 4 + (figure - scale[0]) * width

    return Markup(
        '<svg class="pd-strip" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img"'
        ' aria-label="{label}">'
        '<rect class="pd-strip__ground" y="6" width="{w}" height="2"/>'
        '<rect class="pd-strip__span" x="{low:.1f}" y="3" width="{wide:.1f}" height="8" rx="4"/>'
        '<circle class="pd-strip__mark" cx="{value:.1f}" cy="7" r="4"/></svg>'
    ).format(w=WIDTH, h=HEIGHT, label=label, low=at(low), wide=max(at(high) - at(low), 1), value=at(value))
