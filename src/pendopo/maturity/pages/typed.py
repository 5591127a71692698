"""What the forms of an assessment share: a refusal that keeps what was typed, also over a sign-in."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

from pendopo.documents import api as documents
from pendopo.foundation import refusals
from pendopo.foundation.refusals import Refusal
from pendopo.identity import api as identity
from pendopo.maturity.errors import MaturityError


def attempt(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse | Refusal:
    """Act and return its answer, or why it was refused; see :mod:`pendopo.foundation.refusals`."""
    return refusals.attempt(request, act, MaturityError, documents.UnsafeFile)


def parked(request: HttpRequest) -> QueryDict | None:
    """Return, once, what was typed on this page when the session ended; None when nothing was."""
    found = identity.take_parked(request)
    return found.as_posted() if found else None


def number_of(text: str) -> int | None:
    """Return a whole number that was typed, or none."""
    return int(text) if text.strip().isascii() and text.strip().isdigit() and len(text.strip()) < 7 else None  # noqa: PLR2004 (no such number is longer)


def id_of(text: str) -> UUID | None:
    """Return an id of a form, or none."""
    try:
        return UUID(text)
    except ValueError:
        return None
