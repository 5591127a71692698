"""Encryption at rest, blind indexes and fingerprints, all derived from one root key.

AES-256-GCM with a random 96-bit nonce; the *context* (``room.table.column:row id``) is authenticated, so a
ciphertext moved to another row or column does not open. Keys are derived with HKDF-SHA256 (RFC 5869).
Blind indexes are HMAC-SHA256 under their own key: equal values can be found, nothing can be read.
"""

import hashlib
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pendopo.foundation.settings import ROOT_KEY_BYTES, current

VERSION = b"\x01"
NONCE_BYTES = 12


class SealBrokenError(ValueError):
    """The ciphertext was changed, belongs to another row, or was made under another root key."""


@cache
def _root_key() -> bytes:
    key = current().root_key_file.read_bytes()
    if len(key) != ROOT_KEY_BYTES:
        raise SealBrokenError
    return key


@cache
def derived_key(purpose: str) -> bytes:
    """Return the 32-byte key of one purpose. For code of ``keys`` and this module only."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"pendopo/" + purpose.encode()).derive(
        _root_key()
    )


def forget_keys() -> None:
    """Drop cached keys, after a recovery or in tests."""
    _root_key.cache_clear()
    derived_key.cache_clear()


def seal(value: str | bytes, *, context: str) -> bytes:
    """Encrypt ``value`` bound to ``context``. Layout: version (1), nonce (12), ciphertext and tag."""
    plain = value.encode() if isinstance(value, str) else value
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(derived_key("at-rest")).encrypt(nonce, plain, context.encode())


def open_bytes(blob: bytes | memoryview, *, context: str) -> bytes:
    """Decrypt what :func:`seal` made for the same context; raise :class:`SealBrokenError` otherwise."""
    data = bytes(blob)
    if data[:1] != VERSION:
        raise SealBrokenError
    nonce, body = data[1 : 1 + NONCE_BYTES], data[1 + NONCE_BYTES :]
    try:
        return AESGCM(derived_key("at-rest")).decrypt(nonce, body, context.encode())
    except InvalidTag as error:
        raise SealBrokenError from error


def open_text(blob: bytes | memoryview, *, context: str) -> str:
    """Decrypt to text; see :func:`open_bytes`."""
    return open_bytes(blob, context=context).decode()


def blind_index(value: str, *, purpose: str) -> bytes:
    """Return 32 bytes that are equal for equal values of one purpose and tell nothing else."""
    return hmac.digest(derived_key("blind-index/" + purpose), value.encode(), "sha256")


def fingerprint(token: str | bytes) -> bytes:
    """Return SHA-256 of a random token, to store in place of it. Not for guessable values."""
    return hashlib.sha256(token.encode() if isinstance(token, str) else token).digest()


def constant_time_equal(first: str | bytes, second: str | bytes) -> bool:
    """Compare without telling by time where two secrets differ."""
    left = first.encode() if isinstance(first, str) else first
    right = second.encode() if isinstance(second, str) else second
    return hmac.compare_digest(left, right)
