"""Work on a session's agenda before it meets: change the plan, order, minutes and path of items, put one off.

Clerk and chair. Everything is said of items that the actor may know of: moving one past its neighbour means
the neighbour that they see, and an edition is made of what they see.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from pendopo.cabinet import errors, events, history, texts, visibility
from pendopo.cabinet.actions.sessions import (
    BEFORE_LOCK,
    LONGEST_MINUTES,
    Plan,
    held,
    planned,
    require_all_said,
    set_paths,
    write_plan,
)
from pendopo.cabinet.models import AgendaItem
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.values import DossierState, Happening, Path, Role, Scope, SessionState
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now

BEFORE_MEETING = BEFORE_LOCK | {SessionState.LOCKED}


class Way(StrEnum):
    """Where an item moves."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How long an item is planned to take, and how it is meant to go through the session.

    ``CONSENT`` means by the rule: without debate if nothing stands against it at the lock.
    """

    minutes: int
    path: Path


def replan(actor: Actor, session_id: UUID, wanted: Plan, *, edition: str | None = None) -> None:
    """Change when and where a session meets; the lock moves with it, and no item may be above the room.

    An item that the actor may not know of is not refused, which would tell of it: the consent rule has it
    debated in a room below its class.
    """
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        session = held(actor, session_id, BEFORE_LOCK, edition)
        before = session.lock_at
        write_plan(session, wanted)
        if session.state == SessionState.POSITIONS_OPEN and session.lock_at <= now():
            raise errors.DoesNotFit(field="planned_start")
        if session.state == SessionState.POSITIONS_OPEN and session.lock_at < before:
            require_all_said(standing, session)
        known = visibility.items(standing, session)
        if known.filter(dossier__classification__gt=session.room_ceiling).exists():
            raise errors.AboveTheRoom
        session.save()
        planned(actor, session)
        history.of_session(actor, session, Happening.REPLANNED)


def move(actor: Actor, item_id: UUID, way: Way, *, edition: str | None = None) -> None:
    """Change places with the neighbour above or below; at the end of the agenda nothing happens."""
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        item = visibility.item(standing, item_id)
        session = held(actor, item.session_id, BEFORE_LOCK, edition)
        items = list(visibility.items(standing, session))
        place = next(n for n, one in enumerate(items) if one.id == item_id)
        other = place - 1 if way is Way.UP else place + 1
        if not 0 <= other < len(items):
            return
        first, second = items[place], items[other]
        first.order, second.order = second.order, first.order
        AgendaItem.objects.bulk_update([first, second], ["order"])
        planned(actor, session)


def arrange(actor: Actor, item_id: UUID, wanted: Arrangement, *, edition: str | None = None) -> None:
    """Set an item's minutes and path. What the chair pulled for debate only the chair gives back."""
    standing = standing_of(actor)
    if not 0 < wanted.minutes <= LONGEST_MINUTES:
        raise errors.DoesNotFit(field="minutes")
    with transaction.atomic(durable=True):
        item = visibility.item(standing, item_id)
        session = held(actor, item.session_id, BEFORE_LOCK, edition)
        item.planned_minutes = wanted.minutes
        item.information_only = wanted.path is Path.INFORMATION
        if wanted.path is Path.DEBATE:
            if item.pulled_by_id is None:
                item.pulled_by_id, item.pulled_at = _leading_seat(standing, session.body_id), now()
                history.of_dossier(actor, item.dossier, Happening.PULLED, session=session.number)
        elif item.pulled_by_id is not None:
            standing.holding(item.pulled_by_id, Scope.POSITION)
            item.pulled_by_id = item.pulled_at = None
        item.save(
            update_fields=["planned_minutes", "information_only", "pulled_by", "pulled_at"],
        )
        planned(actor, session)


def defer(actor: Actor, item_id: UUID, reason: str, *, edition: str | None = None) -> None:
    """Put an item off before the session meets, for a reason that its readers see; it waits for another."""
    standing, said = standing_of(actor), texts.required(reason, "reason")
    with transaction.atomic(durable=True):
        item = visibility.item(standing, item_id)
        session = held(actor, item.session_id, BEFORE_MEETING, edition)
        item.removed_at = now()
        item.save(update_fields=["removed_at"])
        item.dossier.state = DossierState.DEFERRED
        item.dossier.save(update_fields=["state"])
        if session.state == SessionState.LOCKED:
            set_paths(session)
        audit(events.ITEM_DEFERRED, actor=actor, object_id=item.dossier_id, body_id=session.body.agency_id)
        history.of_dossier(actor, item.dossier, Happening.DEFERRED, session=session.number, reason=said)


def _leading_seat(standing: Standing, body_id: UUID) -> UUID:
    """Return the seat under which clerk or chair asks for a debate: the chair's if they hold it."""
    leads = {Role.CHAIR, Role.SECRETARY}
    seats = [one for one in standing.in_body(body_id) if one.role in leads and not one.deputy]
    return min(seats, key=lambda one: one.role is not Role.CHAIR).seat_id
