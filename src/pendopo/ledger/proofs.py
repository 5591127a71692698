"""Proofs as values that anybody can check without us: each has ``holds()``, which trusts only a checkpoint.

That the checkpoint itself is signed by the log is checked with its verifier key (``log.vkey``), not here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from pendopo.foundation import commitments
from pendopo.foundation.commitments import JSON
from pendopo.ledger import counters, hiding
from pendopo_wire import checkpoint, merkle


@dataclass(frozen=True, slots=True)
class EntryProof:
    """That one entry is in the log: its place, the audit path (RFC 9162 §2.1.3) and the signed checkpoint.

    ``salt`` and ``record`` open the commitment; both are None after erasure, when only the place can be
    proved, and for an old record that names others in the clear. In the record names are hidden
    (``hiding.name_digest``); ``names`` opens the reader's own, name to salt.
    """

    entry_id: UUID
    leaf_index: int
    leaf_hash: bytes
    size: int
    path: tuple[bytes, ...]
    root: bytes
    checkpoint: str
    salt: bytes | None
    record: Mapping[str, JSON] | None
    names: Mapping[str, bytes]

    def holds(self) -> bool:
        """Say whether the record opens the leaf, the names stand in it, and the leaf leads to the root."""
        if self.record is not None and not self._names_stand(self.record):
            return False
        if self.salt is not None and self.record is not None:
            opened = merkle.leaf_hash(commitments.digest(self.salt, self.record))
            if opened != self.leaf_hash:
                return False
        return merkle.verify_inclusion(self.leaf_hash, self.leaf_index, self.size, self.path, self.root)

    def _names_stand(self, record: Mapping[str, JSON]) -> bool:
        hidden = hiding.names_in(record)
        return all(hiding.name_digest(salt, name) in hidden for name, salt in self.names.items())


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """That an older checkpoint's log is a prefix of a newer one's (RFC 9162 §2.1.4)."""

    old: str
    new: str
    path: tuple[bytes, ...]

    def holds(self) -> bool:
        """Say whether the path connects the two roots."""
        old, new = (checkpoint.parse_text(note.rpartition("\n\n")[0] + "\n") for note in (self.old, self.new))
        return merkle.verify_consistency(old.size, new.size, self.path, old.root, new.root)


@dataclass(frozen=True, slots=True)
class CounterProof:
    """That exactly ``count`` entries of the log concern the person behind ``key``."""

    key: bytes
    count: int
    path: counters.CounterPath
    counters_root: bytes
    checkpoint: str

    def holds(self) -> bool:
        """Say whether the root that the checkpoint carries commits to this count and no other."""
        return counters.proved_count(self.key, self.path, self.counters_root) == self.count
