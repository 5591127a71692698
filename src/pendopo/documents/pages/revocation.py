"""An officer of the issuing body ends a document: why, are you sure, done."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from pendopo.documents import api, queries
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.pages import render
from pendopo.foundation.text import t

REASONS = ("issued_in_error", "court_order")


@access(Audience.OFFICER, permission=api.REVOKE, assurance=2)
def revoke(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Ask for the reason and a confirmation, and revoke."""
    actor = actor_of(request)
    document = queries.document_for_officer(document_id, actor)
    if request.method != "POST":
        return _page(request, document, {}, "")
    reason = request.POST.get("reason", "")
    errors = _errors(reason, is_sure=request.POST.get("sure") == "yes", language=language_of(request))
    if errors:
        return _page(request, document, errors, reason)
    api.revoke(document.id, reason=reason, actor=actor)
    return redirect_to("documents:revoke", document_id=document.id)


def _errors(reason: str, *, is_sure: bool, language: str) -> dict[str, str]:
    errors = {}
    if reason not in REASONS:
        errors["reason"] = t("documents.revoke.reason_missing", language)
    if not is_sure:
        errors["sure"] = t("documents.revoke.sure_missing", language)
    return errors


def _page(
    request: HttpRequest, document: api.IssuedDocument, errors: dict[str, str], reason: str
) -> HttpResponse:
    language = language_of(request)
    context = {
        "document": document,
        "errors": errors,
        "reason": reason,
        "reasons": [(code, t(f"documents.reason.{code}", language)) for code in REASONS],
        "why": queries.reason_text(document.status_reason, language),
    }
    return render(request, "documents/revoke.html", context, status=422 if errors else 200)
