"""Answers of last resort: no such page, a broken form token, an unexpected error."""

import sys

from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from psycopg.errors import DeadlockDetected, SerializationFailure

from pendopo.foundation import problems
from pendopo.foundation.http import Audience, access
from pendopo.kernel.errors import Conflict, Forbidden, NotFound, PendopoError, Unavailable


class FormExpired(Forbidden):
    """The form's token is missing or belongs to an ended session."""

    code = "foundation.form_expired"
    text_key = "foundation.errors.form_expired"


class DatabaseAway(Unavailable):
    """The database does not answer, or has no room for what was to be written: nothing of it was kept."""

    code = "foundation.database_unavailable"
    text_key = "foundation.errors.database_unavailable"


class Unexpected(PendopoError):
    """Something that no code foresaw."""

    code = "foundation.unexpected"
    status = 500
    text_key = "foundation.errors.unexpected"


@access(Audience.PUBLIC, reason="shown to whoever sent a form without its token")
def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Say that the form has expired and how to go on."""
    return problems.respond(request, FormExpired())


@access(Audience.PUBLIC, reason="an address that does not exist belongs to nobody")
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Answer an unknown address."""
    return problems.respond(request, NotFound())


@access(Audience.PUBLIC, reason="shown when something broke; holds the request id only")
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an unexpected error; the log has the rest. Django calls this while it handles the exception.

    A database that is away or full passes by itself, so it is told as that; its transaction kept nothing. Two
    who waited for each other are no fault of the database: one was let go on, the other looks again.
    """
    error = sys.exception()
    if error is not None and isinstance(error.__cause__, DeadlockDetected | SerializationFailure):
        return problems.respond(request, Conflict())
    away = isinstance(error, OperationalError | InterfaceError)
    return problems.respond(request, DatabaseAway() if away else Unexpected())
