"""From rows to keys that sign. Private keys are decrypted once a process and kept in memory only."""

from functools import lru_cache
from uuid import UUID

from pendopo.foundation import crypto
from pendopo.keys.models import SigningKey
from pendopo.keys.pairs import PrivateKey, from_pkcs8


def context(key_id: UUID) -> str:
    """Name the row that a sealed private key belongs to."""
    return f"keys.signingkey.sealed_private:{key_id}"


def private_key(row: SigningKey) -> PrivateKey:
    """Decrypt the private key of ``row``; a key moved to another row does not open."""
    return _opened(row.id, bytes(row.sealed_private))


@lru_cache(maxsize=128)
def _opened(key_id: UUID, sealed: bytes) -> PrivateKey:
    return from_pkcs8(crypto.open_bytes(sealed, context=context(key_id)))
