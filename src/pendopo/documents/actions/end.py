"""End a document: revoke it, or let another take its place."""

from uuid import UUID

from pendopo.agencies import api as agencies
from pendopo.documents import queries
from pendopo.documents.errors import DocumentNotFound, NotInForce
from pendopo.documents.events import REVOKED_TOPIC
from pendopo.documents.models import IssuedDocument as Row
from pendopo.documents.values import IssuedDocument
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import emit
from pendopo.kernel.errors import Forbidden

REVOKE = "documents:document:revoke"
REVOKED = event_type("documents.revoked", "A document was revoked")
SUPERSEDED = event_type("documents.superseded", "A document was replaced by another")


def revoke(document_id: UUID, *, reason: str, actor: Actor) -> IssuedDocument:
    """See ``documents.api.revoke``."""
    row = _in_hand(document_id, actor)
    if row.state != Row.State.VALID:
        raise NotInForce
    _end(row, Row.State.REVOKED, reason)
    audit(REVOKED, actor=actor, object_id=row.id, detail={"reason": reason})
    emit(REVOKED_TOPIC, {"document_id": str(row.id)})
    return queries.issued(row)


def supersede(old_id: UUID, new_id: UUID, *, reason: str, actor: Actor) -> IssuedDocument:
    """See ``documents.api.supersede``."""
    row = _in_hand(old_id, actor)
    new = _in_hand(new_id, actor)
    if row.replaced_by_id == new.id:
        return queries.issued(row)
    if row.state != Row.State.VALID or new.state != Row.State.VALID or row.id == new.id:
        raise NotInForce
    row.replaced_by = new
    _end(row, Row.State.SUPERSEDED, reason)
    audit(SUPERSEDED, actor=actor, object_id=row.id, detail={"reason": reason, "by": str(new.id)})
    return queries.issued(row)


def _in_hand(document_id: UUID, actor: Actor) -> Row:
    """Lock the row for an actor who may end documents of its body."""
    row = Row.objects.select_for_update().filter(id=document_id).first()
    if row is None:
        raise DocumentNotFound
    if actor.kind is not ActorKind.SYSTEM:
        actor.require(REVOKE)
        if actor.body_id != agencies.body_by_code(row.body_code).id:
            raise Forbidden
    return row


def _end(row: Row, state: Row.State, reason: str) -> None:
    row.state, row.state_reason, row.state_changed_at = state, reason, now()
    row.save(update_fields=("state", "state_reason", "state_changed_at", "replaced_by"))
