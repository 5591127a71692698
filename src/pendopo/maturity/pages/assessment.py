"""An assessment: its indicators as a list, who answers for them, all readings at once, years compared."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import render
from pendopo.foundation.refusals import Refusal
from pendopo.foundation.text import t
from pendopo.maturity import refusals, visibility
from pendopo.maturity.actions import evidence, giving
from pendopo.maturity.pages.typed import attempt, id_of
from pendopo.maturity.queries import assessments as queries
from pendopo.maturity.queries.comparing import compared
from pendopo.maturity.records.assessment import GivingView

ASSURANCE = 2
DONE = frozenset({"given", "read"})


@access(Audience.OFFICER, permission=visibility.READ, assurance=ASSURANCE)
@require_GET
def assessment(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show the indicators by aspect, each with its levels."""
    return _show(request, assessment_id)


@access(Audience.OFFICER, permission=visibility.READ, assurance=ASSURANCE)
@require_POST
def read_all(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Read every bound measure of the officer's indicators now."""

    def act() -> HttpResponse:
        evidence.read_all(actor_of(request), assessment_id)
        return redirect_to("maturity:assessment", {"done": "read"}, assessment_id=assessment_id)

    answer = attempt(request, act)
    return _show(request, assessment_id, answer) if isinstance(answer, Refusal) else answer


@access(Audience.OFFICER, permission=visibility.COORDINATE, assurance=ASSURANCE)
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Say who answers for which indicator."""
    view = queries.giving(actor_of(request), assessment_id, language_of(request))
    refused: Refusal | None = None
    if request.method == "POST":

        def act() -> HttpResponse:
            giving.give_items(actor_of(request), assessment_id, _chosen(request, view))
            return redirect_to("maturity:assessment", {"done": "given"}, assessment_id=assessment_id)

        answer = attempt(request, act)
        if not isinstance(answer, Refusal):
            return answer
        refused = answer
    context = {
        "view": view,
        "refused": refused,
        "places": [(_key(place), name) for place, name in view.places],
        "chosen": {
            str(line.item_id): request.POST.get(f"item-{line.item_id}", _key(line.place))
            for line in view.lines
        },
    }
    status = refused.status if refused else 200
    return render(request, "maturity/assess/give.html", context, status=status)


@access(Audience.OFFICER, permission=visibility.READ, assurance=ASSURANCE)
@require_GET
def compare(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show an agency's years, and what is carried over from the instrument before."""
    view = compared(actor_of(request), assessment_id, language_of(request))
    return render(request, "maturity/assess/compare.html", {"view": view})


def _show(request: HttpRequest, assessment_id: UUID, refused: Refusal | None = None) -> HttpResponse:
    language = language_of(request)
    view = request.GET.get("view", "all")
    done = request.GET.get("done", "")
    context = {
        "page": queries.assessment(actor_of(request), assessment_id, language, view),
        "view": view if view in queries.VIEWS else "all",
        "refused": refused,
        "done": t(f"maturity.assess.list.done.{done}", language) if done in DONE else "",
    }
    status = refused.status if refused else 200
    return render(request, "maturity/assess/assessment.html", context, status=status)


def _key(place: giving.Place | None) -> str:
    if place is None:
        return ""
    body_id, unit_id = place
    return f"{body_id}.{unit_id}" if unit_id else str(body_id)


def _chosen(request: HttpRequest, view: GivingView) -> dict[UUID, giving.Place | None]:
    """Return the places that were chosen; what the form does not name stays as it is."""
    found: dict[UUID, giving.Place | None] = {}
    for line in view.lines:
        text = request.POST.get(f"item-{line.item_id}")
        if text is None:
            continue
        if not text:
            found[line.item_id] = None
            continue
        body, _, unit = text.partition(".")
        body_id, unit_id = id_of(body), id_of(unit) if unit else None
        if body_id is None or (unit and unit_id is None):
            raise refusals.BadGiving
        found[line.item_id] = (body_id, unit_id)
    return found
