"""Cycles: the list, a new one, one with its progress, its next state and its close."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pendopo.agencies import api as agencies
from pendopo.foundation.clock import today
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import render
from pendopo.foundation.refusals import Refusal
from pendopo.foundation.text import t
from pendopo.maturity import library, refusals, visibility
from pendopo.maturity.actions import cycles as acts
from pendopo.maturity.pages.typed import attempt, id_of, number_of, parked
from pendopo.maturity.queries import cycles as queries
from pendopo.maturity.values import CycleKind, CycleState

ASSURANCE = 2
DONE = frozenset({"opened", "moved", "asked", "taken_back", "closed"})


@access(Audience.OFFICER, permission=visibility.READ, assurance=ASSURANCE)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the cycles in which the officer has a part."""
    actor = actor_of(request)
    context = {
        "cycles": queries.cycles(actor, language_of(request)),
        "may_start": actor.can(visibility.COORDINATE),
    }
    return render(request, "maturity/assess/cycles.html", context)


@access(Audience.OFFICER, permission=visibility.COORDINATE, assurance=ASSURANCE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose instrument, year, kind and agencies; open the cycle."""
    typed = request.POST if request.method == "POST" else parked(request)
    refused: Refusal | None = None
    if request.method == "POST":
        answer = attempt(request, lambda: _open(request))
        if not isinstance(answer, Refusal):
            return answer
        refused = answer
    actor, language = actor_of(request), language_of(request)
    own = str(actor.body_id)
    context = {
        "instruments": [
            (one.id, one.short.of(language), _force(one.valid_from.year, one.valid_to, language))
            for one in reversed(library.instruments())
        ],
        "agencies": [(str(one.id), one.name(language)) for one in agencies.bodies()],
        "instrument": typed.get("instrument", "") if typed else "",
        "year": typed.get("year", "") if typed else str(today().year),
        "kind": typed.get("kind", "") if typed else CycleKind.EVALUATION.value,
        "chosen": typed.getlist("agency") if typed else [own],
        "refused": refused,
    }
    status = refused.status if refused else 200
    return render(request, "maturity/assess/new_cycle.html", context, status=status)


@access(Audience.OFFICER, permission=visibility.READ, assurance=ASSURANCE)
@require_GET
def cycle(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Show how far a cycle is, and what its coordinators can do next."""
    return _show(request, cycle_id)


@access(Audience.OFFICER, permission=visibility.COORDINATE, assurance=ASSURANCE)
@require_POST
def move(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Take a cycle to its next state."""

    def act() -> None:
        try:
            seen = CycleState(request.POST.get("state", ""))
        except ValueError:
            raise refusals.StageNotNow(state="") from None
        acts.move(actor_of(request), cycle_id, seen=seen)

    return _done(request, cycle_id, act, "moved")


@access(Audience.OFFICER, permission=visibility.COORDINATE, assurance=ASSURANCE)
@require_POST
def ask_to_close(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Ask to close: the first of two people."""
    return _done(request, cycle_id, lambda: acts.ask_to_close(actor_of(request), cycle_id), "asked")


@access(Audience.OFFICER, permission=visibility.COORDINATE, assurance=ASSURANCE)
@require_POST
def take_back(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Take the request to close back, with a reason."""
    reason = request.POST.get("reason", "")
    return _done(request, cycle_id, lambda: acts.take_back(actor_of(request), cycle_id, reason), "taken_back")


@access(Audience.OFFICER, permission=visibility.COORDINATE, assurance=ASSURANCE)
@require_POST
def close(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Close for good: the second of two people."""
    return _done(request, cycle_id, lambda: acts.close(actor_of(request), cycle_id), "closed")


def _open(request: HttpRequest) -> HttpResponse:
    year = number_of(request.POST.get("year", ""))
    if year is None or not 1900 < year < 3000:  # noqa: PLR2004 (a year of four digits)
        raise refusals.YearNotANumber(field="year")
    chosen = [id_of(one) for one in request.POST.getlist("agency")]
    known = {one.id for one in agencies.bodies()}
    ids = [one for one in chosen if one is not None and one in known]
    if not ids or len(ids) != len(chosen):
        raise refusals.NobodyAssessed(field="agency")
    monitoring = request.POST.get("kind") == CycleKind.MONITORING
    made = acts.start(
        actor_of(request),
        request.POST.get("instrument", ""),
        year,
        kind=CycleKind.MONITORING if monitoring else CycleKind.EVALUATION,
        agency_ids=ids,
    )
    return redirect_to("maturity:cycle", {"done": "opened"}, cycle_id=made)


def _done(request: HttpRequest, cycle_id: UUID, act: Callable[[], object], done: str) -> HttpResponse:
    def acted() -> HttpResponse:
        act()
        return redirect_to("maturity:cycle", {"done": done}, cycle_id=cycle_id)

    answer = attempt(request, acted)
    return _show(request, cycle_id, answer) if isinstance(answer, Refusal) else answer


def _show(request: HttpRequest, cycle_id: UUID, refused: Refusal | None = None) -> HttpResponse:
    language = language_of(request)
    done = request.GET.get("done", "")
    context = {
        "view": queries.cycle(actor_of(request), cycle_id, language),
        "refused": refused,
        "reason": request.POST.get("reason", ""),
        "done": t(f"maturity.assess.cycle.done.{done}", language) if done in DONE else "",
    }
    status = refused.status if refused else 200
    return render(request, "maturity/assess/cycle.html", context, status=status)


def _force(first: int, last: object, language: str) -> str:
    key = "force" if last is None else "force_until"
    return t(f"maturity.assess.new.{key}", language, first=first, last=str(last)[:4])
