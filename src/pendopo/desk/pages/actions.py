"""What an officer does with a case. Each action is asked once more before it is done."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from pendopo.casework import api as casework
from pendopo.casework.api import CaseAtHand, CaseworkError, FourEyes, NoSuchCase, Outcome
from pendopo.desk.pages.frame import frame
from pendopo.desk.permissions import ASSURANCE, DECIDE, RETURN, VERIFY
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import render
from pendopo.foundation.text import t

GET_POST = ["GET", "POST"]


@access(Audience.OFFICER, permission=VERIFY, assurance=ASSURANCE)
@require_http_methods(GET_POST)
def take(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take a case to verify it."""
    return _confirmed(request, case_id, "take", lambda: casework.take(actor_of(request), case_id))


@access(Audience.OFFICER, permission=RETURN, assurance=ASSURANCE)
@require_http_methods(GET_POST)
def give_back(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask the applicant to complete parts of the application."""
    pages, reason = request.POST.getlist("pages"), request.POST.get("reason", "")
    if request.method == "POST" and not pages:
        return _ask(
            request, case_id, "return", {"pages": t("casework.errors.pages_missing", language_of(request))}
        )
    return _confirmed(
        request,
        case_id,
        "return",
        lambda: casework.return_for_completion(actor_of(request), case_id, pages=pages, reason=reason),
    )


@access(Audience.OFFICER, permission=DECIDE, assurance=ASSURANCE)
@require_http_methods(GET_POST)
def approve(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Approve; the register is told by the worker."""
    return _confirmed(
        request,
        case_id,
        "approve",
        lambda: casework.decide(actor_of(request), case_id, outcome=Outcome.APPROVED),
    )


@access(Audience.OFFICER, permission=DECIDE, assurance=ASSURANCE)
@require_http_methods(GET_POST)
def refuse(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Refuse, with a reason that the applicant reads."""
    reason = request.POST.get("reason", "")
    return _confirmed(
        request,
        case_id,
        "refuse",
        lambda: casework.decide(actor_of(request), case_id, outcome=Outcome.REFUSED, reason=reason),
    )


@access(Audience.OFFICER, permission=DECIDE, assurance=ASSURANCE)
@require_http_methods(GET_POST)
def retry(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Send what the register refused once more."""
    return _confirmed(request, case_id, "retry", lambda: casework.retry(actor_of(request), case_id))


def _confirmed(request: HttpRequest, case_id: UUID, action: str, act: Callable[[], None]) -> HttpResponse:
    """Ask on GET; do on POST and go back to the case, or say what is missing."""
    if request.method == "GET":
        return _ask(request, case_id, action, {})
    try:
        act()
    except NoSuchCase:
        raise
    except FourEyes as error:
        return _ask(request, case_id, action, {"": t(error.text_key, language_of(request))})
    except CaseworkError as error:
        field = "reason" if error.status == 422 else ""  # noqa: PLR2004  # what was typed, or the state
        return _ask(request, case_id, action, {field: t(error.text_key, language_of(request))})
    return redirect_to("desk:case", {"done": action}, case_id=case_id)


def _ask(request: HttpRequest, case_id: UUID, action: str, errors: dict[str, str]) -> HttpResponse:
    actor, language = actor_of(request), language_of(request)
    found = casework.at_hand(actor, case_id, action, language)
    if action not in found.actions and not errors:
        return redirect_to("desk:case", case_id=case_id)
    context = frame(actor, language, None) | {
        "case": found,
        "service_title": casework.service_title(found.line.service_version_id, language),
        "action": action,
        "heading": t(f"desk.actions.{action}.heading", language),
        "lead": _lead(found, action, language),
        "warning": _warning(found, action, language),
        "needs_reason": action in {"return", "refuse"},
        "pages": found.return_pages,
        "chosen": request.POST.getlist("pages"),
        "reason": request.POST.get("reason", ""),
        "errors": list(errors.items()),
        "by_field": errors,
    }
    return render(request, "desk/confirm.html", context, status=422 if errors else 200)


def _warning(found: CaseAtHand, action: str, language: str) -> str:
    """Say what the officer gives up by the action; empty when nothing."""
    return t("desk.actions.take.warning", language) if action == "take" and found.gives_up_deciding else ""


def _lead(found: CaseAtHand, action: str, language: str) -> str:
    ends = action == "approve" and not found.told_to_register
    kind = "lead_final" if ends else "lead"
    return t(f"desk.actions.{action}.{kind}", language, number=found.line.number, name=found.line.applicant)
