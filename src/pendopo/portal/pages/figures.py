"""The hall's own figures: what every room can say about how things run, for anybody to read."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from pendopo.foundation import figures as kept
from pendopo.foundation.figures import DAYS, Figure
from pendopo.foundation.formats import format_number, format_percent
from pendopo.foundation.http import Audience, access, language_of
from pendopo.foundation.measures import Unit
from pendopo.foundation.pages import render
from pendopo.foundation.text import t

LEAST = 5
"""A figure over fewer things than this might be about one person's matter; it is kept back."""
FEW_ARE_FINE = frozenset({"catalogue", "exchange", "foundation"})
"""Rooms whose figures are about services, agreements and drills, not about people's matters."""


@access(Audience.PUBLIC, reason="how the hall works may be read by anyone; figures name nobody")
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Show every figure with what it counts."""
    language = language_of(request)
    found = kept.standing()
    rooms = list(dict.fromkeys(figure.measure.room for figure in found))
    moments = [figure.read_at for figure in found if figure.read_at is not None]
    context = {
        "at": max(moments, default=None),
        "days": DAYS,
        "groups": [
            (room, [_row(one, language) for one in found if one.measure.room == room]) for room in rooms
        ],
    }
    return render(request, "portal/figures.html", context)


def _row(figure: Figure, language: str) -> dict[str, object]:
    shown = _shown(figure)
    is_share = figure.measure.unit is Unit.PERCENT
    return {
        "key": figure.measure.key,
        "title": t(figure.measure.title_key, language),
        "explanation": t(figure.measure.explanation_key, language),
        "value": _absent(figure, language) if shown is None else _words(figure, shown, language),
        "share": shown if is_share else None,
        "over": figure.of if is_share and shown is not None else None,
    }


def _shown(figure: Figure) -> Decimal | None:
    """Return the value when there is one and enough behind it."""
    few = figure.of < LEAST and figure.measure.room not in FEW_ARE_FINE
    return None if figure.failed or few else figure.value


def _absent(figure: Figure, language: str) -> str:
    if figure.failed:
        return t("portal.figures.failed", language)
    if figure.value is None:
        return t("portal.figures.nothing", language)
    return t("portal.figures.few", language, least=LEAST)


def _words(figure: Figure, value: Decimal, language: str) -> str:
    if figure.measure.unit is Unit.PERCENT:
        return format_percent(value, language)
    return t(f"portal.figures.units.{figure.measure.unit}", language, n=format_number(int(value), language))
