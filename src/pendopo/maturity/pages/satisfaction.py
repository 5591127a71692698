"""What people said of services (SKM), for everybody; drafts of answers from elsewhere, for officers."""

import datetime as dt
import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pendopo.agencies.api import Permission
from pendopo.foundation.formats import format_date
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import render
from pendopo.foundation.text import t
from pendopo.maturity.actions import surveys as actions
from pendopo.maturity.errors import MaturityError
from pendopo.maturity.exports import satisfaction as tables
from pendopo.maturity.pages import pictures
from pendopo.maturity.pages.handed import file_of, sentences
from pendopo.maturity.pages.ranking import as_csv
from pendopo.maturity.queries import satisfaction as queries
from pendopo.maturity.queries.satisfaction import Group, HalfYear
from pendopo.ui import charts
from pendopo.ui.parts import Choice

PUBLIC = "the survey's sums are for everybody; no sum of fewer than five is told"
SCALE = (25.0, 100.0)
GRADES = (1.0, 4.0)
_PERIOD = re.compile(r"(20[0-9]{2})-([12])")
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


@access(Audience.PUBLIC, reason=PUBLIC)
@require_GET
def satisfaction(request: HttpRequest) -> HttpResponse:
    """Show a half-year: elements, months, services."""
    language = language_of(request)
    found = queries.answers(_period(request))
    said = found.whole.said
    context = {
        "view": found,
        "periods": [Choice(str(one), _name(one, language)) for one in found.periods],
        "chosen": str(found.period),
        "name": _name(found.period, language),
        "strips": {one.name: _span(one, language) for one in (found.whole, *found.months, *found.services)},
        "bars": {
            one.element.key: charts.reach(
                float(one.mean), GRADES[1], GRADES[1], pictures.figure(one.mean, language, 2)
            )
            for one in (said.elements if said else ())
        },
        "lowest": {one.element.key for one in said.lowest} if said else set(),
        "grades": {band.key: place for place, band in enumerate(found.survey.bands)},
        "month": lambda name: format_date(dt.date.fromisoformat(name), language, "MMMM y"),
        "figure": lambda value, places=None: pictures.figure(value, language, places),
    }
    return render(request, "maturity/satisfaction.html", context)


@access(Audience.PUBLIC, reason=PUBLIC)
@require_GET
def satisfaction_csv(request: HttpRequest) -> HttpResponse:
    """Hand out a half-year as a table."""
    found = queries.answers(_period(request))
    return as_csv(tables.table(found), f"skm-{found.period}.csv")


@access(Audience.OFFICER, permission=Permission.MATURITY_PUBLISH.value)
@require_http_methods(["GET", "POST"])
def surveys(request: HttpRequest) -> HttpResponse:
    """List the imported answers of the officer's body; read a file as a draft."""
    if request.method == "GET":
        return _list(request)
    match = _MONTH.fullmatch(str(request.POST.get("month", "")).strip())
    try:
        actions.hand_in(
            actor_of(request),
            file_of(request),
            agency=str(request.POST.get("agency", "")),
            source=str(request.POST.get("source", "")),
            month=dt.date(int(match[1]), int(match[2]), 1) if match else None,
        )
    except MaturityError as error:
        return _list(request, sentences(error, language_of(request)), error.status)
    return redirect_to("maturity:surveys")


@access(Audience.OFFICER, permission=Permission.MATURITY_PUBLISH.value)
@require_POST
def one_survey(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Count a draft, or throw it away."""
    try:
        if request.POST.get("act") == "publish":
            actions.publish(actor_of(request), survey_id)
        elif request.POST.get("act") == "drop":
            actions.drop(actor_of(request), survey_id)
    except MaturityError as error:
        return _list(request, sentences(error, language_of(request)), error.status)
    return redirect_to("maturity:surveys")


def _list(request: HttpRequest, wrong: tuple[str, ...] = (), status: int = 200) -> HttpResponse:
    context = {"lines": queries.imports(actor_of(request)), "wrong": wrong, "typed": request.POST}
    return render(request, "maturity/surveys.html", context, status=status)


def _period(request: HttpRequest) -> HalfYear | None:
    match = _PERIOD.fullmatch(request.GET.get("period", ""))
    return HalfYear(int(match[1]), int(match[2])) if match else None


def _name(period: HalfYear, language: str) -> str:
    return t(f"maturity.satisfaction.half_{period.half}", language, year=period.year)


def _span(one: Group, language: str) -> object:
    """Draw the converted figure within its interval."""
    said = one.said
    if said is None:
        return ""
    label = t(
        "maturity.satisfaction.span",
        language,
        value=pictures.figure(said.converted, language),
        low=pictures.figure(said.low, language),
        high=pictures.figure(said.high, language),
    )
    return charts.span(float(said.low), float(said.converted), float(said.high), SCALE, label)
