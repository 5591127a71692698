"""Access records in pages: what the owner of a gateway and the other party of an exchange may fetch.

A cursor is a place in the message log. ``next`` moves on even when no record on the way was for the
reader, so a reader keeps the last ``next`` and nothing else.
"""

import msgspec

from pendopo_gateway.errors import JournalDamaged
from pendopo_gateway.evidence import decode_access
from pendopo_gateway.journal import Journal, Kind, parse_position
from pendopo_wire.identifiers import MemberId

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


def page(journal: Journal, *, after: str, limit: str, party: MemberId | None) -> Page | None:
    """Records behind a cursor, of one party's exchanges or of all.

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
                if party is None or str(party) in entry.parties:
                    items.append(Item(str(position), entry.record))
            if len(items) == count:
                break
    except JournalDamaged:
        return None
    return Page(items, str(position), position < journal.durable)
