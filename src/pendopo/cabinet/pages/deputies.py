"""Whom a member lets stand in: name somebody by NIK, for named acts and days; take it back.

The NIK travels in the body of the form only; it is never in an address, and never shown again.
"""

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from pendopo.cabinet import errors
from pendopo.cabinet.actions import bodies as acts
from pendopo.cabinet.pages.forms import YEARS
from pendopo.cabinet.queries import bodies
from pendopo.cabinet.values import Scope
from pendopo.foundation.clock import today
from pendopo.foundation.formats import zone
from pendopo.foundation.http import Audience, access, actor_of, language_of, redirect_to
from pendopo.foundation.limits import rate_limit
from pendopo.foundation.pages import render
from pendopo.foundation.text import t
from pendopo.identity import api as identity
from pendopo.kernel.nik import InvalidNik, Nik

FIELDS = ("seat", "nik", *(f"{end}-{part}" for end in ("from", "to") for part in ("day", "month", "year")))
SCOPES = (Scope.READ, Scope.POSITION, Scope.SPEAK, Scope.VOTE)


@access(Audience.PERSON, assurance=2)
@require_http_methods(["GET", "POST"])
def deputies(request: HttpRequest) -> HttpResponse:
    """Show the person's deputies; name one."""
    wrong: dict[str, str] = {}
    if request.method == "POST":
        wrong = _name(request)
        if not wrong:
            return redirect_to("cabinet:deputies", {"done": "named"})
    return _page(request, wrong)


@access(Audience.PERSON, assurance=2)
@require_POST
def revoke(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    """Take a deputy's mandate back."""
    acts.revoke_delegation(actor_of(request), delegation_id)
    return redirect_to("cabinet:deputies", {"done": "revoked"})


def _page(request: HttpRequest, wrong: dict[str, str]) -> HttpResponse:
    language = language_of(request)
    found = bodies.deputies(actor_of(request), language)
    scopes = [scope for scope in SCOPES[1:] if found.votes or scope is not Scope.VOTE]
    done = request.GET.get("done", "")
    begin = today(zone())
    defaults = {"from-day": begin.day, "from-month": begin.month, "from-year": begin.year}
    context = {
        "seats": found.seats,
        "deputies": found.named,
        "wrong": wrong,
        "errors": list(wrong.items()),
        "typed": {name: request.POST.get(name, str(defaults.get(name, ""))) for name in FIELDS},
        "chosen": request.POST.getlist("scopes"),
        "scopes": [(scope.value, t(f"cabinet.deputies.scope.{scope.value}", language)) for scope in scopes],
        "done": t(f"cabinet.deputies.done.{done}", language) if done in {"named", "revoked"} else "",
    }
    return render(request, "cabinet/deputies.html", context, status=422 if wrong else 200)


def _name(request: HttpRequest) -> dict[str, str]:
    """Name a deputy; return what is wrong, by field."""
    language, fields = language_of(request), request.POST
    scopes = [scope for scope in SCOPES if scope.value in {*fields.getlist("scopes"), Scope.READ.value}]
    begins, ends = _moment(request, "from"), _moment(request, "to", end=True)
    wrong = {}
    # The answer tells whether somebody with this NIK has a Digital ID: nobody asks that at length.
    rate_limit("cabinet.deputy", key=str(actor_of(request).subject_id), limit=10, seconds=3600)
    deputy = _person(fields.get("nik", ""))
    if deputy is None:
        wrong["nik"] = t("cabinet.deputies.wrong.nik", language)
    if begins is None:
        wrong["from"] = t("cabinet.deputies.wrong.date", language)
    if ends is None:
        wrong["to"] = t("cabinet.deputies.wrong.date", language)
    if deputy is None or begins is None or ends is None:
        return wrong
    try:
        acts.delegate(
            actor_of(request),
            _seat(fields.get("seat", "")),
            to_subject_id=deputy,
            scopes=scopes,
            valid_from=begins,
            valid_to=ends,
        )
    except errors.DoesNotFit as error:
        field = {"valid_to": "to", "scopes": "nik"}.get(str(error.params.get("field")), "to")
        return {field: t(f"cabinet.deputies.wrong.{'period' if field == 'to' else 'self'}", language)}
    except errors.CabinetError as error:
        return {"seat": t(error.text_key, language)}
    return {}


def _person(typed: str) -> UUID | None:
    try:
        found = identity.subject_by_nik(Nik.parse(typed))
    except InvalidNik:
        return None
    return found.id if found else None


def _seat(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise errors.NotYourSeat from error


def _moment(request: HttpRequest, name: str, *, end: bool = False) -> dt.datetime | None:
    """Return the beginning of a day, or its end, in the zone of the hall."""
    try:
        day = dt.date(*(int(request.POST.get(f"{name}-{part}", "")) for part in ("year", "month", "day")))
    except (ValueError, OverflowError):
        return None
    if day.year not in YEARS:
        return None
    begins = dt.datetime.combine(day, dt.time(), zone())
    return begins + dt.timedelta(days=1) if end else begins
