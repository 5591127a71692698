"""Register a gateway, or its new address, certificate or key."""

import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_public_key
from django.db import transaction

from pendopo.exchange import models
from pendopo.exchange.errors import ExchangeError
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.database import lock
from pendopo_wire.errors import IdentifierError
from pendopo_wire.identifiers import ServerId
from pendopo_wire.keyids import public_key_text

ADDED = event_type("exchange.server_registered", "A gateway was registered, or its address or keys changed")
KEPT = 2


class ServerRefused(ExchangeError):
    """The gateway cannot be registered; ``reason`` is a code."""

    code = "exchange.server_refused"
    status = 422
    text_key = "exchange.errors.server_refused"

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason=reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ServerFiles:
    """What a gateway's operator hands in: the TLS chain, leaf first, and the public message key (PEM)."""

    certificate_pem: bytes
    signing_key_pem: bytes


def add_server(identifier: str, address: str, files: ServerFiles, actor: Actor) -> None:
    """Insert or update a gateway. An earlier certificate and key stay registered beside the new ones.

    Raises :class:`ServerRefused`. Not checked: whether the gateway answers, and trust in its certificate.
    """
    try:
        server = ServerId.parse(identifier)
    except IdentifierError:
        raise ServerRefused("identifier") from None
    certificate, key = _certificate_hash(files.certificate_pem), _signing_key(files.signing_key_pem)
    with transaction.atomic():
        lock("exchange.registry")
        member = models.Member.objects.filter(identifier=str(server.member)).first()
        if member is None:
            raise ServerRefused("member")
        row = models.Server.objects.filter(identifier=identifier).first()
        before = _state(row)
        row = row or models.Server(member=member, identifier=identifier)
        row.address = address
        row.tls_certificates = _newest(certificate, row.tls_certificates)
        row.signing_keys = _newest(key, row.signing_keys)
        if _state(row) == before:
            return
        row.save()
        audit(ADDED, actor=actor, object_id=row.id, detail={"server": identifier})


def _state(row: models.Server | None) -> tuple[str, list[str], list[str]] | None:
    return None if row is None else (row.address, list(row.tls_certificates), list(row.signing_keys))


def _newest(value: str, known: list[str]) -> list[str]:
    return [value, *(other for other in known if other != value)][:KEPT]


def _certificate_hash(pem: bytes) -> str:
    """SHA-256 of the leaf's DER: what peers compare after the TLS handshake."""
    try:
        leaf = x509.load_pem_x509_certificates(pem)[0]
    except ValueError:
        raise ServerRefused("certificate") from None
    return hashlib.sha256(leaf.public_bytes(Encoding.DER)).hexdigest()


def _signing_key(pem: bytes) -> str:
    try:
        key = load_pem_public_key(pem)
    except ValueError:
        raise ServerRefused("signing-key") from None
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise ServerRefused("signing-key")
    return public_key_text(key)
