"""Salted commitments: the part of a record that may stay in the tamper-evident log for ever.

The leaf of the log is ``SHA-256(salt || canonical JSON)``; without the salt nobody can test a guess, so
erasing record and salt erases the personal data while every proof stays valid.
"""

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Max

from pendopo.foundation import models
from pendopo.kernel.ids import uuid7
from pendopo_wire import canonical

type JSON = bool | int | str | Sequence[JSON] | Mapping[str, JSON] | None

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Commitment:
    """What the caller stores beside its record: the commitment's id, the salt and the digest."""

    id: UUID
    salt: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """A record and its salt, as its owner has them today."""

    salt: bytes
    record: Mapping[str, JSON]


type ContentReader = Callable[[Sequence[UUID]], Mapping[UUID, Content]]

_readers: dict[str, ContentReader] = {}


def digest(salt: bytes, record: Mapping[str, JSON]) -> bytes:
    """Return the 32 bytes that commit to ``record``."""
    return hashlib.sha256(salt + canonical.dumps(record)).digest()


def new_commitment(record: Mapping[str, JSON]) -> Commitment:
    """Make a commitment with a fresh id and salt; nothing is written."""
    salt = os.urandom(SALT_BYTES)
    return Commitment(id=uuid7(), salt=salt, digest=digest(salt, record))


def commit(kind: str, record: Mapping[str, JSON]) -> Commitment:
    """Insert an unsequenced commitment in the caller's transaction."""
    made = new_commitment(record)
    models.Commitment.objects.create(id=made.id, kind=kind, digest=made.digest)
    return made


def register_content(kind: str, reader: ContentReader) -> None:
    """Tell verifiers how to read records of ``kind`` again. A missing id means: erased."""
    _readers[kind] = reader


def contents(kind: str, ids: Sequence[UUID]) -> Mapping[UUID, Content]:
    """Return the records behind commitments, as far as they were not erased."""
    return _readers[kind](ids)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A sequenced commitment."""

    index: int
    id: UUID
    kind: str
    digest: bytes


def pending(limit: int) -> list[UUID]:
    """Return the oldest waiting commitments, locked until the transaction ends."""
    rows = models.Commitment.objects.filter(leaf_index=None).order_by("created_at", "id")
    return list(rows.select_for_update(skip_locked=True).values_list("id", flat=True)[:limit])


def waiting_since() -> dt.datetime | None:
    """Return when the oldest commitment that waits for its number was made, or None when none waits."""
    rows = models.Commitment.objects.filter(leaf_index=None).order_by("created_at")
    return rows.values_list("created_at", flat=True).first()


def assign(ids: Sequence[UUID], first_index: int) -> list[Leaf]:
    """Number the commitments in the order given, from ``first_index``; the sequencer alone calls this."""
    places = list(range(first_index, first_index + len(ids)))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE foundation_commitment AS c SET leaf_index = n.place
            FROM unnest(%s::uuid[], %s::bigint[]) AS n (id, place) WHERE c.id = n.id
            RETURNING c.leaf_index, c.id, c.kind, c.digest
            """,
            [list(ids), places],
        )
        numbered = [Leaf(index, key, kind, bytes(found)) for index, key, kind, found in cursor.fetchall()]
    return sorted(numbered, key=lambda leaf: leaf.index)


def leaves(start: int, stop: int) -> list[Leaf]:
    """Return sequenced leaves with ``start <= index < stop``, in order; gaps are for the caller to find."""
    rows = models.Commitment.objects.filter(leaf_index__gte=start, leaf_index__lt=stop).order_by("leaf_index")
    return [Leaf(row.leaf_index or 0, row.id, row.kind, bytes(row.digest)) for row in rows]


def leaves_of(commitment_ids: Sequence[UUID]) -> dict[UUID, Leaf]:
    """Return those of the commitments that have a place in the log, by id."""
    rows = models.Commitment.objects.filter(id__in=list(commitment_ids), leaf_index__isnull=False)
    return {row.id: Leaf(row.leaf_index or 0, row.id, row.kind, bytes(row.digest)) for row in rows}


def leaf_index_of(commitment_id: UUID) -> int | None:
    """Return the place in the log, or None while it waits."""
    return models.Commitment.objects.filter(id=commitment_id).values_list("leaf_index", flat=True).first()


def leaf_indexes(commitment_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return the places of those commitments that have one."""
    rows = models.Commitment.objects.filter(id__in=commitment_ids, leaf_index__isnull=False)
    return {key: index for key, index in rows.values_list("id", "leaf_index") if index is not None}


def sequenced_count() -> int:
    """Return how many leaves the rows claim: highest index plus one."""
    highest = models.Commitment.objects.aggregate(highest=Max("leaf_index"))["highest"]
    return 0 if highest is None else highest + 1
