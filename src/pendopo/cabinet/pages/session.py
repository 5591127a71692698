"""A member in a live session: attend, ask to speak, vote; and the ticket for the stream."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pendopo.cabinet import tickets
from pendopo.cabinet.actions import ballots, session_live
from pendopo.cabinet.errors import DoesNotFit
from pendopo.cabinet.pages.live_frame import answer, given, given_id, show
from pendopo.cabinet.queries import live_screens
from pendopo.cabinet.records.live import Screen
from pendopo.cabinet.values import Presence
from pendopo.foundation.http import Audience, access, actor_of, language_of
from pendopo.foundation.limits import rate_limit
from pendopo.foundation.settings import current

KIND = "member"


@access(Audience.PERSON, assurance=2)
@require_http_methods(["GET", "POST"])
def live(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Show the session; take attendance, requests to speak and objections to the bundle."""
    if request.method == "POST":
        return _answer(request, session_id, _act)
    return show(request, KIND, _look(request, session_id))


@access(Audience.PERSON, assurance=2)
@require_POST
def ballot(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Cast a ballot, signed if the form carries a passkey's answer."""
    return _answer(request, session_id, _cast)


@access(Audience.PERSON, assurance=2)
@require_POST
def ballot_options(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Return what the browser needs to sign this ballot with a passkey."""
    options = ballots.begin(
        actor_of(request),
        session_id,
        str(given_id(request, "poll")),
        given_id(request, "seat"),
        session_live.choice_of(given(request, "choice")),
    )
    return HttpResponse(options, content_type="application/json", headers={"Cache-Control": "no-store"})


@access(Audience.PERSON, assurance=2)
@require_GET
def ticket(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Return the address of the session's stream with a ticket that is good for a minute."""
    try:
        screen = tickets.Screen(str(request.GET.get("screen", tickets.Screen.OWN)))
    except ValueError:
        raise DoesNotFit(field="screen") from None
    actor = actor_of(request)
    body_id, standing = live_screens.follow(actor, session_id, screen)
    sealed = tickets.issue(
        session_id, body_id, standing, language_of(request), screen, sign_in=actor.session_id
    )
    address = f"{current().live_url or ''}/live/stream?ticket={sealed}"
    return JsonResponse({"url": address}, headers={"Cache-Control": "no-store"})


def _answer(request: HttpRequest, session_id: UUID, act: Callable[[HttpRequest, UUID], None]) -> HttpResponse:
    # Every form is an event on every screen; a script in one window must not be a noise in all of them.
    rate_limit("cabinet.live", key=str(actor_of(request).subject_id), limit=60, seconds=60)
    return answer(
        request,
        KIND,
        session_id,
        lambda: act(request, session_id),
        lambda: _look(request, session_id),
    )


def _look(request: HttpRequest, session_id: UUID) -> Screen:
    return live_screens.own(actor_of(request), session_id, language_of(request))


def _act(request: HttpRequest, session_id: UUID) -> None:
    actor, verb = actor_of(request), given(request, "verb")
    seat_id = given_id(request, "seat")
    match verb:
        case "attend":
            session_live.attend(actor, session_id, seat_id, presence_of(given(request, "presence")))
        case "ask" | "order":
            session_live.ask_floor(actor, session_id, seat_id, point_of_order=verb == "order")
        case "withdraw":
            session_live.withdraw_floor(actor, session_id, seat_id)
        case "pull":
            session_live.pull(actor, session_id, given_id(request, "item"), seat_id)
        case _:
            raise DoesNotFit(field="verb")


def _cast(request: HttpRequest, session_id: UUID) -> None:
    ballots.cast(
        actor_of(request),
        session_id,
        str(given_id(request, "poll")),
        seat_id=given_id(request, "seat"),
        choice=session_live.choice_of(given(request, "choice")),
        docset_hash=given(request, "papers"),
        answer=given(request, "answer") or None,
    )


def presence_of(text: str) -> Presence:
    """Read a presence from a form; raise ``DoesNotFit``."""
    try:
        return Presence(text)
    except ValueError:
        raise DoesNotFit(field="presence") from None
