"""The applicant's own case: where it stands, its receipt, what to complete, and asking for a correction."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from pendopo.casework import queries
from pendopo.casework.actions import correct as correct_action
from pendopo.casework.corrections import Changes
from pendopo.casework.errors import CorrectionOpen, NothingChanged, ReasonMissing
from pendopo.casework.pages import words
from pendopo.casework.records import OwnCase
from pendopo.casework.states import CaseState, CorrectionState
from pendopo.foundation.http import (
    Audience,
    access,
    actor_of,
    destination,
    has_destination,
    language_of,
    redirect_to,
)
from pendopo.foundation.pages import render
from pendopo.foundation.settings import current
from pendopo.foundation.text import t
from pendopo.kernel.errors import PendopoError
from pendopo.kernel.names import InvalidName

ASSURANCE = 2
OPEN = frozenset({CorrectionState.REQUESTED, CorrectionState.APPROVED})


@access(Audience.PERSON, assurance=ASSURANCE)
@require_GET
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show where a case stands and what can be done."""
    language = language_of(request)
    found = queries.own(actor_of(request), case_id, language)
    line = found.line
    notice = "casework.correct.sent" if request.GET.get("done") == "correct" else ""
    context = {
        "case": found,
        "service_title": words.service_title(line.service_version_id, language),
        "state_text": words.state_text(line, language),
        "state_lead": words.state_lead(line, language),
        "steps": words.steps(found.moments, line.state, line.service_version_id, language),
        "clocks": words.clock_words(found.clocks, language),
        "correctable": _correctable(found),
        "document_href": _document_href,
        "notice": t(notice, language) if notice else "",
    }
    return render(request, "casework/case.html", context)


def _document_href(document_id: UUID) -> str | None:
    if not has_destination("documents.download"):
        return None
    return destination("documents.download", document_id=document_id)


def _correctable(found: OwnCase) -> tuple[int, ...]:
    """Return the children whose certificate can be corrected: issued, and not being corrected already."""
    if found.line.state is not CaseState.ISSUED:
        return ()
    busy = {correction.child for correction in found.corrections if correction.state in OPEN}
    return tuple(child for child in range(len(found.children)) if child not in busy)


@access(Audience.PERSON, assurance=ASSURANCE)
@require_GET
def receipt(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the receipt; the same at every refresh, and fit to print."""
    language = language_of(request)
    found = queries.receipt(actor_of(request), case_id)
    path = reverse("casework:tracked", args=[found.token])
    context = {
        "receipt": found,
        "service_title": words.service_title(found.service_version_id, language),
        "next": words.receipt_next(found.service_version_id),
        "link": current().base_url.rstrip("/") + path,
    }
    return render(request, "casework/receipt.html", context)


@access(Audience.PERSON, assurance=ASSURANCE)
@require_GET
def complete(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Go to the first page that the officer asked to complete."""
    found = queries.own(actor_of(request), case_id, language_of(request))
    if found.line.state is not CaseState.RETURNED:
        return redirect_to("casework:case", case_id=case_id)
    return redirect_to(
        "casework:resume", agency=found.line.agency, code=found.line.service, draft_id=found.draft_id
    )


@access(Audience.PERSON, assurance=ASSURANCE)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, case_id: UUID, child: int) -> HttpResponse:
    """Ask to correct a typing error in an issued certificate."""
    language, actor = language_of(request), actor_of(request)
    found = queries.own(actor, case_id, language)
    if child not in _correctable(found):
        return redirect_to("casework:case", case_id=case_id)
    values = {"child_name": found.children[child], "reason": ""}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = {name: request.POST.get(name, "").strip() for name in values}
        try:
            changes = Changes(child_name=values["child_name"] or None)
            correct_action.request_correction(actor, case_id, child, changes, values["reason"])
        except (InvalidName, NothingChanged, ReasonMissing) as error:
            errors = {_blamed(error): _sentence(error, language)}
        except CorrectionOpen:
            return redirect_to("casework:case", case_id=case_id)
        else:
            return redirect_to("casework:case", {"done": "correct"}, case_id=case_id)
    context = {"case_id": case_id, "values": values, "errors": list(errors.items()), "by_field": errors}
    return render(request, "casework/correct.html", context, status=422 if errors else 200)


def _blamed(error: PendopoError) -> str:
    return "reason" if isinstance(error, ReasonMissing) else "child_name"


def _sentence(error: PendopoError, language: str) -> str:
    if isinstance(error, InvalidName):
        return t(f"kernel.errors.name_{error.reason.value}", language)
    return t(error.text_key, language)
