"""Erase the content of an access record when its retention ends or an order says so."""

from uuid import UUID

from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.ledger.errors import EntryNotFoundError
from pendopo.ledger.models import AccessRecord

ERASED = event_type(
    "ledger.access_erased", "The content of an access record was erased; its place in the log stays"
)


def erase(entry_id: UUID, *, actor: Actor, ground: str) -> None:
    """Forget content, salt and statements; commitment, time and counters stay, and the act itself is logged.

    ``ground`` is a short code, such as ``retention``; it must hold no personal data.
    """
    row = AccessRecord.objects.select_for_update().filter(id=entry_id).first()
    if row is None:
        raise EntryNotFoundError
    if row.erased_at is not None:
        return
    row.salt, row.sealed_record, row.erased_at = None, None, now()
    row.save(update_fields=("salt", "sealed_record", "erased_at"))
    row.evidence.all().delete()
    audit(ERASED, actor=actor, object_id=row.id, detail={"ground": ground})
