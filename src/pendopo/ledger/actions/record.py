"""Write an access record."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from pendopo.foundation import crypto
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now
from pendopo.foundation.commitments import JSON, commit
from pendopo.foundation.database import lock
from pendopo.kernel.ids import uuid7
from pendopo.ledger import checkpoints, counters
from pendopo.ledger.contents import context, record_of
from pendopo.ledger.entries import KIND, AccessEntry, same_agreed
from pendopo.ledger.errors import NobodyConcernedError
from pendopo.ledger.models import AccessEvidence, AccessRecord, AccessSubject
from pendopo_wire import canonical


def record_access(entry: AccessEntry) -> UUID:
    """Insert the record, its commitment and its subjects; the same message id again only adds evidence.

    Joins the caller's transaction. The statement's signature was checked by whoever pulled it from the
    gateway.
    """
    if not entry.subjects:
        raise NobodyConcernedError
    lock(f"ledger:access:{entry.message_id}")
    row = AccessRecord.objects.filter(message_id=entry.message_id).first()
    if row is None:
        row = _insert(entry)
    if entry.statement:
        _keep_statement(row, entry)
    return row.id


def record_look(
    actor: Actor,
    *,
    subjects: Sequence[str],
    purpose: str,
    legal_basis: str,
    fields: Sequence[str],
    issue: str | None = None,
) -> UUID:
    """Record that an action of this hall showed somebody's data to ``actor``."""
    return record_access(
        AccessEntry(
            message_id=f"look:{uuid7()}",
            at=now(),
            subjects=tuple(subjects),
            purpose=purpose,
            legal_basis=legal_basis,
            fields=tuple(fields),
            user=None if actor.subject_id is None else str(actor.subject_id),
            issue=issue,
            body_id=actor.body_id,
            post_id=actor.post_id,
        )
    )


def _insert(entry: AccessEntry) -> AccessRecord:
    entry_id = uuid7()
    record = entry.record(entry_id)
    commitment = commit(KIND, record)
    row = AccessRecord.objects.create(
        id=entry_id,
        message_id=entry.message_id,
        at=entry.at,
        commitment_id=commitment.id,
        salt=commitment.salt,
        sealed_record=crypto.seal(canonical.dumps(record), context=context(entry_id)),
    )
    keys = {counters.key_of(checkpoints.origin(), pseudonym) for pseudonym in entry.subjects}
    AccessSubject.objects.bulk_create(AccessSubject(entry=row, key=key, at=entry.at) for key in keys)
    return row


def _keep_statement(row: AccessRecord, entry: AccessEntry) -> None:
    if row.erased_at is not None or AccessEvidence.objects.filter(entry=row, side=entry.side).exists():
        return
    statement_id = uuid7()
    AccessEvidence.objects.create(
        id=statement_id,
        entry=row,
        side=entry.side,
        sealed_statement=crypto.seal(
            entry.statement, context=f"ledger.accessevidence.sealed_statement:{statement_id}"
        ),
        agrees=same_agreed(_known(row), entry),
    )


def _known(row: AccessRecord) -> Mapping[str, JSON]:
    return record_of(row) or {}
