"""Add events to a session: the only place where a session changes while it is live.

The session's row is locked, the state is folded (from a copy of this process, if it is a prefix), the command
decides, and the events are written with an audit row in the same transaction. ``NOTIFY cabinet_live`` wakes
the live server; it carries the session's id and the last place only.
"""

import threading
from collections.abc import Callable
from uuid import UUID

from django.db import connection, transaction

from pendopo.cabinet import errors, events, sealed
from pendopo.cabinet.live import events as ev
from pendopo.cabinet.live.commands import Stamp
from pendopo.cabinet.live.state import EMPTY, SessionState, apply, fold
from pendopo.cabinet.models import LiveEvent, Session
from pendopo.cabinet.values import Classification
from pendopo.foundation import crypto
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.kernel.ids import uuid7

CHANNEL = "cabinet_live"
KEPT_SESSIONS = 16

type Command = Callable[[SessionState, Stamp], tuple[ev.Event, ...]]

_states: dict[UUID, SessionState] = {}
_guard = threading.Lock()


def act(actor: Actor, session_id: UUID, command: Command, *, expected_seq: int | None = None) -> SessionState:
    """Run a command on a session in a transaction of its own and return the state after it."""
    with transaction.atomic(durable=True):
        return act_within(actor, session_id, command, expected_seq=expected_seq)


def act_within(
    actor: Actor, session_id: UUID, command: Command, *, expected_seq: int | None = None
) -> SessionState:
    """Run a command inside the caller's transaction. The caller has checked who acts for whom.

    ``expected_seq`` is what the caller's screen showed. ``OthersWereFaster`` is raised when somebody led the
    session on since then; people who arrive, vote or ask to speak meanwhile stop nobody, or in a full house
    the clerk could never close a vote. A command that adds nothing changes nothing and writes nothing.
    """
    rows = Session.objects.select_for_update(of=("self",)).select_related("body").defer("body__configuration")
    session = rows.filter(id=session_id).first()
    if session is None:
        raise errors.NoSuchSession
    state = state_of(session_id)
    if expected_seq is not None and not state.led <= expected_seq <= state.seq:
        raise errors.OthersWereFaster
    stamp = Stamp(now(), str(actor.subject_id or ""))
    added = command(state, stamp)
    if not added:
        return state
    return _write(actor, session, state, added)


def state_of(session_id: UUID) -> SessionState:
    """Return where a session is now, reading only the events that this process has not folded yet."""
    known = _states.get(session_id, EMPTY)
    rows = LiveEvent.objects.filter(session_id=session_id, seq__gt=known.seq).order_by("seq")
    state = fold((open_event(row) for row in rows), known)
    if not connection.in_atomic_block:  # inside one, rows may be ours and not yet committed
        _keep(session_id, state)
    return state


def open_event(row: LiveEvent) -> ev.Event:
    """Read a stored event."""
    return ev.parse(crypto.open_bytes(row.sealed_event, context=_context(row.id)))


def _write(actor: Actor, session: Session, state: SessionState, added: tuple[ev.Event, ...]) -> SessionState:
    rows = []
    for event in added:
        state = apply(state, event)
        row_id = uuid7()
        item = item_of(state, event)
        rows.append(
            LiveEvent(
                id=row_id,
                session=session,
                seq=state.seq,
                kind=event.kind,
                item_id=item.id if item else None,
                classification=item.classification if item else Classification.OPEN,
                sealed_event=crypto.seal(sealed.padded(ev.dump(event)), context=_context(row_id)),
            )
        )
    LiveEvent.objects.bulk_create(rows)
    kinds = [event.kind for event in added]
    audit(
        events.LIVE,
        actor=actor,
        object_id=session.id,
        body_id=session.body.agency_id,
        detail={"seq": state.seq, "kinds": kinds},
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{session.id} {state.seq}"])
    after = state
    transaction.on_commit(lambda: _keep(session.id, after))
    return state


def item_of(state: SessionState, event: ev.Event) -> ev.Item | None:
    """Return the item that an event is about, None when it is about the session as a whole."""
    match event:
        case ev.ItemAdded(item=item):
            return item
        case ev.ItemPulled(item=item_id) | ev.DocumentsChanged(item=item_id) | ev.ItemOpened(item=item_id):
            return state.items[item_id]
        case ev.ItemClosed(item=item_id) | ev.Decided(item=item_id) | ev.MotionPut(item=item_id):
            return state.items[item_id]
        case ev.BallotCast(poll=poll) | ev.PollClosed(poll=poll) | ev.TieBroken(poll=poll):
            return state.items[state.polls[poll].item]
        case _:
            return None


def _keep(session_id: UUID, state: SessionState) -> None:
    """Remember a committed state; an older one never replaces a newer."""
    with _guard:
        if _states.get(session_id, EMPTY).seq < state.seq:
            _states.pop(session_id, None)
            _states[session_id] = state
        while len(_states) > KEPT_SESSIONS:
            _states.pop(next(iter(_states)))


def _context(row_id: UUID) -> str:
    return f"cabinet.live_event.event:{row_id}"
