"""Where a page may send a browser, and how a failure is told with a way out."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from pendopo.agencies.api import Post
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.http import destination, has_destination, language_of, may_open
from pendopo.foundation.pages import PRIVATE, render
from pendopo.foundation.problems import sentence
from pendopo.foundation.settings import current
from pendopo.kernel.errors import PendopoError, TooManyRequests

ENGLISH = "/en"
SEE_OTHER = 303
_LONGEST = 2000
OFFICES = ("desk.work", "identity.counter", "maturity.home")
"""Pages where officers begin, those of most work first."""


def safe_page(given: str) -> str:
    r"""Return ``given`` when it is a page of this hall, else an empty string.

    A path only: no scheme, no host (also not in disguise, as ``//host`` or ``/\host``), no control sign.
    """
    if not given.startswith("/") or len(given) > _LONGEST or not given.isprintable():
        return ""
    return given if url_has_allowed_host_and_scheme(given, allowed_hosts=None) else ""


def home(language: str) -> str:
    """Return the front page in a language."""
    return f"{ENGLISH}/" if language == "en" and current().language != "en" else "/"


def in_language(path: str, *, english: bool) -> str:
    """Return the address of the same page in the other language, as the language prefix says it."""
    bare = path.removeprefix(ENGLISH) if path.startswith(ENGLISH + "/") else path
    return ENGLISH + bare if english and current().language != "en" else bare


def landing(request: HttpRequest, *, officer: bool, post: Post | None = None) -> str:
    """Return where a fresh sign-in without a page to return to leads.

    An officer comes to the first of the :data:`OFFICES` that the post may open; while none is chosen, to the
    first, which asks for the choice.
    """
    if not officer:
        wanted = "portal.cases"
    elif post is None:
        wanted = OFFICES[0]
    else:
        actor = Actor(ActorKind.OFFICER, permissions=post.permissions)
        wanted = next((name for name in OFFICES if may_open(actor, name)), OFFICES[0])
    return destination(wanted) if has_destination(wanted) else home(language_of(request))


def see_other(address: str) -> HttpResponse:
    """Redirect after a form was taken."""
    return HttpResponseRedirect(address, status=SEE_OTHER)


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page of this room; none of them is kept by caches, and none is a form's second reading."""
    response = render(request, f"identity/{template}", context, status=status)
    response["Cache-Control"] = PRIVATE
    return response


def problem(
    request: HttpRequest, error: PendopoError, *, way_out: str | None = None, action: str = "sign_in_again"
) -> HttpResponse:
    """Tell a failure in its own sentence with one button that leads on."""
    context = {
        "sentence": sentence(error, language_of(request)),
        "title_key": f"identity.problem.{action}.title",
        "action_key": f"identity.problem.{action}.action",
        "href": way_out or reverse("identity:sign-in"),
    }
    return told_when(page(request, "problem.html", context, status=error.status), error)


def told_when(response: HttpResponse, error: PendopoError) -> HttpResponse:
    """Say in the head of an answer, too, after how many seconds it makes sense to try again."""
    if isinstance(error, TooManyRequests):
        response["Retry-After"] = str(error.retry_after)
    return response
