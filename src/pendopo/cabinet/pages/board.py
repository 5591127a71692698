"""Looking over many sessions: the agenda ahead, what deciding costs, the simulation; and one's calendar."""

from dataclasses import asdict
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from pendopo.cabinet import simulation
from pendopo.cabinet.actions import calendar as calendars
from pendopo.cabinet.queries import calendar as calendar_queries
from pendopo.cabinet.queries.measures import measures
from pendopo.cabinet.queries.outlook import outlook as look_ahead
from pendopo.foundation.http import Audience, access, actor_of, language_of
from pendopo.foundation.pages import PRIVATE, render
from pendopo.foundation.settings import current
from pendopo.foundation.text import t
from pendopo.ui import charts

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
    """Show what the last sessions cost."""
    return render(
        request, "cabinet/measure.html", {"view": measures(actor_of(request), language_of(request))}
    )


@access(Audience.PERSON, assurance=2)
@require_GET
def simulate(request: HttpRequest) -> HttpResponse:
    """Show what consent and deadlines do to made-up agendas."""
    language = language_of(request)
    assumed, results = simulation.Assumed(), _results()
    minutes = charts.bars(
        [charts.Bar(round(one.session_minutes)) for one in results],
        t("cabinet.simulation.chart_minutes", language),
    )
    hours = charts.bars(
        [charts.Bar(round(one.hours.total)) for one in results], t("cabinet.simulation.chart_hours", language)
    )
    context = {"results": results, "assumed": asdict(assumed), "minutes": minutes, "hours": hours}
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
    data = calendars.read(token, language_of(request))
    headers = {"Cache-Control": PRIVATE, "Referrer-Policy": "no-referrer"}
    return HttpResponse(data, content_type="text/calendar; charset=utf-8", headers=headers)


@cache
def _results() -> tuple[simulation.Result, ...]:
    """The same assumptions give the same numbers, so a process computes them once."""
    return simulation.simulate()
