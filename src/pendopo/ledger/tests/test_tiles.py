"""The stored tree against the tree in memory."""

import hashlib

import pytest

from pendopo.ledger import tiles
from pendopo_wire import merkle

LEAVES = [merkle.leaf_hash(hashlib.sha256(bytes([n & 255, n >> 8])).digest()) for n in range(2000)]


def grown(*steps: int) -> tiles.Appender:
    """Append up to each step, storing in between, as the sequencer does."""
    stored: dict[tiles.TileKey, bytes] = {}
    size, appender = 0, tiles.Appender(0, lambda level, number: stored.get((level, number), b""))
    for step in steps:
        appender = tiles.Appender(size, lambda level, number: stored.get((level, number), b""))
        appender.extend(LEAVES[size:step])
        stored.update(appender.changed)
        size = step
    return tiles.Appender(size, lambda level, number: stored.get((level, number), b""))


@pytest.mark.parametrize("steps", [(1,), (255,), (256,), (257, 511, 512, 513), (1, 2, 3, 700, 2000)])
def test_roots_agree_with_the_tree_in_memory(steps: tuple[int, ...]) -> None:
    reader = tiles.node_reader(grown(*steps).tile)
    assert merkle.root_at(reader, steps[-1]) == merkle.root(LEAVES[: steps[-1]])


@pytest.mark.parametrize("index", [0, 255, 256, 1023, 1999])
def test_proofs_from_tiles_hold(index: int) -> None:
    reader = tiles.node_reader(grown(100, 2000).tile)
    path = merkle.inclusion_path(reader, index, 2000)
    assert merkle.verify_inclusion(LEAVES[index], index, 2000, path, merkle.root(LEAVES))


@pytest.mark.parametrize("old", [1, 255, 256, 300, 1999])
def test_consistency_from_tiles_holds(old: int) -> None:
    reader = tiles.node_reader(grown(2000).tile)
    path = merkle.consistency_path(reader, old, 2000)
    assert merkle.verify_consistency(old, 2000, path, merkle.root(LEAVES[:old]), merkle.root(LEAVES))


def test_a_missing_tile_stops_the_appender() -> None:
    appender = tiles.Appender(300, lambda _level, _number: b"")
    with pytest.raises(tiles.MissingTileError):
        appender.extend(LEAVES[:1])


def test_a_short_tile_gives_no_node() -> None:
    reader = tiles.node_reader(lambda _level, _number: LEAVES[0])
    with pytest.raises(tiles.MissingTileError):
        reader(0, 1)
