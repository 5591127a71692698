"""Reading the log: a person's list and the proofs that go with it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet

from pendopo.foundation import commitments
from pendopo.foundation.commitments import JSON, Content
from pendopo.ledger import checkpoints, counters, hiding, tree
from pendopo.ledger.contents import record_of
from pendopo.ledger.entries import AccessView, text, texts, uuid
from pendopo.ledger.errors import EntryNotFoundError, NotSequencedError
from pendopo.ledger.models import AccessRecord, AccessSubject, Checkpoint
from pendopo.ledger.proofs import ConsistencyProof, CounterProof, EntryProof
from pendopo_wire.merkle import consistency_path, inclusion_path, leaf_hash

BOTH_SIDES = 2
TRIES = 5


def concerning(pseudonym: str) -> QuerySet[AccessSubject]:
    """Return what one person may see, and nothing of others: the only way to this table from outside."""
    return AccessSubject.objects.filter(key=counters.key_of(checkpoints.origin(), pseudonym))


def access_of(pseudonym: str, *, before: UUID | None, limit: int) -> list[AccessView]:
    """Return a person's list, newest first, after the entry ``before``."""
    rows = concerning(pseudonym).order_by("-at", "-entry_id")
    if before is not None:
        last = concerning(pseudonym).filter(entry_id=before).values_list("at", flat=True).first()
        if last is None:
            raise EntryNotFoundError
        rows = rows.filter(at__lte=last).exclude(at=last, entry_id__gte=before)
    page = list(rows.select_related("entry").prefetch_related("entry__evidence")[:limit])
    places = commitments.leaf_indexes([row.entry.commitment_id for row in page])
    return [_view(row.entry, pseudonym, places.get(row.entry.commitment_id)) for row in page]


def entry_of(pseudonym: str, entry_id: UUID) -> AccessView:
    """Return one entry of a person's list; entries of others are not found."""
    row = concerning(pseudonym).filter(entry_id=entry_id).select_related("entry").first()
    if row is None:
        raise EntryNotFoundError
    places = commitments.leaf_indexes([row.entry.commitment_id])
    return _view(row.entry, pseudonym, places.get(row.entry.commitment_id))


def count_of(pseudonym: str) -> int:
    """Count the rows of a person's list."""
    return concerning(pseudonym).count()


def _view(row: AccessRecord, pseudonym: str, leaf_index: int | None) -> AccessView:
    record: Mapping[str, JSON] = record_of(row) or {}
    evidence = list(row.evidence.all())
    return AccessView(
        id=row.id,
        at=row.at,
        purpose=text(record, "purpose"),
        legal_basis=text(record, "legal_basis"),
        fields=texts(record, "fields"),
        consumer=text(record, "consumer"),
        provider=text(record, "provider"),
        service=text(record, "service"),
        issue=text(record, "issue") or None,
        body_id=uuid(record, "body"),
        post_id=uuid(record, "post"),
        own=text(record, "user") == pseudonym,
        confirmed=len(evidence) == BOTH_SIDES and all(item.agrees for item in evidence),
        disputed=any(not item.agrees for item in evidence),
        erased=row.erased_at is not None,
        leaf_index=leaf_index,
    )


def waiting_of(pseudonym: str) -> int:
    """Count a person's entries that are not in the tree yet."""
    ids = list(concerning(pseudonym).values_list("entry__commitment_id", flat=True))
    return len(ids) - len(commitments.leaf_indexes(ids))


def proof_of(entry_id: UUID, pseudonym: str) -> EntryProof:
    """Prove one access record against the newest checkpoint, opening one person's own name in it.

    An old record that names others in the clear is not opened: its place is proved, its content is not.
    """
    row = AccessRecord.objects.filter(id=entry_id).first()
    if row is None:
        raise EntryNotFoundError
    return _proof(row, commitments.leaf_index_of(row.commitment_id), pseudonym)


def _proof(row: AccessRecord, index: int | None, pseudonym: str) -> EntryProof:
    head = checkpoints.latest()
    if index is None or index >= head.size:
        raise NotSequencedError
    (leaf,) = commitments.leaves(index, index + 1)
    stored = record_of(row) or {}
    own_salt = hiding.salt_of(stored, pseudonym)
    opens = hiding.SALTS in stored or hiding.names_in(stored) == {pseudonym}
    return EntryProof(
        entry_id=row.id,
        leaf_index=index,
        leaf_hash=leaf_hash(leaf.digest),
        size=head.size,
        path=tuple(inclusion_path(tree.nodes(), index, head.size)),
        root=head.root,
        checkpoint=head.note,
        salt=bytes(row.salt) if row.salt is not None and opens else None,
        record=hiding.committed(stored) if opens else None,
        names={} if own_salt is None else {pseudonym: own_salt},
    )


def proofs_of(contents: Mapping[UUID, Content]) -> dict[UUID, EntryProof]:
    """Prove records of any kind by their commitment; what has no place yet in the newest tree is left out."""
    head = checkpoints.latest()
    leaves = {
        key: leaf for key, leaf in commitments.leaves_of(list(contents)).items() if leaf.index < head.size
    }
    reader = tree.nodes()
    return {
        key: EntryProof(
            entry_id=key,
            leaf_index=leaf.index,
            leaf_hash=leaf_hash(leaf.digest),
            size=head.size,
            path=tuple(inclusion_path(reader, leaf.index, head.size)),
            root=head.root,
            checkpoint=head.note,
            salt=contents[key].salt,
            record=contents[key].record,
            names={},
        )
        for key, leaf in leaves.items()
    }


def consistency(old: int, new: int | None) -> ConsistencyProof:
    """Prove that the log of size ``old`` is a prefix of the log of size ``new`` (default: the newest)."""
    heads = {row.size: row for row in Checkpoint.objects.filter(size__in=_sizes(old, new))}
    newest = checkpoints.latest().size if new is None else new
    if old not in heads or newest not in heads or old > newest:
        raise EntryNotFoundError
    return ConsistencyProof(
        old=heads[old].note,
        new=heads[newest].note,
        path=tuple(consistency_path(tree.nodes(), old, newest)),
    )


def _sizes(old: int, new: int | None) -> Sequence[int]:
    return [old, checkpoints.latest().size if new is None else new]


def completeness(pseudonym: str) -> CounterProof:
    """Prove how many entries concern the person, against the newest checkpoint.

    Checkpoint and counters are read one after the other, and the sequencer may come between: then again. A
    proof that still does not hold is given out as it is, for the person to see.
    """
    proof = _completeness(pseudonym)
    for _ in range(TRIES):
        if proof.holds():
            break
        proof = _completeness(pseudonym)
    return proof


def _completeness(pseudonym: str) -> CounterProof:
    head = checkpoints.latest()
    key = counters.key_of(checkpoints.origin(), pseudonym)
    path = counters.full_path(key, tree.bucket(counters.bucket_of(key)), tree.row, tree.row(tree.GROUPS_ROW))
    own = path.found is not None and path.found[0] == key
    return CounterProof(
        key=key,
        count=path.found[1] if path.found is not None and own else 0,
        path=path,
        counters_root=head.counters_root,
        checkpoint=head.note,
    )
