"""Audit rows: each action writes exactly one, with a commitment for the ledger, in its own transaction."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pendopo.foundation import models
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now
from pendopo.foundation.commitments import JSON, Commitment, Content, new_commitment, register_content
from pendopo.foundation.logs import request_id
from pendopo.foundation.statements import together, write
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
    _insert(row, new_commitment(_record(row)))
    return row.id


@dataclass(frozen=True, slots=True)
class Written:
    """An audit row as it lies now: what it is about, and the content that should open its commitment."""

    object_id: UUID | None
    at: dt.datetime
    detail: Mapping[str, JSON]
    commitment_id: UUID
    content: Content


def written(event: str, object_ids: Sequence[UUID]) -> list[Written]:
    """Return the rows of one event about these things, oldest first. The caller checks who may read them."""
    rows = models.AuditRow.objects.filter(event=event, object_id__in=list(object_ids))
    return [
        Written(
            row.object_id,
            row.created_at,
            row.detail,
            row.commitment_id,
            Content(bytes(row.salt), _record(row)),
        )
        for row in rows.order_by("created_at", "id")
    ]


_COMMITMENT = "INSERT INTO foundation_commitment (id, created_at, kind, digest) VALUES (%s, %s, %s, %s)"
_ROW = """
    INSERT INTO foundation_auditrow (id, created_at, event, actor_kind, actor_id, body_id, object_id,
        request_id, detail, salt, commitment_id) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s)
"""


def _insert(row: models.AuditRow, made: Commitment) -> None:
    """Row and commitment in one statement, because every act of every room pays for it."""
    whose = (row.event, row.actor_kind, row.actor_id, row.body_id, row.object_id, row.request_id)
    what = (json.dumps(row.detail), made.salt, made.id)
    with together():
        write(_COMMITMENT, (made.id, now(), KIND, made.digest))
        write(_ROW, (row.id, row.created_at, *whose, *what))


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
