"""A member's passkey in software: the hall knows it, and it signs ballots."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from uuid import UUID

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.apps import apps

from pendopo.cabinet.testing.browsers import known
from pendopo.foundation.settings import current

PRESENT_AND_VERIFIED = bytes([0x05])


@dataclass(frozen=True, slots=True)
class Passkey:
    """One ES256 credential of one person."""

    subject_id: UUID
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def public_key(self) -> bytes:
        """Return the key as COSE (RFC 9053)."""
        numbers = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})

    def sign(self, options: str) -> str:
        """Answer ``navigator.credentials.get`` as a browser sends it to the hall."""
        client = json.dumps(
            {
                "type": "webauthn.get",
                "challenge": json.loads(options)["challenge"],
                "origin": current().base_url,
                "crossOrigin": False,
            }
        ).encode()
        data = hashlib.sha256(current().host.encode()).digest() + PRESENT_AND_VERIFIED + bytes(4)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return json.dumps(
            {
                "id": _text(self.credential_id),
                "rawId": _text(self.credential_id),
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {
                    "clientDataJSON": _text(client),
                    "authenticatorData": _text(data),
                    "signature": _text(signature),
                    "userHandle": None,
                },
            }
        )


def plugged(subject_id: UUID) -> Passkey:
    """Let the hall know a new passkey of a person."""
    known(subject_id)
    made = Passkey(subject_id)
    apps.get_model("identity", "Passkey").objects.create(
        subject_id=subject_id,
        credential_id=made.credential_id,
        public_key=made.public_key(),
        sign_count=0,
        label="tablet",
        backed_up=False,
    )
    return made


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
