"""Looking over many sessions: the agenda ahead, what deciding costs, the simulation; and one's calendar."""

from dataclasses import asdict
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from pendopo.cabinet import metric, simulation
from pendopo.cabinet.actions import calendar as calendars
from pendopo.cabinet.errors import NoSuchBody
from pendopo.cabinet.metric import Hours
from pendopo.cabinet.pages import stacks
from pendopo.cabinet.queries import calendar as calendar_queries
from pendopo.cabinet.queries.measures import SessionMeasure, measures
from pendopo.cabinet.queries.outlook import outlook as look_ahead
from pendopo.cabinet.simulation import Case
from pendopo.foundation.formats import format_date, format_number
from pendopo.foundation.http import Audience, access, actor_of, client_address, language_of
from pendopo.foundation.limits import rate_limit
from pendopo.foundation.pages import PRIVATE, render
from pendopo.foundation.settings import current
from pendopo.foundation.text import t
from pendopo.ui import charts

SHARES = frozenset(
    {
        "contested",
        "objects_if_contested",
        "wants_to_speak",
        "reads_with_deadline",
        "reads_without_deadline",
        "states_with_deadline",
        "states_without_deadline",
    }
)
"""Assumptions that are shares of one; the others are numbers or minutes."""
PRIVATE_ADDRESS = "the unguessable address is the key; calendar applications cannot sign in"


@access(Audience.PERSON, assurance=2)
@require_GET
def outlook(request: HttpRequest) -> HttpResponse:
    """Show items by month and kind."""
    language = language_of(request)
    found = look_ahead(actor_of(request), language)
    bars = [charts.Bar(sum(month.items)) for month in found.months]
    chart = charts.bars(bars, t("cabinet.board.outlook.chart", language)) if bars else ""
    return render(request, "cabinet/outlook.html", {"view": found, "chart": chart})


@access(Audience.PERSON, assurance=2)
@require_GET
def measure(request: HttpRequest) -> HttpResponse:
    """Show what the last sessions cost, as one chart with its table."""
    language = language_of(request)
    view = measures(actor_of(request), language)
    rows = stacks.rows([_bar(one, language) for one in view.sessions])
    return render(request, "cabinet/measure.html", {"view": view, "rows": rows})


@access(Audience.PERSON, assurance=2)
@require_GET
def simulate(request: HttpRequest) -> HttpResponse:
    """Show what consent and deadlines do to made-up agendas."""
    language = language_of(request)
    results = _results()
    by_case = {one.case: one for one in results}
    before, both = by_case[Case.NOTHING], by_case[Case.BOTH]
    told = {
        "session": _long(both.session_minutes / metric.HOUR, language),
        "session_before": _long(before.session_minutes / metric.HOUR, language),
        "work": _long(both.hours.total, language),
        "work_before": _long(before.hours.total, language),
        "consent": both.by_consent,
        "all": both.items,
    }
    rows = stacks.rows([_case(one, language) for one in results])
    assumed = asdict(simulation.Assumed())
    context = {"results": results, "assumed": assumed, "shares": SHARES, "rows": rows, "told": told}
    return render(request, "cabinet/simulation.html", context)


@access(Audience.PERSON, assurance=2)
@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Make, replace or revoke the private calendar address; it is shown once."""
    actor, address = actor_of(request), ""
    if request.method == "POST" and request.POST.get("how") == "revoke":
        calendars.revoke(actor)
    elif request.method == "POST":
        address = f"{current().base_url}/cabinet/calendar/{calendars.make(actor)}.ics"
    made_at = calendar_queries.made_at(actor)
    return render(request, "cabinet/calendar.html", {"address": address, "made_at": made_at})


@access(Audience.PUBLIC, reason=PRIVATE_ADDRESS)
@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return the calendar behind a private address."""
    try:
        data = calendars.read(token, language_of(request))
    except NoSuchBody:
        rate_limit("cabinet.calendar", key=client_address(request), limit=30, seconds=3600)
        raise
    headers = {"Cache-Control": PRIVATE, "Referrer-Policy": "no-referrer"}
    return HttpResponse(data, content_type="text/calendar; charset=utf-8", headers=headers)


@cache
def _results() -> tuple[simulation.Result, ...]:
    """The same assumptions give the same numbers, so a process computes them once."""
    return simulation.simulate()


def _bar(one: SessionMeasure, language: str) -> tuple[str, str, str, Hours]:
    name = t(
        "cabinet.measure.session", language, number=one.number, day=format_date(one.day, language, "medium")
    )
    note = t("cabinet.measure.note", language, body=one.body, minutes=round(one.actual), items=one.items)
    return name, note, reverse("cabinet:minutes", kwargs={"session_id": one.session_id}), one.hours


def _case(one: simulation.Result, language: str) -> tuple[str, str, str, Hours]:
    note = t(
        "cabinet.simulation.note",
        language,
        hours=_long(one.session_minutes / metric.HOUR, language),
        part=one.by_consent,
        whole=one.items,
    )
    return t(f"cabinet.simulation.cases.{one.case.value}", language), note, "", one.hours


def _long(hours: float, language: str) -> str:
    return t("cabinet.simulation.hours", language, hours=format_number(round(hours), language))
