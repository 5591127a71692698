"""Sealing and finding: the one place where this room turns personal data into columns and back."""

import json
from collections.abc import Mapping
from uuid import UUID

from pendopo.foundation import crypto

type Columns = Mapping[str, str | None]


def seal(table: str, column: str, row: UUID, value: str) -> bytes:
    """Encrypt one value for its own table, column and row."""
    return crypto.seal(value, context=f"registers.{table}.{column}:{row}")


def unseal(table: str, column: str, row: UUID, blob: bytes | memoryview) -> str:
    """Decrypt what :func:`seal` made for the same place."""
    return crypto.open_text(blob, context=f"registers.{table}.{column}:{row}")


def seal_map(table: str, column: str, row: UUID, values: Columns) -> bytes:
    """Encrypt a small flat mapping as one value."""
    return seal(table, column, row, json.dumps(dict(values), ensure_ascii=False, sort_keys=True))


def unseal_map(table: str, column: str, row: UUID, blob: bytes | memoryview) -> dict[str, str | None]:
    """Decrypt what :func:`seal_map` made."""
    loaded: dict[str, str | None] = json.loads(unseal(table, column, row, blob))
    return loaded


def nik_index(nik: str) -> bytes:
    """Blind index of a NIK."""
    return crypto.blind_index(nik, purpose="registers.nik")


def card_index(number: str) -> bytes:
    """Blind index of a family-card number."""
    return crypto.blind_index(number, purpose="registers.family-card")


def series_index(stem: str) -> str:
    """Blind index of what begins the numbers of a series, short enough for its row's key."""
    return crypto.blind_index(stem, purpose="registers.series").hex()[:48]
