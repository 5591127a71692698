"""Take an upload in, and let go of one."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from pendopo.documents import contents, queries
from pendopo.documents.cleaning import clean
from pendopo.documents.errors import FileNotFound
from pendopo.documents.models import StoredFile as Row
from pendopo.documents.values import StoredFile
from pendopo.foundation import crypto
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.kernel.ids import uuid7

STORED = event_type("documents.file_stored", "An uploaded file was made harmless and kept")
DELETED = event_type("documents.file_deleted", "An uploaded file was removed")

UNKEPT = dt.timedelta(days=1)
"""How long an upload stays that no record took: long enough to see why a page could not be saved."""
BATCH = 200


def store(data: bytes, filename: str, *, owner_subject_id: UUID, purpose: str) -> StoredFile:
    """See ``documents.api.store_upload``."""
    cleaned = clean(data, filename)
    file_id = uuid7()
    row = Row.objects.create(
        id=file_id,
        owner_subject_id=owner_subject_id,
        purpose=purpose,
        sealed_filename=crypto.seal(cleaned.filename, context=queries.filename_context(file_id)),
        media_type=cleaned.media_type,
        size=len(cleaned.data),
        sha256=crypto.fingerprint(cleaned.data),
        content_id=contents.put(cleaned.data),
        erase_at=now() + UNKEPT,
    )
    audit(
        STORED,
        actor=SYSTEM,
        object_id=row.id,
        detail={"purpose": purpose, "media_type": row.media_type, "size": row.size},
    )
    return queries.stored(row)


def keep(file_id: UUID) -> None:
    """See ``documents.api.keep_file``. The row is held: a sweep that wants it waits, or was first."""
    if not Row.objects.filter(id=file_id).update(erase_at=None):
        raise FileNotFound


def erase_unkept() -> int:
    """Delete files that nobody kept in time, each in its own transaction; return how many went."""
    late = Row.objects.filter(erase_at__lte=now())
    return sum(_erase_if_unkept(file_id) for file_id in late.values_list("id", flat=True)[:BATCH])


def _erase_if_unkept(file_id: UUID) -> bool:
    with transaction.atomic():
        held = Row.objects.select_for_update(skip_locked=True)
        if not held.filter(id=file_id, erase_at__lte=now()).exists():
            return False
        delete(file_id)
    return True


def delete(file_id: UUID) -> None:
    """See ``documents.api.delete_file``; a file that is gone already is no error."""
    row = Row.objects.filter(id=file_id).first()
    if row is None:
        return
    contents.remove(row.content_id)
    row.delete()
    audit(DELETED, actor=SYSTEM, object_id=file_id)
