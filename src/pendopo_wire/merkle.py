"""Merkle trees of RFC 9162 section 2.1 (the same trees as RFC 6962), SHA-256.

A leaf hash is ``SHA-256(0x00 || entry)``, an inner node ``SHA-256(0x01 || left || right)``; the empty
tree has the hash of the empty string. All hashes are 32 raw bytes, all positions count from 0.

Three ways to hold a tree:

- ``Frontier``: only what is needed to append and to state the root (log2 n hashes).
- ``Tree``: every complete node in memory; proofs for every past size.
- any ``NodeReader``: nodes that live elsewhere (a table, tiles). Proofs read O(log n) of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from pendopo_wire.errors import ProofError

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

type NodeReader = Callable[[int, int], bytes]
"""``(level, index) -> hash`` of the complete subtree over the ``2**level`` leaves from ``index << level``."""


@dataclass(frozen=True, slots=True)
class Node:
    """A complete subtree that an append finished: store these to serve proofs later."""

    level: int
    index: int
    hash: bytes


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one log entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node over its two children."""
    return sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Root over leaf hashes, in order."""
    frontier = Frontier()
    for item in leaf_hashes:
        frontier.append(item)
    return frontier.root()


class Frontier:
    """The right edge of a growing tree: size and the roots of its complete subtrees, largest first.

    State is ``(size, hashes)`` and may be stored and given back to the constructor.
    """

    __slots__ = ("_hashes", "_size")

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if size < 0 or len(hashes) != size.bit_count() or any(len(item) != HASH_BYTES for item in hashes):
            raise ProofError("a frontier has one 32-byte hash for each bit that is set in its size")
        self._size = size
        self._hashes = list(hashes)

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self._size

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """Roots of the complete subtrees, largest first."""
        return tuple(self._hashes)

    def append(self, leaf: bytes) -> list[Node]:
        """Add one leaf hash; returns the nodes that became complete, the leaf itself first."""
        if len(leaf) != HASH_BYTES:
            raise ProofError("a leaf hash has 32 bytes")
        completed = [Node(0, self._size, leaf)]
        index = self._size
        self._hashes.append(leaf)
        while index & 1:
            right, left = self._hashes.pop(), self._hashes.pop()
            index >>= 1
            completed.append(Node(completed[-1].level + 1, index, node_hash(left, right)))
            self._hashes.append(completed[-1].hash)
        self._size += 1
        return completed

    def root(self) -> bytes:
        """Root hash of the tree so far."""
        if not self._hashes:
            return EMPTY_ROOT
        result = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            result = node_hash(left, result)
        return result


class Tree:
    """A whole tree in memory that proves inclusion and consistency for every size it ever had."""

    __slots__ = ("_frontier", "_levels")

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self._frontier = Frontier()
        self._levels: list[list[bytes]] = []
        for item in leaf_hashes:
            self.append(item)

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self._frontier.size

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        for node in self._frontier.append(leaf):
            if node.level == len(self._levels):
                self._levels.append([])
            self._levels[node.level].append(node.hash)

    def node(self, level: int, index: int) -> bytes:
        """Hash of a complete subtree; the ``NodeReader`` of this tree."""
        try:
            return self._levels[level][index]
        except IndexError as error:
            raise ProofError("no complete node there") from error

    def root(self, size: int | None = None) -> bytes:
        """Root at a size, by default the present one."""
        return root_at(self.node, self._checked(size))

    def inclusion_path(self, index: int, size: int | None = None) -> list[bytes]:
        """Audit path of a leaf in the tree of a size."""
        return inclusion_path(self.node, index, self._checked(size))

    def consistency_path(self, old: int, new: int | None = None) -> list[bytes]:
        """Proof that the tree of size ``old`` is a prefix of the tree of size ``new``."""
        return consistency_path(self.node, old, self._checked(new))

    def _checked(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise ProofError("the tree never had that size")
        return size


def root_at(reader: NodeReader, size: int) -> bytes:
    """Root of the first ``size`` leaves."""
    return EMPTY_ROOT if size == 0 else _subtree(reader, 0, size)


def inclusion_path(reader: NodeReader, index: int, size: int) -> list[bytes]:
    """Audit path from leaf ``index`` to the root of the tree of ``size`` leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ProofError("the leaf is not in the tree")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_subtree(reader, middle, end))
            end = middle
        else:
            path.append(_subtree(reader, start, middle))
            start = middle
    path.reverse()
    return path


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected_root: bytes) -> bool:
    """Say whether the path leads from the leaf hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, result = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            result = node_hash(sibling, result)
            while position and not position & 1:
                position >>= 1
                last >>= 1
        else:
            result = node_hash(result, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and result == expected_root


def consistency_path(reader: NodeReader, old: int, new: int) -> list[bytes]:
    """Proof that the tree of ``old`` leaves is a prefix of the tree of ``new`` (RFC 9162, 2.1.4.1).

    Empty when both sizes are equal or ``old`` is 0: an empty tree is a prefix of every tree.
    """
    if not 0 <= old <= new:
        raise ProofError("a tree cannot shrink")
    if old in {0, new}:
        return []
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_subtree(reader, middle, end))
            end = middle
        else:
            path.append(_subtree(reader, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(_subtree(reader, start, end))
    path.reverse()
    return path


def verify_consistency(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Say whether the tree with ``old_root`` is a prefix of the other (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    return bool(steps) and _climb(old - 1, new - 1, steps) == (old_root, new_root)


def _climb(position: int, last: int, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    while position & 1:
        position >>= 1
        last >>= 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if position & 1 or position == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while position and not position & 1:
                position >>= 1
                last >>= 1
        else:
            after = node_hash(after, step)
        position >>= 1
        last >>= 1
    return (before, after) if last == 0 else None


def _split(width: int) -> int:
    """Largest power of two smaller than ``width`` (which is at least 2)."""
    return 1 << ((width - 1).bit_length() - 1)


def _subtree(reader: NodeReader, start: int, end: int) -> bytes:
    """Hash over leaves ``[start, end)``; ``start`` is a multiple of the power of two that covers them."""
    hashes: list[bytes] = []
    while start < end:
        level = (end - start).bit_length() - 1
        hashes.append(reader(level, start >> level))
        start += 1 << level
    result = hashes.pop()
    while hashes:
        result = node_hash(hashes.pop(), result)
    return result
