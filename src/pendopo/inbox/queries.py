"""Reading messages. Every query starts from :func:`of_person`."""

from uuid import UUID

from django.db.models import QuerySet

from pendopo.inbox.errors import MessageNotFound
from pendopo.inbox.models import Message


def of_person(subject_id: UUID) -> QuerySet[Message]:
    """Return what one person may see and nothing of others."""
    return Message.objects.filter(subject_id=subject_id)


def page(subject_id: UUID, *, before: UUID | None, limit: int) -> list[Message]:
    """Return messages, newest first, older than ``before`` (ids are UUIDv7, so they sort by time)."""
    rows = of_person(subject_id).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows[:limit])


def one(subject_id: UUID, message_id: UUID) -> Message:
    """Return one message of the person; another person's is not found."""
    row = of_person(subject_id).filter(id=message_id).first()
    if row is None:
        raise MessageNotFound
    return row


def unread_count(subject_id: UUID) -> int:
    """Count what the person has not opened."""
    return of_person(subject_id).filter(read_at=None).count()
