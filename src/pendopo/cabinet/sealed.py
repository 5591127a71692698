"""Sealed JSON columns of this room, bound to their row.

Encryption hides what is said, not how long it is, and "object" is shorter than "no objection". So everything
is filled up with spaces, which JSON does not mind, to a whole number of blocks.
"""

import json
from uuid import UUID

from pendopo.foundation import crypto
from pendopo_wire import canonical

type Json = str | int | float | bool | list[Json] | dict[str, Json] | None


BLOCK_BYTES = 128
"""More than any position, ballot or event without words of one's own takes."""


def padded(data: bytes) -> bytes:
    """Fill a JSON text up, so that its length does not tell which word stands in it."""
    return data.ljust(-(-len(data) // BLOCK_BYTES) * BLOCK_BYTES, b" ")


def seal(value: Json, *, column: str, row: UUID) -> bytes:
    """Encrypt ``value`` for ``cabinet.<column>`` of ``row``; ``column`` is ``table.column``."""
    return crypto.seal(padded(canonical.dumps(value)), context=f"cabinet.{column}:{row}")


def open_json(blob: bytes | memoryview, *, column: str, row: UUID) -> Json:
    """Decrypt what :func:`seal` made for the same column and row; raise ``SealBrokenError`` otherwise."""
    value: Json = json.loads(crypto.open_bytes(blob, context=f"cabinet.{column}:{row}"))
    return value


def open_text(blob: bytes | memoryview, *, column: str, row: UUID) -> str:
    """Decrypt a sealed sentence."""
    value = open_json(blob, column=column, row=row)
    if not isinstance(value, str):
        raise crypto.SealBrokenError
    return value
