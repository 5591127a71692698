"""Our tiles against those of another implementation (Tessera's test log, C2SP tlog-tiles)."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pendopo.ledger import tiles
from pendopo_wire import checkpoint, note
from pendopo_wire.merkle import leaf_hash, root_at

pytestmark = pytest.mark.conformance
VERIFIER = note.parse_verifier_key(
    "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
)
LARGEST = 15


@pytest.fixture
def log() -> Path:
    """The folder of the published log."""
    base = os.environ.get("PENDOPO_SCHEMAS")
    if not base:
        pytest.skip("PENDOPO_SCHEMAS is not set: the published log is not on this machine")
    return Path(base) / "tlog" / "log"


def entries(bundle: bytes) -> Iterator[bytes]:
    """Split an entry bundle: each entry stands after its length in two bytes, big-endian."""
    at = 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + 2], "big")
        yield bundle[at + 2 : at + 2 + length]
        at += 2 + length


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_the_same_entries_give_the_same_tile_and_root(log: Path, size: int) -> None:
    appender = tiles.Appender(0, lambda _level, _number: b"")
    appender.extend(leaf_hash(entry) for entry in entries((log / f"tile/entries/000.p/{size}").read_bytes()))
    assert appender.changed == {(0, 0): (log / f"tile/0/000.p/{size}").read_bytes()}
    signed = (log / f"checkpoint.{size}").read_text() if size < LARGEST else (log / "checkpoint").read_text()
    published = checkpoint.parse_verified(signed, VERIFIER.name, VERIFIER.public_key)
    assert (published.size, published.root) == (size, root_at(tiles.node_reader(appender.tile), size))
