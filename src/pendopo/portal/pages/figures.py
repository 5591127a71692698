"""The hall's own figures: what every room can say about how things run, for anybody to read.

Read at most every ten minutes in a process, over the last ninety days. A figure that cannot be read just now
is shown as that, with the others.
"""

import datetime as dt
import threading
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from pendopo.foundation import measures
from pendopo.foundation.clock import now, today
from pendopo.foundation.formats import format_number, format_percent
from pendopo.foundation.http import Audience, access, language_of
from pendopo.foundation.logs import get
from pendopo.foundation.measures import Measure, Reading, Scope, Unit
from pendopo.foundation.pages import render
from pendopo.foundation.text import t

DAYS = 90
FRESH = dt.timedelta(minutes=10)
LEAST = 5
"""A figure over fewer things than this might be about one person's matter; it is kept back."""
FEW_ARE_FINE = frozenset({"catalogue", "exchange", "foundation"})
"""Rooms whose figures are about services, agreements and drills, not about people's matters."""

log = get(__name__)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure and what it says; ``reading`` None: nothing to count, ``failed``: not readable now."""

    measure: Measure
    reading: Reading | None
    failed: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether there is a value and enough behind it."""
        return self.reading is not None and (self.measure.room in FEW_ARE_FINE or self.reading.of >= LEAST)


_lock = threading.Lock()
_kept: tuple[dt.datetime, tuple[Figure, ...]] | None = None


@access(Audience.PUBLIC, reason="how the hall works may be read by anyone; figures name nobody")
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Show every figure with what it counts."""
    language = language_of(request)
    at, found = _fresh()
    rooms = list(dict.fromkeys(figure.measure.room for figure in found))
    context = {
        "at": at,
        "days": DAYS,
        "groups": [
            (room, [_row(one, language) for one in found if one.measure.room == room]) for room in rooms
        ],
    }
    return render(request, "portal/figures.html", context)


def forget() -> None:
    """Read anew at the next request; for tests."""
    global _kept  # noqa: PLW0603  # one value a process
    _kept = None


def _fresh() -> tuple[dt.datetime, tuple[Figure, ...]]:
    """Return the figures and when they were read. One request reads; others wait for it."""
    global _kept  # noqa: PLW0603  # one value a process
    with _lock:
        moment = now()
        if _kept is None or not _kept[0] <= moment < _kept[0] + FRESH:
            scope = Scope(today() - dt.timedelta(days=DAYS - 1), today())
            _kept = moment, tuple(_read(one, scope) for one in measures.measures())
        return _kept


def _read(one: Measure, scope: Scope) -> Figure:
    try:
        return Figure(one, measures.read(one.key, scope))
    except Exception:  # one figure that cannot be read must not hide the others
        log.exception("measure_failed", measure=one.key)
        return Figure(one, None, failed=True)


def _row(figure: Figure, language: str) -> dict[str, object]:
    return {
        "key": figure.measure.key,
        "title": t(figure.measure.title_key, language),
        "explanation": t(figure.measure.explanation_key, language),
        "value": _value(figure, language),
        "share": figure.reading.value if figure.is_shown and figure.reading and _is_share(figure) else None,
        "over": figure.reading.of if figure.is_shown and figure.reading and _is_share(figure) else None,
    }


def _is_share(figure: Figure) -> bool:
    return figure.measure.unit is Unit.PERCENT


def _value(figure: Figure, language: str) -> str:
    if figure.failed:
        return t("portal.figures.failed", language)
    if figure.reading is None:
        return t("portal.figures.nothing", language)
    if not figure.is_shown:
        return t("portal.figures.few", language, least=LEAST)
    value = figure.reading.value
    if _is_share(figure):
        return format_percent(value, language)
    return t(f"portal.figures.units.{figure.measure.unit}", language, n=format_number(int(value), language))
