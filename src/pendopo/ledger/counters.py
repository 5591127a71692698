"""How many entries concern each person, as a Merkle prefix tree whose root every checkpoint carries.

A person's key is SHA-256 of the log's origin and their pseudonym. The key's bits are the path from the root,
so there is exactly one place where a person's counter can be: two different counters for one person would
need two different roots. That is what makes "none was left out of your list" provable (CONIKS, USENIX
Security 2015, uses the same shape for key directories).

The first 16 levels are always there (65,536 *buckets*, the empty ones with the hash EMPTY); inside a bucket a
lone leaf sits directly at the bucket, and more leaves branch until they differ.

- leaf: SHA-256(0x00 || key || count as 8 bytes, big-endian)
- node: SHA-256(0x01 || left || right)
- nothing: SHA-256(0x02)

Pure: no database, no clock.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

KEY_BYTES = 32
HASH_BYTES = 32
BUCKET_BITS = 16
BUCKETS = 1 << BUCKET_BITS
GROUP_BITS = 8
GROUPS = 1 << GROUP_BITS
EMPTY = sha256(b"\x02").digest()
LABEL = b"pendopo-counter/1\n"

type Counter = tuple[bytes, int]


@dataclass(frozen=True, slots=True)
class CounterPath:
    """Where a search for a key ends, and the siblings from there up to the root (deepest first).

    ``found`` is the leaf at the end of the search: the person's own, another person's (then the person has no
    entries), or nothing.
    """

    found: Counter | None
    siblings: tuple[bytes, ...]


def key_of(origin: str, pseudonym: str) -> bytes:
    """Return a person's key in the log ``origin``. Without the pseudonym nobody can tell whose it is."""
    return sha256(LABEL + origin.encode() + b"\n" + pseudonym.encode()).digest()


def bucket_of(key: bytes) -> int:
    """Return the bucket (0..65535) in which the key lives."""
    return int.from_bytes(key[:2], "big")


def bit(key: bytes, depth: int) -> int:
    """Return the ``depth``-th bit of the key, the most significant first: 0 goes left, 1 goes right."""
    return key[depth >> 3] >> (7 - (depth & 7)) & 1


def leaf_hash(counter: Counter) -> bytes:
    """Hash one person's key and count."""
    key, count = counter
    return sha256(b"\x00" + key + count.to_bytes(8, "big")).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two children."""
    return sha256(b"\x01" + left + right).digest()


def bucket_hash(counters: Sequence[Counter]) -> bytes:
    """Hash all counters of one bucket."""
    return _hash(counters, BUCKET_BITS)


def _hash(counters: Sequence[Counter], depth: int) -> bytes:
    if not counters:
        return EMPTY
    if len(counters) == 1:
        return leaf_hash(counters[0])
    left, right = _split(counters, depth)
    return node_hash(_hash(left, depth + 1), _hash(right, depth + 1))


def _split(counters: Sequence[Counter], depth: int) -> tuple[list[Counter], list[Counter]]:
    sides: tuple[list[Counter], list[Counter]] = ([], [])
    for counter in counters:
        sides[bit(counter[0], depth)].append(counter)
    return sides


def bucket_path(counters: Sequence[Counter], key: bytes) -> CounterPath:
    """Search a key among the counters of its bucket; siblings go up to the bucket only."""
    siblings: list[bytes] = []
    here, depth = list(counters), BUCKET_BITS
    while len(here) > 1:
        sides = _split(here, depth)
        side = bit(key, depth)
        siblings.append(_hash(sides[1 - side], depth + 1))
        here, depth = sides[side], depth + 1
    return CounterPath(here[0] if here else None, tuple(reversed(siblings)))


def fold(hashes: Sequence[bytes]) -> bytes:
    """Hash a complete row of 2^k children up to their common root."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def row_path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the siblings of child ``index`` in a complete row, deepest first."""
    siblings, row = [], list(hashes)
    while len(row) > 1:
        siblings.append(row[index ^ 1])
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
        index >>= 1
    return siblings


EMPTY_GROUP = fold([EMPTY] * GROUPS)
EMPTY_ROOT = fold([EMPTY_GROUP] * GROUPS)


def root(counters: Iterable[Counter]) -> bytes:
    """Hash a whole set of counters from nothing; each key may come once. For verifiers."""
    found = rows(counters)
    return fold(found[GROUPS]) if found else EMPTY_ROOT


def rows(counters: Iterable[Counter]) -> dict[int, list[bytes]]:
    """Return every row of 256 hashes that is not all empty: by group, and all groups under :data:`GROUPS`."""
    buckets: dict[int, list[Counter]] = {}
    for counter in counters:
        buckets.setdefault(bucket_of(counter[0]), []).append(counter)
    found: dict[int, list[bytes]] = {}
    for bucket, members in buckets.items():
        row = found.setdefault(bucket >> GROUP_BITS, [EMPTY] * GROUPS)
        row[bucket & (GROUPS - 1)] = bucket_hash(members)
    if found:
        found[GROUPS] = [fold(found[number]) if number in found else EMPTY_GROUP for number in range(GROUPS)]
    return found


def full_path(
    key: bytes, counters: Sequence[Counter], group: Callable[[int], Sequence[bytes]], groups: Sequence[bytes]
) -> CounterPath:
    """Join the three stretches of a search: in the bucket, among a group's buckets, among the groups."""
    inner = bucket_path(counters, key)
    bucket = bucket_of(key)
    number = bucket >> GROUP_BITS
    upper = [*row_path(group(number), bucket & (GROUPS - 1)), *row_path(groups, number)]
    return CounterPath(inner.found, (*inner.siblings, *upper))


def proved_count(key: bytes, path: CounterPath, expected_root: bytes) -> int | None:
    """Return the count that the root commits to for ``key`` (0 when absent), or None for a false proof.

    The search must follow the key's own bits; a foreign leaf proves absence only if it shares all bits down
    to where the search ended.
    """
    depth = len(path.siblings)
    if not BUCKET_BITS <= depth <= KEY_BYTES * 8:
        return None
    if path.found is not None and not _shares(path.found[0], key, depth):
        return None
    result = EMPTY if path.found is None else leaf_hash(path.found)
    for level, sibling in zip(range(depth - 1, -1, -1), path.siblings, strict=True):
        result = node_hash(sibling, result) if bit(key, level) else node_hash(result, sibling)
    if result != expected_root:
        return None
    return path.found[1] if path.found is not None and path.found[0] == key else 0


def _shares(other: bytes, key: bytes, bits: int) -> bool:
    return len(other) == KEY_BYTES and all(bit(other, depth) == bit(key, depth) for depth in range(bits))
