"""What every view states and uses: who may call it, who is calling, where other rooms' pages are."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import NoReverseMatch, get_script_prefix, resolve, reverse, set_script_prefix

from pendopo.foundation.actor import ANONYMOUS, Actor, ActorKind
from pendopo.foundation.settings import current

type View = Callable[..., HttpResponse]

LINE_BITS = 64
ENGLISH = "/en"


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


def office_of(request: HttpRequest) -> Actor:
    """Return who is calling, with the chosen post also on an officer's own pages: to show the way back."""
    return cast("Actor", getattr(request, "office", actor_of(request)))


def language_of(request: HttpRequest) -> str:
    """Return ``id`` or ``en``."""
    return cast("str", getattr(request, "language", "id"))


def speak(request: HttpRequest, language: str) -> None:
    """Go on in another language than the address says: for an address that has none, as a protocol's is."""
    request.language = language  # type: ignore[attr-defined]  # read by language_of
    set_script_prefix("/" if language == current().language else f"{ENGLISH}/")


def client_address(request: HttpRequest) -> str:
    """Return where the caller sits, as established by the proxy middleware; for rate limits only.

    Of an IPv6 address the first 64 bits: one line has 2^64 addresses to choose from (RFC 6177).
    """
    given = str(request.META.get("REMOTE_ADDR", ""))
    if ":" not in given:
        return given
    try:
        address = ipaddress.IPv6Address(given.partition("%")[0])
    except ValueError:
        return given
    mapped = address.ipv4_mapped
    return str(mapped or ipaddress.IPv6Network((address, LINE_BITS), strict=False))


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


def may_open(actor: Actor, name: str) -> bool:
    """Say whether a named page exists and asks nothing that ``actor`` lacks, so that a link to it is of use.

    Only for showing links: the middleware decides when the page is called. ``assurance`` is not compared,
    because a page may ask for a stronger sign-in on the way.
    """
    if name not in _destinations:
        return False
    stated = access_of(resolve("/" + destination(name).removeprefix(get_script_prefix())).func)
    if stated is None:
        return False
    if stated.audience is Audience.OFFICER:
        return actor.kind is ActorKind.OFFICER and (not stated.permission or actor.can(stated.permission))
    return stated.audience is Audience.PUBLIC or actor.signed_in


def destinations() -> dict[str, str]:
    """Return all named pages, for the check at start."""
    return dict(_destinations)


def redirect_to(route: str, query: dict[str, str] | None = None, **arguments: object) -> HttpResponse:
    """See-other to a page of this or a lower room by its URL name."""
    target = reverse(route, kwargs=arguments or None)
    if query:
        target += "?" + urlencode(query)
    return HttpResponseRedirect(target, status=303)
