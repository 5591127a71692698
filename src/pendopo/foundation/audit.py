"""Audit rows: each action writes exactly one, with a commitment for the ledger, in its own transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pendopo.foundation import models
from pendopo.foundation.actor import Actor
from pendopo.foundation.commitments import JSON, Content, commit, register_content
from pendopo.foundation.logs import request_id
from pendopo.kernel.ids import uuid7

KIND = "audit"


@dataclass(frozen=True, slots=True)
class EventType:
    """An entry of the published catalogue of audit events."""

    name: str
    meaning: str


_catalogue: dict[str, EventType] = {}


class UndeclaredEventError(LookupError):
    """An action tried to write an audit event that the catalogue does not know."""


def event_type(name: str, meaning: str) -> str:
    """Declare an audit event (``room.happened``) with its meaning in English; returns the name."""
    known = _catalogue.setdefault(name, EventType(name, meaning))
    if known.meaning != meaning:
        raise UndeclaredEventError(name)
    return name


def catalogue() -> list[EventType]:
    """Return every declared event, by name."""
    return sorted(_catalogue.values(), key=lambda entry: entry.name)


def audit(
    event: str,
    *,
    actor: Actor,
    object_id: UUID | None = None,
    body_id: UUID | None = None,
    detail: Mapping[str, JSON] | None = None,
) -> UUID:
    """Write the row and its commitment in the caller's transaction; return the row's id.

    ``detail`` holds codes and counts, never personal data: this is not checked here but by a
    test of casework, which looks through every table after a whole walk.
    """
    if event not in _catalogue:
        raise UndeclaredEventError(event)
    row = models.AuditRow(
        id=uuid7(),
        event=event,
        actor_kind=actor.kind.value,
        actor_id=actor.subject_id,
        body_id=body_id or actor.body_id,
        object_id=object_id,
        request_id=request_id(),
        detail=dict(detail or {}),
    )
    commitment = commit(KIND, _record(row))
    row.salt, row.commitment_id = commitment.salt, commitment.id
    row.save(force_insert=True)
    return row.id


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _record(row: models.AuditRow) -> dict[str, JSON]:
    return {
        "id": str(row.id),
        "event": row.event,
        "at": row.created_at.isoformat(timespec="microseconds"),
        "actor_kind": row.actor_kind,
        "actor": _text(row.actor_id),
        "body": _text(row.body_id),
        "object": _text(row.object_id),
        "request": row.request_id,
        "detail": row.detail,
    }


def _read(ids: Sequence[UUID]) -> dict[UUID, Content]:
    rows = models.AuditRow.objects.filter(commitment_id__in=ids)
    return {row.commitment_id: Content(bytes(row.salt), _record(row)) for row in rows}


register_content(KIND, _read)
