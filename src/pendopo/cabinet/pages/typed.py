"""What the pages of preparation share: refusals that keep what was typed, also over a sign-in."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

from pendopo.cabinet.errors import CabinetError
from pendopo.documents import api as documents
from pendopo.foundation import refusals
from pendopo.foundation.http import language_of
from pendopo.foundation.refusals import Refusal
from pendopo.foundation.text import t
from pendopo.identity import api as identity


def attempt(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse | Refusal:
    """Act and return its answer, or why it was refused; see :mod:`pendopo.foundation.refusals`."""
    return refusals.attempt(request, act, CabinetError, documents.UnsafeFile)


def parked(request: HttpRequest) -> QueryDict | None:
    """Return, once, what was typed on this page when the session ended; None when nothing was."""
    found = identity.take_parked(request)
    return found.as_posted() if found else None


def before_of(request: HttpRequest) -> UUID | None:
    """Return where a list goes on, None for its beginning and for anything that is no id."""
    try:
        return UUID(request.GET.get("before", ""))
    except ValueError:
        return None


def came_back(request: HttpRequest) -> tuple[QueryDict, Refusal] | None:
    """Return what was typed before the session ended and how to tell of it; None when nothing was typed."""
    fields = parked(request) if request.method == "GET" else None
    if fields is None:
        return None
    return fields, Refusal(t("cabinet.prepare.parked", language_of(request)), "", 200, "")
