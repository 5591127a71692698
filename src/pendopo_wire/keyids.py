"""Names for public keys: the JWK thumbprint (RFC 7638, SHA-256), base64url without padding.

A key id is computed from the key, so that two sides cannot disagree about which key it names.
"""

from base64 import b64encode, urlsafe_b64encode
from hashlib import sha256

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from pendopo_wire import canonical
from pendopo_wire.encoding import decoded_base64
from pendopo_wire.errors import SignatureError

_COORDINATE_BYTES = 32


def base64url(data: bytes) -> str:
    """Base64url without padding, as JOSE writes bytes."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def thumbprint(key: EllipticCurvePublicKey) -> str:
    """Key id of a P-256 public key. Raises ``SignatureError`` for another curve."""
    if not isinstance(key.curve, SECP256R1):
        raise SignatureError("message keys are on the curve P-256")
    numbers = key.public_numbers()
    x, y = (base64url(value.to_bytes(_COORDINATE_BYTES)) for value in (numbers.x, numbers.y))
    return base64url(sha256(canonical.dumps({"crv": "P-256", "kty": "EC", "x": x, "y": y})).digest())


def public_key_text(key: EllipticCurvePublicKey) -> str:
    """Base64 of the key's SubjectPublicKeyInfo (DER), as the snapshot carries it."""
    return b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def parse_public_key(text: str) -> EllipticCurvePublicKey:
    """Read what ``public_key_text`` wrote; only P-256 keys pass."""
    try:
        key = load_der_public_key(decoded_base64(text, SignatureError))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SignatureError("not a public key in base64 DER") from error
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise SignatureError("message keys are on the curve P-256")
    return key
