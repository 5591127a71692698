"""The dashboard of an assessment, its advice, and its report as a file, for whoever sees all of it."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from pendopo.agencies.api import Permission
from pendopo.foundation.http import Audience, access, actor_of, language_of
from pendopo.foundation.pages import render
from pendopo.foundation.problems import sentence
from pendopo.maturity import advice, library
from pendopo.maturity.actions import reports
from pendopo.maturity.advice import Plan, Situation
from pendopo.maturity.errors import MaturityError
from pendopo.maturity.index import Levels
from pendopo.maturity.levels import decimal
from pendopo.maturity.pages import drawing, pictures
from pendopo.maturity.queries import dashboard as queries
from pendopo.maturity.records.dashboard import Dashboard

READ = Permission.MATURITY_READ.value
BUDGET = 6
MOST_BUDGET = 200
YEARS = 3
SHOWN = 12


@access(Audience.OFFICER, permission=READ)
@require_GET
def dashboard(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show the dashboard with the best next steps for a small budget."""
    language = language_of(request)
    view = queries.dashboard(actor_of(request), assessment_id, language)
    most = max((float(one.possible) for one in view.parts), default=1.0)
    context = {
        "view": view,
        "radar": drawing.radar(view, language),
        "timeline": drawing.timeline(view, language),
        "bars": {one.item_id: drawing.bar(one, most, language) for one in view.parts},
        "shown": SHOWN,
        "plan": advice.most(situation(view), BUDGET),
        "instruments": {one.id: one for one in library.instruments()},
        "figure": lambda value, places=None: pictures.figure(value, language, places),
        "points": lambda value: pictures.figure(value, language, 4),
        "level": lambda value: pictures.figure(value.normalize(), language),
    }
    return render(request, "maturity/dashboard.html", context)


@access(Audience.OFFICER, permission=READ)
@require_GET
def plan(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show the best next steps under a budget, the cheapest way to an aim, years ahead, and what if."""
    language = language_of(request)
    view = queries.dashboard(actor_of(request), assessment_id, language)
    here = situation(view)
    budget = _budget(request)
    aim = next((one for one in view.head.instrument.bands if one.key == request.GET.get("aim")), None)
    reached, out_of_reach = None, ""
    if aim is not None:
        try:
            goal = advice.aim_of(view.head.instrument, aim.key, view.head.year)
            reached = advice.reach(here, goal)
        except MaturityError as error:
            out_of_reach = sentence(error, language)
    typed = {key: str(value) for key, value in request.GET.items() if key.startswith("to-")}
    years = {view.head.year + place: budget for place in range(1, YEARS + 1)}
    context = {
        "view": view,
        "budget": budget,
        "most": advice.most(here, budget),
        "aim": aim.key if aim else "",
        "reached": reached,
        "out_of_reach": out_of_reach,
        "years": advice.by_year(here, years),
        "typed": typed,
        "hand": _by_hand(view, here, typed),
        "figure": lambda value, places=None: pictures.figure(value, language, places),
        "points": lambda value: pictures.figure(value, language, 4),
        "level": lambda value: pictures.figure(value.normalize(), language),
    }
    return render(request, "maturity/advice.html", context)


@access(Audience.OFFICER, permission=READ)
@require_GET
def report_pdf(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Hand out the report as a tagged PDF."""
    return _file(reports.pdf(actor_of(request), assessment_id, language_of(request)))


@access(Audience.OFFICER, permission=READ)
@require_GET
def report_xlsx(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Hand out the report as a spreadsheet."""
    return _file(reports.spreadsheet(actor_of(request), assessment_id, language_of(request)))


def situation(view: Dashboard) -> Situation:
    """Return where the assessment stands; what an outside index decides is not ours to raise."""
    keep = frozenset(one.number for one in view.head.instrument.indicators if one.external is not None)
    return Situation(view.head.instrument, view.levels, keep=keep, year=view.head.year)


def _file(made: reports.File) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return HttpResponse(made.data, content_type=made.media_type, headers=headers)


def _budget(request: HttpRequest) -> int:
    typed = request.GET.get("budget", "")
    return min(int(typed), MOST_BUDGET) if typed.isdecimal() and len(typed) < 5 else BUDGET  # noqa: PLR2004


def _by_hand(view: Dashboard, here: Situation, typed: Mapping[str, str]) -> Plan | None:
    """Return what the typed levels would give; a level that does not fit the scale is left as it is."""
    scale = view.head.instrument.scale
    levels = dict(view.levels)
    for one in view.head.instrument.indicators:
        given = decimal(typed.get(f"to-{one.number}", ""))
        if given is not None and scale.low <= given <= scale.high and scale.fits(given):
            levels[one.number] = (given,) * one.rows if one.rows > 1 else given
    changed: Levels = levels
    return None if changed == dict(view.levels) else advice.what_if(here, changed)
