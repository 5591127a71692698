"""Middleware of the plumbing: request id, language prefix, proxy address, errors as answers."""

from collections.abc import Callable
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import set_script_prefix

from pendopo.foundation import problems
from pendopo.foundation.http import ENGLISH, Audience, access_of, language_of
from pendopo.foundation.logs import bind_request_id
from pendopo.foundation.settings import current
from pendopo.kernel.errors import Forbidden, Invalid, NotFound, PendopoError

type Handler = Callable[[HttpRequest], HttpResponse]

NUL = "\0"
MEGABYTE = 1024 * 1024
LARGEST_FILE_MEGABYTES = 10
MOST_MEGABYTES = 11
"""A file of ten, and the form around it."""


class RequestIdMiddleware:
    """Bind a fresh id to the logs and tell it to the caller; ids from outside are not trusted."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        chosen = bind_request_id(uuid4().hex)
        response = self.get_response(request)
        response["X-Request-Id"] = chosen
        return response


class ProxyAddressMiddleware:
    """Take the caller's address from ``X-Forwarded-For`` only when a configured proxy sent it."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        forwarded = request.headers.get("X-Forwarded-For", "")
        if forwarded and request.META.get("REMOTE_ADDR") in current().trusted_proxies:
            request.META["REMOTE_ADDR"] = forwarded.split(",")[-1].strip()
        return self.get_response(request)


class LanguageMiddleware:
    """``/en/…`` is English, everything else the language of the deployment; links keep the prefix."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        language = current().language
        prefix = "/"
        if request.path_info == ENGLISH or request.path_info.startswith(ENGLISH + "/"):
            language, prefix = "en", ENGLISH + "/"
            request.path_info = request.path_info.removeprefix(ENGLISH) or "/"
        request.language = language  # type: ignore[attr-defined]  # read by language_of
        set_script_prefix(prefix)
        try:
            response = self.get_response(request)
        finally:
            set_script_prefix("/")
        response["Content-Language"] = language_of(request)
        return response


class RequestTooLarge(PendopoError):
    """The body is larger than anything that the hall accepts; ``megabytes`` is the limit."""

    code = "foundation.request_too_large"
    status = 413
    text_key = "foundation.errors.request_too_large"


class BodyLimitMiddleware:
    """Refuse a large body before anything reads it: the check of the form token would store it all on disk.

    A server behind WSGI reads no more than the stated length, so the statement is enough.
    """

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        stated = str(request.META.get("CONTENT_LENGTH") or "0")
        if not stated.isdecimal() or int(stated) > MOST_MEGABYTES * MEGABYTE:
            return problems.respond(request, RequestTooLarge(megabytes=LARGEST_FILE_MEGABYTES))
        return self.get_response(request)


class ProblemMiddleware:
    """Answer every expected error with its sentence; the unexpected stays Django's and shows nothing.

    A NUL character is refused here for all views: no page asks for one, and no text column takes one.
    """

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Refuse a NUL in the address or in a form."""
        given = [request.path_info, *_texts(request.GET), *_texts(request.POST)]
        return problems.respond(request, Invalid()) if any(NUL in text for text in given) else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Map the exception, or leave it."""
        if isinstance(exception, PendopoError):
            return problems.respond(request, exception)
        if isinstance(exception, Http404):
            return problems.respond(request, NotFound())
        if isinstance(exception, PermissionDenied):
            return problems.respond(request, Forbidden())
        return None


def _texts(given: QueryDict) -> list[str]:
    return [text for name, values in given.lists() for text in (name, *values)]


class ServiceOnlyMiddleware:
    """For profiles without people: only public and service views answer, and only if they say so."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_: object) -> HttpResponse | None:
        """Deny what states nothing, or asks for a session that cannot exist here."""
        stated = access_of(view)
        if stated is None or stated.audience not in {Audience.PUBLIC, Audience.SERVICE}:
            return problems.respond(request, Forbidden())
        return None
