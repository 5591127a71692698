"""Whether a person's list is whole, and proofs as files that somebody else can check without us."""

import datetime as dt
import json
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from pendopo.foundation.clock import now
from pendopo.foundation.commitments import JSON
from pendopo.ledger import api as ledger

ENTRY_FORMAT = "pendopo-access-proof/2"
LIST_FORMAT = "pendopo-access-list/1"
MOST_LISTED = 100_000
TRIES = 5


class Whole(StrEnum):
    """What the proofs say about a person's list."""

    PROVED = "proved"
    EMPTY = "empty"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Completeness:
    """The verdict on one list.

    ``waiting`` entries of the last second are in the list and not yet in the log.
    """

    verdict: Whole
    at: dt.datetime
    listed: int
    proved: int
    waiting: int


def completeness(pseudonym: str) -> Completeness:
    """Hold the list against the newest signed checkpoint: signature, counter path, and the count itself.

    ``PROVED`` is said only when all three hold; whatever fails is ``BROKEN`` and shown as such. Not checked
    here: that the checkpoint grew out of earlier ones (witnesses and ``./pendopo ledger verify`` do that).
    """
    held = _hold(pseudonym)
    for _ in range(TRIES):
        if held.verdict is not Whole.BROKEN:
            break
        held = _hold(pseudonym)
    return held


def _hold(pseudonym: str) -> Completeness:
    """Compare once. The log grows between the reads, so a difference counts only when it stays."""
    waiting, listed = ledger.waiting_of(pseudonym), ledger.count_of(pseudonym)
    proof = ledger.completeness(pseudonym)
    return Completeness(_verdict(proof, listed - waiting), now(), listed, proof.count, waiting)


def _verdict(proof: ledger.CounterProof, sequenced: int) -> Whole:
    if not proof.checkpoint:
        return Whole.EMPTY if sequenced == 0 else Whole.BROKEN
    try:
        head = ledger.verified(proof.checkpoint)
    except ledger.CheckpointRefusedError:
        return Whole.BROKEN
    holds = head.counters_root == proof.counters_root and proof.holds() and proof.count == sequenced
    return Whole.PROVED if holds else Whole.BROKEN


def entry_holds(proof: ledger.EntryProof) -> bool:
    """Say whether the record opens its leaf, the leaf leads to the root, and the log signed that root."""
    try:
        head = ledger.verified(proof.checkpoint)
    except ledger.CheckpointRefusedError:
        return False
    return (head.root, head.size) == (proof.root, proof.size) and proof.holds()


def entry_file(proof: ledger.EntryProof) -> bytes:
    """Return the proof of one entry as JSON. Hashes are hexadecimal; ``checkpoint`` is a C2SP signed note.

    To check: SHA-256(salt || canonical record) opens the leaf (RFC 8785, RFC 9162), ``path`` leads from the
    leaf to the root, and the note, checked with the log's key, carries that root. The record holds
    SHA-256(salt || name) where names stand; ``names`` opens the person's own, and nobody else's.
    """
    return _file(
        {
            "format": ENTRY_FORMAT,
            "record": None if proof.record is None else dict(proof.record),
            "salt": None if proof.salt is None else proof.salt.hex(),
            "names": [{"name": name, "salt": salt.hex()} for name, salt in proof.names.items()],
            "leaf_index": proof.leaf_index,
            "leaf_hash": proof.leaf_hash.hex(),
            "tree_size": proof.size,
            "path": [step.hex() for step in proof.path],
            "root": proof.root.hex(),
            "checkpoint": proof.checkpoint,
        }
    )


def list_file(pseudonym: str) -> bytes:
    """Return a person's whole list with the proof that it is whole, as JSON."""
    proof = ledger.completeness(pseudonym)
    found = proof.path.found
    return _file(
        {
            "format": LIST_FORMAT,
            "made_at": now().isoformat(),
            "entries": [_entry(view) for view in _all(pseudonym)],
            "counter": {
                "key": proof.key.hex(),
                "count": proof.count,
                "found": None if found is None else [found[0].hex(), found[1]],
                "siblings": [step.hex() for step in proof.path.siblings],
                "counters_root": proof.counters_root.hex(),
                "checkpoint": proof.checkpoint,
            },
        }
    )


def _all(pseudonym: str) -> list[ledger.AccessView]:
    return ledger.access_of(pseudonym, limit=MOST_LISTED)


def _entry(view: ledger.AccessView) -> dict[str, JSON]:
    return {
        "id": str(view.id),
        "at": view.at.isoformat(),
        "own": view.own,
        "consumer": view.consumer,
        "provider": view.provider,
        "service": view.service,
        "body": _text(view.body_id),
        "post": _text(view.post_id),
        "purpose": view.purpose,
        "legal_basis": view.legal_basis,
        "fields": list(view.fields),
        "issue": view.issue,
        "confirmed_by_both_sides": view.confirmed,
        "disputed": view.disputed,
        "erased": view.erased,
        "leaf_index": view.leaf_index,
    }


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _file(content: dict[str, JSON]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
