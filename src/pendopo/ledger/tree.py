"""The stored tree and the stored counters, read and written in the sequencer's transaction."""

from collections.abc import Iterable, Mapping

from pendopo.ledger import counters, tiles
from pendopo.ledger.models import Counter, CounterRow, Tile
from pendopo_wire.merkle import NodeReader, root_at

GROUPS_ROW = counters.GROUPS


def cached_reader() -> tiles.TileReader:
    """Return a tile reader that asks the database once a tile."""
    cache: dict[tiles.TileKey, bytes] = {}

    def read(level: int, number: int) -> bytes:
        if (level, number) not in cache:
            found = Tile.objects.filter(level=level, number=number).values_list("hashes", flat=True).first()
            cache[level, number] = b"" if found is None else bytes(found)
        return cache[level, number]

    return read


def nodes() -> NodeReader:
    """Return the hash of any complete subtree of the stored tree."""
    return tiles.node_reader(cached_reader())


def append(size: int, leaf_hashes: Iterable[bytes]) -> bytes:
    """Grow the stored tree from ``size`` and return its new root."""
    appender = tiles.Appender(size, cached_reader())
    appender.extend(leaf_hashes)
    rows = [
        Tile(level=level, number=number, hashes=data) for (level, number), data in appender.changed.items()
    ]
    Tile.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["level", "number"],
        update_fields=["hashes"],
        batch_size=500,
    )
    return root_at(tiles.node_reader(appender.tile), appender.size)


def count(additions: Mapping[bytes, int]) -> bytes:
    """Add to the counters of the persons given and return the new counter root."""
    if additions:
        _add(additions)
        _rehash({counters.bucket_of(key) for key in additions})
    return counters.fold(row(GROUPS_ROW))


def row(number: int) -> list[bytes]:
    """Return 256 hashes of the counter tree; what was never written is empty."""
    return _rows({number})[number]


def _rows(numbers: set[int]) -> dict[int, list[bytes]]:
    stored = CounterRow.objects.filter(number__in=numbers).values_list("number", "hashes")
    found = {number: tiles.split(bytes(hashes)) for number, hashes in stored}
    for number in numbers - found.keys():
        empty = counters.EMPTY_GROUP if number == GROUPS_ROW else counters.EMPTY
        found[number] = [empty] * counters.GROUPS
    return found


def bucket(number: int) -> list[counters.Counter]:
    """Return the counters of one bucket."""
    rows = Counter.objects.filter(bucket=number).values_list("key", "count")
    return [(bytes(key), value) for key, value in rows]


def _add(additions: Mapping[bytes, int]) -> None:
    # The sequencer is alone, so what is read here is still true when it is written.
    known = Counter.objects.filter(key__in=additions).values_list("key", "count")
    counts = {bytes(key): value for key, value in known}
    rows = [
        Counter(key=key, bucket=counters.bucket_of(key), count=counts.get(key, 0) + value)
        for key, value in additions.items()
    ]
    Counter.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["key"], update_fields=["count"], batch_size=1000
    )


def _rehash(changed: set[int]) -> None:
    buckets: dict[int, list[counters.Counter]] = {}
    for number, key, value in Counter.objects.filter(bucket__in=changed).values_list(
        "bucket", "key", "count"
    ):
        buckets.setdefault(number, []).append((bytes(key), value))
    rows = _rows({number >> counters.GROUP_BITS for number in changed} | {GROUPS_ROW})
    for number, members in buckets.items():
        rows[number >> counters.GROUP_BITS][number & (counters.GROUPS - 1)] = counters.bucket_hash(members)
    for number in rows.keys() - {GROUPS_ROW}:
        rows[GROUPS_ROW][number] = counters.fold(rows[number])
    CounterRow.objects.bulk_create(
        [CounterRow(number=number, hashes=b"".join(hashes)) for number, hashes in rows.items()],
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["hashes"],
    )
