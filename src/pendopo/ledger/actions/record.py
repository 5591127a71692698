"""Write an access record."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from pendopo.foundation import crypto
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now
from pendopo.foundation.commitments import commit
from pendopo.foundation.database import lock
from pendopo.kernel.ids import uuid7
from pendopo.ledger import checkpoints, counters, hiding
from pendopo.ledger.contents import context, record_of
from pendopo.ledger.entries import KIND, AccessEntry, Likeness, likeness_of
from pendopo.ledger.errors import NobodyConcernedError
from pendopo.ledger.models import AccessEvidence, AccessRecord, AccessSubject
from pendopo_wire import canonical


def record_access(entry: AccessEntry) -> UUID:
    """Insert the record, its commitment and its subjects; the same message id again only adds evidence.

    A side whose statement differs from the first one gets an entry of its own beside it, so that nobody whom
    either side names is left without one. Joins the caller's transaction. The statement's signature was
    checked by whoever pulled it from the gateway.
    """
    if not entry.subjects:
        raise NobodyConcernedError
    lock(f"ledger:access:{entry.message_id}")
    row = AccessRecord.objects.filter(message_id=entry.message_id).first()
    if row is None:
        row = _insert(entry)
        _keep_statement(row, entry, agrees=True)
    else:
        _add_statement(row, entry)
    return row.id


def _add_statement(row: AccessRecord, entry: AccessEntry) -> None:
    known = record_of(row)
    if known is None or not entry.statement or row.evidence.filter(side=entry.side).exists():
        return
    likeness = likeness_of(known, entry)
    if likeness is not Likeness.LOST_ANSWER:
        _keep_statement(row, entry, agrees=likeness is Likeness.SAME)
    if likeness is not Likeness.SAME:
        own = replace(entry, message_id=f"{entry.message_id}#{entry.side}")
        if not AccessRecord.objects.filter(message_id=own.message_id).exists():
            _keep_statement(_insert(own), own, agrees=likeness is Likeness.LOST_ANSWER)


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
    stored = hiding.salted(entry.record(entry_id))
    commitment = commit(KIND, hiding.committed(stored))
    row = AccessRecord.objects.create(
        id=entry_id,
        message_id=entry.message_id,
        at=entry.at,
        commitment_id=commitment.id,
        salt=commitment.salt,
        sealed_record=crypto.seal(canonical.dumps(stored), context=context(entry_id)),
    )
    keys = {counters.key_of(checkpoints.origin(), pseudonym) for pseudonym in entry.subjects}
    AccessSubject.objects.bulk_create(AccessSubject(entry=row, key=key, at=entry.at) for key in keys)
    return row


def _keep_statement(row: AccessRecord, entry: AccessEntry, *, agrees: bool) -> None:
    if not entry.statement:
        return
    statement_id = uuid7()
    context_of = f"ledger.accessevidence.sealed_statement:{statement_id}"
    AccessEvidence.objects.create(
        id=statement_id,
        entry=row,
        side=entry.side,
        sealed_statement=crypto.seal(entry.statement, context=context_of),
        agrees=agrees,
    )
