"""Clerk and chair lead a session: one form a command, each with the place that the screen showed.

Both give the same commands; the chair's page shows fewer of them. Two who act at the same place: the first is
heard, the second is told to look again.
"""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from pendopo.cabinet.actions import session_live
from pendopo.cabinet.actions.live import Command
from pendopo.cabinet.errors import DoesNotFit
from pendopo.cabinet.live import commands
from pendopo.cabinet.pages.live_frame import answer, given, given_id, show
from pendopo.cabinet.pages.session import presence_of
from pendopo.cabinet.queries import live_screens
from pendopo.cabinet.records.live import Screen
from pendopo.cabinet.values import Outcome
from pendopo.foundation.http import Audience, access, actor_of, language_of

LONGEST_MINUTES = 480


@access(Audience.PERSON, assurance=2)
@require_http_methods(["GET", "POST"])
def clerk(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The clerk's console."""
    return _console(request, session_id, "clerk")


@access(Audience.PERSON, assurance=2)
@require_http_methods(["GET", "POST"])
def chair(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The chair's view: what is decided next, and little else."""
    return _console(request, session_id, "chair")


def _console(request: HttpRequest, session_id: UUID, kind: str) -> HttpResponse:
    def look() -> Screen:
        return live_screens.console(actor_of(request), session_id, language_of(request))

    if request.method == "POST":
        return answer(request, kind, session_id, lambda: _act(request, session_id), look)
    return show(request, kind, look())


def _act(request: HttpRequest, session_id: UUID) -> None:
    actor, verb = actor_of(request), given(request, "verb")
    seen = _number(request, "expected_seq")
    match verb:
        case "open_session":
            session_live.open_session(actor, session_id)
        case "attend":
            presence = presence_of(given(request, "presence"))
            session_live.attend(actor, session_id, given_id(request, "seat"), presence, expected_seq=seen)
        case "urgent":
            minutes = min(max(1, _number(request, "minutes")), LONGEST_MINUTES)
            session_live.add_urgent_item(
                actor, session_id, given_id(request, "dossier"), minutes=minutes, expected_seq=seen
            )
        case "emergency":
            session_live.invoke_emergency(actor, session_id, given(request, "ground"), expected_seq=seen)
        case _ if verb in _COMMANDS:
            session_live.lead(actor, session_id, _COMMANDS[verb](request), expected_seq=seen)
        case _:
            raise DoesNotFit(field="verb")


def _motion(request: HttpRequest) -> Command:
    return partial(
        commands.put_motion,
        poll=session_live.new_poll(),
        item=given(request, "item"),
        question=given(request, "question"),
    )


def _decide(request: HttpRequest) -> Command:
    try:
        outcome = Outcome(given(request, "outcome"))
    except ValueError:
        raise DoesNotFit(field="outcome") from None
    return partial(commands.decide, item=given(request, "item"), outcome=outcome, poll=given(request, "poll"))


_COMMANDS: dict[str, Callable[[HttpRequest], Command]] = {
    "open_item": lambda request: partial(commands.open_item, item=given(request, "item")),
    "close_item": lambda _: commands.close_item,
    "ask_floor": lambda request: partial(commands.ask_floor, seat=given(request, "seat")),
    "give_floor": lambda request: partial(commands.give_floor, seat=given(request, "seat")),
    "withdraw_floor": lambda request: partial(commands.withdraw_floor, seat=given(request, "seat")),
    "end_floor": lambda _: commands.end_floor,
    "motion": _motion,
    "close_poll": lambda request: partial(commands.close_poll, poll_id=given(request, "poll")),
    "break_tie": lambda request: partial(
        commands.break_tie,
        poll_id=given(request, "poll"),
        choice=session_live.choice_of(given(request, "choice")),
    ),
    "decide": _decide,
    "pull": lambda request: partial(commands.pull_item, item=given(request, "item"), seat=""),
    "consent": lambda request: partial(
        commands.adopt_by_consent, items=[str(one) for one in request.POST.getlist("items")]
    ),
    "take_chair": lambda request: partial(commands.take_chair, seat=given(request, "seat")),
    "adjourn": lambda _: commands.adjourn,
    "resume": lambda _: commands.resume,
    "close": lambda _: commands.close,
}


def _number(request: HttpRequest, name: str) -> int:
    text = given(request, name)
    if not text.isdecimal() or len(text) > 9:  # noqa: PLR2004  # more than any session has
        raise DoesNotFit(field=name)
    return int(text)
