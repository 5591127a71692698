"""Send: store a message and let the carriers know, in the sender's transaction."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.outbox import emit
from pendopo.foundation.statements import insert
from pendopo.identity import api as identity
from pendopo.inbox.errors import UnknownTemplate
from pendopo.inbox.events import STORED, STORED_FOR_FORMER
from pendopo.inbox.models import Message
from pendopo.inbox.records import Link, Param, has_words
from pendopo.kernel.ids import uuid7

SENT = event_type("inbox.sent", "A message to a person was stored")


def send(
    subject_id: UUID,
    template: str,
    params: Mapping[str, Param],
    link: Link | None,
    key: str | None,
    *,
    security: bool = False,
) -> UUID:
    """Store the message once a key; see ``inbox.api.send``."""
    if not has_words(template):
        raise UnknownTemplate(template)
    name, arguments = link or ("", {})
    fresh = uuid7()
    content = {
        "id": fresh,
        "template": template,
        "params": dict(params),
        "link_name": name,
        "link_arguments": dict(arguments),
    }
    with transaction.atomic(savepoint=False):
        if key is None:  # nobody can have sent it before: no need to look, nor for a savepoint
            row, created = Message(subject_id=subject_id, key=str(fresh), **content), True
            insert(row)
        else:
            row, created = Message.objects.get_or_create(subject_id=subject_id, key=key, defaults=content)
        if created:
            audit(SENT, actor=SYSTEM, object_id=row.id, detail={"template": template})
            emit(STORED, {"message_id": str(row.id)})
            for former in identity.former_contacts(subject_id) if security else ():
                emit(STORED_FOR_FORMER, {"message_id": str(row.id), "former_id": str(former)})
    return row.id
