"""A passkey in software: makes and uses an ES256 credential as a phone would (WebAuthn Level 3).

Discoverable, user-verifying, attestation ``none``. It speaks the JSON forms of WebAuthn
(``PublicKeyCredential.parseCreationOptionsFromJSON`` and ``toJSON``) and checks, as a browser does, that the
relying-party id fits the origin.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

type JSON = str | int | float | bool | list["JSON"] | dict[str, "JSON"] | None

ES256 = -7
USER_PRESENT, USER_VERIFIED, BACKUP_ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
AAGUID = bytes(16)


class WrongOriginError(ValueError):
    """A relying party asks for a credential of another host."""


@dataclass(slots=True)
class Credential:
    """One passkey."""

    id: bytes
    rp_id: str
    user_handle: bytes
    key: ec.EllipticCurvePrivateKey
    counter: int = 0


@dataclass(slots=True)
class Authenticator:
    """A person's device with its passkeys; ``origin`` is the page's, as the browser knows it."""

    origin: str
    credentials: list[Credential] = field(default_factory=list)

    def create(self, options: Mapping[str, JSON]) -> dict[str, JSON]:
        """Answer ``navigator.credentials.create``: make a passkey and attest it (format ``none``)."""
        public_key = _object(options.get("publicKey", options))
        rp_id = self._rp_id(_object(public_key["rp"]).get("id"))
        offered = [_object(item).get("alg") for item in _list(public_key["pubKeyCredParams"])]
        if ES256 not in offered:
            message = f"the relying party does not take ES256, only {offered}"
            raise WrongOriginError(message)
        credential = Credential(
            id=secrets.token_bytes(32),
            rp_id=rp_id,
            user_handle=decode(str(_object(public_key["user"])["id"])),
            key=ec.generate_private_key(ec.SECP256R1()),
        )
        self.credentials.append(credential)
        data = self._authenticator_data(credential, ATTESTED) + _attested(credential)
        response: dict[str, JSON] = {
            "clientDataJSON": encode(self._client_data("webauthn.create", str(public_key["challenge"]))),
            "attestationObject": encode(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
            "authenticatorData": encode(data),
            "transports": ["internal", "hybrid"],
        }
        return self._answer(credential, response)

    def get(self, options: Mapping[str, JSON]) -> dict[str, JSON]:
        """Answer ``navigator.credentials.get``: sign with the passkey that fits."""
        public_key = _object(options.get("publicKey", options))
        rp_id = self._rp_id(public_key.get("rpId"))
        allowed = {
            decode(str(_object(item)["id"])) for item in _list(public_key.get("allowCredentials") or [])
        }
        credential = next(
            (c for c in self.credentials if c.rp_id == rp_id and (not allowed or c.id in allowed)), None
        )
        if credential is None:
            message = f"no passkey for {rp_id} on this device"
            raise WrongOriginError(message)
        client_data = self._client_data("webauthn.get", str(public_key["challenge"]))
        data = self._authenticator_data(credential, 0)
        signed = data + hashlib.sha256(client_data).digest()
        response: dict[str, JSON] = {
            "clientDataJSON": encode(client_data),
            "authenticatorData": encode(data),
            "signature": encode(credential.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": encode(credential.user_handle),
        }
        return self._answer(credential, response)

    def _rp_id(self, asked: JSON) -> str:
        host = urlsplit(self.origin).hostname or ""
        rp_id = str(asked or host)
        if host != rp_id and not host.endswith(f".{rp_id}"):
            message = f"{self.origin} may not use passkeys of {rp_id}"
            raise WrongOriginError(message)
        return rp_id

    def _client_data(self, kind: str, challenge: str) -> bytes:
        data = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(data, separators=(",", ":")).encode()

    def _authenticator_data(self, credential: Credential, more: int) -> bytes:
        flags = USER_PRESENT | USER_VERIFIED | BACKUP_ELIGIBLE | BACKED_UP | more
        rp_hash = hashlib.sha256(credential.rp_id.encode()).digest()
        return rp_hash + bytes([flags]) + credential.counter.to_bytes(4, "big")

    def _answer(self, credential: Credential, response: dict[str, JSON]) -> dict[str, JSON]:
        return {
            "id": encode(credential.id),
            "rawId": encode(credential.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {"credProps": {"rk": True}},
            "response": response,
        }


def encode(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Read base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _attested(credential: Credential) -> bytes:
    numbers = credential.key.public_key().public_numbers()
    x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
    cose_key = cbor2.dumps({1: 2, 3: ES256, -1: 1, -2: x, -3: y})
    return AAGUID + len(credential.id).to_bytes(2, "big") + credential.id + cose_key


def _object(value: JSON | Mapping[str, JSON]) -> Mapping[str, JSON]:
    if not isinstance(value, Mapping):
        message = "the WebAuthn options are not what the specification says"
        raise TypeError(message)
    return value


def _list(value: JSON) -> list[JSON]:
    if not isinstance(value, list):
        message = "the WebAuthn options are not what the specification says"
        raise TypeError(message)
    return value
