"""The officer's half of activation: look the person up, compare, hand out the slip."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from pendopo.agencies.api import Permission
from pendopo.exchange.api import ExchangeError
from pendopo.foundation.http import Audience, access, actor_of, language_of
from pendopo.foundation.settings import current
from pendopo.foundation.text import t
from pendopo.identity import qr
from pendopo.identity.actions import counter as verbs
from pendopo.identity.errors import (
    DemoPersonRefused,
    FaceNotChecked,
    OwnActivation,
    PersonNotAlive,
    VisitExpired,
)
from pendopo.identity.pages.answers import say
from pendopo.identity.pages.ways import in_language, page, see_other
from pendopo.kernel.errors import TooManyRequests
from pendopo.kernel.nik import InvalidNik, Nik

PERMISSION = Permission.ACTIVATION_PERFORM
UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.OFFICER, permission=PERMISSION, assurance=2)
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the NIK on the card in the officer's hand."""
    if request.method != "POST":
        return page(request, "counter_start.html", {"errors": {}})
    try:
        found = verbs.look_up(Nik.parse(request.POST.get("nik", "")), actor=actor_of(request))
    except InvalidNik as error:
        sentence = t(f"kernel.errors.nik_{error.reason.value}", language_of(request))
        return page(request, "counter_start.html", {"errors": {"nik": sentence}}, status=UNPROCESSABLE)
    except (ExchangeError, OwnActivation, PersonNotAlive, DemoPersonRefused, TooManyRequests) as error:
        data = {"errors": {"nik": say(request, error)}}
        return page(request, "counter_start.html", data, status=error.status)
    return see_other(reverse("identity:counter-visit", kwargs={"visit_id": found}))


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.OFFICER, permission=PERMISSION, assurance=2)
def visit(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Show who the register says this is; on confirmation hand out the slip, in this one answer."""
    errors: dict[str, str] = {}
    try:
        found = verbs.visit(visit_id, actor=actor_of(request))
        if request.method == "POST":
            checked = {"card", "face"} <= set(request.POST.getlist("checked"))
            if checked:
                return _slip(request, verbs.issue_code(visit_id, checked=True, actor=actor_of(request)))
            errors = {"checked": say(request, FaceNotChecked())}
    except VisitExpired as error:
        refused = {"errors": {"nik": say(request, error)}}
        return page(request, "counter_start.html", refused, status=error.status)
    data = {"visit": found, "errors": errors, "checked": request.POST.getlist("checked")}
    return page(request, "counter_visit.html", data, status=UNPROCESSABLE if errors else 200)


def _slip(request: HttpRequest, issued: verbs.Issued) -> HttpResponse:
    language = language_of(request)
    address = current().base_url + in_language("/activate/", english=language == "en")
    # After '#' the code stays in the browser: no server log, proxy or history of the hall sees it.
    picture = qr.svg(f"{address}#{issued.code}", title=t("identity.counter.slip.qr", language))
    data = {"issued": issued, "address": address, "qr": picture}
    return page(request, "counter_slip.html", data)
