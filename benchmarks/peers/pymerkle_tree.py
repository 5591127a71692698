"""Runs in an environment of its own with ``pymerkle`` (GPL-3.0-or-later); prints rates as JSON."""

import hashlib
import json
import statistics
import sys
import time

from pymerkle import InmemoryTree, verify_inclusion


def main(leaves: int, proofs: int) -> dict[str, float]:
    """Append, prove and verify; the leaves are those of ``benchmarks.subjects.ledger``."""
    entries = [hashlib.sha256(number.to_bytes(8)).digest() for number in range(leaves)]
    tree = InmemoryTree(algorithm="sha256")
    began = time.process_time()
    for entry in entries:
        tree.append_entry(entry)
    appended = time.process_time()
    root = tree.get_root()
    places = range(0, leaves, leaves // proofs)
    proving = time.process_time()
    found = [tree.prove_inclusion(place + 1) for place in places]
    proved = time.process_time()
    for place, proof in zip(places, found, strict=True):
        verify_inclusion(tree.get_leaf(place + 1), root, proof)
    verified = time.process_time()
    return {
        "append": leaves / (appended - began),
        "prove inclusion": proofs / (proved - proving),
        "verify inclusion": proofs / (verified - proved),
    }


if __name__ == "__main__":
    runs = [main(int(sys.argv[1]), int(sys.argv[2])) for _ in range(int(sys.argv[3]))]
    print(json.dumps({name: statistics.median(run[name] for run in runs) for name in runs[0]}))
