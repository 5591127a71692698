"""The acts of the planning desk: what each button does, and what it is told to the reader afterwards."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest

from pendopo.cabinet.actions import planning, sessions
from pendopo.cabinet.actions.planning import Arrangement, Way
from pendopo.cabinet.errors import DoesNotFit
from pendopo.cabinet.pages.forms import uuid_of, whole
from pendopo.cabinet.values import Path
from pendopo.foundation.actor import Actor
from pendopo.foundation.http import actor_of

type OnItem = Callable[[Actor, UUID, HttpRequest, str], None]
type OnSession = Callable[[Actor, UUID, str], object]


def do(request: HttpRequest, session_id: UUID) -> dict[str, str]:
    """Do what the pressed button says; return what to show: ``done`` and, where one goes on, ``item``."""
    actor, seen = actor_of(request), str(request.POST.get("edition", ""))
    verb = str(request.POST.get("verb", ""))
    if verb in _ON_SESSION:
        done, act = _ON_SESSION[verb]
        act(actor, session_id, seen)
        return {"done": done}
    if verb in _ON_ITEM:
        done, change = _ON_ITEM[verb]
        item = uuid_of(request, "item")
        change(actor, item, request, seen)
        gone = {} if verb in _TAKES_OFF else {"item": str(item)}
        return {"done": done} | gone | ({"way": verb} if verb in set(Way) else {})
    if verb == "schedule":
        return {"done": "scheduled", "item": str(_schedule(actor, session_id, request, seen))}
    raise DoesNotFit(field="verb")


def _schedule(actor: Actor, session_id: UUID, request: HttpRequest, seen: str) -> UUID:
    return sessions.schedule(
        actor,
        session_id,
        uuid_of(request, "dossier"),
        minutes=_minutes(request),
        information_only=request.POST.get("path") == Path.INFORMATION.value,
        edition=seen,
    )


def _move(actor: Actor, item: UUID, request: HttpRequest, seen: str) -> None:
    planning.move(actor, item, Way(str(request.POST.get("verb"))), edition=seen)


def _arrange(actor: Actor, item: UUID, request: HttpRequest, seen: str) -> None:
    try:
        path = Path(str(request.POST.get("path", "")))
    except ValueError:
        raise DoesNotFit(field="path") from None
    planning.arrange(actor, item, Arrangement(_minutes(request), path), edition=seen)


def _defer(actor: Actor, item: UUID, request: HttpRequest, seen: str) -> None:
    planning.defer(actor, item, str(request.POST.get("reason", "")), edition=seen)


def _minutes(request: HttpRequest) -> int:
    text = str(request.POST.get("minutes", "")).strip()
    if not 0 < whole(text) <= sessions.LONGEST_MINUTES:
        raise DoesNotFit(field="minutes")
    return whole(text)


_ON_ITEM: dict[str, tuple[str, OnItem]] = {
    "up": ("moved", _move),
    "down": ("moved", _move),
    "arrange": ("arranged", _arrange),
    "unschedule": (
        "unscheduled",
        lambda actor, item, _, seen: sessions.unschedule(actor, item, edition=seen),
    ),
    "defer": ("deferred", _defer),
    "pull": ("pulled", lambda actor, item, _, __: sessions.pull(actor, item)),
}
_TAKES_OFF = frozenset({"unschedule", "defer"})
_ON_SESSION: dict[str, tuple[str, OnSession]] = {
    "publish": (
        "published",
        lambda actor, session_id, seen: sessions.publish_agenda(actor, session_id, edition=seen),
    ),
    "open": (
        "opened_positions",
        lambda actor, session_id, seen: sessions.open_positions(actor, session_id, edition=seen),
    ),
    "lock": ("locked", lambda actor, session_id, _: sessions.lock(actor, session_id)),
}
