"""The pictures of an assessment, for its dashboard and its report."""

from collections.abc import Sequence

from markupsafe import Markup

from pendopo.foundation.text import t
from pendopo.maturity import library
from pendopo.maturity.pages.pictures import ends, figure
from pendopo.maturity.records.dashboard import Dashboard, Part, TimePoint
from pendopo.ui import charts

RINGS = (1, 2, 3, 4, 5)


def radar(view: Dashboard, language: str) -> Markup:
    """Draw the aspects, the agency's own values behind them."""
    axes = [
        charts.Axis(one.aspect.key, float(one.value.value or 0), None if one.own is None else float(one.own))
        for one in view.aspects
    ]
    label = t("maturity.board.radar", language, agency=view.head.agency)
    return charts.radar(axes, label, scale=ends(view.head.instrument.scale), rings=RINGS)


def timeline(view: Dashboard, language: str) -> Markup | None:
    """Draw the index by year, one line an instrument, the assessment's own first; none for a single year."""
    years = sorted({one.year for one in view.times})
    if len(years) < 2:  # noqa: PLR2004  # one point is no line
        return None
    own = view.head.instrument.id
    ids = [own, *sorted({one.instrument for one in view.times} - {own})]
    lines = [
        charts.Line(library.instrument(one).short.of(language), _by_year(view.times, one, years))
        for one in ids
    ]
    label = t("maturity.board.timeline", language, agency=view.head.agency)
    scale = ends(view.head.instrument.scale)
    return charts.lines(lines, [str(one) for one in years], label, scale=scale, steps=RINGS)


def _by_year(times: Sequence[TimePoint], instrument: str, years: Sequence[int]) -> list[float | None]:
    known = {one.year: float(one.index) for one in times if one.instrument == instrument}
    return [known.get(year) for year in years]


def bar(one: Part, most: float, language: str) -> Markup:
    """Draw what an indicator adds, and what it could."""
    label = t(
        "maturity.board.bar",
        language,
        points=figure(one.points, language),
        possible=figure(one.possible, language),
    )
    return charts.reach(float(one.points), float(one.possible), most, label)
