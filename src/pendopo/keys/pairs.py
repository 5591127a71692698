"""Key pairs: making, naming (RFC 7638), signing in the raw form that JOSE uses. No database here."""

import base64
import hashlib
import json
from typing import Literal, cast

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

type Algorithm = Literal["ES256", "Ed25519"]
type PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
type PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

COORDINATE_BYTES = 32


def generate(algorithm: Algorithm) -> PrivateKey:
    """Make a fresh key: P-256 for ES256, Edwards 25519 for Ed25519."""
    if algorithm == "ES256":
        return ec.generate_private_key(ec.SECP256R1())
    return ed25519.Ed25519PrivateKey.generate()


def to_pkcs8(key: PrivateKey) -> bytes:
    """Serialise as DER PKCS#8 without a password; the caller encrypts it."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def from_pkcs8(data: bytes) -> PrivateKey:
    """Read what :func:`to_pkcs8` wrote."""
    return cast("PrivateKey", load_der_private_key(data, password=None))


def public_jwk(key: PublicKey) -> dict[str, str]:
    """Return the members that RFC 7638 hashes: no ``kid``, ``alg`` or ``use``."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {"crv": "Ed25519", "kty": "OKP", "x": encode(raw)}
    numbers = key.public_numbers()
    return {
        "crv": "P-256",
        "kty": "EC",
        "x": encode(numbers.x.to_bytes(COORDINATE_BYTES, "big")),
        "y": encode(numbers.y.to_bytes(COORDINATE_BYTES, "big")),
    }


def from_jwk(jwk: dict[str, str]) -> PublicKey:
    """Read a public key that :func:`public_jwk` wrote."""
    if jwk["kty"] == "OKP":
        return ed25519.Ed25519PublicKey.from_public_bytes(decode(jwk["x"]))
    x, y = (int.from_bytes(decode(jwk[axis]), "big") for axis in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def thumbprint(jwk: dict[str, str]) -> str:
    """Return the RFC 7638 SHA-256 thumbprint, base64url without padding."""
    text = json.dumps(jwk, sort_keys=True, separators=(",", ":"))
    return encode(hashlib.sha256(text.encode()).digest())


def sign(key: PrivateKey, data: bytes) -> bytes:
    """Sign ``data`` and return 64 raw bytes: r || s for ES256 (RFC 7518 §3.4), RFC 8032 for Ed25519."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(data)
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(SHA256())))
    return r.to_bytes(COORDINATE_BYTES, "big") + s.to_bytes(COORDINATE_BYTES, "big")


def verify(key: PublicKey, data: bytes, signature: bytes) -> None:
    """Raise ``cryptography.exceptions.InvalidSignature`` unless ``signature`` is :func:`sign` of ``data``."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, data)
        return
    halves = signature[:COORDINATE_BYTES], signature[COORDINATE_BYTES:]
    r, s = (int.from_bytes(half, "big") for half in halves)
    key.verify(encode_dss_signature(r, s), data, ec.ECDSA(SHA256()))


def encode(data: bytes) -> str:
    """Base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Undo :func:`encode`."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
