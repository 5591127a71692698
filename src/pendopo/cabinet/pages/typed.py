"""What the pages of preparation share: refusals that keep what was typed, also over a sign-in."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

from pendopo.cabinet.errors import CabinetError
from pendopo.cabinet.pages.forms import NOT_FOUND
from pendopo.documents import api as documents
from pendopo.foundation.http import language_of
from pendopo.foundation.problems import sentence
from pendopo.foundation.text import t
from pendopo.identity import api as identity


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an act was refused; ``field`` is where in the form, empty for the form as a whole."""

    sentence: str
    field: str
    status: int
    code: str


def attempt(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse | Refusal:
    """Act and return its answer, or why it was refused. What the reader may not know of stays not found."""
    try:
        return act()
    except (CabinetError, documents.UnsafeFile) as error:
        if error.status == NOT_FOUND:
            raise
        told = sentence(error, language_of(request))
        return Refusal(told, str(error.params.get("field", "")), error.status, error.code)


def parked(request: HttpRequest) -> QueryDict | None:
    """Return, once, what was typed on this page when the session ended; None when nothing was."""
    found = identity.take_parked(request)
    if found is None:
        return None
    fields = QueryDict(mutable=True)
    for name, values in found.fields.items():
        fields.setlist(name, list(values))
    return fields


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
