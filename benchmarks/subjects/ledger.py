"""The log: giving entries their place, proving and verifying, beside ``pymerkle`` on the same leaves.

Two kinds of rows. The tree alone is compared with pymerkle's tree in memory: same leaves, same proofs. The
sequencer is the whole of it: commitments in PostgreSQL, numbered, integrated and the checkpoint signed and
written, durably; pymerkle has nothing like it, so that row has no peer.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.hall import running_hall
from benchmarks.peers import environments
from benchmarks.rows import Row, median

from pendopo_wire import merkle

LEAVES = 20_000
PROOFS = 1_000
SEQUENCED = 5_000


def measure(runs: int, state: Path) -> Iterator[Row]:
    """Yield tree rows with their peer, then the sequencer."""
    peer = environments.run("pymerkle==7.0.0", "pymerkle_tree", str(LEAVES), str(PROOFS), str(runs))
    ours = [_ours() for _ in range(runs)]
    for case in ("append", "prove inclusion", "verify inclusion"):
        rate, note = (
            median([run[case] for run in ours]),
            f"{LEAVES:,} leaves, one thread, processor time, SHA-256, RFC 6962",
        )
        yield Row("ledger", case, rate, "1/s", "pymerkle 7.0.0, in memory", peer[case], notes=note)
    with running_hall(state) as hall:
        told: dict[str, Any] = hall.inside("benchmarks.sequencing", str(SEQUENCED), str(runs))
    note = f"{SEQUENCED:,} waiting commitments to a signed checkpoint on disk, beside the hall's sequencer"
    yield Row("ledger", "sequence", told["per_second"], "1/s", notes=note)


def leaves() -> list[bytes]:
    """Return the entries; the peer makes the same."""
    return [hashlib.sha256(number.to_bytes(8)).digest() for number in range(LEAVES)]


def _ours() -> dict[str, float]:
    entries = leaves()
    tree = merkle.Tree()

    def append() -> None:
        for entry in entries:
            tree.append(merkle.leaf_hash(entry))

    places = range(0, LEAVES, LEAVES // PROOFS)
    paths: list[list[bytes]] = []
    rates = {"append": LEAVES / _seconds(append)}
    root = tree.root()
    rates["prove inclusion"] = PROOFS / _seconds(
        lambda: paths.extend(tree.inclusion_path(place) for place in places)
    )

    def verify() -> None:
        for place, path in zip(places, paths, strict=True):
            leaf = merkle.leaf_hash(entries[place])
            if not merkle.verify_inclusion(leaf, place, LEAVES, path, root):
                message = f"leaf {place} does not verify"
                raise RuntimeError(message)

    return rates | {"verify inclusion": PROOFS / _seconds(verify)}


def _seconds(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
