"""Give waiting commitments their place in the tree and sign the new head."""

import logging
from collections import Counter
from collections.abc import Sequence

from django.db import transaction

from pendopo.foundation import commitments
from pendopo.foundation.database import try_lock
from pendopo.ledger import checkpoints, tree
from pendopo.ledger.entries import KIND
from pendopo.ledger.errors import LogBrokenError
from pendopo.ledger.models import AccessSubject, Checkpoint
from pendopo.ledger.tiles import MissingTileError
from pendopo_wire.merkle import leaf_hash

BATCH = 2000
log = logging.getLogger(__name__)


def sequence() -> int:
    """Number what waits, grow the tree, sign, publish; return how many entries were added.

    One sequencer works at a time: a second one returns 0 at once. Copies outside the database are written
    after the commit, and whatever a crash left unwritten is written the next time.
    """
    total = 0
    while added := _batch():
        total += added
        if added < BATCH:
            break
    checkpoints.publish()
    return total


def _batch() -> int:
    with transaction.atomic():
        if not try_lock("ledger:sequence"):
            return 0
        waiting = commitments.pending(BATCH)
        if not waiting:
            return 0
        head = checkpoints.latest()
        leaves = commitments.assign(waiting, head.size)
        _sign(head.size + len(leaves), _grow(head.size, leaves), tree.count(_additions(leaves)))
        return len(leaves)


def _grow(size: int, leaves: Sequence[commitments.Leaf]) -> bytes:
    try:
        return tree.append(size, (leaf_hash(leaf.digest) for leaf in leaves))
    except MissingTileError as error:
        log.critical("ledger.log_broken", extra={"size": size})
        raise LogBrokenError from error


def _additions(leaves: Sequence[commitments.Leaf]) -> dict[bytes, int]:
    ids = [leaf.id for leaf in leaves if leaf.kind == KIND]
    keys = AccessSubject.objects.filter(entry__commitment_id__in=ids).values_list("key", flat=True)
    return dict(Counter(bytes(key) for key in keys))


def _sign(size: int, root: bytes, counters_root: bytes) -> None:
    head = checkpoints.make(size, root, counters_root)
    Checkpoint.objects.create(size=head.size, root=root, counters_root=counters_root, note=head.note)
