"""The hall's side of signing in and out: it sends the browser to the provider and takes it back."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pendopo.agencies import api as agencies
from pendopo.foundation.http import Audience, access, actor_of, language_of, speak
from pendopo.identity import assurance, cookies
from pendopo.identity.actions import sessions as verbs
from pendopo.identity.client import flow, state
from pendopo.identity.client.registration import CLIENT_ID
from pendopo.identity.cookies import Cookie
from pendopo.identity.devices import describe
from pendopo.identity.errors import IdentityError, NoPost, SignInExpired, StrongerSignInNeeded
from pendopo.identity.middleware import presented_of
from pendopo.identity.pages.ways import home, landing, page, problem, safe_page, see_other
from pendopo.identity.policy import ABSOLUTE, REMEMBER
from pendopo.identity.provider import endpoints

HIGHEST = 3


@require_safe
@access(Audience.PUBLIC, reason="whoever signs in is not signed in yet")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Begin: ``next`` is the page to come back to, ``level`` and ``fresh`` are what that page asks."""
    wanted = safe_page(request.GET.get("next", ""))
    level, fresh = _level(request.GET.get("level", "")), "fresh" in request.GET
    session = presented_of(request).session
    if session is not None and not fresh:
        reached = assurance.level(session.subject.proofing, session.authentication)
        if reached >= level:
            return see_other(wanted or _landing_of(request, session.subject_id, session.post_id))
    pending = state.begin(wanted, level=level, language=language_of(request))
    response = see_other(flow.authorization_address(pending, fresh=fresh))
    state.keep(response, pending)
    return response


@require_safe
@access(Audience.PUBLIC, reason="the provider sends the browser here before there is a session")
def callback(request: HttpRequest) -> HttpResponse:
    """Finish: verify the provider's answer, open a session, go where the person wanted to be."""
    given = request.GET.get("state", "")
    pending = state.recall(request, given)
    if pending is not None:
        speak(request, pending.language)
    try:
        signed_in = flow.finish(request.GET.dict(), pending, device=_device(request))
    except flow.ComeAgainError:
        response = page(request, "busy.html", status=503)
        response["Refresh"] = "1"
        return response
    except IdentityError as error:
        return _failed(request, error, pending)
    token = verbs.open_session(signed_in, replaces=cookies.read(request, Cookie.HALL))
    rotate_token(request)
    posts = agencies.posts_of(signed_in.subject_id)
    wanted = pending.next if pending is not None else ""
    only = posts[0] if len(posts) == 1 else None
    response = see_other(wanted or landing(request, officer=bool(posts), post=only))
    cookies.put(response, Cookie.HALL, token, seconds=int((ABSOLUTE + REMEMBER).total_seconds()))
    state.forget(response, given)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PUBLIC, reason="signing out must work whether or not the session still lives")
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ask (GET) or do it (POST): end the hall's session, then the provider's."""
    session = presented_of(request).session
    if request.method != "POST":
        return page(request, "sign_out.html") if session else see_other(home(language_of(request)))
    query = {
        "client_id": CLIENT_ID,
        "post_logout_redirect_uri": endpoints.address(home(language_of(request))),
        "ui_locales": language_of(request),
    }
    if session is not None:
        query["id_token_hint"] = verbs.hint_of(session)
        verbs.end_session(session.id, actor=actor_of(request))
    response = see_other(f"{endpoints.address(endpoints.END_SESSION)}?{urlencode(query)}")
    cookies.drop(response, Cookie.HALL)
    cookies.drop(response, Cookie.PARKED)
    rotate_token(request)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@access(Audience.PERSON, assurance=2)
def choose_post(request: HttpRequest) -> HttpResponse:
    """Let an officer with several posts say in which one she works now."""
    actor, session = actor_of(request), presented_of(request).session
    posts = agencies.posts_of(actor.subject_id) if actor.subject_id else []
    if session is None or not posts:
        return problem(request, NoPost(), way_out=home(language_of(request)), action="home")
    wanted = safe_page(request.POST.get("next", "") or request.GET.get("next", ""))
    given = request.POST.get("post", "")
    chosen = next((post for post in posts if str(post.id) == given), None)
    if chosen is not None:
        verbs.choose_post(session.id, chosen.id, actor=actor)
        return see_other(wanted or landing(request, officer=True, post=chosen))
    bodies = {body.id: body for body in agencies.bodies()}
    lang = language_of(request)
    items = [(str(post.id), post.title(lang), bodies[post.body_id].name(lang)) for post in posts]
    data = {
        "items": items,
        "current": str(session.post_id or ""),
        "next": wanted,
        "missing": request.method == "POST",
    }
    return page(request, "choose_post.html", data, status=422 if data["missing"] else 200)


def _landing_of(request: HttpRequest, subject_id: UUID, post_id: UUID | None) -> str:
    """Return where a session that is there already leads."""
    chosen = next((post for post in agencies.posts_of(subject_id) if post.id == post_id), None)
    return landing(request, officer=chosen is not None, post=chosen)


def _failed(request: HttpRequest, error: IdentityError, pending: state.Pending | None) -> HttpResponse:
    session = presented_of(request).session
    if isinstance(error, SignInExpired) and session is not None:
        # The back button or a doubled tab: the sign-in that this answer belongs to is done.
        return see_other(_landing_of(request, session.subject_id, session.post_id))
    if isinstance(error, StrongerSignInNeeded):
        return problem(request, error, way_out=home(language_of(request)), action="home")
    again = reverse("identity:sign-in")
    if pending is not None:
        again = f"{again}?{urlencode({'next': pending.next, 'level': pending.level})}"
    return problem(request, error, way_out=again)


def _device(request: HttpRequest) -> str:
    return describe(request.headers.get("User-Agent", ""))


def _level(given: str) -> int:
    return min(int(given), HIGHEST) if given.isdecimal() and len(given) == 1 else 1
