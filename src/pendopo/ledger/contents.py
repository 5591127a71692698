"""Reading access records back: for a person's list, for proofs and for the verifier."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from pendopo.foundation import crypto
from pendopo.foundation.commitments import JSON, Content, register_content
from pendopo.ledger import hiding
from pendopo.ledger.entries import KIND, texts
from pendopo.ledger.models import AccessRecord


def context(entry_id: UUID) -> str:
    """Name the row that a sealed record belongs to."""
    return f"ledger.accessrecord.sealed_record:{entry_id}"


def record_of(row: AccessRecord) -> Mapping[str, JSON] | None:
    """Decrypt an access record as it is stored, names and their salts; None when it was erased."""
    if row.sealed_record is None:
        return None
    return cast(
        "Mapping[str, JSON]", json.loads(crypto.open_bytes(row.sealed_record, context=context(row.id)))
    )


@dataclass(frozen=True, slots=True)
class AccessContent(Content):
    """What was committed to, and whom it concerns in the clear."""

    subjects: frozenset[str]


def _read(ids: Sequence[UUID]) -> dict[UUID, Content]:
    found: dict[UUID, Content] = {}
    for row in AccessRecord.objects.filter(commitment_id__in=ids):
        stored = _readable(row)
        if stored is not None and row.salt is not None:
            subjects = frozenset(texts(stored, "subjects"))
            found[row.commitment_id] = AccessContent(bytes(row.salt), hiding.committed(stored), subjects)
    return found


def _readable(row: AccessRecord) -> Mapping[str, JSON] | None:
    try:
        return record_of(row)
    except (crypto.SealBrokenError, ValueError):
        # Not erased but unreadable: give the verifier something that cannot match its commitment.
        return {"unreadable": str(row.id)}


def register() -> None:
    """Tell foundation how to read records of this room's kind."""
    register_content(KIND, _read)
