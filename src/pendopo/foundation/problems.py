"""Errors at the edge: RFC 9457 problem documents for machines, a page with a way out for people."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse

from pendopo.foundation.http import language_of
from pendopo.foundation.logs import get, request_id
from pendopo.foundation.pages import PRIVATE, render
from pendopo.foundation.text import has_text, t
from pendopo.kernel.errors import PendopoError, TooManyRequests

SERVER_ERROR = 500
# Which drawing and heading of ``ui/error.html`` suits a status.
PAGE_KINDS = {
    400: "bad_request",
    403: "forbidden",
    404: "not_found",
    409: "bad_request",
    413: "bad_request",
    422: "bad_request",
    429: "too_many",
    503: "unavailable",
}
log = get(__name__)


def wants_document(request: HttpRequest) -> bool:
    """Say whether the caller is a program."""
    return "text/html" not in request.headers.get("Accept", "")


def document(error: PendopoError, language: str) -> dict[str, Any]:
    """Return the members of a problem document; ``instance`` is the id to look up in the logs."""
    return {
        "type": f"urn:pendopo:error:{error.code}",
        "title": sentence(error, language),
        "status": error.status,
        "code": error.code,
        "instance": f"urn:pendopo:request:{request_id()}",
    }


def sentence(error: PendopoError, language: str) -> str:
    """Return the sentence for people, or the general one of its status."""
    if has_text(error.text_key):
        return t(error.text_key, language, **error.params)
    return t("foundation.errors.unexpected", language)


def respond(request: HttpRequest, error: PendopoError) -> HttpResponse:
    """Turn an expected error into an answer in the caller's form and language."""
    if error.status >= SERVER_ERROR:
        log.warning("request_failed", error_code=error.code, status=error.status)
    response = _as_document(request, error) if wants_document(request) else _as_page(request, error)
    response["Cache-Control"] = PRIVATE
    if isinstance(error, TooManyRequests):
        response["Retry-After"] = str(error.retry_after)
    return response


def _as_document(request: HttpRequest, error: PendopoError) -> HttpResponse:
    body = json.dumps(document(error, language_of(request)), ensure_ascii=False)
    return HttpResponse(body, status=error.status, content_type="application/problem+json")


def _as_page(request: HttpRequest, error: PendopoError) -> HttpResponse:
    context = {
        "kind": PAGE_KINDS.get(error.status, "server"),
        "title": None,
        "text": sentence(error, language_of(request)),
        "reference": request_id(),
    }
    return render(request, "ui/error.html", context, status=error.status)
