"""What every view states and uses: who may call it, who is calling, where other rooms' pages are."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import cast
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from pendopo.foundation.actor import ANONYMOUS, Actor
from pendopo.foundation.clock import now
from pendopo.foundation.crypto import blind_index
from pendopo.kernel.errors import TooManyRequests

type View = Callable[..., HttpResponse]


class Audience(StrEnum):
    """Who a view is for."""

    PUBLIC = "public"
    PERSON = "person"
    OFFICER = "officer"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Access:
    """What a view asks of its caller.

    ``permission`` is asked of the chosen post; ``assurance`` is the lowest level of sign-in; a public or
    service view says in ``reason`` why no session is asked (a service view checks its own bearer).
    """

    audience: Audience
    permission: str | None = None
    assurance: int = 2
    reason: str = ""


class UnstatedAccessError(LookupError):
    """A view does not say who may call it."""


def access[**P, R: HttpResponseBase](
    audience: Audience, *, permission: str | None = None, assurance: int = 2, reason: str = ""
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """State who may call a view. The identity room's middleware enforces it and denies what is unstated."""
    if audience in {Audience.PUBLIC, Audience.SERVICE} and not reason:
        message = "a view without a session says why"
        raise UnstatedAccessError(message)

    def state(view: Callable[P, R]) -> Callable[P, R]:
        view.access = Access(audience, permission, assurance, reason)  # type: ignore[attr-defined]  # read by access_of
        return view

    return state


def access_of(view: object) -> Access | None:
    """Return what a view states, or None: deny."""
    stated = getattr(view, "access", None)
    return stated if isinstance(stated, Access) else None


def actor_of(request: HttpRequest) -> Actor:
    """Return who is calling, as established by the identity room's middleware."""
    actor = getattr(request, "actor", ANONYMOUS)
    return cast("Actor", actor)


def language_of(request: HttpRequest) -> str:
    """Return ``id`` or ``en``."""
    return cast("str", getattr(request, "language", "id"))


def client_address(request: HttpRequest) -> str:
    """Return the caller's address as established by the proxy middleware; for rate limits only."""
    return str(request.META.get("REMOTE_ADDR", ""))


_destinations: dict[str, str] = {}


class UnknownDestinationError(LookupError):
    """A page links to a destination that no installed room registered."""


def register_destination(name: str, route: str) -> None:
    """Name a page (``room.noun``) so that lower rooms can link to it; ``route`` is its URL name."""
    _destinations[name] = route


def destination(name: str, **arguments: object) -> str:
    """Return the address of a named page of any room."""
    try:
        return reverse(_destinations[name], kwargs=arguments or None)
    except (KeyError, NoReverseMatch) as error:
        raise UnknownDestinationError(name) from error


def has_destination(name: str) -> bool:
    """Say whether an installed room offers the page."""
    return name in _destinations


def destinations() -> dict[str, str]:
    """Return all named pages, for the check at start."""
    return dict(_destinations)


def redirect_to(route: str, query: dict[str, str] | None = None, **arguments: object) -> HttpResponse:
    """See-other to a page of this or a lower room by its URL name."""
    target = reverse(route, kwargs=arguments or None)
    if query:
        target += "?" + urlencode(query)
    return HttpResponseRedirect(target, status=303)


def rate_limit(name: str, *, key: str, limit: int, seconds: int) -> None:
    """Count one attempt and raise ``TooManyRequests`` beyond ``limit`` in a window of ``seconds``.

    Counters stand in PostgreSQL, so all processes share them. The key is stored as a keyed fingerprint.
    Two windows that follow each other may together let through twice the limit (fixed windows).
    """
    fingerprint = blind_index(f"{name}:{key}", purpose="rate-limit")
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO foundation_ratecounter AS c (key, window_ends, count) VALUES (%s, %s, 1)
            ON CONFLICT (key) DO UPDATE SET
                count = CASE WHEN c.window_ends <= %s THEN 1 ELSE c.count + 1 END,
                window_ends = CASE WHEN c.window_ends <= %s THEN EXCLUDED.window_ends ELSE c.window_ends END
            RETURNING count
            """,
            [fingerprint, moment + dt.timedelta(seconds=seconds), moment, moment],
        )
        row = cursor.fetchone()
    if row and row[0] > limit:
        raise TooManyRequests
