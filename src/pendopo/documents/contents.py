"""Encrypted bytes in the database.

They stand in PostgreSQL and not in a folder: one transaction, one backup, one erasure, and nothing to
reconcile after a crash. Files are at most 10 MB; a bucket store can take this module's place when that stops
being true.
"""

from uuid import UUID

from pendopo.documents.models import Content
from pendopo.foundation import crypto
from pendopo.kernel.ids import uuid7


def put(data: bytes) -> UUID:
    """Encrypt and keep bytes; return their id."""
    content_id = uuid7()
    Content.objects.create(id=content_id, sealed=crypto.seal(data, context=_context(content_id)))
    return content_id


def get(content_id: UUID) -> bytes:
    """Return the bytes again."""
    return crypto.open_bytes(Content.objects.get(id=content_id).sealed, context=_context(content_id))


def remove(content_id: UUID) -> None:
    """Forget the bytes."""
    Content.objects.filter(id=content_id).delete()


def _context(content_id: UUID) -> str:
    return f"documents.content.sealed:{content_id}"
