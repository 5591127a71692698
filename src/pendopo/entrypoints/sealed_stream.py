"""A stream sealed with a passphrase: scrypt (RFC 7914) and AES-256-GCM in chunks.

Layout: magic, 16 bytes of salt, then chunks of 1 MiB plus a 16-byte tag. The nonce of a chunk is its
number, and the last chunk's nonce says that it is the last (the STREAM construction, Hoang et al. 2015), so
that chunks can be neither exchanged nor cut off unseen.
"""

import io
import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"PENDOPO-SEALED-1\n"
CHUNK = 1 << 20
TAG = 16
SALT = 16
BROKEN = "wrong passphrase, or the archive was changed or cut off"
SCRYPT_N, SCRYPT_R, SCRYPT_P = 1 << 15, 8, 3


class StreamBrokenError(ValueError):
    """Wrong passphrase, or the stream was changed or cut off."""


def seal(source: BinaryIO, target: BinaryIO, passphrase: str) -> None:
    """Read ``source`` to its end and write it sealed."""
    salt = secrets.token_bytes(SALT)
    cipher = AESGCM(_key(passphrase, salt))
    target.write(MAGIC + salt)
    target.writelines(
        cipher.encrypt(_nonce(number, is_last=is_last), chunk, MAGIC)
        for number, (chunk, is_last) in enumerate(_chunks(source, CHUNK))
    )


def unseal(source: BinaryIO, target: BinaryIO, passphrase: str) -> None:
    """Write the plain stream.

    Raises ``StreamBrokenError``; what was written until then must be thrown away.
    """
    if source.read(len(MAGIC)) != MAGIC:
        message = "this is not a sealed archive of Pendopo"
        raise StreamBrokenError(message)
    cipher = AESGCM(_key(passphrase, source.read(SALT)))
    for number, (chunk, is_last) in enumerate(_chunks(source, CHUNK + TAG)):
        try:
            target.write(cipher.decrypt(_nonce(number, is_last=is_last), chunk, MAGIC))
        except InvalidTag as error:
            raise StreamBrokenError(BROKEN) from error


def prove(source: BinaryIO, passphrase: str) -> None:
    """Open the first chunk and go back to the beginning; raises ``StreamBrokenError``."""
    start = source.read(len(MAGIC) + SALT + 2 * (CHUNK + TAG))
    source.seek(0)
    chunk, is_last = next(_chunks(io.BytesIO(start[len(MAGIC) + SALT :]), CHUNK + TAG))
    cipher = AESGCM(_key(passphrase, start[len(MAGIC) :][:SALT]))
    try:
        cipher.decrypt(_nonce(0, is_last=is_last), chunk, MAGIC)
    except InvalidTag as error:
        raise StreamBrokenError(BROKEN) from error


def is_sealed(source: BinaryIO) -> bool:
    """Look at the first bytes, and go back to the beginning."""
    begins = source.read(len(MAGIC)) == MAGIC
    source.seek(0)
    return begins


def _chunks(source: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    """Yield chunks, telling the last; an empty stream is one empty last chunk."""
    chunk = source.read(size)
    while True:
        following = source.read(size) if len(chunk) == size else b""
        yield chunk, not following
        if not following:
            return
        chunk = following


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P).derive(passphrase.encode())
