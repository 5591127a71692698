"""The stored tree: C2SP tlog-tiles rows of 256 hashes, kept in a table.

Tile ``(level, number)`` holds the hashes of complete subtrees of height ``8 * level``, numbers ``number *
256`` and on; the rightmost tile of each level may be partial. A proof over a million leaves reads at most six
tiles.
"""

from collections.abc import Callable, Iterable, Sequence

from pendopo_wire.merkle import HASH_BYTES, NodeReader, node_hash

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
TILE_BYTES = TILE_WIDTH * HASH_BYTES

type TileKey = tuple[int, int]
type TileReader = Callable[[int, int], bytes]


class MissingTileError(LookupError):
    """A tile is absent or shorter than the tree's size says."""


def node_reader(read: TileReader) -> NodeReader:
    """Return the hash of any complete subtree, folded from the tile that holds its descendants."""

    def node(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, TILE_HEIGHT)
        first = index << height
        tile = read(tile_level, first >> TILE_HEIGHT)
        offset = (first & (TILE_WIDTH - 1)) * HASH_BYTES
        part = tile[offset : offset + (HASH_BYTES << height)]
        if len(part) != HASH_BYTES << height:
            raise MissingTileError(tile_level, first >> TILE_HEIGHT)
        return fold(split(part))

    return node


def split(data: bytes) -> list[bytes]:
    """Cut a tile into its hashes."""
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def fold(hashes: Sequence[bytes]) -> bytes:
    """Hash a complete row up to its root."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


class Appender:
    """Adds leaf hashes to stored tiles; ``changed`` holds every tile that must be written back."""

    def __init__(self, size: int, read: TileReader) -> None:
        self.size = size
        self.changed: dict[TileKey, bytes] = {}
        self._read = read

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Append in order."""
        for leaf in leaf_hashes:
            self._put(0, self.size, leaf)
            self.size += 1

    def tile(self, level: int, number: int) -> bytes:
        """Return a tile as it is now: the :data:`TileReader` of the grown tree."""
        found = self.changed.get((level, number))
        return self._read(level, number) if found is None else found

    def _put(self, level: int, index: int, value: bytes) -> None:
        number, offset = divmod(index, TILE_WIDTH)
        tile = self.tile(level, number) if offset else b""
        if len(tile) < offset * HASH_BYTES:
            raise MissingTileError(level, number)
        # A longer stored tile is the remains of a size that was never signed; what follows is cut.
        grown = tile[: offset * HASH_BYTES] + value
        self.changed[level, number] = grown
        if len(grown) == TILE_BYTES:
            self._put(level + 1, number, fold(split(grown)))
