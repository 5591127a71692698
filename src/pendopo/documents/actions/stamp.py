"""Add the time stamp to documents that are issued already: later, and without holding anybody up."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from pendopo.documents import contents, queries, stamping
from pendopo.documents.models import EarlierFile
from pendopo.documents.models import IssuedDocument as Row
from pendopo.documents.stamping import Stamped
from pendopo.foundation import crypto
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.logs import get
from pendopo.foundation.timestamps import TimestampUnavailable

STAMPED = event_type("documents.stamped", "A time stamp was added to a sealed document")
BATCH = 50
log = get(__name__)


def stamp_waiting(issued_before: dt.datetime) -> int:
    """Stamp what waits; return how many were stamped. Raises ``TimestampUnavailable`` at the first silence.

    A document that cannot be stamped for another reason is told in the log and does not hold up the others.
    """
    done, after = 0, None
    while waiting := queries.unstamped(issued_before, after, BATCH):
        for document_id in waiting:
            done += _tried(document_id)
        after = waiting[-1]
    return done


def _tried(document_id: UUID) -> bool:
    try:
        return stamp(document_id)
    except TimestampUnavailable:
        raise
    except Exception:  # one broken file must not stop the others
        log.exception("documents_stamp_failed", document_id=str(document_id))
        return False


def stamp(document_id: UUID) -> bool:
    """Stamp one document; ``False`` when it is gone or stamped already. The authority is asked outside.

    The file that was there before stays genuine: its fingerprint is kept, and its bytes are the beginning of
    the new one.
    """
    before = Row.objects.filter(id=document_id, stamped_at=None).first()
    if before is None:
        return False
    stamped = stamping.stamp(contents.get(before.content_id))
    with transaction.atomic():
        row = Row.objects.select_for_update().filter(id=document_id, content_id=before.content_id).first()
        if row is None:
            return False
        _replace(row, stamped)
    return True


def _replace(row: Row, stamped: Stamped) -> None:
    EarlierFile.objects.create(document=row, sha256=row.sha256)
    contents.remove(row.content_id)
    row.content_id = contents.put(stamped.pdf)
    row.sha256, row.size = crypto.fingerprint(stamped.pdf), len(stamped.pdf)
    row.seal_level, row.stamped_at = stamped.level, stamped.at
    row.save(update_fields=("content_id", "sha256", "size", "seal_level", "stamped_at"))
    detail = {"sha256": bytes(row.sha256).hex(), "level": row.seal_level}
    audit(STAMPED, actor=SYSTEM, object_id=row.id, detail=detail)
