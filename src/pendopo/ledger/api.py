"""The door of ``ledger``: access records in, a person's list and proofs out, and the verifier."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from django.db import transaction

from pendopo.foundation.actor import Actor
from pendopo.foundation.commitments import Content
from pendopo.ledger import checkpoints, queries
from pendopo.ledger.actions import erase as _erase
from pendopo.ledger.actions import record as _record
from pendopo.ledger.actions.sequence import sequence
from pendopo.ledger.checkpoints import Head
from pendopo.ledger.entries import AccessEntry, AccessView, Side
from pendopo.ledger.errors import (
    CheckpointRefusedError,
    EntryNotFoundError,
    LedgerError,
    LogBrokenError,
    NobodyConcernedError,
    NotSequencedError,
)
from pendopo.ledger.proofs import ConsistencyProof, CounterProof, EntryProof
from pendopo.ledger.verification import Finding, VerificationReport
from pendopo.ledger.verification import verify as _verify

__all__ = (
    "AccessEntry",
    "AccessView",
    "CheckpointRefusedError",
    "ConsistencyProof",
    "CounterProof",
    "EntryNotFoundError",
    "EntryProof",
    "Finding",
    "Head",
    "LedgerError",
    "LogBrokenError",
    "NobodyConcernedError",
    "NotSequencedError",
    "Side",
    "VerificationReport",
    "access_of",
    "completeness",
    "consistency",
    "count_of",
    "entry_of",
    "erase",
    "latest_checkpoint",
    "proof_of",
    "proofs_of",
    "record_access",
    "record_look",
    "sequence",
    "verified",
    "verify",
    "waiting_of",
)


def record_access(entry: AccessEntry) -> UUID:
    """Keep an access record and return its id; the same ``message_id`` again returns the same id.

    A second statement, of the exchange's other side, is kept beside the first and compared with it. Works
    alone or inside the caller's transaction. Raises ``NobodyConcernedError`` without subjects. Not checked
    here: the signature of ``entry.statement``.
    """
    with transaction.atomic():
        return _record.record_access(entry)


def record_look(
    actor: Actor,
    *,
    subjects: Sequence[str],
    purpose: str,
    legal_basis: str,
    fields: Sequence[str],
    issue: str | None = None,
) -> UUID:
    """Record that an action of this hall showed data of ``subjects`` (pseudonyms) to ``actor``, now.

    Call it in the transaction of the action. ``fields`` are field names of the service definition, ``issue``
    the case number, ``purpose`` and ``legal_basis`` the codes of the registry.
    """
    with transaction.atomic():
        return _record.record_look(
            actor, subjects=subjects, purpose=purpose, legal_basis=legal_basis, fields=fields, issue=issue
        )


def access_of(pseudonym: str, *, before: UUID | None = None, limit: int = 20) -> list[AccessView]:
    """Return who looked at a person's data, newest first; ``before`` is the last entry of the page before.

    The caller has checked that the person asks for their own list.
    """
    return queries.access_of(pseudonym, before=before, limit=limit)


def entry_of(pseudonym: str, entry_id: UUID) -> AccessView:
    """Return one entry of a person's list. Raises ``EntryNotFoundError`` for entries of others, too."""
    return queries.entry_of(pseudonym, entry_id)


def count_of(pseudonym: str) -> int:
    """Count the entries of :func:`access_of`, to hold against the proved count of :func:`completeness`."""
    return queries.count_of(pseudonym)


def waiting_of(pseudonym: str) -> int:
    """Count a person's entries of the last second that :func:`completeness` cannot count yet."""
    return queries.waiting_of(pseudonym)


def proof_of(entry_id: UUID, pseudonym: str) -> EntryProof:
    """Prove that an access record is in the log, to the person of ``pseudonym`` and opening no other name.

    Raises ``NotSequencedError`` in the record's first second. The caller has checked that the entry is of the
    person's own list.
    """
    return queries.proof_of(entry_id, pseudonym)


def proofs_of(contents: Mapping[UUID, Content]) -> dict[UUID, EntryProof]:
    """Prove records by the id of their commitment, given what should open it; those that wait are left out.

    ``holds()`` is false for a record that was changed since. The caller has checked that the reader may have
    them: nothing in them is hidden.
    """
    return queries.proofs_of(contents)


def consistency(old: int, new: int | None = None) -> ConsistencyProof:
    """Prove that the log at size ``old`` is a prefix of it at size ``new``; both must have a checkpoint."""
    return queries.consistency(old, new)


def completeness(pseudonym: str) -> CounterProof:
    """Prove how many entries concern a person, so that none can be left out of :func:`access_of`."""
    return queries.completeness(pseudonym)


def latest_checkpoint() -> Head:
    """Return the newest signed statement about the log; size 0 and no note while it is empty."""
    return checkpoints.latest()


def verified(note: str) -> Head:
    """Read a signed checkpoint of this log; raises ``CheckpointRefusedError`` for a false signature."""
    return checkpoints.verified(note)


def erase(entry_id: UUID, *, actor: Actor, ground: str) -> None:
    """Erase the content of an access record; place, time and count stay provable. ``ground`` is a code."""
    with transaction.atomic():
        _erase.erase(entry_id, actor=actor, ground=ground)


def verify(
    checkpoint_file: Path | None = None, *, progress: Callable[[int, int], None] | None = None
) -> VerificationReport:
    """Recompute everything from content and salt and compare with every checkpoint, inside and outside.

    ``checkpoint_file`` is a copy that somebody kept elsewhere. ``progress(done, total)`` is called now and
    then. Reads the whole log in one repeatable-read transaction and writes nothing.
    """
    return _verify(checkpoint_file, progress=progress)
