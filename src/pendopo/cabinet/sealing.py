"""Sealed positions: an envelope that only the lock opens.

When positions are opened, a session gets an X25519 key pair. A position is encrypted to the public half:
ephemeral X25519, HKDF-SHA256, AES-256-GCM, bound to its row (the shape of RFC 9180 base mode, without its
framing) and filled up, so that its length tells no stance. The private half lies sealed under the root key
and has one reader, :func:`release`, which refuses before the lock. So neither the application nor a copy of
the database shows a position early, not to the secretariat either. Who holds the root key *and* the database
can: no software on one machine prevents that, and the page says so.
"""

import json
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pendopo.cabinet import errors
from pendopo.cabinet.models import Position, Session
from pendopo.cabinet.sealed import Json, padded
from pendopo.foundation import crypto
from pendopo.foundation.clock import now
from pendopo_wire import canonical

PUBLIC_BYTES = 32
NONCE_BYTES = 12
_INFO = b"pendopo/cabinet/sealed-position/1"


def equip(session: Session) -> None:
    """Give a session its key pair; one that has one keeps it. The caller saves."""
    if session.seal_public is None:
        private = X25519PrivateKey.generate()
        session.seal_public = private.public_key().public_bytes_raw()
        session.sealed_seal_private = crypto.seal(private.private_bytes_raw(), context=_context(session.id))


def envelope(session: Session, row_id: UUID, content: Json) -> bytes:
    """Seal a position's content so that nobody reads it before the lock, its author neither."""
    if session.seal_public is None:
        raise errors.StateDoesNotAllow
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes_raw()
    receiver = bytes(session.seal_public)
    key = _key(ephemeral.exchange(X25519PublicKey.from_public_bytes(receiver)), public, receiver)
    nonce = os.urandom(NONCE_BYTES)
    return public + nonce + AESGCM(key).encrypt(nonce, padded(canonical.dumps(content)), row_id.bytes)


def release(session: Session) -> X25519PrivateKey:
    """Open the session's private half, once positions are locked; raise ``StillSealed`` before."""
    if session.locked_at is None or session.locked_at > now() or session.sealed_seal_private is None:
        raise errors.StillSealed
    private = crypto.open_bytes(session.sealed_seal_private, context=_context(session.id))
    return X25519PrivateKey.from_private_bytes(private)


def opened(private: X25519PrivateKey, row: Position) -> Json:
    """Return what a sealed position says; raise ``SealBrokenError`` when it was moved or changed."""
    blob = bytes(row.envelope or b"")
    public, nonce = blob[:PUBLIC_BYTES], blob[PUBLIC_BYTES : PUBLIC_BYTES + NONCE_BYTES]
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(public))
        key = _key(shared, public, private.public_key().public_bytes_raw())
        content: Json = json.loads(
            AESGCM(key).decrypt(nonce, blob[PUBLIC_BYTES + NONCE_BYTES :], row.id.bytes)
        )
    except (ValueError, InvalidTag) as error:
        raise crypto.SealBrokenError from error
    return content


def _key(shared: bytes, ephemeral: bytes, receiver: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=ephemeral + receiver, info=_INFO).derive(shared)


def _context(session_id: UUID) -> str:
    return f"cabinet.session.seal:{session_id}"
