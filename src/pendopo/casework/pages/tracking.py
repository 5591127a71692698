"""Following a case without signing in."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from pendopo.casework import tracking
from pendopo.casework.errors import TrackingRefused
from pendopo.casework.pages import words
from pendopo.casework.records import TrackView
from pendopo.foundation.http import Audience, access, client_address, language_of
from pendopo.foundation.pages import render
from pendopo.foundation.text import t

REFERRER = "same-origin"
"""No other site learns the address. With ``no-referrer`` a browser would send the forms here with the origin
``null``, and they would be refused as another site's."""
REASON = "number and tracking code of a receipt stand in place of a session; nothing personal is shown"


@access(Audience.PUBLIC, reason=REASON)
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """Ask for number and code; show the case when they belong together."""
    number, code = request.POST.get("number", "").strip(), request.POST.get("code", "").strip()
    if request.method == "GET":
        return _form(request, "", {})
    language = language_of(request)
    missing = {
        name: t(f"casework.track.missing_{name}", language)
        for name, value in (("number", number), ("code", code))
        if not value
    }
    if missing:
        return _form(request, number, missing)
    try:
        found = tracking.by_code(number, code, address=client_address(request))
    except TrackingRefused:
        return _form(request, number, {"number": t("casework.errors.tracking_refused", language)})
    return _show(request, found)


@access(Audience.PUBLIC, reason=REASON)
@require_GET
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Open the signed link of a receipt."""
    return _show(request, tracking.by_token(token))


def _form(request: HttpRequest, number: str, errors: dict[str, str]) -> HttpResponse:
    context = {"number": number, "errors": list(errors.items()), "by_field": errors}
    response = render(request, "casework/track.html", context, status=422 if errors else 200)
    response["Cache-Control"] = "private, no-store"
    return response


def _show(request: HttpRequest, found: TrackView) -> HttpResponse:
    language = language_of(request)
    context = {
        "case": found,
        "service_title": words.service_title(found.service_version_id, language),
        "state_text": words.state_text(found, language),
        "state_lead": words.state_lead(found, language),
        "steps": words.steps(found.moments, found.state, found.service_version_id, language),
    }
    response = render(request, "casework/tracked.html", context)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = REFERRER
    response["X-Robots-Tag"] = "noindex"
    return response
