"""Writing and reading the lines of a case's timeline."""

from pendopo.casework import sealed
from pendopo.casework.models import Case, Event
from pendopo.casework.records import Moment
from pendopo.casework.states import EventKind
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.clock import now
from pendopo.foundation.statements import insert
from pendopo.kernel.ids import uuid7

NOTE = "event.note"


def write(case: Case, kind: EventKind, actor: Actor, *, note: str = "") -> Event:
    """Add a line in the caller's transaction; ``note`` is sealed."""
    row = Event(
        id=uuid7(),
        case=case,
        at=now(),
        kind=kind,
        actor_kind=actor.kind.value,
        actor_id=actor.subject_id,
        post_id=actor.post_id,
    )
    if note:
        row.note = sealed.seal(note, column=NOTE, row=row.id)
    insert(row)
    return row


def read(case: Case, *, with_notes: bool) -> tuple[Moment, ...]:
    """Return the lines in order. Notes are opened only for the two sides of the case."""
    rows = Event.objects.filter(case=case).order_by("at", "id")
    return tuple(_moment(row, with_notes=with_notes) for row in rows)


def _moment(row: Event, *, with_notes: bool) -> Moment:
    note = ""
    if with_notes and row.note is not None:
        note = sealed.open_text(row.note, column=NOTE, row=row.id)
    return Moment(
        at=row.at,
        kind=EventKind(row.kind),
        by_officer=row.actor_kind == ActorKind.OFFICER,
        actor_id=row.actor_id if with_notes else None,
        post_id=row.post_id if with_notes else None,
        note=note,
    )
