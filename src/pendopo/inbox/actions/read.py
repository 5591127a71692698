"""Read: a person opened a message."""

from uuid import UUID

from django.db import transaction

from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.inbox import queries
from pendopo.inbox.errors import MessageNotFound
from pendopo.inbox.models import Message

READ = event_type("inbox.read", "A person opened a message")


def mark_read(actor: Actor, message_id: UUID) -> Message:
    """Return the message and note the first time that it was opened; other people's are not found."""
    if actor.subject_id is None:
        raise MessageNotFound
    with transaction.atomic():
        row = queries.one(actor.subject_id, message_id)
        if row.read_at is None:
            moment = now()
            changed = (
                queries.of_person(actor.subject_id).filter(id=row.id, read_at=None).update(read_at=moment)
            )
            row.read_at = moment
            if changed:
                audit(READ, actor=actor, object_id=row.id)
    return row
