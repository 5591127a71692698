"""The chair's, the clerk's and the members' hand in a live session: who may give which command.

Clerk and chair lead; a member acts for the seats held, a deputy within the scopes given. The rules of the
session itself are ``live.commands``; the order of everything is the order of its events.
"""

from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from pendopo.cabinet import agenda, errors, events, visibility
from pendopo.cabinet.actions.live import Command, act, act_within
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.live import commands
from pendopo.cabinet.live import events as ev
from pendopo.cabinet.live.state import SessionState as LiveState
from pendopo.cabinet.models import AgendaItem, Dossier, Mandate, Seat, Session
from pendopo.cabinet.standing import Holding, standing_of
from pendopo.cabinet.values import (
    COUNTED,
    Choice,
    Classification,
    DossierState,
    Outcome,
    Path,
    Presence,
    Role,
    Scope,
    SessionState,
    Stance,
)
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.commitments import JSON
from pendopo.foundation.outbox import emit
from pendopo.kernel.ids import uuid7

_AFTER = {
    Outcome.ADOPTED: DossierState.DECIDED,
    Outcome.REJECTED: DossierState.DECIDED,
    Outcome.NOTED: DossierState.DECIDED,
    Outcome.DEFERRED: DossierState.DEFERRED,
    Outcome.RETURNED: DossierState.RETURNED,
}


def open_session(actor: Actor, session_id: UUID) -> LiveState:
    """Open a locked session; rules, agenda, recusals and announced speakers are pinned as they are now."""
    with transaction.atomic(durable=True):
        session = _led(actor, session_id)
        if session.state != SessionState.LOCKED:
            raise errors.StateDoesNotAllow
        configuration = BodyConfiguration.model_validate(session.body.configuration)
        seats = list(session.body.seats.order_by("order"))
        items = [_item(planned, seats) for planned in agenda.plan(session)]
        session.state = SessionState.LIVE
        session.save(update_fields=["state"])
        opening = partial(commands.open_session, rules=_rules(configuration), items=items)
        return act_within(actor, session_id, opening)


def attend(
    actor: Actor, session_id: UUID, seat_id: UUID, presence: Presence, *, expected_seq: int | None = None
) -> LiveState:
    """Take part for a seat, or leave. The clerk may note anybody in the room."""
    session = visibility.session(standing_of(actor), session_id)
    seat, mine = _seat_or_clerk(actor, session, seat_id, Scope.SPEAK)
    if presence is Presence.REMOTE and not session.remote_allowed:
        raise errors.StateDoesNotAllow
    sitter = actor.subject_id if mine else _holder(seat_id)
    command = partial(
        commands.attend,
        seat=seat,
        presence=presence,
        deputy=mine is not None and mine.deputy,
        sitter=str(sitter or ""),
    )
    return act(actor, session_id, command, expected_seq=expected_seq)


def lead(actor: Actor, session_id: UUID, command: Command, *, expected_seq: int | None = None) -> LiveState:
    """Give one of the commands of ``live.commands`` as chair or clerk, for example ``open_item``."""
    with transaction.atomic(durable=True):
        session = _led(actor, session_id)
        state = act_within(actor, session_id, command, expected_seq=expected_seq)
        _follow(actor, session, state)
    return state


def add_urgent_item(
    actor: Actor, session_id: UUID, dossier_id: UUID, *, minutes: int = 10, expected_seq: int | None = None
) -> LiveState:
    """Put a submitted dossier on the running agenda; it is debated, since nobody could prepare for it."""
    with transaction.atomic(durable=True):
        session = _led(actor, session_id)
        dossier = visibility.dossier(standing_of(actor), dossier_id, for_update=True)
        if dossier.body_id != session.body_id or dossier.state not in {
            DossierState.SUBMITTED,
            DossierState.DEFERRED,
        }:
            raise errors.StateDoesNotAllow
        if dossier.classification > session.room_ceiling:
            raise errors.AboveTheRoom
        last = session.items.order_by("-order").values_list("order", flat=True).first() or 0
        row = AgendaItem.objects.create(
            session=session,
            dossier=dossier,
            order=last + 1,
            planned_minutes=minutes,
            urgent=True,
            path=Path.DEBATE,
        )
        dossier.state = DossierState.DEBATE
        dossier.save(update_fields=["state"])
        item = ev.Item(
            id=str(row.id),
            order=row.order,
            path=Path.DEBATE,
            docset_hash=dossier.docset_hash,
            planned_minutes=minutes,
            classification=Classification(dossier.classification),
            barred=_barred(dossier, session.body.seats.order_by("order")),
        )
        adding = partial(commands.add_item, item=item)
        return act_within(actor, session_id, adding, expected_seq=expected_seq)


def pull(actor: Actor, session_id: UUID, item_id: UUID, seat_id: UUID) -> LiveState:
    """Take an item out of the bundle: any counted member present may, that is what consent means."""
    standing = standing_of(actor)
    seat = standing.holding(seat_id, Scope.SPEAK)
    item = visibility.item(standing, item_id)
    if item.session_id != session_id or seat.body_id != item.session.body_id:
        raise errors.NoSuchItem
    if not seat.counts or not visibility.knows(seat, seat.seat_id, item.dossier):
        raise errors.NotEntitled
    return act(actor, session_id, partial(commands.pull_item, item=str(item_id), seat=seat.code))


def invoke_emergency(
    actor: Actor, session_id: UUID, ground: str, *, expected_seq: int | None = None
) -> LiveState:
    """Put the emergency quorum in force, on a ground that the body's text knows."""
    session = visibility.session(standing_of(actor), session_id)
    known = BodyConfiguration.model_validate(session.body.configuration).quorum.emergency_grounds
    if ground not in known:
        raise errors.DoesNotFit(field="ground")
    command = partial(commands.invoke_emergency, ground=ground)
    return lead(actor, session_id, command, expected_seq=expected_seq)


def ask_floor(actor: Actor, session_id: UUID, seat_id: UUID, *, point_of_order: bool = False) -> LiveState:
    """Ask to speak for a seat."""
    session = visibility.session(standing_of(actor), session_id)
    seat, _ = _seat_or_clerk(actor, session, seat_id, Scope.SPEAK)
    return act(actor, session_id, partial(commands.ask_floor, seat=seat, point_of_order=point_of_order))


def withdraw_floor(actor: Actor, session_id: UUID, seat_id: UUID) -> LiveState:
    """No longer ask to speak."""
    session = visibility.session(standing_of(actor), session_id)
    seat, _ = _seat_or_clerk(actor, session, seat_id, Scope.SPEAK)
    return act(actor, session_id, partial(commands.withdraw_floor, seat=seat))


def new_poll() -> str:
    """Return the id of a vote about to be put."""
    return str(uuid7())


def choice_of(text: str) -> Choice:
    """Read a choice from a form; raise ``DoesNotFit``."""
    try:
        return Choice(text)
    except ValueError:
        raise errors.DoesNotFit(field="choice") from None


def _counted(state: LiveState, poll_id: str) -> dict[str, JSON]:
    """Return the vote that a decision rests on, so that the log holds its count."""
    poll = state.polls.get(poll_id)
    if poll is None or poll.counted is None:
        return {}
    return {"poll": poll_id, "tally": asdict(poll.counted)}


def _led(actor: Actor, session_id: UUID) -> Session:
    standing = standing_of(actor)
    visibility.session(standing, session_id)
    row = Session.objects.select_for_update(of=("self",)).select_related("body").get(id=session_id)
    standing.require_clerk(row.body_id)
    return row


def _seat_or_clerk(actor: Actor, session: Session, seat_id: UUID, scope: Scope) -> tuple[str, Holding | None]:
    """Return a seat's code and how the actor holds it; None for clerk and chair, who act for anybody."""
    standing = standing_of(actor)
    try:
        one: Holding = standing.holding(seat_id, scope)
    except errors.NotYourSeat:
        standing.require_clerk(session.body_id)
        seat = session.body.seats.filter(id=seat_id).first()
        if seat is None:
            raise
        return seat.code, None
    if one.body_id != session.body_id:
        raise errors.NotYourSeat
    return one.code, one


def _holder(seat_id: UUID) -> UUID | None:
    """Return who holds a seat: whom the clerk sees when the seat is said to be there."""
    moment = now()
    runs = Q(starts_at__lte=moment) & (Q(ends_at=None) | Q(ends_at__gt=moment))
    return Mandate.objects.filter(runs, seat_id=seat_id).values_list("subject_id", flat=True).first()


def _rules(configuration: BodyConfiguration) -> ev.Rules:
    quorum = configuration.quorum
    return ev.Rules(
        mode=configuration.decision_mode,
        tie=configuration.tie,
        basis=configuration.basis,
        qualified=configuration.qualified,
        quorum_share=quorum.share,
        quorum_more_than=quorum.more_than,
        chair_required=quorum.chair_required,
        emergency_members=quorum.emergency_members,
        second_vote_for_deputies=configuration.second_vote_for_deputies,
        chair=next(seat.code for seat in configuration.seats if seat.role is Role.CHAIR),
        counted=tuple(seat.code for seat in configuration.seats if seat.role in COUNTED),
        speakers=tuple(seat.code for seat in configuration.seats if seat.role is Role.SPEAKER),
    )


def _barred(dossier: Dossier, seats: Iterable[Seat]) -> tuple[str, ...]:
    """Return the seats that may not know of a matter: they are asked nothing and counted in no vote on it."""
    return tuple(seat.code for seat in seats if not visibility.knows(seat, seat.id, dossier))


def _item(planned: agenda.Planned, seats: Iterable[Seat]) -> ev.Item:
    fresh = {
        seat: stated
        for seat, stated in planned.matter.positions.items()
        if stated.docset_hash == planned.matter.docset_hash
    }
    return ev.Item(
        id=str(planned.item.id),
        order=planned.item.order,
        path=planned.path,
        docset_hash=planned.matter.docset_hash,
        planned_minutes=planned.item.planned_minutes,
        classification=planned.matter.classification,
        recused=tuple(seat for seat, stated in fresh.items() if stated.stance is Stance.RECUSED),
        wants_to_speak=tuple(seat for seat, stated in fresh.items() if stated.wants_to_speak),
        barred=_barred(planned.item.dossier, seats),
    )


def _follow(actor: Actor, session: Session, state: LiveState) -> None:
    """Let the rows follow what the session disposed of, and end the session when it was closed."""
    done = dict(state.disposed)
    for dossier in Dossier.objects.filter(
        items__session=session,
        items__id__in=list(done),
        state__in=(DossierState.CONSENT, DossierState.DEBATE),
    ).distinct():
        item = next(row for row in dossier.items.all() if str(row.id) in done)
        disposed = done[str(item.id)]
        dossier.state = _AFTER[disposed.outcome]
        dossier.decided_at = disposed.at
        dossier.save(update_fields=["state", "decided_at"])
        audit(
            events.DECIDED,
            actor=actor,
            object_id=item.id,
            body_id=session.body.agency_id,
            detail={
                "outcome": disposed.outcome.value,
                "papers": disposed.docset_hash,
                **_counted(state, disposed.poll),
            },
        )
    if state.closed_at is not None and session.state == SessionState.LIVE:
        session.state = SessionState.CLOSED
        session.save(update_fields=["state"])
        Dossier.objects.filter(
            items__session=session, state__in=(DossierState.CONSENT, DossierState.DEBATE)
        ).update(state=DossierState.DEFERRED)
        emit(events.SESSION_CLOSED_TOPIC, {"session_id": str(session.id)})
