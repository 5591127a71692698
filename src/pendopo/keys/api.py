"""The door of ``keys``.

Purposes in use: ``oidc``, ``oidc-client`` (ES256), ``checkpoint``, ``definition``, ``document-qr``,
``registry``, ``cabinet-agenda``, ``drill`` (Ed25519) and ``seal:<body code>`` (ES256, with a certificate).
Signatures are 64 raw bytes, as JOSE wants them.
"""

import datetime as dt
from dataclasses import dataclass
from typing import cast

from cryptography import x509
from django.db import transaction

from pendopo.foundation.actor import SYSTEM, Actor
from pendopo.keys import certificates, pairs
from pendopo.keys.actions.ensure import ensure as _ensure
from pendopo.keys.actions.install import install as _install
from pendopo.keys.actions.rotate import rotate as _rotate
from pendopo.keys.errors import (
    ChainRefusedError,
    KeysError,
    NoKeyError,
    UnknownPurposeError,
    WrongAlgorithmError,
)
from pendopo.keys.models import SigningKey
from pendopo.keys.pairs import Algorithm, PrivateKey, PublicKey
from pendopo.keys.store import private_key

__all__ = (
    "Algorithm",
    "ChainRefusedError",
    "KeyInfo",
    "KeysError",
    "NoKeyError",
    "PrivateKey",
    "PublicKey",
    "Signer",
    "UnknownPurposeError",
    "WrongAlgorithmError",
    "algorithm_of",
    "certificate_request",
    "ensure",
    "install_certificate",
    "jwks",
    "keys_of",
    "known_purpose",
    "public_keys",
    "rotate",
    "signer",
)


ED25519_PURPOSES = frozenset(
    {"checkpoint", "definition", "document-qr", "registry", "cabinet-agenda", "drill"}
)
PURPOSES = ED25519_PURPOSES | {"oidc", "oidc-client"}
"""What signs here, beside each body's ``seal:<body code>``."""
SEAL = "seal:"


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What may be told about a key. ``certified_until`` is the end of its certificate, if it has one."""

    purpose: str
    algorithm: Algorithm
    kid: str
    active: bool
    created_at: dt.datetime
    retired_at: dt.datetime | None
    certified_until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Signer:
    """The active key of a purpose, ready to sign. ``private_key`` is for libraries that sign themselves."""

    kid: str
    algorithm: Algorithm
    private_key: PrivateKey
    certificates: tuple[x509.Certificate, ...]

    @property
    def public_key(self) -> PublicKey:
        """The other half."""
        return self.private_key.public_key()

    def sign(self, data: bytes) -> bytes:
        """Return 64 raw bytes: r || s for ES256, RFC 8032 for Ed25519."""
        return pairs.sign(self.private_key, data)


def algorithm_of(purpose: str) -> Algorithm:
    """Return what a purpose signs with: Ed25519 for notes and paper, ES256 for tokens and certificates."""
    return "Ed25519" if purpose in ED25519_PURPOSES else "ES256"


def known_purpose(purpose: str) -> str:
    """Return a purpose that somebody signs for; raises ``UnknownPurposeError``, which lists them."""
    if purpose in PURPOSES or (purpose.startswith(SEAL) and purpose != SEAL):
        return purpose
    raise UnknownPurposeError(purpose=purpose, known=", ".join([*sorted(PURPOSES), f"{SEAL}BODY"]))


def ensure(purpose: str, algorithm: Algorithm, *, actor: Actor = SYSTEM) -> KeyInfo:
    """Return the active key of ``purpose``, making it when there is none.

    Safe under racing processes. Raises ``WrongAlgorithmError`` when the purpose has a key of another kind.
    """
    with transaction.atomic():
        return _info(_ensure(purpose, algorithm, actor=actor))


def rotate(purpose: str, *, actor: Actor = SYSTEM) -> KeyInfo:
    """Retire the active key and make a new one; it has no certificate yet. Raises ``NoKeyError``."""
    with transaction.atomic():
        return _info(_rotate(purpose, actor=actor))


def signer(purpose: str) -> Signer:
    """Return the active key of ``purpose`` with its chain, leaf first. Raises ``NoKeyError``."""
    row = _active(purpose)
    return Signer(
        kid=row.kid,
        algorithm=_algorithm(row),
        private_key=private_key(row),
        certificates=certificates.read_chain(row.chain_pem),
    )


def jwks(purpose: str) -> dict[str, list[dict[str, str]]]:
    """Return the JSON Web Key Set (RFC 7517): the active key first, then retired ones, newest first."""
    return {"keys": [_jwk(row) for row in _rows(purpose)]}


def public_keys(purpose: str) -> dict[str, PublicKey]:
    """Return every public key that the purpose ever had, by kid; for verifying old signatures."""
    return {row.kid: pairs.from_jwk(row.public_jwk) for row in _rows(purpose)}


def keys_of(purpose: str | None = None) -> list[KeyInfo]:
    """List keys of one purpose or all, the active one of each purpose first."""
    return [_info(row) for row in _rows(purpose)]


def certificate_request(purpose: str, common_name: str, *, organisation: str | None = None) -> str:
    """Return a PKCS#10 request in PEM, signed by the active key. Raises ``NoKeyError``."""
    return certificates.request(
        private_key(_active(purpose)), common_name=common_name, organisation=organisation or common_name
    )


def install_certificate(purpose: str, chain_pem: str, *, actor: Actor = SYSTEM) -> KeyInfo:
    """Keep a PEM chain, leaf first, beside the active key.

    Raises ``ChainRefusedError`` when it certifies another key, is not in order or not in time. Trust in its
    last certificate is not checked here.
    """
    with transaction.atomic():
        return _info(_install(purpose, chain_pem, actor=actor))


def _active(purpose: str) -> SigningKey:
    row = SigningKey.objects.filter(purpose=purpose, state=SigningKey.State.ACTIVE).first()
    if row is None:
        raise NoKeyError(purpose=purpose)
    return row


def _rows(purpose: str | None) -> list[SigningKey]:
    rows = SigningKey.objects.order_by("purpose", "state", "-created_at")
    return list(rows if purpose is None else rows.filter(purpose=purpose))


def _algorithm(row: SigningKey) -> Algorithm:
    return cast("Algorithm", row.algorithm)


def _jwk(row: SigningKey) -> dict[str, str]:
    # RFC 9864 names the Ed25519 signature "Ed25519"; RFC 7518 names ES256.
    return {**row.public_jwk, "kid": row.kid, "alg": row.algorithm, "use": "sig"}


def _info(row: SigningKey) -> KeyInfo:
    chain = certificates.read_chain(row.chain_pem)
    return KeyInfo(
        purpose=row.purpose,
        algorithm=_algorithm(row),
        kid=row.kid,
        active=row.state == SigningKey.State.ACTIVE,
        created_at=row.created_at,
        retired_at=row.retired_at,
        certified_until=chain[0].not_valid_after_utc if chain else None,
    )
