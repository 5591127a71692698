"""Corrections of issued certificates at the desk: asking for one, approving, refusing."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from pendopo.casework import api as casework
from pendopo.casework.api import CaseworkError, Changes, CorrectionView, NoSuchCase, OfficerCase
from pendopo.desk.pages.frame import frame
from pendopo.desk.permissions import ASSURANCE, DECIDE, VERIFY
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import render
from pendopo.foundation.text import t
from pendopo.kernel.names import InvalidName

GET_POST = ["GET", "POST"]


@access(Audience.OFFICER, permission=VERIFY, assurance=ASSURANCE)
@require_http_methods(GET_POST)
def request_one(request: HttpRequest, case_id: UUID, child: int) -> HttpResponse:
    """Ask for a correction on behalf of the applicant, who came to the counter or called."""
    actor, language = actor_of(request), language_of(request)
    found = casework.for_officer(actor, case_id, language)
    if "correct" not in found.actions or child >= len(found.children):
        return redirect_to("desk:case", case_id=case_id)
    values = {"child_name": found.children[child], "reason": ""}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = {name: request.POST.get(name, "").strip() for name in values}
        try:
            changes = Changes(child_name=values["child_name"] or None)
            casework.request_correction(actor, case_id, child, changes, values["reason"])
        except InvalidName as error:
            errors = {"child_name": t(f"kernel.errors.name_{error.reason.value}", language)}
        except NoSuchCase:
            raise
        except CaseworkError as error:
            errors = {_blamed(error): t(error.text_key, language)}
        else:
            return redirect_to("desk:case", {"done": "correct"}, case_id=case_id)
    context = _frame(request, found) | {"values": values, "errors": list(errors.items()), "by_field": errors}
    return render(request, "desk/correct.html", context, status=422 if errors else 200)


@access(Audience.OFFICER, permission=DECIDE, assurance=ASSURANCE)
@require_http_methods(GET_POST)
def approve(request: HttpRequest, case_id: UUID, correction_id: UUID) -> HttpResponse:
    """Approve a correction: the register changes its entry, then a new certificate replaces the old."""
    return _decide(request, case_id, correction_id, approve=True)


@access(Audience.OFFICER, permission=DECIDE, assurance=ASSURANCE)
@require_http_methods(GET_POST)
def refuse(request: HttpRequest, case_id: UUID, correction_id: UUID) -> HttpResponse:
    """Refuse a correction, with a reason that the applicant reads."""
    return _decide(request, case_id, correction_id, approve=False)


def _decide(request: HttpRequest, case_id: UUID, correction_id: UUID, *, approve: bool) -> HttpResponse:
    actor, language = actor_of(request), language_of(request)
    errors: dict[str, str] = {}
    answer = request.POST.get("reason", "")
    if request.method == "POST":
        try:
            casework.decide_correction(actor, case_id, correction_id, approve=approve, answer=answer)
        except NoSuchCase:
            raise
        except CaseworkError as error:
            errors = {"reason": t(error.text_key, language)}
        else:
            done = "approve-correction" if approve else "refuse-correction"
            return redirect_to("desk:case", {"done": done}, case_id=case_id)
    found = casework.for_officer(actor, case_id, language)
    correction = _correction(found, correction_id)
    action = "approve_correction" if approve else "refuse_correction"
    context = _frame(request, found) | {
        "correction": correction,
        "child": found.children[correction.child] if correction.child < len(found.children) else "",
        "action": action,
        "heading": t(f"desk.actions.{action}.heading", language),
        "lead": t(f"desk.actions.{action}.lead", language),
        "needs_reason": not approve,
        "reason": answer,
        "errors": list(errors.items()),
        "by_field": errors,
    }
    return render(request, "desk/confirm.html", context, status=422 if errors else 200)


def _correction(found: OfficerCase, correction_id: UUID) -> CorrectionView:
    for correction in found.corrections:
        if correction.id == correction_id:
            return correction
    raise NoSuchCase


def _frame(request: HttpRequest, found: OfficerCase) -> dict[str, object]:
    language = language_of(request)
    return frame(actor_of(request), language, None) | {
        "case": found,
        "service_title": casework.service_title(found.line.service_version_id, language),
        "pages": (),
        "chosen": [],
    }


def _blamed(error: CaseworkError) -> str:
    return "reason" if error.code == "casework.reason_missing" else "child_name"
