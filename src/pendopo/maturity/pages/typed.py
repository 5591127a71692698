"""What the forms of an assessment share: a refusal that keeps what was typed, also over a sign-in."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

from pendopo.documents import api as documents
from pendopo.foundation.http import language_of
from pendopo.foundation.problems import sentence
from pendopo.identity import api as identity
from pendopo.kernel.errors import PendopoError
from pendopo.maturity.errors import MaturityError

NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an act was refused; ``field`` is where in the form, empty for the form as a whole."""

    sentence: str
    field: str
    status: int
    code: str


def attempt(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse | Refusal:
    """Act and return its answer, or why it was refused. What the officer may not know of stays not found."""
    try:
        return act()
    except (MaturityError, documents.UnsafeFile) as error:
        if error.status == NOT_FOUND:
            raise
        return refusal(request, error)


def refusal(request: HttpRequest, error: PendopoError) -> Refusal:
    """Return an error as the page shows it."""
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


def number_of(text: str) -> int | None:
    """Return a whole number that was typed, or none."""
    return int(text) if text.strip().isascii() and text.strip().isdigit() and len(text.strip()) < 7 else None  # noqa: PLR2004 (no such number is longer)


def id_of(text: str) -> UUID | None:
    """Return an id of a form, or none."""
    try:
        return UUID(text)
    except ValueError:
        return None
