"""Access records: a gateway's signed statement that somebody looked at somebody's data, and why.

The wire form is a JWS in compact serialisation (RFC 7515, ES256) over canonical JSON; the key id is the
thumbprint of the gateway's registered message key. Both gateways of an exchange make a record with the
same ``id``; ``message_id`` is the client's ``X-Road-Id``, which a client may use twice, so records are told
apart by ``id``.

Persons appear as pseudonyms that only information systems can compute; gateways just carry them. A
record holds the pattern of the endpoint, never the path or query that was sent.
"""

import re
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey

from pendopo_wire import canonical
from pendopo_wire.canonical import Json
from pendopo_wire.errors import AccessRecordError, CanonicalError, IdentifierError, SignatureError
from pendopo_wire.fields import Fields, time_text
from pendopo_wire.identifiers import MemberId, ServiceId, SubsystemId
from pendopo_wire.keyids import base64url
from pendopo_wire.signatures import KeyFinder, sign_raw, verify_raw
from pendopo_wire.snapshot import KeyOwner, Snapshot

TYPE = "pendopo-access-record+jws"

_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})")
_LONGEST = 65_536


class Side(StrEnum):
    """Which gateway wrote the record."""

    CONSUMER = "consumer"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class AccessRecord:
    """Who asked what about whom, on which ground, and how it ended.

    ``subjects`` and ``user`` are pseudonyms; ``fields`` are the names of the data that the answer showed
    (empty when the provider did not say). ``status`` is the HTTP status of the answer, or ``None`` when the
    question was sent and no answer was seen: the look may have happened. ``request_digest`` is the
    ``Content-Digest`` of the question. ``path`` is the agreed endpoint pattern.
    """

    id: str
    message_id: str
    at: datetime
    side: Side
    consumer: SubsystemId
    service: ServiceId
    method: str
    path: str
    agreement: str
    purpose: str
    legal_basis: str
    subjects: tuple[str, ...]
    fields: tuple[str, ...]
    user: str | None
    issue: str | None
    status: int | None
    request_digest: str

    @property
    def provider(self) -> SubsystemId:
        """The information system that was asked."""
        return self.service.subsystem

    @property
    def recorder(self) -> MemberId:
        """The member whose gateway must have signed the record."""
        return self.consumer.member if self.side is Side.CONSUMER else self.provider.member


def sign(record: AccessRecord, *, key: EllipticCurvePrivateKey, keyid: str) -> str:
    """Return the record as a compact JWS."""
    signed = f"{_header(keyid)}.{base64url(canonical.dumps(_as_json(record)))}"
    return f"{signed}.{base64url(sign_raw(key, signed.encode()))}"


def verify(text: str, keys: KeyFinder) -> AccessRecord:
    """Read a record that a known key signed; whose key it is, the caller must judge (see ``verify_with``)."""
    match = _COMPACT.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise AccessRecordError("not a compact JWS with an ES256 signature")
    key = keys(_keyid(match[1]))
    if key is None:
        raise AccessRecordError("the record names a key that is not registered")
    try:
        verify_raw(key, _decoded(match[3]), f"{match[1]}.{match[2]}".encode())
    except SignatureError as error:
        raise AccessRecordError("the record's signature is false") from error
    return _parsed(_decoded(match[2]))


def verify_with(text: str, snapshot: Snapshot) -> AccessRecord:
    """Read a record signed by a gateway of the member that the record says wrote it."""
    owners: list[KeyOwner | None] = []

    def find(keyid: str) -> EllipticCurvePublicKey | None:
        owner = snapshot.signing_key(keyid)
        owners.append(owner)
        return None if owner is None else owner.public_key

    record = verify(text, find)
    if owners[-1] is None or owners[-1].server.id.member != record.recorder:
        raise AccessRecordError("the record is signed by a gateway of another member")
    return record


@lru_cache(maxsize=16)
def _header(keyid: str) -> str:
    """The protected header: the same in each record of a gateway."""
    return base64url(canonical.dumps({"alg": "ES256", "kid": keyid, "typ": TYPE}))


def _keyid(encoded: str) -> str:
    try:
        header = Fields(canonical.loads(_decoded(encoded)), AccessRecordError)
    except CanonicalError as error:
        raise AccessRecordError("the record's header is not JSON") from error
    if header.text("alg") != "ES256" or header.text("typ") != TYPE:
        raise AccessRecordError("the record is of another type or algorithm")
    keyid = header.text("kid")
    header.close()
    return keyid


def _decoded(text: str) -> bytes:
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Base64Error, ValueError) as error:
        raise AccessRecordError("not base64url") from error
    if base64url(data) != text:
        raise AccessRecordError("not base64url in its one spelling")
    return data


def _as_json(record: AccessRecord) -> Json:
    return {
        "id": record.id,
        "message_id": record.message_id,
        "at": time_text(record.at),
        "side": record.side.value,
        "consumer": str(record.consumer),
        "service": str(record.service),
        "method": record.method,
        "path": record.path,
        "agreement": record.agreement,
        "purpose": record.purpose,
        "legal_basis": record.legal_basis,
        "subjects": list(record.subjects),
        "fields": list(record.fields),
        "user": record.user,
        "issue": record.issue,
        "status": record.status,
        "request_digest": record.request_digest,
    }


def _parsed(payload: bytes) -> AccessRecord:
    try:
        fields = Fields(canonical.loads(payload), AccessRecordError)
        record = _read(fields)
    except (CanonicalError, IdentifierError) as error:
        raise AccessRecordError("the record's content is malformed") from error
    fields.close()
    return record


def _read(fields: Fields) -> AccessRecord:
    side = fields.text("side")
    if side not in {item.value for item in Side}:
        raise AccessRecordError("the record's side is unknown")
    return AccessRecord(
        id=fields.text("id"),
        message_id=fields.text("message_id"),
        at=fields.time("at"),
        side=Side(side),
        consumer=SubsystemId.parse(fields.text("consumer")),
        service=ServiceId.parse(fields.text("service")),
        method=fields.text("method"),
        path=fields.text("path"),
        agreement=fields.text("agreement"),
        purpose=fields.text("purpose"),
        legal_basis=fields.text("legal_basis"),
        subjects=fields.texts("subjects"),
        fields=fields.texts("fields"),
        user=fields.optional_text("user"),
        issue=fields.optional_text("issue"),
        status=fields.optional_integer("status"),
        request_digest=fields.text("request_digest"),
    )
