"""Access records in pages: what the two parties of an exchange may fetch.

A cursor is a place in the message log. ``next`` moves on even when no record on the way was for the
reader, so a reader keeps the last ``next`` and nothing else.
"""

from collections.abc import Callable

import msgspec

from pendopo_gateway.errors import JournalDamaged
from pendopo_gateway.evidence import Access, decode_access, systems_of
from pendopo_gateway.journal import Journal, Kind, parse_position
from pendopo_wire.identifiers import MemberId, SubsystemId

type Reader = Callable[[Access], bool]
"""Says of a record whether it is for the one who reads."""

LARGEST_PAGE = 500
_MOST_BYTES = 4 * 1024 * 1024


class Item(msgspec.Struct, frozen=True):
    """A signed record and the cursor behind it."""

    cursor: str
    record: str


class Page(msgspec.Struct, frozen=True):
    """Records in the order in which they were written; ``more`` says that there is more to read at once."""

    records: list[Item]
    next: str
    more: bool


def of_member(member: MemberId) -> Reader:
    """For another gateway's member: exchanges to which it is a party."""
    return lambda entry: str(member) in entry.parties


def of_systems(systems: frozenset[SubsystemId]) -> Reader:
    """For a local information system: exchanges that one of its own subsystems asked for or answered."""
    return lambda entry: not systems.isdisjoint(systems_of(entry))


def page(journal: Journal, *, after: str, limit: str, reader: Reader) -> Page | None:
    """Records behind a cursor that are for the reader.

    ``None`` when a parameter is malformed, or the cursor is not one of this log (as after a log was lost:
    a reader must hear of that, not wait for ever).
    """
    position = parse_position(after)
    count = int(limit) if limit.isascii() and limit.isdigit() else 0
    if position is None or position > journal.durable or not 0 < count <= LARGEST_PAGE:
        return None
    items: list[Item] = []
    try:
        for record in journal.read(position, most_bytes=_MOST_BYTES):
            position = record.end
            if record.kind is Kind.ACCESS:
                entry = decode_access(record)
                if reader(entry):
                    items.append(Item(str(position), entry.record))
            if len(items) == count:
                break
    except JournalDamaged:
        return None
    return Page(items, str(position), position < journal.durable)
