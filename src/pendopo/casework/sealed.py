"""Sealed JSON columns: personal data of a case at rest, bound to its row.

Every encrypted column of this room goes through these two functions, so that the context (and with it
the promise that a ciphertext moved to another row does not open) is spelled the same way everywhere.
"""

import json
from uuid import UUID

from pendopo.foundation import crypto
from pendopo_wire import canonical

type Json = str | int | float | bool | list[Json] | dict[str, Json] | None


def seal(value: Json, *, column: str, row: UUID) -> bytes:
    """Encrypt ``value`` for ``casework.<column>`` of ``row``; ``column`` is ``table.column``."""
    return crypto.seal(canonical.dumps(value), context=_context(column, row))


def open_json(blob: bytes | memoryview, *, column: str, row: UUID) -> Json:
    """Decrypt what :func:`seal` made for the same column and row; raise ``SealBrokenError`` otherwise."""
    value: Json = json.loads(crypto.open_bytes(blob, context=_context(column, row)))
    return value


def open_text(blob: bytes | memoryview, *, column: str, row: UUID) -> str:
    """Decrypt a sealed sentence or name."""
    value = open_json(blob, column=column, row=row)
    if not isinstance(value, str):
        raise crypto.SealBrokenError
    return value


def _context(column: str, row: UUID) -> str:
    return f"casework.{column}:{row}"
