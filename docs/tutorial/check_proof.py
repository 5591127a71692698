"""Check a proof file of the page "who looked at my data" with Python's standard library only.

``python3 check_proof.py bukti.json`` opens the commitment (SHA-256 over salt and canonical JSON), makes the
leaf of it (RFC 9162, 2.1.1) and climbs the path to the root (2.1.3.2). What it does not check: the signature
on the checkpoint. The record holds texts, whole numbers, lists and nulls only, so sorted keys are its
canonical form (RFC 8785).
"""

import base64
import json
import sys
from hashlib import sha256
from pathlib import Path


def main(file: str) -> int:
    """Say whether the record stands in the log at its place."""
    proof = json.loads(Path(file).read_text(encoding="utf-8"))
    record = json.dumps(proof["record"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    commitment = sha256(bytes.fromhex(proof["salt"]) + record).digest()
    leaf = sha256(b"\x00" + commitment).digest()
    path = [bytes.fromhex(step) for step in proof["path"]]
    root = climb(leaf, proof["leaf_index"], proof["tree_size"], path)
    size, signed = proof["checkpoint"].split("\n")[1:3]
    if root != base64.b64decode(signed) or int(size) != proof["tree_size"]:
        print("this record is not in that log")
        return 1
    if any(hidden(own) not in proof["record"]["subjects"] for own in proof["names"]):
        print("the record is in that log, but it is about somebody else")
        return 1
    print(f"record {proof['leaf_index'] + 1} of {size}: it is in the log, as it stands here")
    return 0


def hidden(own: dict[str, str]) -> str:
    """Return how a person's pseudonym stands in a record: names of others in the same look stay closed."""
    return sha256(bytes.fromhex(own["salt"]) + own["name"].encode()).hexdigest()


def climb(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Return the root that a leaf and its path lead to."""
    last, result = size - 1, leaf
    for sibling in path:
        if index % 2 or index == last:
            result = sha256(b"\x01" + sibling + result).digest()
            while index and not index % 2:
                index, last = index // 2, last // 2
        else:
            result = sha256(b"\x01" + result + sibling).digest()
        index, last = index // 2, last // 2
    return result


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
