"""Who is calling, and whether the view that was reached is for them. What states nothing is denied."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from pendopo.agencies import api as agencies
from pendopo.foundation import problems
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.http import Access, Audience, access_of, actor_of
from pendopo.identity import cookies, parked, queries, sessions
from pendopo.identity.cookies import Cookie
from pendopo.identity.errors import NoPost, NotSignedIn, StrongerSignInNeeded
from pendopo.identity.sessions import Presented
from pendopo.kernel.errors import Forbidden, PendopoError

type Handler = Callable[[HttpRequest], HttpResponse]

SEE_OTHER = 303


class EnforceAccess:
    """Set ``request.actor`` and hold every view to what it states with ``@access``."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Recognise the caller; forget a cookie whose session has ended."""
        token = cookies.read(request, Cookie.HALL)
        presented = sessions.present(token)
        request.presented = presented  # type: ignore[attr-defined]  # read by presented_of
        request.actor = sessions.actor_for(presented.session, Audience.PUBLIC)  # type: ignore[attr-defined]  # read by actor_of
        with queries.recognised(presented.session.subject if presented.session else None):
            response = self.get_response(request)
        hall = cookies.name_of(Cookie.HALL)
        if (
            token
            and presented.session is None
            and presented.past_subject is None
            and hall not in response.cookies
        ):
            cookies.drop(response, Cookie.HALL)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        arguments: tuple[Any, ...],  # noqa: ARG002  # Django's signature
        keywords: dict[str, Any],  # noqa: ARG002  # Django's signature
    ) -> HttpResponse | None:
        """Let the request through (None) or answer it here."""
        stated = access_of(view)
        if stated is None:
            return problems.respond(request, Forbidden())
        if stated.audience in {Audience.PUBLIC, Audience.SERVICE}:
            return None
        return _admit(request, stated)


def presented_of(request: HttpRequest) -> Presented:
    """Return what the cookie stands for; for the pages of this room."""
    found = getattr(request, "presented", None)
    return found if isinstance(found, Presented) else Presented()


def _admit(request: HttpRequest, stated: Access) -> HttpResponse | None:
    presented = presented_of(request)
    if presented.session is None:
        return _ask_to_sign_in(request, NotSignedIn())
    actor = actor_of(request)
    if stated.audience is Audience.PERSON and actor.kind is ActorKind.OFFICER:
        # On her own pages an officer is a person without permissions; everybody else is who she was.
        request.office = actor  # type: ignore[attr-defined]  # read by office_of
        actor = sessions.actor_for(presented.session, stated.audience)
        request.actor = actor  # type: ignore[attr-defined]  # read by actor_of
    if actor.assurance < stated.assurance:
        return _ask_to_sign_in(request, StrongerSignInNeeded(), level=stated.assurance)
    if stated.audience is Audience.OFFICER:
        return _admit_officer(request, actor, stated)
    return None


def _admit_officer(request: HttpRequest, actor: Actor, stated: Access) -> HttpResponse | None:
    if actor.kind is not ActorKind.OFFICER:
        if actor.subject_id is None or not agencies.posts_of(actor.subject_id):
            return problems.respond(request, NoPost())
        return _redirect(reverse("identity:choose-post"), {"next": _return_path(request)})
    if stated.permission is not None and not actor.can(stated.permission):
        return problems.respond(request, Forbidden())
    return None


def _ask_to_sign_in(request: HttpRequest, error: PendopoError, *, level: int | None = None) -> HttpResponse:
    if "json" in request.headers.get("Accept", ""):
        return problems.respond(request, error)
    query = {"next": _return_path(request)}
    if level is not None:
        query["level"] = str(level)
    response = _redirect(reverse("identity:sign-in"), query)
    parked.park(request, presented_of(request), response)
    return response


def _return_path(request: HttpRequest) -> str:
    """The page to come back to. A query is kept for GET only: what follows a POST is the page itself."""
    return request.get_full_path() if request.method in {"GET", "HEAD"} else request.path


def _redirect(address: str, query: dict[str, str]) -> HttpResponse:
    return HttpResponseRedirect(f"{address}?{urlencode(query)}", status=SEE_OTHER)
