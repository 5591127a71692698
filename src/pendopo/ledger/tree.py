"""The stored tree and the stored counters, read and written in the sequencer's transaction."""

from collections.abc import Iterable, Mapping

from django.db.models import F

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
    found = CounterRow.objects.filter(number=number).values_list("hashes", flat=True).first()
    if found is not None:
        return tiles.split(bytes(found))
    return [counters.EMPTY_GROUP if number == GROUPS_ROW else counters.EMPTY] * counters.GROUPS


def bucket(number: int) -> list[counters.Counter]:
    """Return the counters of one bucket."""
    rows = Counter.objects.filter(bucket=number).values_list("key", "count")
    return [(bytes(key), value) for key, value in rows]


def _add(additions: Mapping[bytes, int]) -> None:
    known = {bytes(key) for key in Counter.objects.filter(key__in=additions).values_list("key", flat=True)}
    for key in known:
        Counter.objects.filter(key=key).update(count=F("count") + additions[key])
    Counter.objects.bulk_create(
        Counter(key=key, bucket=counters.bucket_of(key), count=value)
        for key, value in additions.items()
        if key not in known
    )


def _rehash(buckets: Iterable[int]) -> None:
    changed: dict[int, list[int]] = {}
    for number in buckets:
        changed.setdefault(number >> counters.GROUP_BITS, []).append(number)
    top = row(GROUPS_ROW)
    for group, numbers in changed.items():
        hashes = row(group)
        for number in numbers:
            hashes[number & (counters.GROUPS - 1)] = counters.bucket_hash(bucket(number))
        _write(group, hashes)
        top[group] = counters.fold(hashes)
    _write(GROUPS_ROW, top)


def _write(number: int, hashes: list[bytes]) -> None:
    CounterRow.objects.update_or_create(number=number, defaults={"hashes": b"".join(hashes)})
